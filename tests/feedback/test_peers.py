"""Readers' answers: a code, a moderator first, no counter, no team, and erasure."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.computation import compute
from app.days import now
from app.db import db
from app.digest_counts import count_retours
from app.periods import Period
from feedback import analysis, search
from feedback.indicators import indicators
from feedback.models import Feedback, PeerAnswer, Segment, State
from feedback.moderation import Decision, decide, may_decide
from feedback.moderation_items import WhyHeld
from feedback.moderation_queue import queue
from feedback.ratings import face_counts, score_of
from feedback.states import ForbiddenMove
from feedback.threads import reply
from feedback.usage import ONLINE
from feedback.voices import count_voices, of_days
from feedback.watch_entries import entries_of
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.fakes import FakeRuntime
from tests.feedback import citizen, readers
from tests.feedback.test_moderation import ACTOR

WORDS = "Chez moi aussi la courbe aide, appelez-moi au 06 12 34 56 78."


@pytest.fixture
def message(app: Flask, slug: str) -> str:
    """A published message of it."""
    return readers.publish(app, slug)


def _peer() -> Feedback:
    return db.session.scalars(select(Feedback).where(Feedback.channel == "peer")).one()


def _published(app: Flask, client: FlaskClient, slug: str) -> tuple[str, str]:
    """Send a message that a moderator publishes; return its code and its id."""
    code = citizen.code_of(citizen.send(client, slug, text="La courbe est trop petite."))
    with writing(app):
        own = db.session.scalars(select(Feedback)).one()
        own.wants_publication = True
        decide(own, Decision.PUBLISH, "", ACTOR, TODAY)
        return code, own.id


def _decide(app: Flask, decision: Decision, reason: str = "Une règle.") -> None:
    with writing(app):
        decide(_peer(), decision, reason, ACTOR, TODAY)


def test_an_answer_is_masked_held_and_given_a_code(
    app: Flask, client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    answer = readers.answer(client, slug, message, WORDS)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert len(citizen.code_of(answer)) == 16
    row = committed.scalars(select(Feedback).where(Feedback.channel == "peer")).one()
    assert row.text is not None
    assert "06 12" not in row.text
    assert (row.state, row.reason, row.thread_state, row.reply_due) == (
        "held",
        "peer",
        "none",
        None,
    )
    assert "la courbe aide" not in citizen.words_of(client.get(readers.address(slug, message)))
    with app.app_context():
        assert [(i.feedback.id, i.why) for i in queue(TODAY).held] == [(row.id, WhyHeld.PEER)]


def test_the_same_form_twice_is_one_answer_and_one_code(
    client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    key = readers.key_of(client, slug, message, "repondre")
    codes = {citizen.code_of(readers.answer(client, slug, message, WORDS, key)) for _ in range(2)}
    assert len(codes) == 1
    other = readers.answer(client, slug, message, "D’autres mots.", key)
    assert other.status_code == 409
    assert "D’autres mots." in other.text
    assert len(committed.scalars(select(PeerAnswer)).all()) == 1


@pytest.mark.parametrize(
    ("text", "said"), [("  ", "Écrivez quelques mots"), ("a " * 2501, "5 000")]
)
def test_a_bad_answer_keeps_its_words_and_says_why(
    client: FlaskClient, slug: str, message: str, text: str, said: str
) -> None:
    answer = readers.answer(client, slug, message, text)
    assert answer.status_code == 422
    area = citizen.soup_of(answer).find("textarea", attrs={"name": "answer"})
    assert area is not None
    assert area["aria-invalid"] == "true"
    error = citizen.soup_of(answer).find(id="answer-error")
    assert error is not None
    assert said in error.get_text()
    assert "answer-error" in str(area["aria-describedby"]).split()
    assert area.get_text().strip() == text.strip()


def test_an_expired_form_keeps_the_words(client: FlaskClient, slug: str, message: str) -> None:
    answer = readers.answer(client, slug, message, WORDS, key="old")
    assert answer.status_code == 400
    assert "la courbe aide" in answer.text
    assert citizen.hidden(answer, "repondre")["key"] != "old"


def test_words_of_danger_show_the_numbers_and_are_read_first(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    answer = readers.answer(client, slug, message, "Je veux mourir, je n’en peux plus.")
    assert "3114" in answer.text
    with app.app_context():
        assert queue(TODAY).held[0].why is WhyHeld.DANGER


def test_once_let_stand_it_is_read_under_the_message_and_by_its_author(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    readers.answer(client, slug, message, WORDS)
    _decide(app, Decision.PUBLISH, "")
    page = citizen.words_of(client.get(readers.address(slug, message)))
    assert "la courbe aide" in page
    assert "Réponse d’un autre usager" in page


def test_the_author_of_the_message_sees_answers_and_taps_on_their_page(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    code, own_id = _published(app, client, slug)
    readers.answer(client, slug, own_id, WORDS)
    _decide(app, Decision.PUBLISH, "")
    page = citizen.words_of(citizen.come_back(client, code))
    assert "la courbe aide" in page
    assert "Moins de 11 « moi aussi »" in page


def test_the_team_sees_the_taps_as_they_are_and_the_answers_apart(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    readers.answer(client, slug, message, WORDS)
    _decide(app, Decision.PUBLISH, "")
    readers.tap(client, slug, message)
    with writing(app):
        service = db.session.get_one(Feedback, message).service
        team = factories.account(Role.PROMOTER, services=(service,))
        factories.sign_in(client, team)
        peer_id = _peer().id
    page = citizen.words_of(client.get(f"/equipe/retours/{message}"))
    assert "1 « moi aussi »" in page
    assert "la courbe aide" in page
    assert client.get(f"/equipe/retours/{peer_id}").status_code == 404
    assert "la courbe aide" not in client.get("/equipe").text


def test_a_peer_may_be_shown_returned_refused_or_held_again_and_never_opened(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    readers.answer(client, slug, message, WORDS)
    with writing(app):
        row = _peer()
        allowed = {Decision.PUBLISH, Decision.RETURN, Decision.REFUSE}
        assert set(may_decide(row)) == allowed
        with pytest.raises(ForbiddenMove):
            decide(row, Decision.OPEN, "", ACTOR, TODAY)
        decide(row, Decision.PUBLISH, "", ACTOR, TODAY)
        assert row.state == State.SHOWN
        assert may_decide(row) == [Decision.HOLD]
        decide(row, Decision.HOLD, "Relire.", ACTOR, TODAY)
        decide(row, Decision.RETURN, "Sans numéro.", ACTOR, TODAY)


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (None, "Un modérateur lit votre réponse."),
        (Decision.PUBLISH, "publiée sous le message"),
        (Decision.RETURN, "Une règle."),
        (Decision.REFUSE, "l’avis d’un autre modérateur"),
    ],
)
def test_with_the_code_the_page_says_where_the_answer_stands(
    app: Flask, client: FlaskClient, slug: str, message: str, decision: Decision | None, said: str
) -> None:
    code = citizen.code_of(readers.answer(client, slug, message, WORDS))
    if decision:
        _decide(app, decision)
    page = citizen.words_of(citizen.come_back(client, code))
    assert said in page
    assert "la courbe aide" in page
    assert "L’échange" not in page


def test_a_returned_answer_sent_again_is_held_again(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    code = citizen.code_of(readers.answer(client, slug, message, WORDS))
    _decide(app, Decision.RETURN)
    citizen.come_back(client, code)
    assert post(client, "/suivi/retour/corriger", {"text": "Sans numéro."}).status_code == 303
    with app.app_context():
        assert (_peer().state, _peer().text) == ("held", "Sans numéro.")
        assert _peer().reason == "peer"


@pytest.mark.parametrize("decision", [None, Decision.PUBLISH])
def test_by_code_an_answer_is_corrected_and_read_again_by_a_moderator(
    app: Flask, client: FlaskClient, slug: str, message: str, decision: Decision | None
) -> None:
    code = citizen.code_of(readers.answer(client, slug, message, WORDS))
    if decision:
        _decide(app, decision, "")
        assert "la courbe aide" in client.get(readers.address(slug, message)).text
    page = citizen.words_of(citizen.come_back(client, code))
    assert "Corriger ma réponse" in page
    assert ("ne paraît plus" in page) is (decision is not None)
    new = "Chez moi la liste aide, mon numéro est le 06 12 34 56 78."
    assert post(client, "/suivi/retour/corriger", {"text": new}).status_code == 303
    with app.app_context():
        row = _peer()
        assert (row.state, row.reason, row.thread_state) == ("held", "peer", "none")
        assert "la liste aide" in str(row.text)
        assert "06 12" not in str(row.text)
        assert [item.why for item in queue(TODAY).held] == [WhyHeld.PEER]
    public = client.get(readers.address(slug, message)).text
    assert "la courbe aide" not in public
    assert "la liste aide" not in public
    _decide(app, Decision.PUBLISH, "")
    assert "la liste aide" in client.get(readers.address(slug, message)).text


def test_a_correction_that_speaks_of_danger_is_read_first(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    code = citizen.code_of(readers.answer(client, slug, message, WORDS))
    _decide(app, Decision.PUBLISH, "")
    citizen.come_back(client, code)
    post(client, "/suivi/retour/corriger", {"text": "Je veux mourir, je n’en peux plus."})
    assert "3114" in client.get("/suivi/retour").text
    with app.app_context():
        assert queue(TODAY).held[0].why is WhyHeld.DANGER


def test_a_refused_answer_is_not_corrected_and_its_words_stay(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    code = citizen.code_of(readers.answer(client, slug, message, WORDS))
    citizen.come_back(client, code)
    _decide(app, Decision.REFUSE)
    late = post(client, "/suivi/retour/corriger", {"text": "Des mots tout neufs."})
    assert late.status_code == 409
    assert "Des mots tout neufs." in late.text
    with app.app_context():
        assert (_peer().state, "la courbe aide" in str(_peer().text)) == ("refused", True)


def test_an_appealed_answer_that_is_corrected_stays_an_appeal(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    code = citizen.code_of(readers.answer(client, slug, message, WORDS))
    _decide(app, Decision.REFUSE)
    citizen.come_back(client, code)
    post(client, "/suivi/retour/recours", {"appeal": "Relisez."})
    assert post(client, "/suivi/retour/corriger", {"text": "La liste aide."}).status_code == 303
    with app.app_context():
        assert _peer().text == "La liste aide."
        assert queue(TODAY).held[0].why is WhyHeld.APPEAL


def test_an_appeal_reaches_the_queue(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    code = citizen.code_of(readers.answer(client, slug, message, WORDS))
    _decide(app, Decision.REFUSE)
    citizen.come_back(client, code)
    assert post(client, "/suivi/retour/recours", {"appeal": "Relisez."}).status_code == 303
    with app.app_context():
        assert queue(TODAY).held[0].why is WhyHeld.APPEAL


def test_no_thread_opens_on_an_answer(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    code = citizen.code_of(readers.answer(client, slug, message, WORDS))
    citizen.come_back(client, code)
    assert post(client, "/suivi/retour/repondre", {"reply": "Et encore."}).status_code == 409
    with writing(app), pytest.raises(ForbiddenMove):
        reply(_peer(), "Et encore.", TODAY)


def test_erasing_an_answer_leaves_a_tombstone_and_takes_it_from_the_page(
    app: Flask, client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    code = citizen.code_of(readers.answer(client, slug, message, WORDS))
    _decide(app, Decision.PUBLISH, "")
    citizen.come_back(client, code)
    assert post(client, "/suivi/effacer").status_code == 200
    assert "la courbe aide" not in client.get(readers.address(slug, message)).text
    stones = committed.scalars(select(Feedback).where(Feedback.state == "withdrawn")).all()
    assert [(s.text, s.code_hash) for s in stones] == [(None, None)]
    assert committed.scalars(select(PeerAnswer)).all() == []


def test_when_the_message_is_erased_its_answers_no_longer_appear(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    code, own_id = _published(app, client, slug)
    peer_code = citizen.code_of(readers.answer(client, slug, own_id, WORDS))
    _decide(app, Decision.PUBLISH, "")
    citizen.come_back(client, code)
    post(client, "/suivi/effacer")
    assert client.get(readers.address(slug, own_id)).status_code == 404
    page = citizen.words_of(citizen.come_back(app.test_client(), peer_code))
    assert "est effacé" in page


@pytest.mark.parametrize("decision", [None, Decision.PUBLISH, Decision.RETURN])
def test_no_counter_theme_or_signal_ever_sees_an_answer(
    app: Flask, client: FlaskClient, slug: str, message: str, decision: Decision | None
) -> None:
    def numbers() -> tuple[object, ...]:
        service = db.session.get_one(Feedback, message).service
        period = Period(TODAY, TODAY.replace(day=TODAY.day + 1))
        inside = of_days(service, period.start, period.end)
        return (
            indicators(service, TODAY),
            score_of(face_counts([service.id])),
            count_voices(inside),
            count_retours(service, period),
            [entry.feedback_id for entry in entries_of(service)],
            compute(service, period, TODAY),
            analysis.waiting_ids(10),
        )

    with app.app_context():
        before = numbers()
    readers.answer(client, slug, message, WORDS)
    if decision:
        _decide(app, decision)
    with app.app_context():
        assert numbers() == before
        row = _peer()
        assert analysis.waiting_ids(10) == before[-1]
        assert db.session.scalars(select(Segment).where(Segment.feedback_id == row.id)).all() == []
        assert search.find("courbe aide", Feedback.channel == "peer") == []
        assert row.channel not in ONLINE
        assert not row.is_concern
        assert not row.is_readable_by_team


def test_unmasked_names_keep_an_answer_from_view_until_a_person_lets_it_stand(
    app: Flask, client: FlaskClient, slug: str, message: str
) -> None:
    readers.answer(client, slug, message, WORDS)
    with writing(app):
        row = _peer()
        row.names_masked, row.reason = False, "unmasked_names"
        assert Decision.PUBLISH not in may_decide(row)
        finder = FakeRuntime().name_finder
        assert finder is not None
        assert analysis.mask_names(finder, TODAY, now()) == 1
        assert (row.state, row.reason) == ("held", "peer"), "masking alone shows nothing"


def test_the_key_of_this_form_makes_no_retour(
    client: FlaskClient, slug: str, message: str, committed: Session
) -> None:
    key = readers.key_of(client, slug, message, "repondre")
    assert citizen.send(client, slug, key=key).status_code == 400
    assert re.search("expiré", citizen.send(client, slug, key=key).text)
    assert len(committed.scalars(select(Feedback)).all()) == 1
