"""The words that the pages of themes use for orders, facets, movements and shares."""

from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.web import written_day
from feedback.theme_counts import TREND_WEEKS, Counts, first_day
from feedback.theme_facets import OTHERS, Column, Facet
from feedback.theme_movement import Movement
from feedback.theme_splits import Split


class Sort(StrEnum):
    """The order of the list; the value stands in addresses."""

    SIZE = "taille"
    GROWTH = "progression"
    NAME = "nom"


SORT_NAMES = {
    Sort.SIZE: lazy_gettext("les plus gros d’abord"),
    Sort.GROWTH: lazy_gettext("ceux qui montent d’abord"),
    Sort.NAME: lazy_gettext("par nom"),
}
FACET_NAMES = {
    Facet.CHANNEL: lazy_gettext("canal"),
    Facet.ROLE: lazy_gettext("qui parle"),
    Facet.DEPARTEMENT: lazy_gettext("département"),
    Facet.REGION: lazy_gettext("région"),
    Facet.RELEASE: lazy_gettext("version"),
}
MOVEMENT_NAMES = {
    Movement.NEW: lazy_gettext("nouveau"),
    Movement.GROWING: lazy_gettext("en hausse"),
    Movement.FADING: lazy_gettext("en baisse"),
    Movement.STEADY: lazy_gettext("stable"),
}
MOVEMENT_MARKS = {
    Movement.NEW: "+",
    Movement.GROWING: "↗",
    Movement.FADING: "↘",
    Movement.STEADY: "→",
}


def week_names(day: date) -> tuple[str, ...]:
    """Return the first day of each week that the counts run over, in words."""
    start = first_day(day)
    return tuple(written_day(start + timedelta(weeks=n), "d MMM") for n in range(TREND_WEEKS))


def counts_words(counts: Counts) -> str:
    """Return the last four weeks against the four before, in words."""
    return str(
        _(
            "%(now)d en 4 semaines, %(before)d les 4 d’avant",
            now=counts.recent,
            before=counts.before,
        )
    )


def column_name(column: Column, facet: Facet) -> str:
    """Return what stands above a column of the split, or beside its bar."""
    if column.value == OTHERS:
        return str(_("autres"))
    return column.name or str(_("version inconnue") if facet is Facet.RELEASE else _("non précisé"))


def share_words(split: Split, value: str) -> tuple[str, str]:
    """Return a share and its count in words; two empty strings when they are hidden."""
    share = split.share(value)
    if share is None:
        return "", ""
    count = split.cells.get(value, 0)
    return (str(_("%(percent)d %%", percent=round(share))), str(count)) if count else ("0", "")
