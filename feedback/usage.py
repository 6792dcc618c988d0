"""Real use of a service: who is reached of the public that it declares, and who opens its form.

Reads rows and returns records that the page prints; what reached means is in ``feedback/reach.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from app.catalogue import Service
from app.days import week_start
from app.db import db
from app.floors import FLOOR, RATE_FLOOR, may_show, shown_cells
from feedback.declared_publics import declared, facets_of, people_in_all
from feedback.facets import Facet
from feedback.form_openings import openings_between
from feedback.models import Channel, Feedback, State
from feedback.reach import QUARTERS, Silence, last_quarters, silent_groups
from feedback.voices import YEAR, count_voices, of_days

FORM_WEEKS = 12
# Sent from the service's page, however people came there.
ONLINE = tuple(c.value for c in (Channel.WEB, Channel.LINK, Channel.POSTER, Channel.WIDGET))
PER = 1000  # people
UNSAID = ""


@dataclass(frozen=True)
class Group:
    """One value of a facet: None where the reader's floor hides the number."""

    value: str
    words: str
    people: int
    retours: int | None
    per_thousand: float | None
    is_silent: bool


@dataclass(frozen=True)
class FacetReach:
    """The groups of one facet, and how many declared groups are too small to be shown."""

    facet: Facet
    groups: tuple[Group, ...]
    left_out: int
    unsaid: int | None  # retours that did not answer; None where the floor hides it


@dataclass(frozen=True)
class FormUse:
    """Openings of the form and what was sent from it, over whole weeks."""

    weeks: tuple[tuple[date, int, int], ...]  # Monday, openings, retours sent online
    openings: int | None
    sent: int | None
    percent: int | None


@dataclass(frozen=True)
class Usage:
    """Everything that the page says of a service."""

    retours: int | None
    people: int | None
    per_thousand: float | None
    facets: tuple[FacetReach, ...]
    form: FormUse
    is_too_young: bool  # two whole quarters are not behind it: no silence can be told

    @property
    def silent(self) -> tuple[str, ...]:
        """The groups that are hardly heard, in words."""
        return tuple(each.words for facet in self.facets for each in facet.groups if each.is_silent)


def usage_of(service: Service, day: date, floor: int = 1) -> Usage:
    """Return the real use of ``service``; ``floor`` is 1 inside its team."""
    numbers = declared(service)
    voices = count_voices(of_days(service, day - YEAR, day + timedelta(days=1)))
    people = people_in_all(numbers)
    retours = voices.n if may_show(voices.n, floor) else None
    silent = {facet: {s.value for s in found} for facet, found in silences(service, day).items()}
    facets = tuple(
        _facet(
            facet,
            numbers[facet.code],
            {**voices.counts[facet.code], UNSAID: voices.unsaid(facet.code)},
            silent.get(facet.code, set()),
            floor,
        )
        for facet in facets_of(service)
        if facet.code in numbers
    )
    return Usage(
        retours,
        people,
        _per_thousand(retours, people, floor),
        facets,
        _form(service, day, floor),
        is_too_young(service, day),
    )


def _facet(
    facet: Facet,
    people: Mapping[str, int],
    counts: Mapping[str, int],
    silent: set[str],
    floor: int,
) -> FacetReach:
    shown = shown_cells({**dict.fromkeys(people, 0), **counts}, floor)
    kept = {value: size for value, size in people.items() if size >= FLOOR}
    groups = tuple(
        Group(
            value,
            str(facet.values[value]),
            size,
            shown[value],
            _per_thousand(shown[value], size, floor),
            value in silent,
        )
        for value, size in kept.items()
    )
    return FacetReach(facet, groups, len(people) - len(kept), shown.get(UNSAID))


def _per_thousand(retours: int | None, people: int | None, floor: int) -> float | None:
    """Return retours for each thousand people; outside the team a rate needs 30 of them."""
    if retours is None or not people or (floor > 1 and 0 < retours < RATE_FLOOR):
        return None
    return PER * retours / people


def is_too_young(service: Service, day: date) -> bool:
    """Say whether ``service`` was not open yet when the first quarter that counts began."""
    return service.created > last_quarters(day, QUARTERS)[0].start


def silences(service: Service, day: date) -> dict[str, list[Silence]]:
    """Return the silent groups of ``service`` by facet code; none where it was not yet open."""
    quarters = last_quarters(day, QUARTERS)
    if is_too_young(service, day):
        return {}
    numbers = declared(service)
    heard = [(each, count_voices(of_days(service, each.start, each.end))) for each in quarters]
    found = {
        facet.code: silent_groups(
            numbers[facet.code],
            [(quarter, voices.counts[facet.code]) for quarter, voices in heard],
            FLOOR,
        )
        for facet in facets_of(service)
        if facet.code in numbers
    }
    return {code: groups for code, groups in found.items() if groups}


def _form(service: Service, day: date, floor: int) -> FormUse:
    end = week_start(day)
    start = end - timedelta(weeks=FORM_WEEKS)
    opened = openings_between(service.id, start, end)
    sent = _sent_online(service, start, end)
    weeks = tuple(
        (
            monday,
            _of_week(opened, monday),
            _of_week(sent, monday),
        )
        for monday in (start + timedelta(weeks=n) for n in range(FORM_WEEKS))
    )
    openings, retours = sum(opened.values()), sum(sent.values())
    is_shown = may_show(retours, floor)
    counts = openings >= max(RATE_FLOOR, retours) and is_shown  # fewer: not counted all along
    percent = round(100 * retours / openings) if counts else None
    return FormUse(
        weeks if floor == 1 else (),
        openings if may_show(openings, floor) else None,
        retours if is_shown else None,
        percent,
    )


def _of_week(days: Mapping[date, int], monday: date) -> int:
    return sum(days.get(monday + timedelta(days=n), 0) for n in range(7))


def _sent_online(service: Service, start: date, end: date) -> dict[date, int]:
    query = (
        select(Feedback.day, func.count())
        .where(
            of_days(service, start, end),
            Feedback.channel.in_(ONLINE),
            Feedback.state != State.WITHDRAWN,
        )
        .group_by(Feedback.day)
    )
    return dict(db.session.execute(query).all())
