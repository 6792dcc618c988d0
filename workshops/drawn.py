"""The part of a phone's screen that is the same for everybody, drawn once for the whole room.

Two hundred phones ask for the same board within three seconds of each change. Its HTML is kept in
the process under the session's version, which rises with every visible change; what belongs to one
phone (its votes, its cards, its token) is drawn apart and never kept with it.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template
from flask_babel import get_locale
from markupsafe import Markup

from app.languages import reads_simple_words
from workshops import board as cards
from workshops import board_words, decisions, screens, threads
from workshops.models import Workshop

MOST_KEPT = 40  # drawings: a few sessions at once, in each language, and the phase before


@dataclass(frozen=True)
class BallotRow:
    """One group on the ballot: its words, its name for buttons, and the row without a vote."""

    body: Markup
    name: Markup
    plain: Markup


_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_drawing = threading.RLock()  # the first asker draws, the others wait for it rather than draw too


def board(workshop: Workshop) -> Markup:
    """Return the cards or groups that every phone shows in this phase."""
    return _once(workshop, "board", lambda: _draw("_room_board", workshop, _shown(workshop)))


def summary(workshop: Workshop) -> str:
    """Return how the board stands, in one sentence; drawn once for the whole room as well."""
    said: str = _once(
        workshop, "summary", lambda: board_words.summary(workshop, screens.board_of(workshop))
    )
    return said


def ballot(workshop: Workshop, votes: dict[str, int]) -> list[Markup]:
    """Return the rows of the ballot; ``votes`` are what one phone gave to which group."""
    rows = _rows(workshop)
    return [
        _voted(workshop, key, row, votes[key]) if votes.get(key) else row.plain
        for key, row in rows.items()
    ]


def ballot_row(workshop: Workshop, group_id: str, mine: int) -> Markup:
    """Return one row of the ballot, as a phone sees it that gave the group ``mine`` votes."""
    row = _rows(workshop).get(group_id)
    if row is None or not mine:
        return row.plain if row else Markup()
    return _voted(workshop, group_id, row, mine)


def _shown(workshop: Workshop) -> dict[str, Any]:
    board = screens.board_of(workshop)
    shown = board.rule.results_shown and workshop.is_open
    return {
        "board": board,
        "waits": any(card.awaits_reading for card in cards.hidden_cards(workshop)),
        "hosts": decisions.hosts(board.rows),
        "threads": threads.threads_of(workshop) if shown else {},
    }


def _rows(workshop: Workshop) -> dict[str, BallotRow]:
    found: dict[str, BallotRow] = _once(workshop, "ballot", lambda: _draw_rows(workshop))
    return found


def _draw_rows(workshop: Workshop) -> dict[str, BallotRow]:
    found = {}
    shown = screens.board_of(workshop)
    for row in shown.rows:
        context = {"row": row, "board": shown}
        body, name = (_draw(part, workshop, context) for part in ("row_words", "row_label"))
        bare = BallotRow(body, name, Markup())
        found[row.group.id] = replace(bare, plain=_voted(workshop, row.group.id, bare, 0))
    return found


def _voted(workshop: Workshop, group_id: str, row: BallotRow, mine: int) -> Markup:
    shown = {"id": group_id, "body": row.body, "name": row.name, "mine": mine}
    return _draw("_ballot_row", workshop, shown)


def _draw(template: str, workshop: Workshop, context: dict[str, Any]) -> Markup:
    drawn = render_template(f"workshops/{template}.html", workshop=workshop, **context)
    return Markup(drawn)  # nosec B704: a template of ours, which escaped what people wrote


def _once(workshop: Workshop, what: str, draw: Callable[[], Any]) -> Any:
    """Return what was drawn for this version of the session in this language, or draw it."""
    state = (workshop.id, workshop.version, workshop.phase)
    key = (*state, what, str(get_locale()), reads_simple_words())
    with _drawing:
        if key not in _kept:
            _kept[key] = draw()
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
        return _kept[key]
