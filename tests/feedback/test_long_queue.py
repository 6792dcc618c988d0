"""Long lists stay short on the page: the queue by parts, what is over folded; figures count all."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import Role
from app.db import db
from feedback import commitments, content_notices, moderation_figures, threads, verdicts
from feedback.list_parts import PER_PAGE, Asked, asked_for, holding, part_of
from feedback.models import (
    Commitment,
    CommitmentState,
    DecisionCount,
    Feedback,
    NoticeReason,
    Verdict,
)
from feedback.moderation_items import WhyHeld
from feedback.moderation_queue import queue
from feedback.moderation_waits import waits_beside
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.statements import counted

QUEUE = "/equipe/moderation"
SOON = TODAY + timedelta(days=10)
CLAIMED = CommitmentState.CLAIMED.value


@pytest.mark.parametrize(
    ("part", "page", "shown"),
    [("held", 1, (0, 20)), ("held", 3, (40, 45)), ("held", 9, (40, 45)), ("other", 3, (0, 20))],
)
def test_a_part_shows_the_page_that_is_asked_of_it(
    part: str, page: int, shown: tuple[int, int]
) -> None:
    found = part_of("held", range(45), Asked(part, page))
    assert (list(found.rows), found.total, found.pages) == (list(range(*shown)), 45, 3)


@pytest.mark.parametrize("typed", ["", "0", "-1", "²", "9" * 400, "deux"])
def test_a_page_that_is_none_is_the_first(typed: str) -> None:
    assert asked_for("held", typed).page == 1


def test_an_empty_part_has_one_page_and_a_row_is_found_on_its_own() -> None:
    assert part_of("held", (), Asked()).pages == 1
    ids = [str(number) for number in range(45)]
    assert holding("claims", ids, "25") == Asked("claims", 2)
    assert holding("claims", ids, "45") is None


def _moderator(app: Flask) -> FlaskClient:
    browser = app.test_client()
    with writing(app):
        factories.sign_in(browser, factories.account(Role.MODERATOR))
    return browser


def _rows(page: Any, section: str) -> int:
    found = BeautifulSoup(page.text, "html.parser").select(
        f"section[aria-labelledby={section}] li.row"
    )
    return len(found)


def test_the_queue_shows_each_list_a_page_at_a_time(app: Flask) -> None:
    with writing(app):
        service = factories.service()
        for _n in range(45):
            factories.retour(service, state="held", reason="moderate_first")
        for _n in range(22):
            factories.retour(service, wants_publication=True)
    moderator = _moderator(app)
    first = moderator.get(QUEUE)
    assert (_rows(first, "held"), _rows(first, "wishes")) == (PER_PAGE, PER_PAGE)
    soup = BeautifulSoup(first.text, "html.parser")
    assert soup.select_one("h2#held .count").get_text() == "45"  # type: ignore[union-attr]
    following = soup.select_one("#pager-held a[rel=next]")
    assert following is not None
    second = moderator.get(str(following["href"]))
    assert (_rows(second, "held"), _rows(second, "wishes")) == (PER_PAGE, PER_PAGE)
    last = moderator.get(f"{QUEUE}?partie=held&page=3")
    assert (_rows(last, "held"), _rows(last, "wishes")) == (5, PER_PAGE)
    seen = {
        str(link["href"])
        for page in (first, second, last)
        for link in BeautifulSoup(page.text, "html.parser").select("[aria-labelledby=held] li a")
    }
    assert len(seen) == 45, "each once"
    assert _rows(moderator.get(f"{QUEUE}?partie=wishes&page=2"), "wishes") == 2
    assert moderator.get(f"{QUEUE}?partie=%00&page=x").status_code == 200


def test_what_was_typed_about_a_row_comes_back_on_its_page(app: Flask) -> None:
    with writing(app):
        service = factories.service()
        for number in range(25):
            values = {"owner": "o", "made": TODAY, "due": SOON + timedelta(days=number)}
            row = Commitment(service=service, text=f"Réparer {number:02}.", state=CLAIMED, **values)
            db.session.add(row)
        db.session.flush()
        last = row.id
    moderator = _moderator(app)
    page = post(moderator, f"{QUEUE}/engagements/{last}", {"decision": "back", "words": ""})
    assert page.status_code == 422
    assert "Réparer 24." in page.text
    assert "Réparer 00." not in page.text
    assert "Dites à l’équipe pourquoi." in page.text


def test_the_queue_asks_as_often_for_many_as_for_few(app: Flask) -> None:
    with writing(app):
        service = factories.service()
        factories.retour(service, state="held")
    moderator = _moderator(app)
    moderator.get(QUEUE)  # the line of the journal is written once
    with counted(app) as few:
        moderator.get(QUEUE)
    with writing(app):
        for _n in range(60):
            factories.retour(service, state="held")
            factories.retour(service, wants_publication=True)
    with counted(app) as many:
        moderator.get(QUEUE)
    assert len(many) <= len(few) + 1, "what is alike is loaded together"


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    """A team with one promise, 25 dropped ones and 3 confirmed ones."""
    with writing(app):
        own = factories.service()
        states = ["promised"] + ["dropped"] * 25 + ["confirmed"] * 3
        for number, state in enumerate(states):
            values = {"owner": "o", "made": TODAY - timedelta(days=number), "due": SOON}
            db.session.add(
                Commitment(service=own, text=f"{state} {number:02}", state=state, **values)
            )
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(own,)))
    return client


def test_what_is_over_is_folded_counted_and_paged(desk: FlaskClient) -> None:
    page = BeautifulSoup(desk.get("/equipe/engagements").text, "html.parser")
    assert page.select_one("#state-promised ~ .pairs") is not None
    folded = {str(each["id"]): each for each in page.select("details[id]") if each.select(".pairs")}
    assert set(folded) >= {"dropped", "confirmed"}
    assert not any(folded[name].has_attr("open") for name in ("dropped", "confirmed"))
    assert folded["dropped"].get_text().count("dropped ") == PER_PAGE
    assert "Voir ces 25 engagements" in folded["dropped"].get_text()
    more = BeautifulSoup(desk.get("/equipe/engagements?partie=dropped&page=2").text, "html.parser")
    opened = more.select_one("details#dropped")
    assert opened is not None
    assert opened.has_attr("open")
    assert opened.get_text().count("dropped ") == 5
    assert not more.select_one("details#confirmed").has_attr("open")  # type: ignore[union-attr]


@pytest.mark.usefixtures("in_app")
def test_the_figures_count_changes_contests_notices_and_messages() -> None:
    day = TODAY + timedelta(days=7)  # five working days
    service = factories.service()
    rows = [factories.retour(service, thread_state="answered") for _ in range(2)]
    said = (service, "Réparer l’envoi.", "Équipe", SOON)
    claimed = commitments.promise(*said, [], TODAY - timedelta(days=30))
    commitments.announce(claimed, "En ligne.", TODAY)
    contested = commitments.promise(service, "Réécrire l’aide.", "Équipe", SOON, rows, TODAY)
    commitments.announce(contested, "En ligne.", TODAY - timedelta(days=20))
    commitments.check(contested, True, "", TODAY - timedelta(days=20))
    verdicts.give_verdict(contested, rows[0], Verdict.NOT, "Toujours pas.", TODAY)
    public = factories.retour(service, state="published", wants_publication=True)
    content_notices.report(public, NoticeReason.WRONG, "", TODAY)
    threads.reply(rows[1], "Je n’en peux plus.", TODAY, held=True)
    waits = waits_beside(queue(day), content_notices.waiting(day), day)
    kinds = (WhyHeld.CHANGE, WhyHeld.CONTEST, WhyHeld.NOTICE, WhyHeld.MESSAGE)
    assert {(wait.why, wait.days) for wait in waits} == {(why, 5) for why in kinds}
    total, *lines = moderation_figures.figures(queue(day), waits, day)
    assert (total.waiting, total.oldest) == (4, 5)
    assert [(line.why, line.waiting, line.oldest) for line in lines] == [(w, 1, 5) for w in kinds]


def test_each_of_these_decisions_is_counted(app: Flask) -> None:
    with writing(app):
        service = factories.service()
        row = factories.retour(service, thread_state="answered")
        said = (service, "Réparer l’envoi.", "Équipe", SOON)
        claimed = commitments.promise(*said, [row], TODAY)
        commitments.announce(claimed, "En ligne.", TODAY)
        public = factories.retour(service, state="published", wants_publication=True)
        notice = content_notices.report(public, NoticeReason.WRONG, "", TODAY)
        message = threads.reply(row, "Je n’en peux plus.", TODAY, held=True)
        ids = {"row": row.id, "claimed": claimed.id, "notice": notice.id, "message": message.id}
    moderator = _moderator(app)
    acts = [
        (f"/engagements/{ids['claimed']}", {"decision": "accept"}),
        (f"/signalements/{ids['notice']}", {"outcome": "kept", "answer": "Rien à redire."}),
        (f"/{ids['row']}", {"message": ids["message"]}),
    ]
    for address, data in acts:
        assert post(moderator, QUEUE + address, data).status_code == 303, address
    with writing(app):
        verdicts.give_verdict(
            db.session.get_one(Commitment, ids["claimed"]),
            db.session.get_one(Feedback, ids["row"]),
            Verdict.NOT,
            "Non.",
            TODAY,
        )
    uphold = {"decision": "uphold", "words": "La version suivante le corrige."}
    assert post(moderator, f"{QUEUE}/engagements/{ids['claimed']}", uphold).status_code == 303
    with app.app_context():
        found = {
            (row.why, row.outcome): row.number for row in db.session.scalars(select(DecisionCount))
        }
    assert found == {
        ("change", "accept"): 1,
        ("notice", "kept"): 1,
        ("message", "release"): 1,
        ("contest", "uphold"): 1,
    }
