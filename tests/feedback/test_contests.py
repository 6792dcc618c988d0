"""« Le changement tient »: a contest is answered, leaves every list, and comes back said anew."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import traces
from app.accounts import Account, Role
from app.db import db
from app.desk import reader_of
from app.desk_filters import View
from app.desk_lists import count
from app.digest_counts import count_contests
from app.periods import Period
from app.traces import Actor
from feedback import author_news, commitments, contests, verdicts
from feedback.commitment_steps import history
from feedback.models import Commitment, CommitmentState, Feedback, StepKind, Verdict
from feedback.moderation_queue import queue
from feedback.states import ForbiddenMove
from feedback.verdicts import JUDGED
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback import citizen
from tests.feedback.test_author_rights import PAGE, block
from tests.feedback.test_author_views import announced
from tests.feedback.test_commitment_moves import promise

MODERATOR = Actor("moderator", "Modération")
WORDS = "La version du 2 décembre corrige l’envoi : essayez de la réinstaller."
STILL = "Toujours pas, depuis hier."


def contested(words: str = STILL) -> tuple[Commitment, list[Feedback]]:
    """Return an announced change that one of its two authors contests."""
    made, rows = promise()
    commitments.announce(made, "Version 6.3 en ligne.", TODAY)
    commitments.check(made, True, "", TODAY)
    verdicts.give_verdict(made, rows[0], Verdict.NOT, words, TODAY)
    return made, rows


def awaited(made: Commitment) -> tuple[bool, int]:
    """Return whether the moderators' queue holds the change, and how many the team's list holds."""
    team = db.session.scalars(select(Account).where(Account.email == "equipe@example.fr")).first()
    if team is None:
        values = {"services": (made.service,), "email": "equipe@example.fr"}
        team = factories.account(Role.PROMOTER, **values)
    return made in queue(TODAY).contested, count(reader_of(team, TODAY), View.CONTESTED)


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("state", list(CommitmentState))
def test_it_is_for_an_announced_change_alone_and_moves_nothing(state: CommitmentState) -> None:
    made, rows = contested()
    made.state = state.value
    if state not in JUDGED:
        with pytest.raises(ForbiddenMove):
            contests.uphold(made, WORDS, TODAY, MODERATOR)
        assert made.links[0].answer == ""
        return
    contests.uphold(made, WORDS, TODAY, MODERATOR)
    assert made.state == state
    step = history(made)[-1]
    assert (step.kind, step.role, step.words) == (StepKind.UPHELD, "moderator", WORDS)
    told = {link.feedback_id: link.answer for link in made.links}
    assert told == {rows[0].id: WORDS, rows[1].id: ""}
    assert traces.journal(rows[0].id)[-1]["detail"] == "upheld"
    assert traces.journal(rows[1].id)[-1]["detail"] != "upheld"


@pytest.mark.usefixtures("in_app")
def test_it_answers_words_and_has_some() -> None:
    made, _rows = contested("")
    with pytest.raises(ForbiddenMove):  # a « Non » without a word asks nothing of a moderator
        contests.uphold(made, WORDS, TODAY, MODERATOR)
    made, _rows = contested()
    with pytest.raises(ValueError, match="no words"):
        contests.uphold(made, "  ", TODAY, MODERATOR)


@pytest.mark.usefixtures("in_app")
def test_an_answered_contest_leaves_both_lists_until_it_is_said_anew() -> None:
    made, (row, other) = contested()
    assert awaited(made) == (True, 1)
    contests.uphold(made, WORDS, TODAY, MODERATOR)
    assert awaited(made) == (False, 0)
    for refused in (
        lambda: contests.uphold(made, WORDS, TODAY, MODERATOR),
        lambda: commitments.reopen(made, "Un auteur le montre.", TODAY, MODERATOR),
    ):
        with pytest.raises(ForbiddenMove):  # a page that stood open meanwhile
            refused()
    verdicts.give_verdict(made, row, Verdict.NOT, STILL, TODAY)  # a second tap
    assert awaited(made) == (False, 0)
    verdicts.give_verdict(made, other, Verdict.NOT, "Chez moi non plus.", TODAY)
    assert awaited(made) == (True, 1)
    verdicts.give_verdict(made, row, Verdict.NOT, "Réinstallé : toujours pas.", TODAY)
    assert awaited(made) == (True, 2)
    commitments.reopen(made, "Deux auteurs le montrent.", TODAY, MODERATOR)
    assert made.state == CommitmentState.REOPENED


@pytest.mark.usefixtures("in_app")
def test_a_teams_edition_counts_only_what_asks_for_a_decision() -> None:
    made, _rows = contested()
    period = Period(TODAY - timedelta(days=7), TODAY + timedelta(days=1))
    assert count_contests(made.service, period) == 1
    contests.uphold(made, WORDS, TODAY, MODERATOR)
    db.session.flush()
    assert count_contests(made.service, period) == 0


@pytest.mark.usefixtures("in_app")
def test_a_change_announced_again_is_judged_without_old_answers() -> None:
    made, (row, _other) = contested()
    contests.uphold(made, WORDS, TODAY, MODERATOR)
    verdicts.give_verdict(made, row, Verdict.NOT, "Encore non.", TODAY)
    commitments.reopen(made, "Vrai.", TODAY, MODERATOR)
    commitments.announce(made, "Version 6.4.", TODAY)
    commitments.check(made, True, "", TODAY)
    assert [link.answer for link in made.links] == ["", ""]


@pytest.mark.usefixtures("in_app")
def test_only_who_is_answered_has_news_of_it() -> None:
    made, (row, other) = contested()
    before = author_news.marks([row.id, other.id])
    contests.uphold(made, WORDS, TODAY, MODERATOR)
    db.session.flush()
    after = author_news.marks([row.id, other.id])
    assert [before[each.id] == after[each.id] for each in (row, other)] == [False, True]


def _contest(app: Flask, client: FlaskClient, slug: str) -> str:
    """Send, hear of a change, contest it in words; return the commitment's id."""
    code = citizen.code_of(citizen.send(client, slug))
    commitment_id = announced(app, TODAY)
    citizen.come_back(client, code)
    said = {"verdict": "not", "words": STILL}
    assert post(client, f"/suivi/retour/engagements/{commitment_id}", said).status_code == 303
    return commitment_id


def _moderator(app: Flask) -> Any:
    browser = app.test_client()
    with writing(app):
        factories.sign_in(browser, factories.account(Role.MODERATOR))
    return browser


def test_a_moderator_answers_and_the_author_reads_it(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    commitment_id = _contest(app, client, slug)
    moderator = _moderator(app)
    assert STILL in moderator.get("/equipe/moderation").text
    address = f"/equipe/moderation/engagements/{commitment_id}"
    silent = post(moderator, address, {"decision": "uphold", "words": " "})
    assert silent.status_code == 422
    assert "Dites pourquoi à qui conteste" in silent.text
    assert post(moderator, address, {"decision": "uphold", "words": WORDS}).status_code == 303
    assert STILL not in moderator.get("/equipe/moderation").text
    late = post(moderator, address, {"decision": "reopen", "words": "Non."})
    assert late.status_code == 303
    with app.app_context():
        assert db.session.get_one(Commitment, commitment_id).state == "announced"
    page = client.get(PAGE)
    assert f"Pour lui, le changement tient : {WORDS}" in block(page, "passe")
    assert "Un modérateur a lu votre contestation" in block(page, "passe")
    assert "Est-ce que cela vous aide ?" in block(page, "passe"), "it may be said anew"


def test_a_no_without_words_is_asked_for_them_and_then_reaches_a_moderator(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    code = citizen.code_of(citizen.send(client, slug))
    commitment_id = announced(app, TODAY)
    citizen.come_back(client, code)
    address = f"/suivi/retour/engagements/{commitment_id}"
    said = post(client, address, {"verdict": "not", "words": ""}, follow_redirects=True).text
    assert "Dites aussi ce qui manque : un modérateur vous lira." in said.replace("\u202f", " ")
    assert f'id="sans-mots-{commitment_id}"' in client.get(PAGE).text
    moderator = _moderator(app)
    assert commitment_id not in moderator.get("/equipe/moderation").text
    said = post(client, address, {"verdict": "not", "words": STILL}, follow_redirects=True).text
    assert "Dites aussi ce qui manque" not in said
    assert f'id="sans-mots-{commitment_id}"' not in client.get(PAGE).text
    assert STILL in moderator.get("/equipe/moderation").text
    post(client, address, {"verdict": "not", "words": ""})  # a second tap takes no word back
    assert STILL in moderator.get("/equipe/moderation").text
    reopen = {"decision": "reopen", "words": "Un auteur le montre."}
    assert (
        post(moderator, f"/equipe/moderation/engagements/{commitment_id}", reopen).status_code
        == 303
    )
    with app.app_context():
        assert db.session.get_one(Commitment, commitment_id).state == "reopened"


@pytest.mark.usefixtures("in_app")
def test_another_verdict_does_not_take_the_words_along() -> None:
    made, (row, _other) = contested()
    verdicts.give_verdict(made, row, Verdict.CONFIRMED, "", TODAY)
    assert next(link for link in made.links if link.feedback_id == row.id).words == ""
    verdicts.give_verdict(made, row, Verdict.NOT, "", TODAY)
    assert not any(verdicts.is_contest(link) for link in made.links)
    assert any(verdicts.is_wordless(link) for link in made.links)
