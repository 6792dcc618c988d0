"""Reads what was typed from paper, line by line: cards with their question, ballots in a budget.

One wrong line keeps nothing: each is named, so that it can be mended. Keeping is ``paper.py``.
"""

import re
from dataclasses import dataclass

from workshops import board
from workshops.models import Workshop

MOST_LINES = 200  # of one batch
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
