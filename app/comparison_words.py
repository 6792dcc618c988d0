"""Where a service stands, as its team's edition keeps and says it.

The figures and sentences are those of the page of scores (``feedback/standing.py``): nothing is
told where the page shows no number.
"""

from dataclasses import asdict, replace
from datetime import date

from flask_babel import gettext as _

from app.digest_items import Content, Item
from feedback.ratings import Score
from feedback.standing import Level, Measure, Place, Scope, Standing
from feedback.standing_words import said
from nlp.comparison import Interval


def kept(found: Standing) -> Content | None:
    """Return ``found`` as plain values, or None under the floor or without anybody beside it."""
    if found.score is None or not (found.places or len(found.levels) > 1):
        return None
    return {
        "score": asdict(found.score),
        "levels": [asdict(each) for each in found.levels],
        "places": [asdict(each) for each in found.places],
        "day": found.day.isoformat() if found.day else "",
    }


def comparison_items(content: Content, slug: str) -> list[Item]:
    """Return how the service compares; nothing in an edition from before it was told."""
    if not content.get("standing"):
        return []
    told = said(_standing(content["standing"]))
    items = [Item(each.sentence, each.basis) for each in told.quantiles]
    items += [Item(words=each) for each in told.sentences]
    words = " ".join(part for part in (items[-1].words, told.counted) if part)
    link = {"slug": slug}
    label = _("Voir la comparaison")
    items[-1] = replace(items[-1], words=words, endpoint="scores.scores", values=link, label=label)
    return items


def _standing(values: Content) -> Standing:
    """Return what was kept, as the words ask for it."""
    levels = [Level(Scope(each["scope"]), Score(**each["score"])) for each in values["levels"]]
    places = [
        Place(
            Scope(each["scope"]),
            Interval(**each["below"]),
            each["units"],
            Measure(each["measure"]),
            tuple(each["adjusted"]),
        )
        for each in values["places"]
    ]
    day = date.fromisoformat(values["day"]) if values["day"] else None
    return Standing(Score(**values["score"]), tuple(levels), tuple(places), (), (), day)
