"""What a team's edition tells beside its period: proposals, how it compares, what is new."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from pypdf import PdfReader
from sqlalchemy import select, text

from app import tasks
from app.accounts import Account
from app.catalogue import Service, Territory
from app.db import db, will_write
from app.digest_themes import themes_in
from app.edition_words import sections_of
from app.editions import Edition
from app.mail import OutboxRow
from feedback.models import Commitment, Face, Signal, Theme
from tests import factories
from tests.app import digest_rows as rows
from tests.app.test_role_editions import fill_territory
from tests.conftest import NOON, writing
from tests.feedback.citizen import soup_of, words_of
from workshops.models import Proposal

WEEK = {"start": rows.WEEK.start.isoformat(), "end": rows.MONDAY.isoformat()}
COMPARED, PROPOSALS = "Comparaison, sur toute la durée", "Propositions des ateliers"
OTHERS = ((70, 20, 10), (10, 20, 70), (30, 40, 30))  # bad, middling, good: of other services


def busy() -> Service:
    return db.session.scalars(select(Service).filter_by(name="Mon suivi tension")).one()


def compose(app: Flask, weeks_ago: int = 0) -> None:
    with app.app_context():
        will_write()
        tasks.digest("k", NOON - timedelta(weeks=weeks_ago))


def team(start: date = rows.WEEK.start) -> Edition:
    """Return the team's edition of the busy service for the week that begins on ``start``."""
    query = select(Edition).filter_by(audience="team", service_id=busy().id, start=start)
    return db.session.scalars(query).one()


def flat(words: object) -> str:
    return re.sub(r"\s+", " ", str(words)).strip()


def lines(edition: Edition) -> dict[str, list[str]]:
    with force_locale("fr"):
        return {
            section.title: [flat(f"{item.lead} {item.words}") for item in section.items]
            for section in sections_of(edition)
        }


def counted(query: str, **values: Any) -> Any:
    return db.session.scalar(text(query), {**WEEK, "id": busy().id, **values})


def fill_others() -> None:
    """Three services of the same nature with a hundred retours each, two of them in the region."""
    factories.functionality(busy())
    db.session.add(Territory(code="35", name="Ille-et-Vilaine", level="departement"))
    db.session.flush()
    for place, faces in zip(("42", "42", "35"), OTHERS, strict=True):
        other = factories.service(territory_code=place)
        factories.functionality(other)
        for face, number in zip((0, 5, 10), faces, strict=True):
            rows.fill(other, None, rows.BEFORE, number, face=face)


@pytest.fixture
def compared(app: Flask) -> None:
    """A busy week among services of the same nature, with three proposals, composed."""
    with writing(app):
        fill_territory()
        fill_others()
        factories.publish()
    compose(app)


def test_its_proposals_are_found_again_and_the_late_one_asks_for_a_decision(
    app: Flask, compared: None
) -> None:
    with app.app_context():
        said, content = lines(team()), team().content
        own = "SELECT count(*) FROM proposal WHERE service_id = :id AND"
        late = counted(f"{own} state = 'to_answer' AND due < :end")
        waiting = counted(f"{own} state = 'to_answer' AND made < :end")
        answered = counted(f"{own} answered >= :start AND answered < :end")
        assert (late, waiting, answered) == (1, 2, 1)
        assert len(content["late_proposals"]) == late
        assert len(content["proposals"]) == waiting + answered
        assert len(said[PROPOSALS]) == waiting + answered - late
        assert "Proposition à répondre pour le 18 novembre. « Un rappel »." in said["À décider"]
        assert said[PROPOSALS] == [
            "Proposition à répondre pour le 4 janvier. « Plus tard ».",
            "Proposition : acceptée. « Un son ».",
        ]
        decided = sum(bool(content[name]) for name in ("contested",)) + bool(
            content["waits"]["late"]
        )
        decided += len(content["to_review"]) + len(content["due"]) + late
        assert content["decisions"] == decided == len(said["À décider"])


def test_a_proposal_is_told_by_the_title_that_it_has_today(app: Flask, compared: None) -> None:
    with app.app_context():
        assert "Un son" not in str(team().content)
        kept = db.session.scalars(select(Proposal).filter_by(title="Un son")).one()
        kept.title = "Une lumière"
        db.session.delete(db.session.scalars(select(Proposal).filter_by(title="Plus tard")).one())
        db.session.flush()
        assert lines(team())[PROPOSALS] == ["Proposition : acceptée. « Une lumière »."]


def test_it_compares_with_the_numbers_of_the_page_of_scores(
    app: Flask, client: FlaskClient, compared: None
) -> None:
    with app.app_context():
        told = lines(team())[COMPARED]
        member = db.session.scalars(select(Account).join(Account.memberships)).first()
        assert member is not None
        slug, levels = busy().slug, team().content["standing"]["levels"]
        faces = "SELECT {} FROM feedback f JOIN service s ON s.id = f.service_id WHERE"
        where = {
            "service": " s.id = :id",
            "region": " s.territory_code = '42'",
            "france": " s.territory_code IS NOT NULL",
        }
        enough = " AND (SELECT count(face) FROM feedback o WHERE o.service_id = s.id) >= 30"
        for level in levels:
            query = faces + where[level["scope"]] + enough
            assert level["score"]["n"] == counted(query.format("count(f.face)"))
            assert level["score"]["mean"] == pytest.approx(counted(query.format("avg(f.face)")))
        assert [level["scope"] for level in levels] == ["service", "region", "france"]
        factories.sign_in(client, member)
    page = flat(words_of(soup_of(client.get(f"/equipe/services/{slug}/notes"))))
    assert len(told) == 2 + 3  # a place in the region and the country, and three scores
    for line in told:
        for sentence in re.split(r"(?<=\.) (?=[A-Z«])", line):
            assert sentence in page, sentence


def test_under_the_floor_or_alone_nothing_is_compared(app: Flask) -> None:
    with writing(app):
        fill_territory()  # nobody else has 30 retours
        factories.publish()
    compose(app)
    with app.app_context():
        assert team().content["score"] is not None
        assert team().content["standing"] is None
        assert COMPARED not in lines(team())


def test_few_retours_are_compared_with_nobody(app: Flask) -> None:
    with writing(app):
        fill_territory()
        fill_others()
        few = factories.service(name="Petit", territory_code="42")
        factories.functionality(few)
        rows.member(few)
        rows.fill(few, None, rows.IN_WEEK, 29)
        factories.publish()
    compose(app)
    with app.app_context():
        query = select(Edition).join(Service).filter(Service.name == "Petit")
        edition = db.session.scalars(query.filter(Edition.audience == "team")).one()
        assert edition.content["retours"] == 29
        assert edition.content["standing"] is None


def test_page_mail_and_paper_say_the_same(app: Flask, client: FlaskClient, compared: None) -> None:
    with app.app_context():
        said = lines(team())
        member = db.session.scalars(select(Account).join(Account.memberships)).first()
        assert member is not None
        mails = db.session.scalars(select(OutboxRow).filter_by(to=member.email))
        (mail,) = [each for each in mails if team().id in each.text]
        edition_id, text_part, html = team().id, mail.text, soup_of_html(mail.html)
        factories.sign_in(client, member)
    page = flat(words_of(soup_of(client.get(f"/syntheses/{edition_id}"))))
    pdf = client.get(f"/syntheses/{edition_id}/synthese.pdf").data
    paper = squeezed(" ".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages))
    for title in (COMPARED, PROPOSALS):
        for line in said[title]:
            assert line in page
            assert squeezed(line) in paper
            assert squeezed(line) in squeezed(text_part)
            assert squeezed(line) in squeezed(html)


def soup_of_html(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def squeezed(words: str) -> str:
    """Return ``words`` without spaces: paper and mails break their lines in other places."""
    return "".join(words.split())


def test_what_is_new_or_changed_since_the_last_edition_is_marked(app: Flask) -> None:
    older = rows.WEEK.start - timedelta(weeks=1)
    with writing(app):
        fill_territory()
        signal = db.session.scalars(
            select(Signal).filter_by(state="candidate", service_id=busy().id)
        ).one()
        signal_id, service_id = signal.id, busy().id
        kept = rows.promise(busy(), "Un engagement en vue.", date(2026, 12, 1), made=older)
        kept_id = kept.id
    compose(app, weeks_ago=1)
    with writing(app):
        new = Theme(service_id=service_id, name="Rappels", named_by_person=True, born=rows.IN_WEEK)
        db.session.add(new)
        db.session.flush()
        rows.fill(busy(), new, rows.IN_WEEK, 5)
        db.session.get_one(Commitment, kept_id).state = "late"
        rows.promise(busy(), "Une promesse neuve.", date(2026, 12, 2))
        db.session.get_one(Signal, signal_id).state = "under_review"
    compose(app)
    with app.app_context():
        first = [line for part in lines(team(older)).values() for line in part]
        assert not [line for line in first if line.startswith(("Nouveau.", "Changé."))]
        said = lines(team())
        changed = " / ".join(said["Ce qui a changé"])
        assert "/ Nouveau. « Rappels » monte : 0 → 5." in changed
        assert "/ « Connexion » recule" in changed
        assert said["Ce qui a changé"][-1] == (
            "« Nouveau » et « Changé » : depuis la synthèse d’avant (9 – 15 novembre 2026)."
        )
        decide = said["À décider"]
        assert any(
            line.startswith("Nouveau. Engagement à tenir") and "neuve" in line for line in decide
        )
        assert any(
            line.startswith("Changé. Engagement en retard") and "en vue" in line for line in decide
        )
        assert any(line.startswith("Changé. Un signal à examiner.") for line in decide)


def test_a_promise_that_moved_and_asks_for_nothing_is_told(app: Flask) -> None:
    with writing(app):
        rows.busy_week()
        rows.promise(busy(), "Un chantier lointain.", date(2027, 6, 1))
        rows.promise(busy(), "Fait depuis longtemps.", date(2026, 3, 1), state="confirmed",
                     made=date(2026, 1, 5), announced=date(2026, 2, 1))  # fmt: skip
    compose(app)
    with app.app_context():
        moved = lines(team())["Engagements qui ont bougé"]
        assert "Promis, pour le 1 juin. Un chantier lointain." in moved
        assert "Annoncé, pour le 20 octobre. L’export en PDF, annoncé en octobre." in moved
        assert "longtemps" not in " ".join(moved)


ORDER = (
    "À décider",
    "Ce qui a changé",
    "Engagements qui ont bougé",
    PROPOSALS,
    "Signaux suivis",
    COMPARED,
    "La boucle, sur douze mois",
    "En retard sur ce site : des nombres peuvent manquer",
)
ASKED = (  # how each decision begins, in their order
    "4 retours attendent une réponse au-delà du délai.",
    "Un signal à examiner.",
    "Engagement",
    "Proposition à répondre",
    "1 retour conteste un changement annoncé.",
)


def test_decisions_come_first_and_the_rest_in_its_order(
    app: Flask, client: FlaskClient, compared: None
) -> None:
    with app.app_context():
        edition = team()
        edition.content = {**edition.content, "late": {"look": 90}}
        found = lines(edition)
        assert tuple(flat(each) for each in found) == ORDER
        for line, asked in zip(found["À décider"], ASKED, strict=True):
            assert line.startswith(asked)
        member = db.session.scalars(select(Account).join(Account.memberships)).one()
        factories.sign_in(client, member)
        page = soup_of(client.get(f"/syntheses/{edition.id}"))
        shown = [flat(each.get_text()) for each in page.select("main h2")]
        assert [each for each in shown if each in ORDER] == list(ORDER)


PLEASED = {"Merci": (40, 10), "Contents": (5, 9), "Bravo": (5, 5)}  # said without a difficulty
PAINS = {  # of a theme: now, before, severity, and concerns × severity × growth within [½, 3]
    "Rappels": (8, 2, 3, 8 * 3 * 3),
    "Export": (7, 0, 3, 7 * 3 * 3),
    "Connexion": (15, 15, 2, 15 * 2 * 1),
    "Affichage": (20, 20, 1, 20 * 1 * 1),
    "Partage": (12, 48, 3, 12 * 3 * 0.5),
    "Sons": (12, 12, 1, 12 * 1 * 1),
    "Neuf": (2, 0, 1, 2 * 1 * 2),
    **{name: (*numbers, 1, 0) for name, numbers in PLEASED.items()},
}


def test_themes_stand_by_how_much_they_hurt_and_not_by_how_many_speak(app: Flask) -> None:
    with writing(app):
        service = rows.busy_week()
        own = {each.id for each in db.session.scalars(select(Theme))}
        for name, (now, before, severity, _pain) in sorted(PAINS.items()):
            face = Face.GOOD if name in PLEASED else Face.BAD
            made = rows.theme(service, name)
            said = {"severity": severity, "face": face.value}
            rows.fill(service, made, rows.IN_WEEK, now, **said)
            rows.fill(service, made, rows.BEFORE, before, **said)
        found = [each for each in themes_in(service, rows.WEEK) if each.id not in own]
        assert [(each.name, each.pain) for each in found] == [
            (name, pain) for name, (*_parts, pain) in PAINS.items()
        ]
        by_count = sorted(PAINS, key=lambda name: -PAINS[name][0])
        assert by_count != list(PAINS)
    compose(app)
    with app.app_context():
        told = [line["name"] for line in team().content["themes"] if line["id"] not in own]
        assert told == list(PAINS)
        changed = "\n".join(lines(team())["Ce qui a changé"])
        assert changed.index("« Rappels »") < changed.index("« Export »") < changed.index("« Conn")
