"""What a team edition says of the loop itself, and of the site where something is late."""

from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import ngettext

from app.digest_items import Content, Item
from app.floors import RATE_FLOOR
from app.job_names import JOB_NAMES
from app.job_runs import MAILS

HOUR = 60  # minutes


def loop_items(content: Content, slug: str) -> list[Item]:
    """Return how the loop turns; nothing in an edition that was composed before it was counted."""
    loop = content.get("loop")
    if not loop:
        return []
    shares = (
        (_("Réponses dans le délai :"), loop["in_time"], loop["clocks"], ""),
        (_("Engagements tenus à leur date :"), loop["kept"], loop["promised"], ""),
        (_("Changements confirmés par les auteurs :"), loop["confirmed"], loop["changes"],
         _reopened(loop["reopened"])),
    )  # fmt: skip
    items = [
        Item(lead, f"{_share(part, whole)} {more}".strip())
        for lead, part, whole, more in shares
        if whole
    ]
    if loop["median_days"] is not None:
        items.insert(0, _first_answer(round(loop["median_days"])))
    if items:
        label = _("Ce que le public en lit")
        items[-1] = replace(items[-1], endpoint="record.board", values={"slug": slug}, label=label)
    return items


def _first_answer(days: int) -> Item:
    words = ngettext(
        "%(num)s jour, pour la moitié des retours.",
        "%(num)s jours ou moins, pour la moitié des retours.",
        days,
    )
    return Item(_("Première réponse :"), words)


def _share(part: int, whole: int) -> str:
    """Return a part of a whole; a rate too where enough stand behind it."""
    if whole < RATE_FLOOR:
        return _("%(part)d sur %(whole)d.", part=part, whole=whole)
    rate = round(100 * part / whole)
    return _("%(part)d sur %(whole)d, soit %(rate)d sur 100.", part=part, whole=whole, rate=rate)


def _reopened(count: int) -> str:
    return ngettext("%(num)s rouvert.", "%(num)s rouverts.", count) if count else ""


def late_items(content: Content) -> list[Item]:
    """Return what was late on the site as the edition was composed: its numbers may lack some."""
    late = content.get("late") or {}
    return [Item(_named(kind), _delay(minutes)) for kind, minutes in late.items()]


def _named(kind: str) -> str:
    if kind == MAILS:
        return _("Courriels qui attendent :")
    return _("« %(job)s » :", job=JOB_NAMES.get(kind, kind))


def _delay(minutes: int) -> str:
    if minutes < 2 * HOUR:
        return ngettext("%(num)d minute de retard.", "%(num)d minutes de retard.", minutes)
    hours = round(minutes / HOUR)
    return ngettext("%(num)d heure de retard.", "%(num)d heures de retard.", hours)
