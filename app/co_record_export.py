"""The record as a file to share: JSON (docs/record-schema.json), PDF, a page that stands alone.

No export names a person, and none orders people; what it holds is what its page shows.
"""

import json
from typing import Any

from flask import render_template
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from app.co_record import Record
from app.co_record_steps import Step
from app.co_record_words import ToldChain, told_chains
from app.config import ROOT
from app.web import written_day
from feedback.typeset import pdf_from

VERSION = 1  # of the JSON's shape
STYLE = ROOT / "static/record-file.css"  # copied into the HTML file, which the site never shows
TYPES = {"json": "application/json", "pdf": "application/pdf", "html": "text/html"}


def as_json(record: Record, floor: int) -> str:
    """Return ``record`` as JSON text; its shape is ``docs/record-schema.json``."""
    chains = told_chains(record, floor)
    said = {
        "version": VERSION,
        "service": record.service.slug,
        "name": record.service.name,
        "day": record.day.isoformat(),
        "audience": "public" if record.is_public else "team",
        "chains": [_chain(each) for each in chains],
        "releases_without_chain": [each.number for each in record.loose.releases],
        "groups_without_proposal": [
            {"session": room.title, "group": group.title} for room, group in record.loose.groups
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _chain(chain: ToldChain) -> dict[str, Any]:
    return {
        "id": chain.id,
        "title": chain.title,
        "release": chain.release,
        "steps": [_json_step(step) for step in chain.steps],
    }


def _json_step(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "day": step.day.isoformat() if step.day else None,
        "lines": list(step.lines),
        "missing": step.lack,
    }


def as_pdf(record: Record, floor: int) -> bytes:
    """Return ``record`` as a tagged PDF, made on this machine."""
    chains = [
        {
            "title": chain.title,
            "steps": [
                {
                    "name": step.name,
                    "day": written_day(step.day) if step.day else "",
                    "lines": list(step.lines),
                    "missing": _missing(step),
                }
                for step in chain.steps
            ],
        }
        for chain in told_chains(record, floor)
    ]
    said = {
        "language": str(get_locale()),
        "title": _("Registre de co-construction"),
        "service": record.service.name,
        "printed": _("Imprimé le %(day)s", day=written_day(record.day)),
        "chains": chains,
        "empty": "" if chains else _("Rien n’y figure encore."),
        "loose_title": _("Ce qui n’est dans aucune chaîne"),
        "loose": _loose(record),
    }
    return pdf_from("record.typ", said, record.day)


def _loose(record: Record) -> list[str]:
    groups = [f"{group.title} ({room.title})" for room, group in record.loose.groups]
    releases = [str(_("Version %(number)s", number=each.number)) for each in record.loose.releases]
    return [*groups, *releases]


def _missing(step: Step) -> str:
    return str(_("Manque : %(what)s", what=step.lack)) if step.missing else ""


def as_html(record: Record, floor: int) -> str:
    """Return ``record`` as a page that needs no other file."""
    chains = told_chains(record, floor)
    ours = Markup(STYLE.read_text("utf-8"))  # nosec B704: a file of the code
    style = Markup("<style>\n{}</style>").format(ours)
    return render_template("record/registry_export.html", record=record, chains=chains, style=style)


def exported(record: Record, form: str, floor: int) -> str | bytes:
    """Return ``record`` in ``form``: json, pdf or html."""
    if form == "pdf":
        return as_pdf(record, floor)
    return as_json(record, floor) if form == "json" else as_html(record, floor)
