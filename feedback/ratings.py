"""Scores from the three faces, and where one rating stands among the others (model.md §1).

A rate or a comparison needs 30 retours, a count 11; what is left when one group is taken from a
larger one must hold the floor too, else a subtraction would tell it.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.catalogue import Functionality, Service, Territory
from app.db import db
from app.floors import FLOOR, RATE_FLOOR, may_show
from feedback.models import Face, Feedback, State

NORMAL_95 = 1.96
UNCOUNTED = (State.WITHDRAWN.value, State.REFUSED.value)


@dataclass(frozen=True)
class Score:
    """The faces of some retours: the mean on 10 with its 95 % interval, and how many are good."""

    n: int
    mean: float
    low: float
    high: float
    good: int

    @property
    def share_good(self) -> int:
        """The share of *Très bien*, in whole percent."""
        return round(100 * self.good / self.n)


@dataclass(frozen=True)
class Level:
    """One group that a rating is compared with."""

    name: str
    short: str  # on the bar
    score: Score


@dataclass(frozen=True)
class Position:
    """Where a rating stands: the author's own, the groups that may be shown, why others may not."""

    mine: int | None
    levels: tuple[Level, ...]
    missing: tuple[str, ...]


def score_of(counts: dict[int, int]) -> Score | None:
    """Return the score of ``counts`` (face → retours), or None without any.

    The variance is smoothed by half a retour on each face, so that equal faces do not claim a mean
    without error; the interval is the normal one, cut to [0, 10].
    """
    n = sum(counts.get(face, 0) for face in Face)
    if n == 0:
        return None
    mean = sum(face * counts.get(face, 0) for face in Face) / n
    smoothed = {face: counts.get(face, 0) + 0.5 for face in Face}
    total = sum(smoothed.values())
    centre = sum(face * weight for face, weight in smoothed.items()) / total
    variance = sum(weight * (face - centre) ** 2 for face, weight in smoothed.items()) / total
    half = NORMAL_95 * math.sqrt(variance / n)
    return Score(n, mean, max(0.0, mean - half), min(10.0, mean + half), counts.get(Face.GOOD, 0))


def face_counts(service_ids: Collection[int]) -> dict[int, int]:
    """Return how many retours about these services chose each face."""
    query = (
        select(Feedback.face, func.count())
        .where(
            Feedback.service_id.in_(service_ids),
            Feedback.face.is_not(None),
            Feedback.state.not_in(UNCOUNTED),
        )
        .group_by(Feedback.face)
    )
    return {face: count for face, count in db.session.execute(query) if face is not None}


def scores(service: Service) -> Score | None:
    """Return the score of ``service``; who shows it minds the floors."""
    return score_of(face_counts([service.id]))


def public_score(service: Service, rate_floor: int = RATE_FLOOR) -> Score | None:
    """Return the score of ``service`` when it may be shown outside the team."""
    score = scores(service)
    return score if score and score.n >= rate_floor else None


def position(feedback: Feedback, floor: int = FLOOR) -> Position:
    """Return where ``feedback`` stands in its service, its class in the region, in the country."""
    service = feedback.service
    peers = _services_of_class(_kinds(feedback))
    groups = (
        (_("ce service"), [service.id], _("ce service")),
        (_("services de même nature, région"), _in_region(service, peers), _("la région")),
        (_("services de même nature, France"), peers, _("la France")),
    )
    levels: list[Level] = []
    missing: list[str] = []
    inner = 0
    for name, ids, where in groups:
        score = score_of(face_counts(ids)) if ids else None
        n = score.n if score else 0
        if score is None or n < RATE_FLOOR or not may_show(n - inner, floor):
            missing.append(_too_few(where, RATE_FLOOR))
        elif n > inner:
            levels.append(Level(name, where, score))
            inner = n
        else:
            missing.append(_("Aucun autre service de même nature pour %(where)s.", where=where))
    return Position(feedback.face, tuple(levels), tuple(missing))


def _too_few(where: str, floor: int) -> str:
    said = _(
        "Pour %(where)s : moins de %(floor)s retours se comparent. "
        "Nous ne montrons pas de chiffre, pour que personne ne soit reconnu.",
        where=where,
        floor=floor,
    )
    return str(said)


def _kinds(feedback: Feedback) -> set[str]:
    if feedback.functionality is not None:
        return {feedback.functionality.kind}
    return {f.kind for f in feedback.service.functionalities}


def _services_of_class(kinds: Collection[str]) -> list[int]:
    query = select(Functionality.service_id).where(Functionality.kind.in_(kinds)).distinct()
    return list(db.session.scalars(query))


def _in_region(service: Service, peers: Collection[int]) -> list[int]:
    """Return the ``peers`` whose territory lies in the region of ``service``."""
    if service.territory is None:
        return []
    region = service.territory.region_code or service.territory.code
    query = (
        select(Service.id)
        .join(Territory, Service.territory_code == Territory.code)
        .where(Service.id.in_(peers))
        .where((Territory.region_code == region) | (Territory.code == region))
    )
    return list(db.session.scalars(query))
