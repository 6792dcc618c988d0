"""Which of several retours may go into a theme together, and why each of the others stays.

One locked theme or one author's word does not stop the rest: who may go goes, as one edit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.db import db
from app.traces import Actor
from feedback import bonds
from feedback.masked_text import excerpt
from feedback.models import DeskActRow, Feedback, Segment, Theme
from feedback.theme_additions import add, segments_of, why_not
from feedback.theme_refusals import Reason

LEFT = {  # what is said of one retour that did not move
    Reason.OTHER_SERVICE: _("il est d’un autre service"),
    Reason.NOT_READ: _("il n’a pas de texte, ou l’analyse ne l’a pas encore lu"),
    Reason.LOCKED_THERE: _("il est dans un thème verrouillé"),
    Reason.NOT_MEANT: _("son auteur a dit qu’il ne parle pas de ce thème"),
    Reason.TIED: _("il est lié « toujours ensemble » à un retour qui ne vient pas"),
    Reason.APART_THERE: _("il est marqué « jamais ensemble » avec un retour de ce thème"),
}
FIRST_WORDS = 60  # characters that name a retour


class NothingMoved(Exception):
    """Each of the retours stays, for its own reason."""

    def __init__(self, stayed: Mapping[str, Reason]) -> None:
        super().__init__(len(stayed))
        self.stayed = dict(stayed)


@dataclass(frozen=True)
class Stayed:
    """A retour that did not move: its first words and why."""

    feedback_id: str
    words: Sequence[tuple[str, str | None]]
    why: str


def place_many(
    theme: Theme, feedbacks: Sequence[Feedback], actor: Actor, day: date
) -> list[DeskActRow]:
    """Put into ``theme`` what may go; return a row for each that moved and each that stayed.

    Raise ``NothingMoved`` where none may, ``Refused`` where the theme takes nothing.
    """
    stayed = {} if theme.locked else sort_out(theme, feedbacks)
    going = [each for each in feedbacks if each.id not in stayed]
    if not going:
        raise NothingMoved(stayed)
    event, changed = add(theme, going, actor, day)
    became = str(event.id) if event else ""
    moved = [DeskActRow(feedback_id=each, was="", became=became) for each in sorted(changed)]
    return moved + [
        DeskActRow(feedback_id=each, was="", became="", stayed=why.value)
        for each, why in stayed.items()
    ]


def told_stayed(stayed: Mapping[str, str]) -> Iterator[Stayed]:
    """Yield what is said of each retour that stayed, by id and reason, in one query."""
    query = select(Feedback.id, Feedback.text).where(Feedback.id.in_(stayed)).order_by(Feedback.id)
    for feedback_id, text in db.session.execute(query):
        why = str(LEFT[Reason(stayed[feedback_id])])
        yield Stayed(feedback_id, excerpt(text, FIRST_WORDS), why)


def sort_out(theme: Theme, feedbacks: Sequence[Feedback]) -> dict[str, Reason]:
    """Return why each of ``feedbacks`` that cannot go into ``theme`` stays, by its id."""
    own: dict[str, list[Segment]] = {each.id: [] for each in feedbacks}
    for segment in segments_of(feedbacks):
        own[segment.feedback_id].append(segment)
    left = {each.id: why for each in feedbacks if (why := why_not(theme, each, own[each.id]))}
    coming = {key: {s.id for s in segments} for key, segments in own.items() if key not in left}
    return left | _bound(theme, coming)


def _bound(theme: Theme, coming: dict[str, set[str]]) -> dict[str, Reason]:
    """Return whom a bond keeps; each that stays may hold back another, until nobody does."""
    left: dict[str, Reason] = {}
    if not bonds.is_any(set().union(*coming.values())):
        return left
    is_settled = False
    while not is_settled:
        is_settled = True
        for key, ids in coming.items():
            others = {each for other, its in coming.items() if other not in left for each in its}
            if key not in left and (why := _held(theme, ids, others)):
                left[key], is_settled = why, False
    return left


def _held(theme: Theme, ids: set[str], coming: set[str]) -> Reason | None:
    if bonds.foes_in(ids, theme) or bonds.apart_from(ids) & coming:
        return Reason.APART_THERE
    return Reason.TIED if bonds.left_behind(ids, theme) - coming else None
