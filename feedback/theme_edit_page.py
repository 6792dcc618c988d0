"""What the card "Arranger ce thème" and the page to choose messages show, before it is printed."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app.db import db
from feedback import theme_bonds, theme_moves, theme_undo
from feedback.masked_text import excerpt, pieces
from feedback.models import Feedback, Theme
from feedback.theme_bonds import Pair
from feedback.theme_edit_words import BOND_NAMES
from feedback.theme_story import EVENT_NAMES
from feedback.words import ROLE_NAMES

PER_PAGE = 30
Pieces = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Told:
    """One edit of a person in words."""

    id: int
    day: date
    what: str
    detail: str
    who: str
    can_undo: bool
    undone: date | None


@dataclass(frozen=True)
class Card:
    """The card: what may be done to a theme, what was typed, and what was refused."""

    theme: Theme
    may_edit: bool
    others: tuple[Theme, ...]
    kept_apart: tuple[Theme, ...]
    edits: tuple[Told, ...]  # of people, newest first
    heir: Theme | None
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One message to choose, with its words in this theme."""

    id: str
    words: Pieces
    day: date
    chosen: bool


@dataclass(frozen=True)
class Bond:
    """A bond between two messages, with the first words of each."""

    kind: str
    ids: tuple[str, str]
    words: tuple[Pieces, Pieces]


@dataclass(frozen=True)
class Choice:
    """One page of messages to choose from; ``elsewhere`` are those chosen on other pages."""

    lines: tuple[Line, ...]
    elsewhere: tuple[str, ...]
    chosen: int
    page: int
    pages: int
    bonds: tuple[Bond, ...]


def card(
    theme: Theme,
    may_edit: bool,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Card:
    """Return the card of ``theme``."""
    return Card(
        theme,
        may_edit and theme.ended is None,
        tuple(others(theme)),
        tuple(theme_bonds.kept_by(theme)),
        tuple(_told(each, may_edit) for each in theme_undo.edits_of(theme)),
        theme_bonds.lasting(theme.id) if theme.merged_into else None,
        typed or {},
        errors or {},
    )


def others(theme: Theme) -> list[Theme]:
    """Return the other standing themes of the service, by name."""
    query = select(Theme).where(
        Theme.service_id == theme.service_id, Theme.id != theme.id, Theme.ended.is_(None)
    )
    return list(db.session.scalars(query.order_by(Theme.name, Theme.id)))


def _told(edit: theme_undo.Edit, may_edit: bool) -> Told:
    event = edit.event
    return Told(
        event.id,
        event.day,
        str(EVENT_NAMES.get(event.kind, event.kind)),
        event.detail,
        str(ROLE_NAMES.get(event.by, event.by)),
        may_edit and edit.can_undo,
        event.undone,
    )


def choice(theme: Theme, chosen: set[str], page: int) -> Choice:
    """Return one page of the messages of ``theme``; what is chosen elsewhere is kept."""
    pages = max(1, -(-theme_moves.count_in(theme) // PER_PAGE))
    page = min(max(1, page), pages)
    messages = theme_moves.messages_in(theme, PER_PAGE, (page - 1) * PER_PAGE)
    if page == 1:
        messages = _chosen_first(theme, chosen, messages)
    shown = {each.feedback.id for each in messages}
    here = {each.feedback.id for each in theme_moves.chosen_messages(theme, chosen)}
    return Choice(
        tuple(_line(each, chosen) for each in messages),
        tuple(sorted(here - shown)),
        len(here),
        page,
        pages,
        tuple(_bond(each) for each in theme_bonds.pairs_in(theme)),
    )


def _chosen_first(
    theme: Theme, chosen: set[str], messages: list[theme_moves.Message]
) -> list[theme_moves.Message]:
    """Return the first page with a message that the reader came for and that stands further on."""
    shown = {each.feedback.id for each in messages}
    return [*theme_moves.chosen_messages(theme, chosen - shown)[:1], *messages]


def _line(message: theme_moves.Message, chosen: set[str]) -> Line:
    retour = message.feedback
    return Line(retour.id, list(pieces(message.words)), retour.day, retour.id in chosen)


def _bond(pair: Pair) -> Bond:
    kind = str(BOND_NAMES[pair.kind.value])
    return Bond(kind, (pair.one.id, pair.other.id), (_words(pair.one), _words(pair.other)))


def _words(feedback: Feedback) -> Pieces:
    return list(excerpt(feedback.text)) if feedback.is_readable_by_team else [("…", None)]
