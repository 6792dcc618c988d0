"""Two services with one of everything, and a walk of every route by every role over both.

``walk`` gives the statuses that ``golden_routes.csv`` keeps; ``python -m tests.app.rewrite_golden``
writes them anew, to be read line by line before it is committed.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.accounts import Role
from app.db import db
from app.editions import Edition
from app.territories import load_territories
from feedback import models as m
from feedback import search
from nlp.release_watch import Plan
from tests import factories
from tests.conftest import NOON, writing
from tests.factories import TODAY
from workshops.around_models import OwnOutline
from workshops.console_models import GroupSuggestion
from workshops.models import Card, CardGroup, Proposal, Workshop
from workshops.process_models import Process, Trial
from workshops.talk_models import Remark

SECRET_WORDS = {"own": "camphre", "other": "girofle"}  # of the two messages
UNWALKED = {"static"}  # no page
METHODS = frozenset({"GET", "POST"})
READERS = {"promoter", "moderator", "author"}  # who may read the message of their own world
ACTORS = ("anonymous", "author", *(role.value for role in Role))


@dataclass(frozen=True)
class Step:
    """One request of the walk and what came back."""

    endpoint: str
    method: str
    actor: str
    world: str  # own, other, or - where the address names nothing
    status: int
    body: str
    frame: tuple[str, str | None]  # the policy of the answer, and X-Frame-Options

    @property
    def row(self) -> tuple[str, ...]:
        """What the golden file keeps."""
        return (self.endpoint, self.method, self.actor, self.world, str(self.status))


def build(app: Flask) -> dict[str, dict[str, Any]]:
    """Write both services and an account of each role; return what addresses may name."""
    with writing(app):
        load_territories()
        runs = factories.account(Role.FACILITATOR, email="facilitator@example.fr")
        own, own_ids = _world("own", runs)
        other_runs = factories.account(Role.FACILITATOR)
        _, other_ids = _world("other", other_runs)
        for role in Role:
            if role is not Role.FACILITATOR:
                seats = (own,) if role is Role.PROMOTER else ()
                address = f"{role.value}@example.fr"
                made = factories.account(role, services=seats, email=address, territory_code="42")
                if role is Role.PROMOTER:
                    own_ids |= _desk(own_ids["feedback_id"], made.id)
        other_ids |= _desk(other_ids["feedback_id"], other_ids["account_id"])
    return {"own": own_ids, "other": other_ids}


def _world(name: str, runs: Any) -> tuple[Any, dict[str, Any]]:
    code = {"own": "42", "other": "75"}[name]
    service = factories.service(slug=f"service-{name}", territory_code=code)
    release = factories.release(service, day=TODAY)
    part = factories.functionality(service)
    text = f"Le {SECRET_WORDS[name]} ne montre plus mes mesures"
    retour = factories.retour(service, text=text)
    search.index(retour)
    subject = m.Subject(name="Mesures", born=TODAY)
    theme = m.Theme(
        service=service, subject=subject, name="Mesures", named_by_person=True, born=TODAY
    )
    segment = m.Segment(feedback=retour, start=0, end=len(text), vector=b"\0\0", model="test")
    placed = {"score": 0.8, "threshold": 0.5, "model": "test", "placed": TODAY}
    commitment = m.Commitment(
        service=service, text="Réparer.", owner="Équipe", made=TODAY, due=TODAY
    )
    signal = m.Signal(
        service=service,
        theme=theme,
        kind="growing",
        title="Mesures",
        raised=TODAY,
        last_look=TODAY,
        observed=12,
        expected=3.0,
        weeks=2,
    )
    public = factories.retour(
        service, text="La courbe m’aide.", state=m.State.PUBLISHED.value, thread_state="none"
    )
    notice = m.ContentNotice(feedback=public, day=TODAY, reason="wrong")
    message = m.Message(feedback=retour, position=1, sender="team", text="Oui.", day=TODAY)
    room = Workshop(
        service=service,
        facilitator=runs,
        title="Rappels",
        code={"own": "ABCDEF", "other": "GHJKMN"}[name],
        prompts=["Que changer ?"],
        phase="decide",
        day=TODAY,
    )
    content: dict[str, Any] = {"decisions": 0}
    edition = Edition(
        audience="team",
        service=service,
        frequency="weekly",
        start=TODAY,
        end=TODAY,
        composed=TODAY,
        title="Synthèse",
        content=content,
        skipped="essai",
    )
    rows = [notice, commitment, signal, message, room, edition]
    db.session.add_all([m.Placement(segment=segment, theme=theme, **placed), *rows])
    db.session.flush()
    effect = m.KnownEffect(service=service, name="Mesures perdues", added=TODAY)
    effect.examples.append(m.KnownEffectExample(segment_id=segment.id))
    question = m.SignalQuestion(
        signal_id=signal.id, asked=TODAY, field="Pharmacie", question="Et la nuit ?"
    )
    db.session.add_all([effect, question])
    event = m.ThemeEvent(theme_id=theme.id, day=TODAY, kind="born", detail="Mesures")
    group = CardGroup(workshop_id=room.id, title="Rappels", decision="keep")
    db.session.add_all([event, group])
    db.session.flush()
    card = Card(workshop_id=room.id, group=group, text="Un rappel la veille")
    proposal = Proposal(
        workshop=room,
        group_id=group.id,
        service=service,
        title="Rappels",
        text="Un rappel",
        dots=3,
        voters=2,
        made=TODAY,
        due=TODAY,
    )
    links = [m.CommitmentLink(commitment=commitment, feedback=retour)]
    links += [m.SignalEvidence(signal_id=signal.id, feedback=retour)]
    local = m.LocalQuestion(service_id=service.id, kind="text")
    local.wordings.append(m.LocalWording(words="Et la notice ?", since=TODAY))
    watch = _watch(release, theme)
    paired = GroupSuggestion(workshop_id=room.id, card_ids=[], seal="", likeness=80)
    db.session.add_all([card, proposal, paired, watch, local, *links])
    links_of_life = _process(service, runs, room)
    team = factories.account(Role.PROMOTER, services=(service,))
    support = _support(service, code)
    db.session.flush()
    remark = Remark(workshop_id=room.id, group_id=group.id, position=1, text="Cela marche.")
    db.session.add(remark)
    db.session.flush()
    return service, {
        "slug": service.slug,
        "release_id": release.id,
        "functionality_id": part.id,
        "territory_code": code,
        "short": service.short,
        "feedback_id": retour.id,
        "public_id": public.id,
        "notice_id": notice.id,
        "message_id": message.id,
        "theme_id": theme.id,
        "subject_id": subject.id,
        "event_id": event.id,
        "segment_id": segment.id,
        "commitment_id": commitment.id,
        "signal_id": signal.id,
        "edition_id": edition.id,
        "workshop_id": room.id,
        "code": room.code,
        "card_id": card.id,
        "group_id": group.id,
        "suggestion_id": paired.id,
        "remark_id": remark.id,
        "proposal_id": proposal.id,
        "account_id": team.id,
        "effect_id": effect.id,
        "example_id": effect.examples[0].id,
        "question_id": question.id,
        "watch_id": watch.id,
        "question_code": local.code,
        **links_of_life,
        **{name: row.id for name, row in support.items()},
    }


def _desk(feedback_id: str, account_id: int) -> dict[str, str]:
    """Write what an account keeps of its inbox: a view, and an act to be undone."""
    view = m.SavedView(account_id=account_id, name="Les miens", query={"vue": "tous"})
    act = m.DeskAct(account_id=account_id, kind="lus", made=NOON)
    act.rows = [m.DeskActRow(feedback_id=feedback_id, was="", became="True")]
    seen = db.session.get_one(m.Feedback, feedback_id)
    look = m.SecondLook(feedback=seen, service=seen.service, text="C’est fait.", day=TODAY)
    look.account_id, look.reason = account_id, ""
    note = m.TeamNote(feedback_id=feedback_id, position=1, role="promoter", organisation="Réseau")
    note.text, note.day = "Vu ensemble.", TODAY
    db.session.add_all([view, act, note, look])
    db.session.flush()
    return {"view_id": view.id, "act_id": act.id, "look_id": look.id}


def _process(service: Any, runs: Any, room: Workshop) -> dict[str, str]:
    """Write a process with the session and a trial in it, and a template of its facilitator."""
    process = Process(service=service, keeper=runs, title="Rappels", made=TODAY)
    db.session.add(process)
    db.session.flush()
    room.process_id, room.step, room.site = process.id, "explore", "Lyon"
    told = Workshop(service=service, facilitator=runs, title="Ailleurs", phase="closed", day=TODAY)
    told.code, told.prompts, told.closed, told.mapped_since = service.short[:6], ["?"], TODAY, TODAY
    told.process_id, told.step, told.site = process.id, "explore", "Roanne"
    db.session.add(told)
    db.session.flush()
    db.session.add(
        Card(
            workshop_id=told.id,
            group=CardGroup(workshop_id=told.id, title="Délais"),
            text="Trop long",
        )
    )
    trial = Trial(process_id=process.id, title="Maquette", starts=TODAY, ends=TODAY, prompts=["?"])
    kept = OwnOutline(account_id=runs.id, name="Bilan", prompts=["?"], votes_each=5)
    kept.votes_per_group = 3
    db.session.add_all([trial, kept])
    db.session.flush()
    return {"process_id": process.id, "trial_id": trial.id, "outline_id": kept.id}


def _support(service: Any, territory: str) -> dict[str, Any]:
    """Return a template of answers, a visit and a lesson of the territory, by their names."""
    by = {"territory_code": territory, "organisation_id": service.organisation_id, "day": TODAY}
    words = {"title": "Tablettes", "tried": "Un essai.", "outcome": "Utile.", "audience": "Tous"}
    made = {
        "template_id": m.AnswerTemplate(
            service_id=service.id, name="Merci", text="{service}", changed=TODAY
        ),
        "visit_id": m.Visit(**by, kind="visit", place="Mairie", met=3, note=f"Le quai {territory}"),
        "lesson_id": m.Lesson(**by, **words),
    }
    db.session.add_all(made.values())
    return made


def _watch(release: Any, theme: m.Theme) -> m.ReleaseWatch:
    """Return a running release watch with one look."""
    plan = Plan(0.1, 12, 6.0, 7.5, 0.05, 3.0, 1.0, 20, 200, 40)
    return m.ReleaseWatch(
        service_id=release.service_id,
        release_id=release.id,
        theme_id=theme.id,
        question="La version perd-elle des mesures ?",
        declared=TODAY,
        starts=TODAY,
        planned_weeks=12,
        plan=asdict(plan),
        looks=[[1, 0.5, 0.2]],
    )


def walk(
    app: Flask,
    worlds: dict[str, dict[str, Any]],
    methods: frozenset[str] = METHODS,
    language: str = "",
) -> Iterator[Step]:
    """Yield every route × method × actor × world. Each change is undone before the next step.

    Args:
        language: which one the browsers ask for.
    """
    path = app.config["INSTANCE"] / "boucle.db"
    kept = path.with_suffix(".kept")
    _close(app)
    shutil.copy(path, kept)
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: (r.endpoint, r.rule)):
        if rule.endpoint in UNWALKED:
            continue
        named = sorted(worlds) if rule.arguments & worlds["own"].keys() else ["-"]
        for method in sorted((rule.methods or set()) & methods):
            for world in named:
                for actor in ACTORS:
                    client = app.test_client()
                    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
                    _enter(client, actor, worlds)
                    named_by = worlds["own" if world == "-" else world]
                    answer = _ask(client, _address(rule, named_by), method)
                    if method == "POST" or actor == "author":
                        _close(app)
                        shutil.copy(kept, path)
                    unread = answer.is_streamed and method == "POST"
                    body = "" if unread else answer.get_data().decode(errors="replace")  # a PDF too
                    told = answer.headers
                    frame = (told["Content-Security-Policy"], told.get("X-Frame-Options"))
                    yield Step(rule.endpoint, method, actor, world, answer.status_code, body, frame)


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.rollback()
        db.session.connection().exec_driver_sql("SELECT 1")
        db.session.remove()
        raw = db.engine.raw_connection()
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        db.engine.dispose()


def _ask(client: FlaskClient, url: str, method: str) -> TestResponse:
    if method == "GET":
        return client.get(url)
    return _post(client, url)


def _enter(client: FlaskClient, actor: str, worlds: dict[str, Any]) -> None:
    if actor == "author":
        until = int(NOON.timestamp()) + 60
        with client.session_transaction() as session:
            session["author"] = {"feedback": worlds["own"]["feedback_id"], "until": until}
    elif actor != "anonymous":
        with client.application.app_context():
            query = db.select(factories.Account).filter_by(email=f"{actor}@example.fr")
            account = db.session.scalars(query).one()
        factories.sign_in(client, account)


def _post(client: FlaskClient, url: str) -> TestResponse:
    with client.session_transaction() as session:
        is_open = bool(session)
    answer: TestResponse = factories.post(client, url) if is_open else client.post(url)
    return answer


def _address(rule: Rule, ids: dict[str, Any]) -> str:
    """Return the rule's address; a part that no world knows gets a value that names nothing."""

    def value(found: re.Match[str]) -> str:
        is_number = found[1] == "int:"
        return str(ids.get(found[2], 99999 if is_number else "XXXXXX"))

    return re.sub(r"<(int:)?(\w+)>", value, rule.rule)
