"""The desk's list of signals: in which order, in which sections, by which filters.

The order is vigiRank's idea, written into ``Signal.priority`` by the nightly look: strength, how
recent, how informative the texts are, how widely spread.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.catalogue import Service
from app.db import db
from feedback.models import TO_EXAMINE, Signal, SignalKind, SignalState, Tone

PER_PAGE = 50
DISMISSED = (SignalState.REFUTED.value, SignalState.MERGED.value)


class Part(StrEnum):
    """A section of the list; the value stands in addresses."""

    EXAMINE = "a-examiner"
    SERIOUS = "un-seul-retour"
    GOOD = "bonnes-surprises"
    QUALIFIED = "qualifies"


@dataclass(frozen=True)
class Asked:
    """What the reader asked for; an empty part is every section, each from its beginning."""

    part: Part | None = None
    service: str = ""  # slug; "-" for the signals of the whole platform
    kind: str = ""
    state: str = ""
    facet: str | None = None  # None: any
    good: bool = False
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """Say whether anything but a section was asked for."""
        return replace(self, part=None, page=1) != Asked()


@dataclass(frozen=True)
class Section:
    """One section: a page of its signals, and how many there are."""

    part: Part
    signals: tuple[Signal, ...]
    count: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages the section fills, one at least."""
        return max(1, -(-self.count // PER_PAGE))


@dataclass(frozen=True)
class Choices:
    """What can be filtered by: only what some signal within reach has."""

    services: tuple[Service, ...]
    platform: bool
    kinds: tuple[str, ...]
    states: tuple[str, ...]
    facets: tuple[str, ...]
    good: bool


def is_good() -> ColumnElement[bool]:
    """Return the condition of a good surprise: an expert says so, or its authors until then."""
    said = and_(Signal.beneficial, Signal.state.not_in(DISMISSED))
    return or_(said, and_(Signal.tone == Tone.GOOD.value, Signal.state.in_(TO_EXAMINE)))


def _condition(part: Part) -> ColumnElement[bool]:
    open_ones, serious = Signal.state.in_(TO_EXAMINE), Signal.kind == SignalKind.SERIOUS.value
    return {
        Part.EXAMINE: and_(open_ones, ~serious, ~is_good()),
        Part.SERIOUS: and_(open_ones, serious, ~is_good()),
        Part.GOOD: is_good(),
        Part.QUALIFIED: and_(~open_ones, ~is_good()),
    }[part]


def sections(reach: ColumnElement[bool], asked: Asked) -> list[Section]:
    """Return the sections that ``asked`` wants, empty ones too, in the order of the page."""
    parts = [asked.part] if asked.part else list(Part)
    return [_section(reach, asked, part) for part in parts]


def _section(reach: ColumnElement[bool], asked: Asked, part: Part) -> Section:
    kept = and_(reach, _condition(part), *filters_of(asked))
    count = db.session.scalar(select(func.count()).select_from(Signal).where(kept)) or 0
    pages = max(1, -(-count // PER_PAGE))
    page = min(max(1, asked.page), pages) if asked.part else 1
    query = (
        select(Signal)
        .where(kept)
        .options(joinedload(Signal.service), joinedload(Signal.theme), joinedload(Signal.subject))
    )
    rows = query.order_by(*ORDER).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return Section(part, tuple(db.session.scalars(rows)), count, page)


ORDER = (
    Signal.priority.desc(),
    Signal.e_value.desc().nulls_last(),
    Signal.raised.desc(),
    Signal.id,
)


def filters_of(asked: Asked) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters that were asked for; a section is none."""
    wanted: list[ColumnElement[bool]] = []
    if asked.service == "-":
        wanted.append(Signal.service_id.is_(None))
    elif asked.service:
        own = select(Service.id).where(Service.slug == asked.service)
        wanted.append(Signal.service_id.in_(own))
    if asked.kind:
        wanted.append(Signal.kind == asked.kind)
    if asked.state:
        wanted.append(Signal.state == asked.state)
    if asked.facet is not None:
        wanted.append(Signal.facet == asked.facet)
    return [*wanted, is_good()] if asked.good else wanted


def choices(reach: ColumnElement[bool]) -> Choices:
    """Return what the signals within ``reach`` can be told apart by."""
    query = select(Signal.service_id, Signal.kind, Signal.state, Signal.facet, is_good())
    rows = db.session.execute(query.where(reach).distinct()).all()
    ids = {row[0] for row in rows if row[0] is not None}
    services = select(Service).where(Service.id.in_(ids)).order_by(Service.name)
    states, kinds = {row[2] for row in rows}, {row[1] for row in rows}
    return Choices(
        tuple(db.session.scalars(services)),
        any(row[0] is None for row in rows),
        tuple(each.value for each in SignalKind if each.value in kinds),
        tuple(each.value for each in SignalState if each.value in states),
        tuple(sorted({row[3] for row in rows})),
        any(row[4] for row in rows),
    )
