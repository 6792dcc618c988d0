"""Where a service stands: its score, its class in the region and the country, and its quantile.

One computation for citizens and team: every page asks ``standing`` and prints what it says, of the
figures that were last published (``feedback/publications.py``).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.catalogue import Service
from app.floors import RATE_FLOOR
from feedback.ratings import Score, score_of, summed
from feedback.reference_digests import FRANCE, Beside, ReferenceUnit, references
from feedback.same_nature import Adjusted, Peer, adjust, good, kinds_of, peers_of, points, region_of
from nlp.comparison import Interval, fit_prior
from nlp.standing import quantile

FEWEST_UNITS = 3  # of a distribution, the service among them


class Scope(StrEnum):
    """How far a comparison reaches."""

    SERVICE = "service"
    REGION = "region"
    FRANCE = "france"


class Measure(StrEnum):
    """What is compared: only units measured alike enter one distribution."""

    SHARE = "share"  # of « Très bien »
    MEAN = "mean"  # on 10


class Why(StrEnum):
    """Why a comparison is missing."""

    TOO_FEW_RETOURS = "too few retours"
    TOO_FEW_UNITS = "too few units"
    ALL_ALIKE = "all alike"


WORTH: dict[Measure, Callable[[Mapping[int, int]], float]] = {
    Measure.SHARE: good,
    Measure.MEAN: points,
}


@dataclass(frozen=True)
class Unit:
    """One unit of a distribution: k successes of n; ``weight`` units that it stands for."""

    k: float
    n: float
    weight: float = 1.0
    service_id: int | None = None  # None: of an imported table


@dataclass(frozen=True)
class Level:
    """One group that a rating is compared with."""

    scope: Scope
    score: Score


@dataclass(frozen=True)
class Place:
    """The service among the units of one scope: the share of the others below it, in [0, 1]."""

    scope: Scope
    below: Interval
    units: int
    measure: Measure
    adjusted: tuple[str, ...]  # channel, age; () as it is


@dataclass(frozen=True)
class Standing:
    """Everything that is said of where a service stands, and what may not be said and why."""

    score: Score | None  # None under the floor
    levels: tuple[Level, ...]
    places: tuple[Place, ...]
    missing: tuple[tuple[Scope, Why], ...]
    beside: tuple[Beside, ...] = ()  # imported lines, told with their own label
    day: date | None = None  # on which the service's own figures were published


def standing(service: Service, kinds: Collection[str] | None = None) -> Standing:
    """Return where ``service`` stands among the services of ``kinds``, by default of its own."""
    classes = kinds_of(service) if kinds is None else kinds
    peers = peers_of(service, classes)
    own = next((p for p in peers if p.service_id == service.id and p.n >= RATE_FLOOR), None)
    groups = scopes(service, [p for p in peers if p.n >= RATE_FLOOR])
    tables = references(classes, region_of(service))
    levels = _levels(own, groups)
    places: list[Place] = []
    missing: list[tuple[Scope, Why]] = []
    told = 0
    for scope, members in groups.items():
        imported = tables.units.get(
            FRANCE if scope is Scope.FRANCE else region_of(service) or "", []
        )
        size = len(members) + len(imported)
        if told and size == told:
            continue  # the whole country is this region: nothing to add
        found, told = _place(scope, own, members, imported), size
        if isinstance(found, Place):
            places.append(found)
        else:
            missing.append((scope, found))
    if own is None:
        missing.insert(0, (Scope.SERVICE, Why.TOO_FEW_RETOURS))
    score, told_on = (score_of(own.faces), own.day) if own else (None, None)
    return Standing(score, levels, tuple(places), tuple(missing), tables.beside, told_on)


def scopes(service: Service, peers: Sequence[Peer]) -> dict[Scope, list[Peer]]:
    """Return the peers of the region, where the service has one, and of the country."""
    region = region_of(service)
    found = {Scope.REGION: [p for p in peers if p.region == region]} if region else {}
    return {**found, Scope.FRANCE: list(peers)}


def _levels(own: Peer | None, groups: Mapping[Scope, Sequence[Peer]]) -> tuple[Level, ...]:
    """Return the scores that may be shown, without a group that adds nobody to a smaller one."""
    found: list[tuple[Scope, Sequence[Peer]]] = [(Scope.SERVICE, [own])] if own else []
    for scope, members in groups.items():
        if len(members) > (len(found[-1][1]) if found else 0):
            found.append((scope, members))
    scored = ((scope, score_of(summed([m.faces for m in members]))) for scope, members in found)
    return tuple(Level(scope, score) for scope, score in scored if score)


def _place(
    scope: Scope, own: Peer | None, members: Sequence[Peer], imported: Sequence[ReferenceUnit]
) -> Place | Why:
    if own is None:
        return Why.TOO_FEW_RETOURS
    measure = measure_of(imported)
    units, by = units_of(members, measure, imported)
    count = round(sum(unit.weight for unit in units))
    if count < FEWEST_UNITS:
        return Why.TOO_FEW_UNITS
    below = _below(units, own.service_id)
    return Place(scope, below, count, measure, by) if below else Why.ALL_ALIKE


def measure_of(imported: Sequence[ReferenceUnit]) -> Measure:
    """Return what most imported units can be compared on: the share, unless means are more."""
    shares = sum(unit.weight for unit in imported if unit.share is not None)
    means = sum(unit.weight for unit in imported if unit.mean is not None)
    return Measure.MEAN if means > shares else Measure.SHARE


def units_of(
    members: Sequence[Peer], measure: Measure, imported: Sequence[ReferenceUnit] = ()
) -> tuple[list[Unit], tuple[str, ...]]:
    """Return the units measured alike, and what their shares are adjusted for.

    Imported units say nothing of who answered: beside them, nobody's share is adjusted. A mean is
    taken as a share of 10; its true variance is at most a share's, so limits err on the wide side.
    """
    told = [(u.share if measure is Measure.SHARE else u.mean, u) for u in imported]
    others = [Unit(share * u.n, u.n, u.weight) for share, u in told if share is not None]
    worth = WORTH[measure]
    raw = Adjusted({m.service_id: worth(m.faces) / m.n for m in members}, ())
    fair = raw if others else adjust(members, worth)
    own = [Unit(fair.shares[m.service_id] * m.n, m.n, 1.0, m.service_id) for m in members]
    return own + others, fair.by


def _below(units: Sequence[Unit], own_id: int) -> Interval | None:
    """Return the share of the others below, or None when all say the same."""
    own = next(unit for unit in units if unit.service_id == own_id)
    others = [unit for unit in units if unit is not own]
    try:
        prior = fit_prior([u.k for u in units], [u.n for u in units])
    except ValueError:  # everybody says it, or nobody
        return None
    counts = [u.k for u in others], [u.n for u in others]
    return quantile(own.k, own.n, counts, prior, [u.weight for u in others])
