"""The weekly test of recognition: what it counts, what stops publication, what lets it go on."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import digests
from app.accounts import Role
from app.db import db, will_write
from app.editions import Edition
from app.recognition_runs import recognise, small_numbers
from app.subscriptions import Audience
from feedback import publication_stop, recognition
from feedback.models import ContentNotice, Feedback, RecognitionTest, State
from feedback.moderation import Decision, may_decide
from tests import factories
from tests.app import digest_rows
from tests.conftest import NOON, writing
from tests.factories import TODAY, sign_in
from tests.plain_browser import PlainBrowser

LEAK = "Rappelez-moi au 06 12 34 56 78, merci."


def published(text: str) -> Feedback:
    service = factories.service()
    row: Feedback = factories.retour(
        service, text=text, state=State.PUBLISHED.value, thread_state="none"
    )
    return row


def test_a_combination_that_one_row_has_is_alone() -> None:
    rows = [
        ("a", "11", "R84"),
        ("a", "11", "R84"),
        ("a", "10", "R84"),
        ("b", "", ""),
    ]
    assert recognition.uniqueness(rows) == {"kept": 4, "alone": 2}
    assert recognition.uniqueness([]) == {"kept": 0, "alone": 0}


def test_a_rare_word_stands_in_one_text_and_in_no_dictionary() -> None:
    texts = [
        "Le bouton du Kerfourn",
        "Le bouton de Zblorg, Zblorg encore",
        "Un Zblorg",
    ]
    assert recognition.rare_words(texts) == 1
    assert recognition.rare_words(["[PERSONNE_1] dit que le bouton marche"]) == 0


@pytest.mark.parametrize(
    ("text", "does"),
    [
        (LEAK, True),
        ("Écrivez à jeanne@exemple.fr", True),
        ("[TELEPHONE_1] ne répond pas", False),
        ("La courbe m’aide.", False),
    ],
)
def test_only_what_is_never_put_back_is_a_leak(text: str, does: bool) -> None:
    assert recognition.leaks(text, None, ()) is does


def test_a_leak_stops_publication_until_a_person_took_it_away(app: Flask, clock: object) -> None:
    with writing(app):
        leaking = published(LEAK)
        published("La courbe m’aide.")
        waiting = factories.retour(factories.service(), text="Bonjour à tous.")
        waiting.wants_publication = True
        waiting.names_masked = True
        ids = (leaking.id, waiting.id)
    with writing(app):
        assert Decision.PUBLISH in may_decide(db.session.get_one(Feedback, ids[1]))
        assert "FAILED" in recognise("k", NOON)
    with writing(app):
        run = db.session.scalars(select(RecognitionTest)).one()
        assert (run.passed, run.counts["leaks"], run.counts["published"]) == (False, 1, 2)
        assert [n.feedback_id for n in db.session.scalars(select(ContentNotice))] == [ids[0]]
        assert Decision.PUBLISH not in may_decide(db.session.get_one(Feedback, ids[1]))
        assert "not due" in recognise("k", NOON), "once a day is enough"
        db.session.get_one(Feedback, ids[0]).state = State.OPEN.value  # as a moderator decides
    with writing(app):
        will_write()
        assert "passed" in recognise("k", NOON + timedelta(days=1))
        assert not publication_stop.is_stopped()
        assert Decision.PUBLISH in may_decide(db.session.get_one(Feedback, ids[1]))
        assert not publication_stop.is_due(TODAY + timedelta(days=7))
        assert publication_stop.is_due(TODAY + timedelta(days=8))


def test_no_public_edition_leaves_while_publication_is_stopped(app: Flask) -> None:
    with writing(app):
        service = digest_rows.busy_week()
        db.session.add(RecognitionTest(day=TODAY, counts={}, passed=False))
        db.session.flush()
        digests.send_for(service, NOON)
        skipped = {row.audience: row.skipped for row in db.session.scalars(select(Edition))}
    assert "a arrêté la publication" in skipped[Audience.PUBLIC]
    assert not skipped[Audience.TEAM]


def test_a_number_under_the_floor_in_an_edition_is_counted(app: Flask) -> None:
    with writing(app):
        digests.send_for(digest_rows.busy_week(), NOON)
        assert small_numbers() == 0
        query = select(Edition).where(Edition.audience == Audience.PUBLIC)
        edition = db.session.scalars(query).first()
        assert edition is not None
        edition.content = {**edition.content, "retours": 7}
        db.session.flush()
        assert small_numbers() == 1
        assert "FAILED" in recognise("k", NOON)


def test_the_page_is_dated_and_says_what_was_found(app: Flask, client: FlaskClient) -> None:
    assert "Aucun essai n’a encore eu lieu." in PlainBrowser(client).open("/reconnaissance").words
    with writing(app):
        published(LEAK)
        recognise("k", NOON)
    page = PlainBrowser(client).open("/reconnaissance")
    assert "Dernier essai : 23 novembre 2026. Un défaut trouvé" in page.words
    assert "06 12" not in page.words
    with writing(app):
        moderator = factories.account(Role.MODERATOR)
        sign_in(client, moderator)
    assert "rien ne peut être publié" in PlainBrowser(client).open("/equipe/moderation").words
