"""What the columns of a reference table mean: names known in French and English, and the choice."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from feedback.models import Scale

NAMES = {
    "level": lazy_gettext("Niveau : France, région, département ou unité"),
    "name": lazy_gettext("Nom de l’unité"),
    "place": lazy_gettext("Région ou département"),
    "n": lazy_gettext("Nombre de réponses"),
    "value": lazy_gettext("Valeur : note, part ou score"),
    "bad": lazy_gettext("Nombre de « Pas bien »"),
    "fair": lazy_gettext("Nombre de « Moyen »"),
    "good": lazy_gettext("Nombre de « Très bien »"),
}
ALIASES = {
    "level": ("niveau", "level", "type", "maille", "echelon"),
    "name": ("nom", "name", "unite", "unit", "etablissement", "service", "raison sociale", "rs"),
    "place": (
        "region",
        "departement",
        "territoire",
        "place",
        "territory",
        "code",
        "code departement",
        "code region",
        "dep",
    ),
    "n": (
        "n",
        "effectif",
        "reponses",
        "nombre de reponses",
        "nb reponses",
        "nb rep",
        "answers",
        "responses",
        "count",
        "retours",
    ),
    "value": (
        "note",
        "moyenne",
        "score",
        "part",
        "valeur",
        "mean",
        "share",
        "value",
        "tres bien",
        "score ajuste",
        "note moyenne",
        "part de tres bien",
    ),
    "bad": ("pas bien", "bad", "mauvais"),
    "fair": ("moyen", "fair", "middling"),
    "good": ("tres bien", "good", "bien"),
}
ONLY = {Scale.FACES: ("bad", "fair", "good")}  # every other scale has one value


def wanted(scale: str) -> list[str]:
    """Return the meanings that a table of ``scale`` may have, in the order of the page."""
    if scale == Scale.FACES:
        return ["level", "name", "place", "bad", "fair", "good"]
    return ["level", "name", "place", "n", "value"]


def needed(scale: str) -> list[str]:
    """Return the meanings without which nothing can be read."""
    return ["bad", "fair", "good"] if scale == Scale.FACES else ["n", "value"]


def plain(heading: str) -> str:
    """Return a heading without case, accents and punctuation, cut to what a heading can hold."""
    flat = unicodedata.normalize("NFKD", heading[:80].casefold())
    letters = "".join(c for c in flat if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def guess(headings: Sequence[str], scale: str) -> dict[str, int]:
    """Return which column each meaning is probably in; a column serves once."""
    found: dict[str, int] = {}
    names = [plain(heading) for heading in headings]
    for meaning in wanted(scale):
        for alias in ALIASES[meaning]:
            if alias in names and names.index(alias) not in found.values():
                found[meaning] = names.index(alias)
                break
    return found


def check(chosen: Mapping[str, int], scale: str, width: int) -> dict[str, str]:
    """Return a sentence for each meaning whose column is missing, unknown or taken twice."""
    faults: dict[str, str] = {}
    for meaning in wanted(scale):
        column = chosen.get(meaning)
        if column is None:
            if meaning in needed(scale):
                faults[meaning] = str(_("Dites dans quelle colonne c’est."))
        elif not 0 <= column < width:
            faults[meaning] = str(_("Cette colonne n’existe pas dans le fichier."))
        elif list(chosen.values()).count(column) > 1:
            faults[meaning] = str(_("Cette colonne est choisie deux fois."))
    return faults
