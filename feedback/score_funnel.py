"""The funnel of a service among those of its nature: chart, limits, and whether it stands apart."""

from dataclasses import dataclass

from app.catalogue import Service
from app.floors import RATE_FLOOR
from app.funnels import FunnelChart, FunnelDot, funnel_chart
from feedback.reference_digests import FRANCE, references
from feedback.same_nature import kinds_of, peers_of
from feedback.standing import FEWEST_UNITS, Measure, Unit, units_of
from nlp.standing import APART, WARNING, funnel


@dataclass(frozen=True)
class OwnRow:
    """The service's own line: its share and the limits at its number of retours, in [0, 1]."""

    n: int
    share: float
    warning: tuple[float, float]
    outer: tuple[float, float]
    is_apart: bool

    @property
    def is_above(self) -> bool:
        """Whether it lies over the middle of its limits."""
        return self.share > sum(self.outer) / 2


@dataclass(frozen=True)
class ServiceFunnel:
    """The chart, the service's own line, and how many others there are; nobody else is named."""

    chart: FunnelChart
    own: OwnRow | None  # None under 30 retours
    centre: float
    units: int
    others_apart: int
    adjusted: tuple[str, ...]


def service_funnel(service: Service, own_label: tuple[str, str]) -> ServiceFunnel | None:
    """Return the funnel, or None with too few units or when all say the same."""
    peers = [p for p in peers_of(service, kinds_of(service)) if p.n >= RATE_FLOOR]
    imported = references(kinds_of(service), None).units.get(FRANCE, [])
    units, adjusted = units_of(peers, Measure.SHARE, imported)
    if len(units) < FEWEST_UNITS:
        return None
    try:
        found = funnel([u.k for u in units], [u.n for u in units])
    except ValueError:  # everybody says it, or nobody
        return None
    own = next((u for u in units if u.service_id == service.id), None)
    apart = {id(u): is_apart for u, is_apart in zip(units, found.apart, strict=True)}
    limits = found.limits, lambda n: found.limits(n, APART)
    dots = [_dot(u) for u in units if u is not own]
    chart = funnel_chart(dots, _dot(own) if own else None, found.centre, limits, own_label)
    row = None
    if own:
        share, n = own.k / own.n, round(own.n)
        row = OwnRow(n, share, found.limits(n, WARNING), found.limits(n, APART), apart[id(own)])
    others_apart = sum(is_apart for key, is_apart in apart.items() if not own or key != id(own))
    count = round(sum(unit.weight for unit in units))
    return ServiceFunnel(chart, row, found.centre, count, others_apart, adjusted)


def _dot(unit: Unit) -> FunnelDot:
    return FunnelDot(unit.n, unit.k / unit.n)
