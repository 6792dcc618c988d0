"""An edition as a tagged PDF for a meeting: what its page says, and charts beside their tables."""

import json
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from itertools import compress
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.digest_items import Item
from app.digest_mails import absolute
from app.edition_charts import charts_of
from app.edition_words import quotes_of, sections_of, title_of, voices_of
from app.editions import Edition
from app.periods import Period
from app.said import as_said
from app.web import written_day
from feedback.masked_text import pieces
from feedback.representativeness_figures import Figures
from feedback.typeset import pdf_from


def pdf_of(edition: Edition, day: date, preview: bool = False) -> bytes:
    """Return ``edition`` as a PDF in the reader's language; ``day`` is that of its making.

    Args:
        preview: nothing is stored under an address; each page says so.
    """
    return _file(json.dumps(_said(edition) | _ending(edition, preview)), day)


@lru_cache(maxsize=16)  # anybody may ask for a public one; the same words give the same file
def _file(said: str, day: date) -> bytes:
    return pdf_from("edition.typ", json.loads(said), day)


def _said(edition: Edition) -> dict[str, Any]:
    locale = str(get_locale() or "fr")
    period = Period(edition.start, edition.end).words(locale)
    service = edition.service
    return {
        "language": locale,
        "title": title_of(edition),
        "about": ", ".join(([as_said(service.name)] if service else []) + [period]),
        "sections": [
            {
                "title": section.title,
                "numbered": section.numbered,
                "items": [_line(item, section.has_doors) for item in section.items],
            }
            for section in sections_of(edition)
        ],
        "charts": [asdict(chart) for chart in charts_of(edition)],
        "voices": _voices(edition),
        "quotes_title": _("Des mots publiés"),
        "quotes": ["".join(words for words, _kind in pieces(text)) for text in quotes_of(edition)],
    }


def _ending(edition: Edition, preview: bool) -> dict[str, str]:
    """Return what stands at the end: the day and the page; over a preview, what it is."""
    day = written_day(edition.composed)
    if not preview:
        address = absolute("digests.edition", edition_id=edition.id)
        return {"preview": "", "composed": _("Composée le %(day)s.", day=day), "address": address}
    words = _(
        "Aperçu du %(day)s : rien n’est gardé ni envoyé. Les nombres peuvent changer.", day=day
    )
    return {"preview": _("Aperçu"), "composed": words, "address": ""}


def _line(item: Item, has_door: bool) -> tuple[str, str, str]:
    """Return what paper prints of an item: its words, and where to go for a line that leads on."""
    door = absolute(item.endpoint, **item.values) if has_door and item.endpoint else ""
    return item.lead, item.words, door


def _voices(edition: Edition) -> dict[str, Any] | None:
    """Return who spoke: sentences, and each table as rows; no such part in a role's edition."""
    if edition.is_of_role:
        return None
    voices = voices_of(edition)
    parts = voices.warning, voices.summary, voices.missing, voices.unsaid, voices.weighted
    return {
        "title": _("Qui a parlé"),
        "sentences": [part for part in parts if part],
        "tables": [_table(each) for each in voices.tables],
    }


def _table(table: Figures) -> dict[str, Any]:
    """Return one facet as rows, with the columns that say something."""
    kept = [True, True, table.has_shares, bool(table.public)]
    lines = [
        [table.title, _("Retours"), _("Part, entre"), _("Public")],
        *([row.words, str(row.retours), row.share, row.public] for row in table.rows),
    ]
    head, *rows = (list(compress(line, kept)) for line in lines)
    return {"head": head, "rows": rows, "note": table.note}
