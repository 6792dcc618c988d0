"""What the facilitator's console shows, part by part, so that two looks at it can be compared."""

from collections.abc import Collection
from dataclasses import dataclass, fields

from bs4 import BeautifulSoup

from tests.plain_browser import flat

STANDING = "#board .standing"


@dataclass(frozen=True)
class ConsoleState:
    """The console as somebody reads it; rows in the order that it shows them."""

    phase: tuple[str, ...]
    code: tuple[str, ...]
    counts: tuple[str, ...]
    timer: tuple[str, ...]
    questions: tuple[str, ...]
    cards: tuple[str, ...]  # their words, then what a tick on each would send
    groups: tuple[str, ...]
    votes: tuple[str, ...]
    hidden: tuple[str, ...]
    acts: tuple[str, ...]

    def lost(self, after: "ConsoleState", moving: Collection[str] = ()) -> list[str]:
        """Return the parts that differ ``after``, but for those that people are ``moving``."""
        names = [each.name for each in fields(self) if each.name not in moving]
        return [name for name in names if getattr(self, name) != getattr(after, name)]


def read(console: str) -> ConsoleState:
    """Return what the page ``console`` shows."""
    page = BeautifulSoup(console, "html.parser")

    def words(selector: str) -> tuple[str, ...]:
        return tuple(flat(each) for each in page.select(selector))

    ticks = page.select('#board [name="cards"]')
    return ConsoleState(
        phase=words("#console-live .steps [aria-current]"),
        code=words(".join-code"),
        counts=words("#console-live .figures > div"),
        timer=words("#console-live .timer"),
        questions=words("#questions li"),
        cards=words("#board .said, #board .inner li") + tuple(str(each["value"]) for each in ticks),
        groups=words("#board .row-title, #board li.card"),
        votes=words(STANDING),
        hidden=words("aside details.card:has([value=remettre])"),
        acts=words("#acts li"),
    )
