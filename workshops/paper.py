"""The paper bridge: ideas and votes that a room wrote on paper, typed in by who runs the session.

What was on paper says so on every screen; it obeys the same lengths, budgets and masking.
"""

import hashlib
import re
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from app.db import CROCKFORD, ID_LENGTH, db
from nlp.redact import NameFinder, redact
from workshops import board, groups
from workshops.models import Card, Participant, Phase, Vote, Workshop
from workshops.phases import Act, WrongPhase, check_act

MOST_LINES = 200  # of one batch
TYPED_IN = frozenset({Phase.WRITE, Phase.REVEAL, Phase.GROUP})  # somebody types while others read
_PREFIX = re.compile(r"^\s*(\d{1,2})\s*[:.)]\s*(.*)$")
_BETWEEN = re.compile(r"[\s,+/-]+")
_CELLS = re.compile(r"[;\t]")
_NUMBER = re.compile(r"[0-9]{0,3}")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line: a name for ``paper_words.py``, and a figure."""

    line: int
    name: str
    figure: int = 0


class BadLines(Exception):
    """Some lines cannot be kept, so none is."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} lines cannot be kept")
        self.faults = faults


@dataclass(frozen=True)
class Line:
    """One typed line: the card's words and the question that it answers."""

    number: int
    prompt: int
    text: str


def read_cards(workshop: Workshop, typed: str) -> list[Line]:
    """Return the cards of a batch, one a line; « 2: words » answers the second question.

    Raises ``BadLines``, which names every line that cannot be kept.
    """
    prompts = len(workshop.prompts)
    lines = [_line(number, words, prompts) for number, words in _lines(typed)]
    faults = [fault for line in lines if (fault := _fault(line, prompts))]
    _check(lines, faults)
    return lines


def _lines(typed: str) -> list[tuple[int, str]]:
    numbered = enumerate(typed.replace("\0", " ").splitlines(), 1)
    return [(number, words) for number, words in numbered if words.strip()]


def _check(lines: list[Line] | list[list[int]], faults: list[Fault]) -> None:
    if not lines:
        faults = [Fault(1, "empty")]
    if len(lines) > MOST_LINES:
        faults = [Fault(MOST_LINES + 1, "many", MOST_LINES)]
    if faults:
        raise BadLines(faults)


def _line(number: int, words: str, prompts: int) -> Line:
    found = _PREFIX.match(words)
    if found is None or (prompts == 1 and int(found[1]) != 1):  # « 2. » may be an idea's own start
        return Line(number, 0, " ".join(words.split()))
    return Line(number, int(found[1]) - 1, " ".join(found[2].split()))


def _fault(line: Line, prompts: int) -> Fault | None:
    if line.prompt not in range(prompts):
        return Fault(line.number, "prompt", prompts)
    if not line.text:
        return Fault(line.number, "words")
    if len(line.text) > board.LONGEST_CARD:
        return Fault(line.number, "long", len(line.text))
    return None


def type_cards(workshop: Workshop, typed: str, key: str, names: NameFinder | None) -> int:
    """Keep a batch of paper cards, masked; the same form sent twice keeps it once.

    Returns how many cards are new. Raises ``WrongPhase`` or ``BadLines``.
    """
    if workshop.phase not in TYPED_IN:
        raise WrongPhase(f"{workshop.phase} takes no paper cards")
    new = 0
    for line in read_cards(workshop, typed):
        identity = _identity(workshop, key, line)
        if db.session.get(Card, identity):
            continue
        text = redact(line.text, names, workshop.service.allowed_words).text
        card = Card(id=identity, workshop_id=workshop.id, prompt=line.prompt, text=text, paper=True)
        db.session.add(card)
        new += 1
    workshop.version += 1
    db.session.flush()
    return new


def _identity(workshop: Workshop, key: str, line: Line) -> str:
    body = f"{workshop.id}|paper|{key}|{line.number}|{line.prompt}|{line.text}"
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).digest()
    return "".join(CROCKFORD[byte % 32] for byte in digest[:ID_LENGTH])


def read_ballots(workshop: Workshop, typed: str, choices: int) -> list[list[int]]:
    """Return the ballots, one a line: the numbers of groups, once for each dot.

    A line with « ; » or tabs is the row of a table, as a spreadsheet copies it: the dots of each
    group in turn. Raises ``BadLines`` for what is no number, no group, or above the budget.
    """
    ballots, faults = [], []
    for number, words in _lines(typed):
        marks, fault = _marks(number, words, choices)
        fault = fault or _over(workshop, number, marks, choices)
        faults += [fault] if fault else []
        ballots.append(marks)
    _check(ballots, faults)
    return ballots


def _marks(number: int, words: str, choices: int) -> tuple[list[int], Fault | None]:
    """Return the marks of a line, and what is wrong with its numbers."""
    words = words.strip(" \r\n")  # a tab at the end is an empty cell
    is_row = _CELLS.search(words) is not None
    parts = [part.strip() for part in (_CELLS if is_row else _BETWEEN).split(words)]
    numbers = [int(part or 0) if _NUMBER.fullmatch(part) else -1 for part in parts]
    if not is_row:
        numbers = [n for n, part in zip(numbers, parts, strict=True) if part]
    if -1 in numbers:
        return [], Fault(number, "number")
    if not is_row:
        return numbers, None
    if len(numbers) != choices:
        return [], Fault(number, "cells", choices)
    return [group for group, dots in enumerate(numbers, 1) for _dot in range(dots)], None


def _over(workshop: Workshop, number: int, ballot: list[int], choices: int) -> Fault | None:
    if not all(1 <= mark <= choices for mark in ballot):
        return Fault(number, "group", choices)
    if len(ballot) > workshop.votes_each:
        return Fault(number, "budget", workshop.votes_each)
    if ballot and max(map(ballot.count, ballot)) > workshop.votes_per_group:
        return Fault(number, "cap", workshop.votes_per_group)
    return None


def ballot_rows(workshop: Workshop) -> list[groups.Row]:
    """Return the groups in the order of the printed ballot, which no vote changes."""
    return sorted(groups.rows(workshop), key=lambda row: row.group.id)


def type_ballots(workshop: Workshop, typed: str, key: str) -> int:
    """Count paper ballots, one seat each; the same form sent twice counts once.

    Returns how many ballots are new. Raises ``WrongPhase`` or ``BadLines``.
    """
    check_act(workshop.phase, Act.VOTE)
    rows = ballot_rows(workshop)
    ballots = read_ballots(workshop, typed, len(rows))
    new = 0
    for number, ballot in enumerate(ballots):
        seat = _seat(workshop, f"{key}|{number}|{ballot}")
        if seat is None:
            continue
        new += 1
        for mark in sorted(set(ballot)):
            group_id = rows[mark - 1].group.id
            vote = Vote(workshop_id=workshop.id, participant_id=seat.id, group_id=group_id)
            vote.dots = ballot.count(mark)
            db.session.add(vote)
    workshop.version += 1
    db.session.flush()
    return new


def _seat(workshop: Workshop, what: str) -> Participant | None:
    """Return a new seat for a ballot, None if this form already brought it; no token opens it."""
    seal = hashlib.sha256(f"{workshop.id}|paper|{what}".encode()).hexdigest()
    if db.session.scalar(select(Participant.id).where(Participant.token_hash == seal)):
        return None
    seat = Participant(workshop_id=workshop.id, token_hash=seal, paper=True, finished=True)
    db.session.add(seat)
    db.session.flush()
    return seat


def ballot_count(workshop: Workshop) -> int:
    """Return how many paper ballots were typed."""
    mine = (Participant.workshop_id == workshop.id) & Participant.paper
    return db.session.scalar(select(func.count()).select_from(Participant).where(mine)) or 0


def drop_ballots(workshop: Workshop) -> int:
    """Take every paper ballot back, to type them anew; return how many. Raises ``WrongPhase``."""
    check_act(workshop.phase, Act.VOTE)
    mine = (Participant.workshop_id == workshop.id) & Participant.paper
    seats = select(Participant.id).where(mine)
    db.session.execute(delete(Vote).where(Vote.participant_id.in_(seats)))
    gone = db.session.execute(delete(Participant).where(mine))
    workshop.version += 1
    db.session.flush()
    return int(gone.rowcount)  # type: ignore[attr-defined]
