"""The steps of a qualification in words: from, to, by whom, why, and what was said of it then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.db import db
from app.said import as_said
from feedback.models import Signal, SignalLink, SignalNote
from feedback.signal_words import EFFECT_NAMES, LINK_NAMES, STATE_NAMES, UNEXPECTED_NAMES


@dataclass(frozen=True)
class Step:
    """One step, ready to print."""

    day: date
    move: str
    who: str
    reason: str
    said: tuple[str, ...]
    done: str  # what was done, written for the public
    merged_id: str  # the signal that it was merged into, or that was merged into it
    merged_name: str


def steps(notes: Sequence[SignalNote]) -> list[Step]:
    """Return ``notes`` in words, in the same order."""
    return [_step(note) for note in notes]


def _step(note: SignalNote) -> Step:
    said = note.answers or {}
    other = db.session.get(Signal, said.get("merged_into") or said.get("merged") or "")
    return Step(
        note.day,
        _move(note),
        note.organisation,
        note.reason,
        tuple(_said(said)),
        str(said.get("done", "")),
        other.id if other else "",
        other.name if other else "",
    )


def _move(note: SignalNote) -> str:
    if (note.answers or {}).get("merged"):
        return str(_("un autre signal y est réuni"))
    if note.from_state == note.to_state:
        return str(STATE_NAMES[note.to_state])
    return f"{STATE_NAMES[note.from_state]} → {STATE_NAMES[note.to_state]}"


def _said(said: dict[str, Any]) -> list[str]:
    lines = []
    if said.get("unexpected", "unknown") != "unknown":
        lines.append(_("Inattendu : %(answer)s", answer=UNEXPECTED_NAMES[said["unexpected"]]))
    if said.get("effect", "unknown") != "unknown":
        lines.append(_("Effet : %(answer)s", answer=EFFECT_NAMES[said["effect"]]))
    if said.get("link", SignalLink.UNCLEAR) != SignalLink.UNCLEAR:
        lines.append(_("Lien avec le service : %(answer)s", answer=LINK_NAMES[said["link"]]))
    if said.get("release"):
        lines.append(_("Depuis la version %(number)s", number=said["release"]))
    if said.get("how_many") is not None:
        count = int(said["how_many"])
        lines.append(ngettext("%(num)d retour le montre", "%(num)d retours le montrent", count))
    if said.get("known_effect"):
        lines.append(_("Effet connu : « %(name)s »", name=as_said(said["known_effect"])))
    return [str(line) for line in lines]
