"""The report of a signal as a tagged PDF, made on this machine (docs/decisions/0015)."""

from dataclasses import asdict
from datetime import date

from flask_babel import gettext as _

from feedback.report import Report
from feedback.typeset import pdf_from


def pdf_of(report: Report, day: date) -> bytes:
    """Return ``report`` as PDF; ``day`` is what the file says of its making."""
    said = asdict(report) | {
        "printed": _("Imprimé le %(day)s", day=report.day),
        "by_hand": _("À remplir à la main"),
    }
    return pdf_from("report.typ", said, day)
