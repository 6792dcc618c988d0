"""The effect of a release on one theme, in words: eight weeks after against eight before.

It names no cause: the sentence on other possible causes always stands with it (model.md §1).
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.catalogue import Release
from app.said import as_said
from app.web import written_day
from feedback.models import Theme
from feedback.period_choice import DAY, EIGHT_WEEKS, around
from feedback.period_page import release_words, score_in_words, share_in_words
from feedback.periods import Line, compare_theme


@dataclass(frozen=True)
class Effect:
    """What may be said of the theme around the release, or why nothing can be yet."""

    sentences: tuple[str, ...]
    missing: str  # "" once it is measured over all eight weeks


def effect_of(release: Release, theme: Theme, day: date, floor: int = 1) -> Effect:
    """Return the effect as it stands on ``day``; ``floor`` for who is not of the team."""
    end = release.day + EIGHT_WEEKS
    if day <= release.day:
        return Effect((), str(_("La version n’est pas encore sortie.")))
    line = compare_theme(theme, around(release, day), floor)
    if line is None or line.rates is None:
        return Effect((), str(_("Trop peu de retours autour de la version pour le dire.")))
    missing = ""
    if day < end - DAY:
        missing = str(_("Mesure en cours : complète le %(day)s.", day=written_day(end)))
    return Effect((*_sentences(line), release_words(release)), missing)


def _sentences(line: Line) -> list[str]:
    if line.rates is None:
        return []
    shares = share_in_words(line.rates.before), share_in_words(line.rates.after)
    told = [
        _(
            "Part du thème « %(theme)s » : %(before)s avant, %(after)s après.",
            theme=as_said(line.theme.name),
            before=shares[0],
            after=shares[1],
        )
    ]
    if line.before.score and line.after.score:
        told.append(
            _(
                "Note sur 10 : %(before)s avant, %(after)s après.",
                before=score_in_words(line.before.score),
                after=score_in_words(line.after.score),
            )
        )
    return [str(each) for each in told]
