"""What is new in a team's edition since the one before, and what changed its state meanwhile.

Two stored contents are compared by their ids: what readers were told last time is what counts.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.catalogue import Service
from app.db import db
from app.digest_items import Content, Item
from app.editions import Edition
from app.periods import Period
from app.subscriptions import Audience

KINDS = ("themes", "signals", "commitments", "proposals")  # lists of lines that have an id
LATE = "late"  # stands for those who wait beyond the clock


def edition_before(service: Service, frequency: str, period: Period) -> Edition | None:
    """Return the last edition of the team of ``service`` that was sent before ``period``."""
    sent = select(Edition).where(
        Edition.audience == Audience.TEAM,
        Edition.about == f"service-{service.id}",
        Edition.frequency == frequency,
        Edition.start < period.start,
        Edition.skipped == "",
    )
    return db.session.scalar(sent.order_by(Edition.start.desc()).limit(1))


def news(content: Content, before: Edition | None) -> Content | None:
    """Return what ``content`` tells that ``before`` did not, by id; None for a first edition."""
    if before is None:
        return None
    told, now = dict(_states(before.content)), dict(_states(content))
    known = [kind for kind in KINDS if kind in before.content]  # an older one kept fewer lists
    comparable = {line["id"] for kind in known for line in content[kind]} | {LATE}
    return {
        "new": [each for each in now if each in comparable and each not in told],
        "changed": [each for each in now if each in told and told[each] != now[each]],
        "start": before.start.isoformat(),
        "end": before.end.isoformat(),
    }


def _states(content: Content) -> Iterator[tuple[str, str]]:
    """Yield each line that may be new, with the state it stands in."""
    if content["waits"]["late"]:
        yield LATE, ""
    for kind in KINDS:
        for line in content.get(kind, []):
            yield line["id"], line.get("state", "")


def marked(item: Item, content: Content, key: str) -> Item:
    """Return ``item`` with a word before it where it is new, or changed, since last time."""
    since = content.get("news") or {"new": [], "changed": []}
    if key in since["new"]:
        word = _("Nouveau.")
    elif key in since["changed"]:
        word = _("Changé.")
    else:
        return item
    return replace(item, lead=f"{word} {item.lead}".strip())


def since_words(content: Content) -> list[Item]:
    """Return since when a line is new, where one of them is."""
    since = content.get("news")
    if not since or not (since["new"] or since["changed"]):
        return []
    period = Period(date.fromisoformat(since["start"]), date.fromisoformat(since["end"])).words(
        str(get_locale() or "fr")
    )
    words = _("« Nouveau » et « Changé » : depuis la synthèse d’avant (%(period)s).", period=period)
    return [Item(words=words)]
