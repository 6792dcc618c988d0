"""Anything in a file or a field: what reads it answers, or refuses as it says it does."""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app import bounces, known_devices
from app.desk_filters import read_filters
from feedback.csv_files import BadFile, read_number
from feedback.departements import read_departement
from feedback.evaluation_reader import read
from feedback.evaluations import Row, seal_of
from feedback.lessons import read_tags
from feedback.margins_import import read_margins
from feedback.period_choice import BadPeriods, read_periods
from feedback.question_sets import read_shown
from feedback.widget_origins import BadOrigin, read_origins
from tests.app.test_bounces import REPORT
from tests.factories import TODAY
from tests.feedback.test_evaluations import sealed
from workshops import paper_lines
from workshops.models import Workshop

T, E = TypeVar("T"), TypeVar("E", bound=Exception)
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
ODD = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["\ud800", "\x00", "²", "٣", "1e400", "-0", "NaN", "9" * 5000, "=1+1", "\u2028"]
    ),
)
NUMBERS = st.one_of(st.integers(), st.floats(), st.booleans(), st.just(10**400))
HELD = st.recursive(
    st.one_of(st.none(), NUMBERS, ODD),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(ODD, inner, max_size=4)),
    max_leaves=8,
)
PERIODS = ("de", "a", "et_de", "et_a")
LINES = st.lists(
    st.text(alphabet="0123456789;,\t .:)abé\x00\u2028²٣", max_size=30), max_size=12
).map("\n".join)


@pytest.fixture
def site(app: Flask) -> Iterator[None]:
    """Sentences need a language."""
    with app.test_request_context():
        yield


def said(refusal: type[E], reads: Callable[[], T]) -> T | E:
    """Return what ``reads`` gives, or the refusal that it declares; anything else is a fault."""
    try:
        return reads()
    except refusal as told:
        return told


def evaluations(**changes: Any) -> bytes:
    """Return a file of evaluations with ``changes`` anywhere, sealed as its writer would."""
    held = json.loads(sealed())
    row = held["rows"][0]
    for name, value in changes.items():
        (row if name in row else held)[name] = value
    held["seal"] = seal_of(held)
    return json.dumps(held).encode()


@FUZZ
@example(changes={"service_name": "\ud800"})
@example(changes={"period": "20٢٦-S1"})
@given(
    changes=st.dictionaries(
        st.sampled_from([*(each.name for each in fields(Row)), "instance", "made", "rows"]),
        HELD,
        max_size=3,
    )
)
@pytest.mark.usefixtures("site")
def test_a_sealed_file_of_evaluations_holds_only_what_can_be_kept(changes: dict[str, Any]) -> None:
    found = said(BadFile, lambda: read(evaluations(**changes), date(2026, 11, 23)))
    if isinstance(found, BadFile):
        assert all(found.faults)
        return
    for row in found.rows:
        json.dumps(row.answers)
        (row.service_name + row.period + row.service).encode()  # a database takes it
        assert row.period.isascii()
        assert row.n >= sum(count or 0 for count in row.answers.values())


def test_a_name_with_the_spaces_of_french_is_taken(site: None) -> None:
    (row,) = read(evaluations(service_name="Suivi\u00a0: la tension"), TODAY).rows
    assert row.service_name == "Suivi\u00a0: la tension"


@FUZZ
@given(data=st.one_of(st.binary(max_size=300), HELD.map(lambda held: json.dumps(held).encode())))
@pytest.mark.usefixtures("site")
def test_any_bytes_are_no_file_of_evaluations(data: bytes) -> None:
    with pytest.raises(BadFile):
        read(data, TODAY)


CELLS = st.one_of(ODD, st.sampled_from(["sexe", "femme", "age", "12", "1 234,5", "", "Insee"]))


@FUZZ
@given(
    rows=st.lists(st.lists(CELLS, max_size=5), max_size=6),
    heading=st.sampled_from(["facet;value;count", "facette,valeur,effectif,source", "count", ""]),
    code=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
@pytest.mark.usefixtures("site")
def test_any_table_of_margins_is_read_or_each_fault_has_a_sentence(
    rows: list[list[str]], heading: str, code: str
) -> None:
    table = "\n".join([heading, *(";".join(cells) for cells in rows)])
    found = said(BadFile, lambda: read_margins(table.encode(code, "replace"), "Insee 2024"))
    if isinstance(found, BadFile):
        assert all(isinstance(fault, str) and fault for fault in found.faults)
    else:
        assert all(line.count >= 0 for line in found)


@FUZZ
@given(raw=st.binary(max_size=400))
def test_any_bytes_in_the_mailbox_are_read(raw: bytes) -> None:
    bounces.read(raw)


@FUZZ
@given(
    key=ODD,
    status=ODD,
    action=st.one_of(ODD, st.just("failed")),
    kind=st.one_of(ODD, st.sampled_from(["message/rfc822", "text/rfc822-headers", "multipart/x"])),
    junk=st.binary(max_size=40),
    place=st.integers(0, 700),
)
def test_any_report_of_delivery_is_read(
    key: str, status: str, action: str, kind: str, junk: bytes, place: int
) -> None:
    told = REPORT.format(key=key, status=status, action=action, kind=kind, claimed="a@b.fr")
    raw = told.encode("utf-8", "surrogatepass")
    found = bounces.read(raw[:place] + junk + raw[place:])
    assert found is None or (found.key and found.status)


@FUZZ
@given(typed=st.one_of(LINES, ODD))
def test_any_lines_of_cards_are_read_or_each_fault_names_its_line(typed: str) -> None:
    room = Workshop(prompts=["Un ?", "Deux ?"], votes_each=5, votes_per_group=3)
    _named(typed, lambda: [line.text for line in paper_lines.read_cards(room, typed)])


@FUZZ
@given(typed=st.one_of(LINES, ODD), choices=st.integers(1, 30))
def test_any_ballots_are_read_within_the_budget_or_each_fault_names_its_line(
    typed: str, choices: int
) -> None:
    room = Workshop(prompts=["Un ?"], votes_each=5, votes_per_group=3)
    ballots = _named(typed, lambda: paper_lines.read_ballots(room, typed, choices))
    for ballot in ballots:
        assert len(ballot) <= 5
        assert all(1 <= mark <= choices and ballot.count(mark) <= 3 for mark in ballot)


def _named(typed: str, read_lines: Callable[[], list[Any]]) -> list[Any]:
    """Return what was read; a refusal names lines that stand in ``typed``."""
    found = said(paper_lines.BadLines, read_lines)
    if isinstance(found, list):
        return found
    last = max(1, len(typed.replace("\0", " ").splitlines()))
    assert found.faults
    assert all(1 <= fault.line <= last for fault in found.faults)
    return []


@FUZZ
@given(typed=st.dictionaries(st.sampled_from(PERIODS), st.one_of(ODD, st.dates().map(str))))
@pytest.mark.usefixtures("site")
def test_any_two_periods_are_in_order_or_the_fault_stands_at_its_field(
    typed: dict[str, str],
) -> None:
    found = said(BadPeriods, lambda: read_periods(typed, TODAY))
    if isinstance(found, BadPeriods):
        assert set(found.errors) <= set(PERIODS)
        return
    assert found.before.start <= found.before.last < found.after.start <= found.after.last <= TODAY


@FUZZ
@given(typed=ODD)
@pytest.mark.usefixtures("site")
def test_any_single_field_is_read(typed: str) -> None:
    number = read_number(typed)
    assert number != number or abs(number) < float("inf")
    read_departement(typed)
    assert all(0 <= version < 10_000 for _code, version in read_shown(typed))
    for tag in read_tags(typed):
        assert tag.strip()
    assert known_devices.read(typed, "a secret", TODAY) is None
    found = said(BadOrigin, lambda: read_origins(typed))
    assert (
        str(found)
        if isinstance(found, BadOrigin)
        else all(each[:8] == "https://" for each in found)
    )


@FUZZ
@given(asked=st.dictionaries(st.sampled_from(["mots", "etat", "theme", "du", "au", "page"]), ODD))
@pytest.mark.usefixtures("site")
def test_any_filter_of_the_desk_is_read(asked: dict[str, str]) -> None:
    read_filters(asked)
