"""What the team's page of scores says of a service: whole, by functionality, by month, compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.axes import number
from app.bars import Bar, BarChart, bar_chart
from app.catalogue import Functionality, Service
from app.floors import RATE_FLOOR
from app.matrix import CLASS_NAMES, FunctionalityClass
from app.said import as_said
from feedback.models import Face
from feedback.part_publications import NO_FUNCTIONALITY, parts_published
from feedback.part_scores import scores_by_part
from feedback.publications import faces_published
from feedback.ratings import Score, score_of, summed
from feedback.same_nature import kinds_of
from feedback.score_funnel import OwnRow, ServiceFunnel, service_funnel
from feedback.score_trend import ScoreTrend, score_trend
from feedback.standing import standing
from feedback.standing_words import Said, face_word, said, share_words
from feedback.tallies import faces_by_functionality
from nlp.comparison import wilson


@dataclass(frozen=True)
class Part:
    """One functionality and its score; no score where none came or the floor hides it."""

    id: int
    name: str
    kind: str
    score: Score | None
    is_hidden: bool
    published: Score | None  # what anybody reads of it


@dataclass(frozen=True)
class Distribution:
    """The three faces as bars with their intervals, and the sentence that says them."""

    chart: BarChart
    finding: str


@dataclass(frozen=True)
class Funnel:
    """The funnel with its words."""

    found: ServiceFunnel
    finding: str


@dataclass(frozen=True)
class ScorePage:
    """Everything on the page; ``part`` is the functionality that faces and periods are of."""

    part: Functionality | None
    score: Score | None
    distribution: Distribution | None
    parts: tuple[Part, ...]
    trend: ScoreTrend
    stands: Said
    by_class: tuple[tuple[str, Said], ...]  # where the service has several
    funnel: Funnel | None


def score_page(
    service: Service, day: date, by_quarter: bool, floor: int, part: Functionality | None = None
) -> ScorePage:
    """Return the page of ``service``; ``floor`` is 1 inside its team.

    There alone faces and periods may be those of one ``part``: it is left out for others, whom the
    months of a part would help to subtract.
    """
    inside = floor == 1
    part = part if inside else None
    by_part = faces_by_functionality(service.id) if inside else {}
    faces = summed(by_part.values()) if inside else faces_for_all(service)
    seen = by_part.get(part.id, {}) if part else faces
    return ScorePage(
        part,
        score_of(faces),
        distribution(seen) if score_of(seen) else None,
        _parts(service, by_part, inside),
        score_trend(service, day, by_quarter, floor, part.id if part else None),
        said(standing(service)),
        _by_class(service),
        _funnel(service),
    )


def faces_for_all(service: Service) -> dict[int, int]:
    """Return the faces that anybody may read: none under 30 retours."""
    found = faces_published([service.id]).get(service.id)
    faces = summed([each.faces for each in found.strata]) if found else {}
    return faces if sum(faces.values()) >= RATE_FLOOR else {}


def distribution(faces: Mapping[int, int]) -> Distribution:
    """Return the shares of the three faces."""
    n = sum(faces.get(face, 0) for face in Face)
    bars, told = [], []
    for face in Face:
        share = wilson(faces.get(face, 0), n)
        percent = _("%(share)s %%", share=round(100 * share.value))
        text = _("%(percent)s · %(count)s", percent=percent, count=faces.get(face, 0))
        ends = (100 * share.low, 100 * share.high)
        bars.append(Bar(face_word(face), 100 * share.value, text, ends))
        told.append(_("%(face)s : %(percent)s", face=face_word(face), percent=percent))
    finding = _("%(parts)s, sur %(n)s retours.", parts=", ".join(told), n=n)
    return Distribution(bar_chart(bars, 100), finding)


def _parts(
    service: Service, faces: Mapping[int, Mapping[int, int]], inside: bool
) -> tuple[Part, ...]:
    """Return each functionality, then the retours that name none: live counts inside the team,
    beside what was published; to others, what was published alone.
    """
    told = parts_published(service)
    public = scores_by_part(service, told) if told else {}
    named = [(f.id, as_said(f.name), _class_name(f.kind)) for f in service.functionalities]
    every = (*named, (NO_FUNCTIONALITY, _("Sans fonctionnalité précisée"), ""))
    return tuple(
        Part(
            key,
            name,
            kind,
            score_of(faces.get(key, {})) if inside else public.get(key),
            not inside and (told is None or (key in public and not public[key])),
            public.get(key),
        )
        for key, name, kind in every
    )


def _class_name(kind: str) -> str:
    return str(CLASS_NAMES[FunctionalityClass(kind)])


def _by_class(service: Service) -> tuple[tuple[str, Said], ...]:
    kinds = sorted(kinds_of(service))
    if len(kinds) < 2:
        return ()
    return tuple((_class_name(kind), said(standing(service, {kind}))) for kind in kinds)


def _funnel(service: Service) -> Funnel | None:
    found = service_funnel(
        service, (_("%(share)s %%", share=95), _("%(share)s %%", share=number(99.8)))
    )
    return Funnel(found, _finding(found.own)) if found else None


def _finding(own: OwnRow | None) -> str:
    if own is None:
        return str(_("Ce service a moins de 30 retours : il n’est pas sur ce graphique."))
    if not own.is_apart:
        told = _("Ce service est dans les limites.")
    elif own.is_above:
        told = _("Ce service est à part, au-dessus.")
    else:
        told = _("Ce service est à part, au-dessous.")
    return f"{told} {share_words(number(round(100 * own.share)), own.n)}"
