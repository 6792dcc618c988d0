"""Each quote and number of each edition, found again by plain SQL among rows that mislead.

The numbers of the team's edition are recounted in ``test_digests.py``.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import privacy, tasks
from app.accounts import Account
from app.catalogue import Service
from app.db import db, will_write
from app.edition_words import quotes_of
from app.editions import Edition
from app.floors import FLOOR
from app.mail import OutboxRow
from feedback.models import Feedback, Message
from tests import factories
from tests.app import digest_rows as rows
from tests.app.test_role_editions import fill_territory
from tests.conftest import NOON, writing

SECRET = "Ces mots ne sont à personne d’autre"
REFUSALS: dict[str, dict[str, Any]] = {
    "open": {"state": "open"},
    "held": {"state": "held"},
    "refused": {"state": "refused"},
    "unwanted": {"wants_publication": False},
    "unmasked": {"names_masked": False},
    "old": {"day": date(2026, 9, 1)},
}
BOUNDS = {"start": rows.WEEK.start.isoformat(), "end": rows.MONDAY.isoformat()}
INSIDE = "f.day >= :start AND f.day < :end"
TOTAL = (
    "SELECT count(*) FROM feedback f"
    f" WHERE f.service_id = :id AND {INSIDE} AND f.state != 'withdrawn'"
)
ANSWERS = (
    "SELECT count(*) FROM message m JOIN feedback f ON f.id = m.feedback_id"
    " WHERE f.service_id = :id AND m.sender = 'team' AND NOT m.held"
    " AND m.day >= :start AND m.day < :end"
)
OF_THEME = (
    "SELECT count(DISTINCT f.id) FROM feedback f JOIN segment s ON s.feedback_id = f.id"
    " JOIN placement p ON p.segment_id = s.id WHERE p.theme_id = :theme AND NOT p.contested"
)
AWAITED = "f.thread_state IN ('waiting', 'replied') AND f.state IN ('open', 'published')"
ALLOWED = (
    "SELECT count(*) FROM feedback WHERE service_id = :id AND instr(text, :quote) > 0"
    " AND state = 'published' AND wants_publication AND names_masked"
)
TALLY = (
    "SELECT verdict, count(*) FROM commitment_link"
    " WHERE commitment_id = :id AND verdict != '' GROUP BY 1"
)
TO_KEEP = "('promised', 'due', 'late', 'reopened')"
TO_VERIFY = "('announced', 'unverified')"


def mislead() -> None:
    """Rows that no number and no quote may hold: of others, too early, taken back, refused."""
    busy = db.session.scalars(select(Service).filter_by(name="Mon suivi tension")).one()
    busy.quotes_in_mails = True
    for name, values in REFUSALS.items():
        row = rows.publish(busy, f"{SECRET} : {name}.")
        for field, value in values.items():
            setattr(row, field, value)
    other = factories.service()
    rows.publish(other, "Des mots d’un autre service.")
    rows.fill(other, rows.theme(other, "Connexion"), rows.IN_WEEK, 40)
    few = rows.theme(busy, "bobine · rare", named_by_person=False)
    rows.fill(busy, few, rows.IN_WEEK, 12, text="Ma bobine tourne.")
    many = rows.theme(busy, "écran · bloqué", named_by_person=False)
    rows.fill(busy, many, rows.IN_WEEK, 12, text="Mon écran est bloqué.")
    contested = factories.retour(busy, day=rows.IN_WEEK)
    rows.place(contested, many, contested=True)
    rows.answer(contested, rows.MONDAY)  # of the next week
    waits = {"position": 901, "sender": "team", "text": "Un modérateur la lit.", "held": True}
    db.session.add(Message(feedback=contested, day=rows.IN_WEEK, **waits))
    erased = factories.retour(busy, day=rows.IN_WEEK)
    privacy.erase(erased, rows.MONDAY)
    db.session.flush()


@pytest.fixture
def composed(app: Flask) -> Iterator[dict[str, list[Edition]]]:
    """Every edition that was composed, by audience, in an application context."""
    with writing(app):
        fill_territory()
        mislead()
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
    with app.app_context():
        found: dict[str, list[Edition]] = {}
        for edition in db.session.scalars(select(Edition)):
            if not edition.skipped:
                found.setdefault(edition.audience, []).append(edition)
        yield found


def counted(query: str, **values: Any) -> int:
    return int(db.session.scalar(text(query), {**BOUNDS, **values}) or 0)


def pairs(query: str, **values: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(text(query), {**BOUNDS, **values})}


def shown(number: int) -> int | None:
    """Return what the public reads of a number: none at all hides nobody."""
    return number if number == 0 or number >= FLOOR else None


def quoted(page: str) -> list[str]:
    found = BeautifulSoup(page, "html.parser").find_all("blockquote")
    return [each.get_text() for each in found]


def test_each_quote_is_words_of_a_message_whose_author_allows_it(
    client: FlaskClient, composed: dict[str, list[Edition]]
) -> None:
    assert set(composed) == {"team", "public", "expert", "facilitator", "territory"}
    told = 0
    for edition in (each for those in composed.values() for each in those):
        for quote in quotes_of(edition):
            assert counted(ALLOWED, id=edition.service_id, quote=quote) >= 1, quote
            told += 1
        assert not edition.is_of_role or edition.content["quotes"] == []
    assert told == 2 * 2  # two services, two editions each
    member = db.session.scalars(select(Account).join(Account.memberships)).first()
    assert member is not None
    factories.sign_in(client, member)
    read = [
        quote
        for those in composed.values()
        for each in those
        for quote in quoted(client.get(f"/syntheses/{each.id}").text)
    ]
    mailed = [quote for row in db.session.scalars(select(OutboxRow)) for quote in quoted(row.html)]
    assert len(read) >= 3
    assert len(mailed) >= 1
    for words in (*read, *mailed):
        kept = [each.text or "" for each in db.session.scalars(select(Feedback))]
        assert any(plain(words) in plain(each) for each in kept), words
    everything = [client.get(f"/syntheses/{each.id}").text for each in composed["team"]]
    everything += [str(each.content) for those in composed.values() for each in those]
    everything += [row.text + row.html for row in db.session.scalars(select(OutboxRow))]
    assert not [page for page in everything if SECRET in page]


def plain(words: str) -> str:
    """Return ``words`` without the marks of what was masked, which pages draw in their own way."""
    return " ".join(words.replace("[", " ").replace("]", " ").lower().split())


def test_the_numbers_of_a_public_edition_are_found_again(
    composed: dict[str, list[Edition]],
) -> None:
    busy = next(each for each in composed["public"] if each.service.name == "Mon suivi tension")
    said, service = busy.content, busy.service_id
    assert said["retours"] == counted(TOTAL, id=service)
    assert said["answers"] == shown(counted(ANSWERS, id=service))
    named = {line["name"] for line in said["themes"]}
    assert "bobine · rare" not in named
    assert "écran · bloqué" in named
    numbers = [line for line in said["themes"] if line["retours"] is not None]
    assert len(numbers) >= 2
    for line in numbers:
        assert line["retours"] == counted(f"{OF_THEME} AND {INSIDE}", theme=line["id"])
        assert line["retours"] >= FLOOR
    assert said["unanswered"]
    for line in said["unanswered"]:
        assert line["retours"] == counted(f"{OF_THEME} AND {AWAITED}", theme=line["id"])
    for name, states in (("promised", TO_KEEP), ("announced", TO_VERIFY)):
        query = f"SELECT count(*) FROM commitment WHERE service_id = :id AND state IN {states}"
        assert len(said[name]) == counted(query, id=service) > 0
        for line in said[name]:
            tally = {key: number for key, number in line["tally"].items() if number}
            assert tally == pairs(TALLY, id=line["id"])


def test_the_numbers_of_experts_and_facilitators_are_found_again(
    composed: dict[str, list[Edition]],
) -> None:
    (expert,), (facilitator,) = composed["expert"], composed["facilitator"]
    moved = (
        "SELECT 1 FROM signal_note n WHERE n.signal_id = s.id AND n.day >= :start AND n.day < :end"
    )
    states = pairs(
        "SELECT s.state, count(*) FROM signal s WHERE s.raised >= :start AND s.raised < :end OR"
        " s.state IN ('candidate', 'under_review', 'confirmed', 'measures')"
        f" OR EXISTS ({moved}) GROUP BY 1"
    )
    assert expert.content["states"] == states
    for line in expert.content["signals"]:
        row = db.session.execute(
            text("SELECT observed, expected, weeks FROM signal WHERE id = :id"), {"id": line["id"]}
        ).one()
        assert (line["observed"], line["expected"], line["weeks"]) == tuple(row)
    account = {"a": int(facilitator.about.partition("-")[2])}
    own = "FROM proposal p JOIN workshop w ON w.id = p.workshop_id WHERE w.facilitator_id = :a"
    told = facilitator.content
    assert told["states"] == pairs(f"SELECT p.state, count(*) {own} GROUP BY 1", **account)
    late = f"SELECT count(*) {own} AND p.state = 'to_answer' AND p.due < :end"
    assert len(told["late"]) == counted(late, **account) == 1
    (session,) = told["sessions"]
    of_room = f"SELECT count(*) {own} AND w.id = :room"
    assert session["proposals"] == counted(of_room, **account, room=session["id"]) == 3
    heads = "SELECT heads FROM workshop WHERE id = :room"
    assert session["heads"] == counted(heads, room=session["id"])


def test_the_numbers_of_a_territory_are_found_again_or_left_out(
    composed: dict[str, list[Edition]],
) -> None:
    (edition,) = composed["territory"]
    ids = pairs("SELECT slug, id FROM service WHERE territory_code = '42'")
    assert {line["slug"] for line in edition.content["services"]} == set(ids)
    for line in edition.content["services"]:
        service = ids[line["slug"]]
        for name, query in (("retours", TOTAL), ("answers", ANSWERS)):
            assert line[name] == shown(counted(query, id=service)), name
        for name, states in (("promised", TO_KEEP), ("announced", TO_VERIFY)):
            query = f"SELECT count(*) FROM commitment WHERE service_id = :id AND state IN {states}"
            assert line[name] == counted(query, id=service)
