"""The services of the same nature as one, with their faces: what comparisons are made of.

They are read as published: only services with 30 rated retours enter, each of which may show its
own score. No sum over them tells anything that a reader could not add up alone, so no subtraction
finds a hidden group, nor what came between two readings.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app.catalogue import Functionality, Service, Territory
from app.db import db
from app.floors import RATE_FLOOR
from feedback.models import Face
from feedback.publications import faces_published
from feedback.ratings import summed
from feedback.tallies import Stratum
from nlp.standing import standardised

SPARSE = "*"  # what is too rare to be expected on its own
Key = tuple[str, str]  # channel and age


@dataclass(frozen=True)
class Peer:
    """A service of the same nature: its region and its faces, by channel and age."""

    service_id: int
    region: str | None
    strata: tuple[Stratum, ...] = field(repr=False)
    day: date | None = None  # on which they were published

    @property
    def faces(self) -> dict[int, int]:
        """Its faces in all."""
        return summed([each.faces for each in self.strata])

    @property
    def n(self) -> int:
        """How many of its retours have a face."""
        return sum(self.faces.values())


def kinds_of(service: Service) -> frozenset[str]:
    """Return the classes of what ``service`` does."""
    return frozenset(each.kind for each in service.functionalities)


def region_of(service: Service) -> str | None:
    """Return the region that ``service`` lies in, None for the whole country."""
    place = service.territory
    return (place.region_code or place.code) if place else None


def peers_of(service: Service, kinds: Collection[str], floor: int = RATE_FLOOR) -> list[Peer]:
    """Return ``service`` first if it is published, then those of ``kinds`` that may be shown.

    Two queries, however many services and retours there are.
    """
    places = {service.id: region_of(service)}
    query = (
        select(Functionality.service_id, Territory.region_code, Territory.code)
        .join(Service, Service.id == Functionality.service_id)
        .outerjoin(Territory, Territory.code == Service.territory_code)
        .where(Functionality.kind.in_(kinds))
        .order_by(Functionality.service_id)
    )
    for service_id, region, code in db.session.execute(query):
        places.setdefault(service_id, region or code)
    found = faces_published(places)
    every = [
        Peer(each, places[each], found[each].strata, found[each].day)
        for each in places
        if each in found
    ]
    return [each for each in every if each.n >= (floor if each.service_id != service.id else 1)]


def good(faces: Mapping[int, int]) -> float:
    """Return how many say *Très bien*."""
    return float(faces.get(Face.GOOD, 0))


def points(faces: Mapping[int, int]) -> float:
    """Return the sum of the faces on a scale of 1: a middling one is half a success."""
    return sum(face * count for face, count in faces.items()) / Face.GOOD


@dataclass(frozen=True)
class Adjusted:
    """Each peer's share as it would be with the channels and ages of all; () means as it is."""

    shares: dict[int, float]
    by: tuple[str, ...]  # channel, age


def adjust(peers: Collection[Peer], worth: Callable[[Mapping[int, int]], float]) -> Adjusted:
    """Return the shares by indirect standardisation over channel and age, where strata allow it.

    A stratum with fewer than 30 retours over all peers joins the others of its channel, then the
    rest: the rate of a handful says nothing of what to expect.
    """
    rows = [(peer.service_id, s) for peer in peers for s in peer.strata]
    named = _names(s for _, s in rows)
    pooled = _totals(((named[s.channel, s.age], s) for _, s in rows), worth)
    raw = {peer.service_id: worth(peer.faces) / peer.n for peer in peers}
    by = _by(pooled)
    if not by:
        return Adjusted(raw, ())
    rates = {key: k / n for key, (k, n) in pooled.items()}
    overall = sum(k for k, _ in pooled.values()) / sum(n for _, n in pooled.values())
    try:
        shares = {
            peer.service_id: min(
                1.0,
                overall
                * standardised(
                    _totals(((named[s.channel, s.age], s) for s in peer.strata), worth), rates
                ),
            )
            for peer in peers
        }
    except ValueError:  # nobody who answered as they did ever said it: nothing to expect
        return Adjusted(raw, ())
    return Adjusted(shares, by)


def _names(strata: Iterable[Stratum]) -> dict[Key, Key]:
    """Return the stratum that each channel and age is counted in."""
    sizes: Counter[Key] = Counter()
    for each in strata:
        sizes[each.channel, each.age] += sum(each.faces.values())
    named = {key: key if n >= RATE_FLOOR else (key[0], SPARSE) for key, n in sizes.items()}
    merged: Counter[Key] = Counter()
    for key, name in named.items():
        merged[name] += sizes[key]
    return {
        key: name if merged[name] >= RATE_FLOOR else (SPARSE, SPARSE) for key, name in named.items()
    }


def _totals(
    strata: Iterable[tuple[Key, Stratum]], worth: Callable[[Mapping[int, int]], float]
) -> dict[Key, tuple[float, float]]:
    found: dict[Key, tuple[float, float]] = {}
    for key, each in strata:
        k, n = found.get(key, (0.0, 0.0))
        found[key] = k + worth(each.faces), n + sum(each.faces.values())
    return found


def _by(pooled: Collection[Key]) -> tuple[str, ...]:
    """Return what the strata tell apart."""
    channels = {channel for channel, _ in pooled if channel != SPARSE}
    ages = {age for _, age in pooled if age not in ("", SPARSE)}
    return (*(["channel"] if len(channels) > 1 else []), *(["age"] if ages else []))
