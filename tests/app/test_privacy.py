"""The rights of an author: all is shown and exported, objecting and erasing leave nothing."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text

from app import author_mails, erasures, privacy, traces
from app.accounts import Account, Role
from app.computation import compute
from app.days import now
from app.db import db
from app.digest_mails import digest_mail
from app.editions import Delivery, Edition
from app.jobs import Job, enqueue
from app.mail import OutboxRow, put
from app.periods import Period
from app.subscriptions import Audience, Subscription
from app.traces import Actor
from app.writings import for_team
from feedback import models as m
from feedback import search
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.fakes import StandingClock
from tests.feedback import citizen

WORDS = (
    "zanzibar",
    "quetzalcoatl",
    "ornithorynque",
    "xylophone",
    "kaleidoscope",
    "bergamote",
    "curcuma",
    "muscade",
)
OWN = WORDS[0]
DRAFT = "coquelicot"  # of an answer that was not sent


def _row(table: str, feedback: m.Feedback) -> Any:
    """Return a row of ``table`` about ``feedback``; a new table must be added here."""
    rows: dict[str, Callable[[], Any]] = {
        "answer": lambda: m.Answer(
            feedback_id=feedback.id, question="G5", status="given", value=WORDS[1]
        ),
        "message": lambda: m.Message(
            feedback_id=feedback.id, position=1, sender="author", text=WORDS[2], day=TODAY
        ),
        "commitment_link": lambda: m.CommitmentLink(
            feedback_id=feedback.id,
            words=WORDS[3],
            answer=WORDS[3],
            commitment=m.Commitment(
                service=feedback.service, text="t", owner="o", made=TODAY, due=TODAY
            ),
        ),
        "segment": lambda: m.Segment(
            feedback_id=feedback.id, start=0, end=8, vector=b"\x01\x02vecteur", model="test"
        ),
        "signal_evidence": lambda: m.SignalEvidence(
            feedback_id=feedback.id, signal_id=_signal(feedback).id
        ),
        "placement": lambda: m.Placement(
            segment_id=_own_segment(feedback),
            theme=_theme(feedback),
            score=0.8,
            threshold=0.5,
            model="test",
            placed=TODAY,
        ),
        "code_claim": lambda: m.CodeClaim(
            feedback_id=feedback.id, token_hash="0" * 64, until=now()
        ),
        "segment_bond": lambda: _bond(feedback),
        "me_too": lambda: m.MeToo(feedback_id=feedback.id, taps=12),
        "peer_answer": lambda: _answered(feedback),
        "content_notice": lambda: m.ContentNotice(
            feedback_id=feedback.id, day=TODAY, reason="other", words=WORDS[5]
        ),
        "assignment": lambda: m.Assignment(
            feedback_id=feedback.id, account=_colleague(feedback), day=TODAY
        ),
        "team_note": lambda: m.TeamNote(
            feedback_id=feedback.id,
            position=1,
            account=_colleague(feedback),
            role="promoter",
            organisation="Réseau",
            text=WORDS[6],
            day=TODAY,
        ),
        "desk_reading": lambda: m.DeskReading(
            feedback_id=feedback.id, account_id=_colleague(feedback).id
        ),
        "desk_act_row": lambda: m.DeskActRow(
            feedback_id=feedback.id, act_id=_act(feedback).id, was="", became="read"
        ),
        "answer_draft": lambda: m.AnswerDraft(
            feedback_id=feedback.id, text=DRAFT, day=TODAY, account=_colleague(feedback)
        ),
        "second_look": lambda: m.SecondLook(
            feedback_id=feedback.id,
            service_id=feedback.service_id,
            text=DRAFT,
            day=TODAY,
            reason="",
            account=_colleague(feedback),
        ),
        "urgency": lambda: m.Urgency(
            feedback_id=feedback.id,
            level="serious",
            reason="",
            wanted="urgent",
            words=WORDS[7],
            asked=TODAY,
        ),
        "author_mail": lambda: m.AuthorMail(
            feedback_id=feedback.id, sealed="scellé", created=TODAY, confirmed=True
        ),
        "hold_window": lambda: m.HoldWindow(feedback_id=feedback.id, day=TODAY, until=TODAY),
        "publication_refusal": lambda: m.PublicationRefusal(
            feedback_id=feedback.id, day=TODAY, reason=WORDS[3], words=WORDS[3]
        ),
        "refusal": lambda: m.Refusal(
            feedback_id=feedback.id, account_id=_colleague(feedback).id, day=TODAY
        ),
        "known_effect_example": lambda: m.KnownEffectExample(
            segment_id=_own_segment(feedback),
            effect=m.KnownEffect(service=feedback.service, name="Mesures", added=TODAY),
        ),
    }
    return rows[table]()


def _colleague(feedback: m.Feedback) -> Account:
    return factories.account(Role.PROMOTER, services=(feedback.service,))


def _act(feedback: m.Feedback) -> m.DeskAct:
    act = m.DeskAct(account_id=_colleague(feedback).id, kind="read", made=now())
    db.session.add(act)
    db.session.flush()
    return act


def _own_segment(feedback: m.Feedback) -> str | None:
    return db.session.scalar(select(m.Segment.id).where(m.Segment.feedback_id == feedback.id))


def _answered(feedback: m.Feedback) -> m.PeerAnswer:
    peer = factories.retour(
        feedback.service, text="Chez moi aussi.", channel="peer", state="shown", face=None
    )
    return m.PeerAnswer(feedback_id=peer.id, parent_id=feedback.id)


def _bond(feedback: m.Feedback) -> m.SegmentBond:
    own = _own_segment(feedback)
    near = factories.retour(feedback.service, text="Mes mesures restent là.")
    other = m.Segment(feedback=near, start=0, end=11, vector=b"y", model="test")
    db.session.add(other)
    db.session.flush()
    one, last = sorted((str(own), other.id))
    common = {"service_id": feedback.service_id, "kind": "apart", "day": TODAY, "role": "promoter"}
    return m.SegmentBond(one_id=one, other_id=last, **common)


def _signal(feedback: m.Feedback) -> m.Signal:
    signal = m.Signal(
        service=feedback.service,
        kind="growing",
        title="t",
        raised=TODAY,
        last_look=TODAY,
        observed=12,
        expected=3.0,
        weeks=2,
    )
    db.session.add(signal)
    db.session.flush()
    return signal


def _theme(feedback: m.Feedback) -> m.Theme:
    theme = m.Theme(
        service=feedback.service,
        name=f"{OWN}, mesures",
        words=[[OWN, 0.9], ["mesures", 0.5]],
        born=TODAY,
    )
    neighbour = factories.retour(feedback.service, text="Les mesures ne partent plus.")
    segment = m.Segment(feedback=neighbour, start=4, end=11, vector=b"x", model="test")
    values = {"score": 0.7, "threshold": 0.5, "model": "test", "placed": TODAY}
    db.session.add(m.Placement(segment=segment, theme=theme, **values))
    return theme


def _children() -> list[str]:
    """Return the tables under ``feedback``, walked through the foreign keys of any kind."""
    found, parents = [], ["feedback"]
    while parents:
        parent = parents.pop(0)
        for table in db.metadata.sorted_tables:
            names = {key.column.table.name for key in table.foreign_keys}
            if parent in names and table.name not in found and parent in ("feedback", "segment"):
                found.append(table.name)
                parents.append(table.name)
    return found


def _fill(feedback: m.Feedback) -> None:
    """Write a row about ``feedback`` wherever one can stand."""
    for table in _children():
        db.session.add(_row(table, feedback))
        db.session.flush()
    feedback.service.quotes_in_mails = True
    feedback.state, feedback.wants_publication = m.State.PUBLISHED.value, True
    search.index(feedback)
    traces.record("opened", Actor("promoter", "Réseau"), TODAY, feedback.id, detail=WORDS[4])
    enqueue("analyse", feedback.id, now())
    period = Period(date(2026, 11, 16), date(2026, 11, 23))
    content = for_team(compute(feedback.service, period, TODAY), TODAY).content
    edition = Edition(
        audience=Audience.TEAM.value,
        service=feedback.service,
        frequency="weekly",
        start=period.start,
        end=period.end,
        composed=TODAY,
        title="t",
        content=content | {"retours": 12, "quotes": [{"feedback_id": feedback.id}]},
    )
    reader = Subscription(
        audience=Audience.TEAM.value,
        service=feedback.service,
        account=factories.account(Role.PROMOTER, services=(feedback.service,)),
        confirmed=True,
        created=TODAY,
    )
    delivery = Delivery(edition=edition, subscription=reader, day=TODAY)
    db.session.add(delivery)
    db.session.flush()
    mail = digest_mail(edition, reader, delivery.id)
    assert OWN in mail.text, "the waiting mail must quote the retour"
    put(mail, now())


@pytest.fixture
def code(app: Flask, client: FlaskClient) -> str:
    """The code of a retour about which every table holds something, beside a neighbour's."""
    slug = citizen.open_service(app)
    code = citizen.code_of(citizen.send(client, slug, text=f"Le {OWN} ne montre plus mes mesures"))
    with writing(app):
        _fill(db.session.scalars(select(m.Feedback).where(m.Feedback.text.contains(OWN))).one())
    return code


def _own() -> m.Feedback:
    return db.session.scalars(select(m.Feedback).where(m.Feedback.text.contains(OWN))).one()


def _bytes(app: Flask) -> bytes:
    folder: Path = app.config["INSTANCE"]
    return b"".join(path.read_bytes() for path in folder.glob("boucle.db*"))


def test_export_holds_every_row_about_the_retour(
    app: Flask, client: FlaskClient, code: str
) -> None:
    citizen.come_back(client, code)
    answer = post(client, "/suivi/mes-donnees/export")
    assert answer.mimetype == "application/json"
    found = json.loads(answer.text)
    for table in {"feedback", *_children()} - privacy.WITHHELD:
        assert found[table], table
    assert DRAFT not in answer.text, "what nobody sent yet is its writer's alone"
    assert "account_id" not in answer.text
    for word in WORDS[:5]:
        assert word in answer.text
    assert {line["verb"] for line in found["journal"]} >= {"sent", "opened", "exported"}
    assert found["editions"]
    assert found["jobs"]
    with app.app_context():
        assert _own().code_hash not in answer.text


def test_an_export_stands_in_the_journal(app: Flask, client: FlaskClient, code: str) -> None:
    citizen.come_back(client, code)
    post(client, "/suivi/mes-donnees/export")
    with app.app_context():
        verbs = [line["verb"] for line in traces.journal(_own().id)]
        assert verbs.count("exported") == 1
        assert traces.verify()


def test_the_page_shows_text_placement_and_journal(client: FlaskClient, code: str) -> None:
    citizen.come_back(client, code)
    page = citizen.words_of(client.get("/suivi/mes-donnees"))
    assert "ne montre plus mes mesures" in page
    assert "seuil 0,50" in page
    assert "équipe du service, Réseau" in page
    assert "CNIL" in page


def test_the_page_says_whether_an_address_is_kept_and_where_a_text_is_corrected(
    app: Flask, client: FlaskClient, code: str
) -> None:
    citizen.come_back(client, code)
    words = citizen.words_of(client.get("/suivi/mes-donnees"))
    assert "ni votre adresse" not in words
    assert "Elle est gardée chiffrée, à part, un an au plus." in words
    assert "Ce texte ne se corrige plus." in words, "the team answered"
    with writing(app):
        author_mails.forget(_own())
        db.session.execute(delete(m.Message))
        _own().state, _own().thread_state = m.State.OPEN.value, m.ThreadState.WAITING.value
    words = citizen.words_of(client.get("/suivi/mes-donnees"))
    assert "Il ne garde ni votre nom, ni votre adresse, ni l’heure." in words
    assert "Vous avez laissé une adresse" not in words
    assert "Corriger mon texte" in words


def test_without_a_code_the_pages_ask_for_one(client: FlaskClient, code: str) -> None:
    for url in ("/suivi/mes-donnees", "/suivi/effacer"):
        answer = client.get(url)
        assert answer.status_code == 303
        assert answer.location.endswith("/suivi")


def test_objecting_leaves_no_derived_row_and_keeps_the_words(
    app: Flask, client: FlaskClient, code: str
) -> None:
    citizen.come_back(client, code)
    assert post(client, "/suivi/mes-donnees/opposition").status_code == 303
    with app.app_context():
        own = _own()
        assert own.objects_to_analysis
        for table in (m.Segment, m.SignalEvidence):
            query = select(table).where(table.feedback_id == own.id)
            assert db.session.scalars(query).all() == []
        assert len(db.session.scalars(select(m.Placement)).all()) == 1, "the neighbour's stays"
        assert db.session.scalars(select(m.Message.text)).all() == [WORDS[2]]
        assert db.session.scalars(select(Job).where(Job.key == own.id)).all() == []
        assert [s.erased_since for s in db.session.scalars(select(m.Signal))] == [1]
        assert "objected" in [line["verb"] for line in traces.journal(own.id)]


def test_looking_at_the_question_erases_nothing(app: Flask, client: FlaskClient, code: str) -> None:
    citizen.come_back(client, code)
    assert client.get("/suivi/effacer").status_code == 200
    with app.app_context():
        assert OWN in str(_own().text)


def test_erasing_leaves_no_word_in_the_database_files(
    app: Flask, client: FlaskClient, code: str
) -> None:
    before = _bytes(app)
    for word in (*WORDS[:5], DRAFT):
        assert word.encode() in before, "the planted words must be there to be missed"
    citizen.come_back(client, code)
    answer = post(client, "/suivi/effacer")
    assert answer.status_code == 200
    assert "C’est effacé." in answer.text
    after = _bytes(app)
    for word in (*WORDS[:5], "vecteur", DRAFT):
        assert word.encode() not in after, word


def test_erasing_leaves_a_tombstone_and_the_neighbour(
    app: Flask, client: FlaskClient, code: str
) -> None:
    with app.app_context():
        number = _own().id
    citizen.come_back(client, code)
    post(client, "/suivi/effacer")
    with app.app_context():
        stone = db.session.get_one(m.Feedback, number)
        assert (stone.state, stone.reason, stone.day) == ("withdrawn", "author", date(2026, 11, 1))
        assert (stone.text, stone.face, stone.code_hash, stone.key_hash) == (None,) * 4
        assert (stone.masked, stone.dangers, stone.channel) == ({}, [], "")
        for table in _children():
            if table not in ("placement", "segment_bond", "known_effect_example"):
                query = text(f"SELECT count(*) FROM {table} WHERE feedback_id = :id")
                assert db.session.execute(query, {"id": number}).scalar() == 0, table
        assert db.session.scalars(select(m.Placement)).one().segment.text == "mesures"
        assert db.session.scalars(select(m.SegmentBond)).all() == []
        assert traces.journal(number) == []
        assert traces.verify()
        edition = db.session.scalars(select(Edition)).one()
        assert edition.content["quotes"] == []
        assert edition.content["retours"] == 12
        assert OWN not in db.session.scalars(select(OutboxRow.text)).one()
        theme = db.session.scalars(select(m.Theme)).one()
        assert (theme.words, theme.name) == ([["mesures", 0.5]], "mesures")


def test_after_erasing_the_code_opens_nothing(app: Flask, client: FlaskClient, code: str) -> None:
    citizen.come_back(client, code)
    post(client, "/suivi/effacer")
    assert client.get("/suivi/retour").status_code in (303, 404)
    assert client.get("/suivi/mes-donnees").status_code == 303
    assert client.post("/suivi", data={"code": code}).status_code in (400, 404)


def test_a_restored_backup_is_erased_again(app: Flask, client: FlaskClient, code: str) -> None:
    folder: Path = app.config["INSTANCE"]
    with writing(app):
        erasures.note(folder, [_own().id, "000000000000"])
    with writing(app):
        assert privacy.replay_erasures(folder, TODAY) == 1
    with writing(app):
        assert privacy.replay_erasures(folder, TODAY) == 0
        assert (
            db.session.scalars(select(m.Feedback).where(m.Feedback.text.contains(OWN))).all() == []
        )


def test_an_erasure_is_noted_beside_the_backups(app: Flask, client: FlaskClient, code: str) -> None:
    with app.app_context():
        number = _own().id
    citizen.come_back(client, code)
    post(client, "/suivi/effacer")
    assert (app.config["INSTANCE"] / erasures.ERASED_LIST).read_text() == f"{number}\n"


def test_proofs_of_sending_go_after_seven_days_and_tombstones_after_a_year(
    app: Flask, client: FlaskClient, code: str, clock: StandingClock
) -> None:
    with writing(app):
        assert privacy.purge(clock()) == 0
        clock.forward(days=8)
        assert privacy.purge(clock()) == 1
        assert _own().key_hash is None
        assert _own().body_seal is None
        assert _own().code_hash is not None
        privacy.erase(_own(), TODAY)
        clock.forward(days=400)
        assert privacy.purge(clock()) == 1
        states = set(db.session.scalars(select(m.Feedback.state)))
        assert m.State.WITHDRAWN.value not in states
