"""The report of a session as files: Markdown and a tagged PDF to read, CSV and JSON to count.

None holds a name, a phone or a moment; words are printed as words, whatever they look like.
"""

import csv
import io
import json
import re
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from feedback.csv_files import harmless
from feedback.typeset import pdf_from
from workshops.ballot import Standing
from workshops.groups import Row
from workshops.models import Card
from workshops.opinions import CHOICES, WORDS_QUESTION
from workshops.report import Report
from workshops.report_words import facts, plain, told_groups, told_opinions, who_spoke

VERSION = 2  # of the JSON's shape, docs/session-schema.json
TYPES = {
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
COLUMNS = (
    "group",
    "group_name",
    "decision",
    "place",
    "dots",
    "voters",
    "prompt",
    "card",
    "paper",
    "times",
    "with_group",
    "carrier",
)
_LIVE = re.compile(r"([\\`*_\[\]<>|&#~])")
_LIST = re.compile(r"^([-+]|\d+(?=[.)]))")


def exported(report: Report, form: str) -> str | bytes:
    """Return ``report`` in ``form``, one of ``TYPES``."""
    writers: dict[str, Any] = {"pdf": as_pdf, "md": as_markdown, "csv": as_csv, "json": as_json}
    made: str | bytes = writers[form](report)
    return made


def _dead(words: str) -> str:
    """Return ``words`` on one line, so that Markdown reads none of it as its own."""
    line = _LIVE.sub(r"\\\1", " ".join(words.split()))
    return _LIST.sub(lambda found: _kept(found[1]), line)


def _kept(start: str) -> str:
    """Return what would start a list, so that it starts none: « \\- » or « 1\\ »."""
    return f"\\{start}" if start in "-+" else f"{start}\\"


def as_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    lines = [f"# {_dead(report.workshop.title)}", ""]
    lines += [f"- **{name}** : {_dead(value)}" for name, value in facts(report)]
    lines += ["", _dead(who_spoke()), "", f"## {_title_of_groups()}"]
    for number, told in enumerate(told_groups(report), 1):
        lines += ["", f"### {number}. {_dead(told.name)}", ""]
        lines += [f"- {_dead(card)}" for card in told.cards]
        lines += ["", *(f"{_dead(line)}  " for line in told.lines)]
    for title, said in _further(report):
        lines += ["", f"## {title}", "", *(f"- {_dead(line)}" for line in said)]
    return "\n".join(lines) + "\n"


def _title_of_groups() -> str:
    return str(_("Ce que la salle a dit, dans l’ordre des votes"))


def _further(report: Report) -> list[tuple[str, list[str]]]:
    """Return what follows the groups: the opinions and the notes, where there are some."""
    notes = [plain(line) for line in report.workshop.notes.splitlines() if line.strip()]
    words = [plain(each) for each in report.opinions.words]
    found = [
        (str(_("L’avis des participants")), told_opinions(report)),
        (str(WORDS_QUESTION), words),
        (str(_("Notes de la personne qui a animé")), notes),
    ]
    return [(title, lines) for title, lines in found if lines]


def as_pdf(report: Report) -> bytes:
    """Return the report as a tagged PDF, made on this machine."""
    said = {
        "language": str(get_locale()),
        "title": report.workshop.title,
        "kind": _("Compte rendu de séance"),
        "facts": facts(report),
        "who": who_spoke(),
        "heading": _title_of_groups(),
        "groups": [
            {"name": told.name, "cards": told.cards, "lines": told.lines}
            for told in told_groups(report)
        ],
        "empty": _("La séance s’est close sans idée."),
        "further": [{"title": title, "lines": lines} for title, lines in _further(report)],
    }
    return pdf_from("session.typ", said, report.workshop.closed or report.workshop.day)


def as_csv(report: Report) -> str:
    """Return one line for each card, as a spreadsheet opens it: no cell is a formula."""
    out = io.StringIO(newline="")
    writer: Any = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    numbers = {row.group.id: number for number, row in enumerate(report.board.rows, 1)}
    for number, row in enumerate(report.board.rows, 1):
        host = report.hosts.get(row.group.id)
        tail = [numbers[host.group.id] if host else "", harmless(plain(row.group.carrier))]
        standing = (report.board.standings or {})[row.group.id]
        for card in row.cards:
            writer.writerow([*_csv_line(number, row, standing, card, report), *tail])
    for card in report.board.cards:
        writer.writerow(["", "", "", "", 0, 0, *_csv_card(card, report), "", ""])
    return "\ufeff" + out.getvalue()


def _csv_line(number: int, row: Row, standing: Standing, card: Card, report: Report) -> list[Any]:
    name = harmless(plain(row.group.title))
    place = standing.place or ""
    head = [number, name, row.group.decision, place, standing.dots, standing.voters]
    return [*head, *_csv_card(card, report)]


def _csv_card(card: Card, report: Report) -> list[Any]:
    prompt = report.workshop.prompts[card.prompt]
    return [harmless(prompt), harmless(plain(card.text)), int(card.paper), card.doubles + 1]


def as_json(report: Report) -> str:
    """Return the report as JSON text; its shape is ``docs/session-schema.json``."""
    room, found = report.workshop, report.opinions
    said = {
        "version": VERSION,
        "title": room.title,
        "service": room.service.slug,
        "day": room.day.isoformat(),
        "kept_until": report.kept_until.isoformat(),
        "prompts": list(room.prompts),
        "votes_each": room.votes_each,
        "votes_per_group": room.votes_per_group,
        "phones": report.phones,
        "hidden_cards": report.hidden_cards,
        "groups": [_json_group(row, report) for row in report.board.rows],
        "cards_without_group": [_json_card(card) for card in report.board.cards],
        "opinions": {
            "count": found.count,
            "answers": {
                name: {key: counts[key] for key in CHOICES}
                for name, counts in found.answers.items()
            },
            "words": list(found.words),
        },
        "notes": room.notes,
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _json_group(row: Row, report: Report) -> dict[str, Any]:
    standing = (report.board.standings or {})[row.group.id]
    proposal = report.proposals.get(row.group.id)
    host = report.hosts.get(row.group.id)
    return {
        "id": row.group.id,
        "name": row.group.title,
        "decision": row.group.decision,
        "place": standing.place,
        "tied": standing.tied,
        "dots": standing.dots,
        "voters": standing.voters,
        "with": host.group.id if host else None,
        "carrier": row.group.carrier,
        "thread": report.said_of(row),
        "cards": [_json_card(card) for card in row.cards],
        "proposal": {"state": proposal.state, "answer": proposal.answer} if proposal else None,
    }


def _json_card(card: Card) -> dict[str, Any]:
    times = card.doubles + 1
    return {"prompt": card.prompt, "text": card.text, "paper": card.paper, "times": times}
