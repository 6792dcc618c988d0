"""What people do to one theme: name it, lock it; and what an author does: contest it.

Two themes, or a theme and its part, are ``theme_merges.py``; messages ``theme_moves.py``; what is
undone ``theme_undo.py``. All survives every refresh.
"""

from datetime import date

from app import traces
from app.db import db
from app.traces import AUTHOR, Actor
from feedback.models import Feedback, PlacedBy, Theme
from feedback.theme_centres import typical_of
from feedback.theme_ledger import PERSON, Ledger, note
from feedback.theme_refusals import EmptyName, Reason, Refused, checked_name
from feedback.theme_words import leave
from feedback.themes import placements_of

NOT_MEANT, MEANT = "not meant", "meant after all"  # the journal's verbs

__all__ = [
    "EmptyName",
    "contest",
    "is_contested",
    "lock",
    "note_birth",
    "rename",
    "standing",
    "take_back",
    "unlock",
]


def standing(*themes: Theme) -> None:
    """Raise ``Refused`` when one of ``themes`` has ended or they are of two services."""
    if any(theme.ended for theme in themes):
        raise Refused(Reason.ENDED)
    if len({theme.service_id for theme in themes}) > 1:
        raise Refused(Reason.OTHER_SERVICE)


def rename(theme: Theme, name: str, day: date, actor: Actor) -> None:
    """Give ``theme`` a person's name; no run will change it. Raise ``EmptyName`` on a blank one."""
    name = checked_name(name)
    standing(theme)
    if theme.named_by_person and theme.name == name:
        return
    ledger, detail = Ledger(), f"{theme.name} → {name}"
    if theme.named_by_person:
        ledger.put(theme, name=name)
    else:
        # A machine's title may quote a message: it stands in the detail alone, where erasing looks.
        ledger.write(theme, {"named_by_person": False}, {"named_by_person": True, "name": name})
        theme.name, theme.named_by_person = name, True
    ledger.close(theme, "renamed", actor, day, detail)


def lock(theme: Theme, day: date, actor: Actor) -> None:
    """Keep every run from taking messages out of ``theme``, renaming it or ending it."""
    _set_lock(theme, True, day, actor)


def unlock(theme: Theme, day: date, actor: Actor) -> None:
    """Let the runs arrange ``theme`` again."""
    _set_lock(theme, False, day, actor)


def _set_lock(theme: Theme, locked: bool, day: date, actor: Actor) -> None:
    standing(theme)
    if theme.locked == locked:
        return
    ledger = Ledger()
    ledger.put(theme, locked=locked)
    ledger.close(theme, "locked" if locked else "unlocked", actor, day)


def contest(feedback: Feedback, theme: Theme, day: date) -> int:
    """Take the segments of ``feedback`` out of ``theme`` at its author's word; return how many.

    The theme's size, typical messages, words and title follow at once, its centre with the next
    refresh. The team cannot undo it.
    """
    taken = [p for p in placements_of(feedback) if p.theme_id == theme.id and not p.contested]
    for placement in taken:
        placement.contested, placement.by = True, PERSON
    if not taken:
        return 0
    leave(theme, feedback)
    db.session.flush()
    theme.typical = typical_of(theme)
    note(theme, day, "contested", AUTHOR.role, str(len(taken)))
    traces.record(NOT_MEANT, AUTHOR, day, feedback.id, theme.id)
    return len(taken)


def is_contested(feedback: Feedback, theme: Theme) -> bool:
    """Say whether the author's last word on ``theme`` is that it is not what they meant."""
    said = [
        entry["verb"]
        for entry in traces.journal(feedback.id)
        if entry["verb"] in (NOT_MEANT, MEANT) and entry["detail"] == theme.id
    ]
    return said[-1:] == [NOT_MEANT]


def take_back(feedback: Feedback, theme: Theme, day: date) -> int:
    """Put the segments of ``feedback`` back where the machine had them; return how many.

    The author changed their mind. The next run weighs them anew; what others took out stays out.
    """
    if not is_contested(feedback, theme) or theme.ended:
        return 0
    back = [p for p in placements_of(feedback) if p.theme_id == theme.id and p.contested]
    for placement in back:
        placement.contested, placement.by = False, PlacedBy.MACHINE.value
    db.session.flush()
    theme.typical = typical_of(theme)
    note(theme, day, "taken back", AUTHOR.role, str(len(back)))
    traces.record(MEANT, AUTHOR, day, feedback.id, theme.id)
    return len(back)


def note_birth(theme: Theme, day: date) -> None:
    """Write down that ``theme`` came to be."""
    note(theme, day, "born", PlacedBy.MACHINE.value, theme.name)
