"""The menu of the team's pages: what an account may open, and how much waits there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _

from app.access import Verb, may
from app.accounts import Account
from app.days import today
from app.desk import reader_of
from app.desk_filters import View
from app.desk_lists import count
from feedback.moderation_queue import waiting_count


@dataclass(frozen=True)
class Entry:
    """One entry: its words, its page, who sees it and which endpoints stand under it."""

    label: Any
    endpoint: str
    verbs: tuple[Verb, ...]
    under: tuple[str, ...]


def _to_answer(account: Account) -> int:
    if not may(account, Verb.ANSWER):
        return 0
    return count(reader_of(account, today()), View.TO_ANSWER)


COUNTS: dict[str, Callable[[Account], int]] = {
    "desk.inbox": _to_answer,
    "moderation.queue": lambda account: waiting_count(today()),
}
_RETOURS = ("desk.inbox", "feedback_desk.thread", "feedback_desk.answer", "feedback_desk.commit")
_PROMISES = (
    "feedback_desk.commitments",
    "feedback_desk.commitment",
    "feedback_desk.announce",
    "feedback_desk.drop",
)
# Lessons and evaluations stand last: who comes in lands on a page of work. A team finds both on the
# page of notes: its own menu is full.
_AROUND = (Verb.KEEP_LOG, Verb.MODERATE, Verb.QUALIFY, Verb.ADMINISTER)
_PROPOSALS = ("workshops_desk.proposal", "workshops_desk.answer")
MENU = (
    Entry(_("Retours"), "desk.inbox", (Verb.READ,), _RETOURS),
    Entry(_("Écrire pour quelqu’un"), "mediation.services", (Verb.SEND_FOR,), ("mediation.",)),
    Entry(_("Modération"), "moderation.queue", (Verb.MODERATE,), ("moderation.",)),
    Entry(_("Engagements"), "feedback_desk.commitments", (Verb.ANSWER,), _PROMISES),
    Entry(_("Thèmes"), "themes.index", (Verb.READ_THEMES,), ("themes.", "theme_edits.")),
    Entry(_("Sujets"), "subjects.index", (Verb.ARRANGE_SUBJECTS,), ("subjects.",)),
    Entry(
        _("Signaux"),
        "vigilance.signals",
        (Verb.READ_SIGNALS,),
        ("vigilance.", "known_effects.", "routing.", "watches."),
    ),
    Entry(_("Notes"), "scores.index", (Verb.READ_INDICATORS,), ("scores.",)),
    Entry(_("Usage réel"), "usage.index", (Verb.READ_INDICATORS,), ("usage.",)),
    Entry(_("Territoire"), "territory.index", (Verb.KEEP_LOG,), ("territory.",)),
    Entry(
        _("Ateliers"),
        "workshops_desk.index",
        (Verb.READ_SESSIONS, Verb.RUN_SESSIONS),
        ("workshops_desk.",),
    ),
    Entry(_("Propositions"), "workshops_desk.proposals", (Verb.ANSWER_PROPOSALS,), _PROPOSALS),
    Entry(_("Registre"), "record.registries", (Verb.ANSWER_PROPOSALS,), ("record.registr",)),
    Entry(
        _("Synthèses"),
        "digests.editions",
        (Verb.ANSWER, Verb.QUALIFY, Verb.RUN_SESSIONS, Verb.KEEP_LOG),
        ("digests.edition", "digests.my_mails", "digests.preview"),
    ),
    Entry(
        _("Réglages"), "settings.services", (Verb.CONFIGURE,), ("settings.service", "settings.new")
    ),
    Entry(
        _("Publics de référence"),
        "settings.margins",
        (Verb.ADMINISTER,),
        ("settings.margins", "settings.remove_margin"),
    ),
    Entry(_("Tables de référence"), "references.index", (Verb.ADMINISTER,), ("references.",)),
    Entry(_("Autorités"), "routing.doors", (Verb.ADMINISTER,), ("routing.doors",)),
    Entry(
        _("Feuilles de suivi"),
        "settings.sheets",
        (Verb.ADMINISTER,),
        ("settings.sheets", "settings.print_sheets"),
    ),
    Entry(_("Comptes"), "settings.accounts", (Verb.ADMINISTER,), ("settings.accounts",)),
    Entry(_("État du site"), "settings.health", (Verb.ADMINISTER,), ("settings.health",)),
    Entry(
        _("Leçons"), "lessons.index", (*_AROUND, Verb.RUN_SESSIONS, Verb.SEND_FOR), ("lessons.",)
    ),
    Entry(_("Évaluations"), "evaluations.index", _AROUND, ("evaluations.",)),
)


def entries_of(account: Account) -> list[Entry]:
    """Return the entries that ``account`` may open, in the order of the menu."""
    return [entry for entry in MENU if any(may(account, verb) for verb in entry.verbs)]


def menu(account: Account, endpoint: str) -> list[tuple[str, str, bool, int]]:
    """Return (label, address, is_current, count) for each entry that ``account`` may open."""
    entries = entries_of(account)
    current = _current(entries, endpoint)
    return [
        (
            str(entry.label),
            url_for(entry.endpoint),
            entry is current,
            COUNTS[entry.endpoint](account) if entry.endpoint in COUNTS else 0,
        )
        for entry in entries
    ]


def _current(entries: list[Entry], endpoint: str) -> Entry | None:
    """The entry of the page itself, else the one with the longest stem of its endpoint."""
    for entry in entries:
        if entry.endpoint == endpoint:
            return entry
    found = [
        (max((len(stem) for stem in entry.under if endpoint.startswith(stem)), default=0), index)
        for index, entry in enumerate(entries)
    ]
    best, index = max(found, default=(0, 0), key=lambda pair: (pair[0], -pair[1]))
    return entries[index] if best else None
