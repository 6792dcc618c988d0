"""The report of a signal as a tagged PDF, made on this machine (docs/decisions/0015).

The library carries its fonts: the same bytes everywhere, and nothing is installed beside it.
"""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from flask_babel import gettext as _

from feedback.report import Report

LAYOUT = Path(__file__).parent / "data" / "report.typ"


def pdf_of(report: Report, day: date) -> bytes:
    """Return ``report`` as PDF; ``day`` is what the file says of its making."""
    import typst  # half of its weight is fonts: only who prints pays for it

    said = asdict(report) | {
        "printed": _("Imprimé le %(day)s", day=report.day),
        "by_hand": _("À remplir à la main"),
    }
    made: bytes = typst.compile(
        str(LAYOUT),
        format="pdf",
        sys_inputs={"report": json.dumps(said)},
        pdf_standards="ua-1",  # a structure, a language and a title that a screen reader finds
        ignore_system_fonts=True,
        timestamp=int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
    )
    return made
