"""The words and the bar of where a service stands: the same for citizens and for the team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.axes import number
from app.bars import Position as Tick
from app.bars import PositionBar, position_bar
from app.floors import RATE_FLOOR
from app.web import written_day
from feedback.beside_words import beside_words
from feedback.questions import FACES
from feedback.ratings import Score
from feedback.standing import FEWEST_UNITS, Level, Measure, Place, Scope, Standing, Why


@dataclass(frozen=True)
class Quantile:
    """The sentence that says the quantile, and the one that says what it is made of."""

    sentence: str
    basis: str


@dataclass(frozen=True)
class Said:
    """The bar, the sentence behind it, and why some groups are missing."""

    chart: PositionBar | None
    finding: str
    quantiles: tuple[Quantile, ...]
    sentences: tuple[str, ...]
    missing: tuple[str, ...]
    beside: tuple[str, ...]  # lines of imported tables
    score: Score | None  # of the service itself, None under the floor
    counted: str = ""  # the day on which its figures were published


def face_word(face: int | None) -> str:
    """Return the word under a face."""
    return str(dict(FACES).get(str(face), ""))


def said(found: Standing, mine: int | None = None, opening: str = "") -> Said:
    """Return the words of ``found``; ``mine`` is the author's own face, ``opening`` its words."""
    sentences = tuple(sentence(level) for level in found.levels)
    quantiles = tuple(quantile_words(place) for place in found.places)
    finding = " ".join(
        part for part in (opening, *(q.sentence for q in quantiles), *sentences) if part
    )
    return Said(
        _bar(found.levels, mine),
        finding,
        quantiles,
        sentences,
        tuple(_why(scope, why) for scope, why in found.missing if _is_told(scope, why)),
        tuple(beside_words(each) for each in found.beside),
        found.score,
        counted_words(found.day),
    )


def counted_words(day: date | None) -> str:
    """Return on which day the figures of a service were published."""
    return str(_("Chiffres du %(day)s.", day=written_day(day, "d MMMM"))) if day else ""


def _bar(levels: Sequence[Level], mine: int | None) -> PositionBar | None:
    if not levels:
        return None
    ticks = [
        Tick(_("%(name)s :", name=short(level.scope)), level.score.mean, on_ten(level.score.mean))
        for level in levels
    ]
    if mine is not None:
        ticks.insert(0, Tick(_("vous :"), float(mine), face_word(mine), mine=True))
    return position_bar(ticks, 0, 10, (face_word(0), face_word(10)))


def short(scope: Scope) -> str:
    """Return the name of a group as the bar has room for it."""
    names = {
        Scope.SERVICE: _("ce service"),
        Scope.REGION: _("la région"),
        Scope.FRANCE: _("la France"),
    }
    return str(names[scope])


def _long(scope: Scope) -> str:
    names = {
        Scope.SERVICE: _("Ce service"),
        Scope.REGION: _("Services de même nature, région"),
        Scope.FRANCE: _("Services de même nature, France"),
    }
    return str(names[scope])


def on_ten(mean: float) -> str:
    """Return a mean on 10 as the reader writes it."""
    return number(round(mean, 1))


def sentence(level: Level) -> str:
    """Return the score of one group with its interval, its share and its retours."""
    return str(_("%(name)s : %(score)s", name=_long(level.scope), score=score_words(level.score)))


def score_words(score: Score) -> str:
    """Return the words of a score, without a name before them."""
    mean, low, high = (on_ten(value) for value in (score.mean, score.low, score.high))
    told = _("%(mean)s sur 10 (entre %(low)s et %(high)s).", mean=mean, low=low, high=high)
    return f"{told} {share_words(score.share_good, score.n)}"


def share_words(share: Any, n: int) -> str:
    """Return the share of the best face: the same words for citizens and for teams."""
    return str(_("« Très bien » : %(share)s sur 100, pour %(n)s retours.", share=share, n=n))


def quantile_words(place: Place) -> Quantile:
    """Return the quantile in hundredths, and what it is made of."""
    hundredths = {
        "value": round(100 * place.below.value),
        "low": round(100 * place.below.low),
        "high": round(100 * place.below.high),
    }
    if place.scope is Scope.REGION:
        told = _(
            "Sur 100 services de même nature dans la région, celui-ci fait mieux que %(value)d "
            "(entre %(low)d et %(high)d).",
            **hundredths,
        )
    else:
        told = _(
            "Sur 100 services de même nature en France, celui-ci fait mieux que %(value)d "
            "(entre %(low)d et %(high)d).",
            **hundredths,
        )
    return Quantile(str(told), _basis(place))


def _basis(place: Place) -> str:
    by_measure = {
        Measure.SHARE: _("Comparé sur la part de « Très bien »."),
        Measure.MEAN: _("Comparé sur la note moyenne."),
    }
    by_people = {
        (): _("Sans tenir compte de qui a répondu."),
        ("channel",): _("Le canal des retours est pris en compte."),
        ("age",): _("L’âge de ceux qui répondent est pris en compte."),
        ("channel", "age"): _("Le canal et l’âge sont pris en compte."),
    }
    made = ngettext(
        "Calculé avec %(num)d service qui a %(floor)d retours ou plus.",
        "Calculé avec %(num)d services qui ont %(floor)d retours ou plus.",
        place.units,
        floor=RATE_FLOOR,
    )
    parts = (made, by_measure[place.measure], by_people[place.adjusted])
    return " ".join(str(part) for part in parts)


def _is_told(scope: Scope, why: Why) -> bool:
    """Say whether a reason is worth a line: a service under the floor is told of once."""
    return why is not Why.TOO_FEW_RETOURS or scope is Scope.SERVICE


def _why(scope: Scope, why: Why) -> str:
    told = {
        Why.TOO_FEW_RETOURS: _(
            "Pour %(where)s, moins de %(floor)s retours se comparent. "
            "Aucun chiffre n’est montré : ainsi personne n’est reconnu.",
            where=short(scope),
            floor=RATE_FLOOR,
        ),
        Why.TOO_FEW_UNITS: _(
            "Pour %(where)s : moins de %(units)s services ont %(floor)s retours. "
            "Nous ne disons pas encore où celui-ci se situe.",
            where=short(scope),
            units=FEWEST_UNITS,
            floor=RATE_FLOOR,
        ),
        Why.ALL_ALIKE: _(
            "Pour %(where)s : tous les services reçoivent la même réponse. Aucun n’est mieux noté.",
            where=short(scope),
        ),
    }
    return str(told[why])
