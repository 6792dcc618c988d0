"""What leaves the team: no count under the floor, and none that a subtraction would give."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from app.computation import CommitmentLine, Computation
from app.digest_counts import Waits
from app.digest_signals import SignalLine
from app.digest_themes import ThemeCount
from app.floors import FLOOR
from app.proposal_lines import ProposalLine
from app.writings import for_public, for_team

DAY = date(2026, 11, 23)
NOTHING: dict[str, object] = {
    "retours": 0,
    "before": 0,
    "answers": 0,
    "contested": 0,
    "waits": Waits(0, 0, 0),
    "score": None,
    "themes": [],
    "signals": [],
    "commitments": [],
    "quotes": [],
}


def found(**values: object) -> Computation:
    return Computation(**{**NOTHING, **values})  # type: ignore[arg-type]


def theme(number: int, retours: int, **values: object) -> ThemeCount:
    defaults: dict[str, object] = {
        "id": f"T{number}",
        "name": f"Thème {number}",
        "named_by_person": True,
        "retours": retours,
        "before": 0,
        "ever": 500,
        "unanswered": 0,
        "concerns": 0,
        "severity": 0.0,
        "backed_words": 0,
    }
    return ThemeCount(**{**defaults, **values})  # type: ignore[arg-type]


@given(
    counts=st.lists(st.integers(0, 60), max_size=6),
    others=st.integers(0, 60),
    answers=st.integers(0, 40),
)
def test_no_public_count_is_small_nor_is_what_it_leaves(
    counts: list[int], others: int, answers: int
) -> None:
    total = sum(counts) + others
    themes = [theme(number, count) for number, count in enumerate(counts)]
    content = for_public(found(retours=total, themes=themes, answers=answers), FLOOR).content
    shown = [line["retours"] for line in content["themes"] if line["retours"] is not None]
    numbers = [content["retours"], content["answers"], *shown]
    assert all(number in (None, 0) or number >= FLOOR for number in numbers)
    assert all(line["retours"] is None or content["retours"] for line in content["themes"])
    for left in [*(total - number for number in shown), total - sum(shown)]:
        assert not shown or left == 0 or left >= FLOOR


@example(unanswered=FLOOR, ever=FLOOR, backed=FLOOR)
@given(unanswered=st.integers(0, 40), ever=st.integers(0, 40), backed=st.integers(0, 40))
def test_a_theme_is_named_to_the_public_when_many_stand_behind_it(
    unanswered: int, ever: int, backed: int
) -> None:
    line = theme(1, 3, unanswered=unanswered, ever=ever, backed_words=backed, named_by_person=False)
    content = for_public(found(retours=40, themes=[line]), FLOOR).content
    told = bool(content["themes"])
    assert told == (ever >= FLOOR and backed >= FLOOR)
    assert bool(content["unanswered"]) == (told and unanswered >= FLOOR)


def signal(state: str, sentence: str = "Des rappels sonnent la nuit.") -> SignalLine:
    numbers = {"observed": 4, "expected": 1.0, "weeks": 3}
    named = {"id": "S1", "title": "Rappels", "kind": "growing", "release": ""}
    return SignalLine(state=state, sentence=sentence, moved=True, **named, **numbers)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "is_public"),
    [("candidate", False), ("under_review", False), ("refuted", False), ("confirmed", True)],
)
def test_only_what_an_expert_confirmed_is_told_and_without_its_counts(
    in_app: None, state: str, is_public: bool
) -> None:
    told = for_public(found(signals=[signal(state)]), FLOOR).content["signals"]
    expected = [{"id": "S1", "sentence": "Des rappels sonnent la nuit."}] if is_public else []
    assert told == expected


def test_a_week_with_nothing_says_why_it_is_skipped(app: Flask) -> None:
    with app.app_context():
        assert for_team(found(), DAY).skipped == "aucun retour et aucune décision"
        assert for_public(found(), FLOOR).skipped == "rien de nouveau que le public puisse lire"


def promised(number: int = 1, due: date = date(2026, 12, 10), moved: bool = True) -> CommitmentLine:
    values = {"theme_id": "", "text": "Version 6.3.", "state": "promised", "announced": ""}
    more = {"due": due.isoformat(), "links": 0, "tally": {}, "moved": moved}
    return CommitmentLine(id=f"C{number}", **values, **more)  # type: ignore[arg-type]


def asked(number: int, state: str = "to_answer", due: date = DAY, moved: bool = False) -> Any:
    days = {"made": "2026-01-05", "due": due.isoformat(), "answered": ""}
    return ProposalLine(id=f"P{number}", state=state, moved=moved, **days)


FAR = DAY + timedelta(days=300)
NEWS: dict[str, dict[str, object]] = {  # each alone is worth a mail to the team
    "late": {"waits": Waits(1, 1, 9)},
    "contested": {"contested": 1},
    "to review": {"signals": [signal("candidate")]},
    "due": {"commitments": [promised(moved=False)]},
    "late proposal": {"proposals": [asked(1, due=DAY - timedelta(days=1))]},
    "retours": {"retours": 1},
    "answers": {"answers": 1},
    "moved promise": {"commitments": [promised(due=FAR)]},
    "moved signal": {"signals": [signal("refuted")]},
    "moved proposal": {"proposals": [asked(1, "planned", moved=True)]},
}


@pytest.mark.parametrize("why", NEWS)
def test_one_thing_alone_is_worth_a_mail_to_the_team(app: Flask, why: str) -> None:
    with app.app_context():
        assert for_team(found(**NEWS[why]), DAY).skipped == ""


@pytest.mark.parametrize(
    "values",
    [
        {"waits": Waits(7, 0, 0)},
        {"commitments": [promised(due=FAR, moved=False)]},
        {"proposals": [asked(1), asked(2, "planned", due=DAY - timedelta(days=9))]},
    ],
    ids=["waits in time", "far promise", "proposals in time or answered"],
)
def test_what_stands_still_and_asks_for_nothing_is_worth_none(
    app: Flask, values: dict[str, object]
) -> None:
    with app.app_context():
        assert for_team(found(**values), DAY).skipped


def test_decisions_are_the_sum_of_what_asks_for_one(app: Flask) -> None:
    soon = DAY + timedelta(days=28)
    promises = [promised(n, soon) for n in range(4)] + [promised(9, soon + timedelta(days=1))]
    late = DAY - timedelta(days=1)
    proposals = [asked(n, due=late) for n in range(8)] + [asked(99), asked(98, "planned", late)]
    values = {"signals": [signal("candidate"), signal("under_review"), signal("confirmed")]}
    with app.app_context():
        content = for_team(
            found(
                waits=Waits(30, 20, 9),
                contested=5,
                commitments=promises,
                proposals=proposals,
                **values,
            ),
            DAY,
        ).content
    assert content["due"] == ["C0", "C1", "C2", "C3"]
    assert content["late_proposals"] == [f"P{n}" for n in range(8)]
    assert content["decisions"] == 1 + 1 + 2 + 4 + 8


@pytest.mark.parametrize(
    ("total", "count", "shown"),
    [(2 * FLOOR, FLOOR, True), (2 * FLOOR - 1, FLOOR, False), (FLOOR, FLOOR, True)],
)
def test_a_count_of_exactly_the_floor_is_public_and_so_is_what_it_leaves(
    total: int, count: int, shown: bool
) -> None:
    content = for_public(found(retours=total, themes=[theme(1, count)]), FLOOR).content
    assert content["retours"] == total
    assert [line["retours"] for line in content["themes"]] == [count if shown else None]


@pytest.mark.parametrize(
    "values",
    [
        {"retours": FLOOR},
        {"retours": 3, "themes": [theme(1, 3)]},
        {"quotes": ["F1"]},
        {"signals": [signal("confirmed")]},
    ],
    ids=["retours", "theme", "quote", "signal"],
)
def test_one_thing_alone_is_worth_a_mail_to_the_public(
    app: Flask, values: dict[str, object]
) -> None:
    with app.app_context():
        assert for_public(found(**values), FLOOR).skipped == ""


def test_a_promise_alone_is_news_for_both(app: Flask) -> None:
    with app.app_context():
        assert for_team(found(commitments=[promised()]), DAY).skipped == ""
        assert for_public(found(commitments=[promised()]), FLOOR).skipped == ""
