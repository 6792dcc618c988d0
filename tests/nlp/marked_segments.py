"""Reads messages whose cuts are marked, and says how well others cut them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.segment import Segment

DATA = Path(__file__).parent / "data"
MARK = "| "


@dataclass(frozen=True)
class Marked:
    """A message, its register, and the places where another point begins."""

    register: str
    text: str
    cuts: frozenset[int]


@dataclass(frozen=True)
class Agreement:
    """Cuts found, invented and missed; messages of one point, and how many of them stayed whole."""

    right: int
    invented: int
    missed: int
    single: int
    whole: int

    @property
    def precision(self) -> float:
        """Share of the cuts that are right."""
        return self.right / max(1, self.right + self.invented)

    @property
    def recall(self) -> float:
        """Share of the right cuts that were made."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.invented + self.missed)

    @property
    def left_whole(self) -> float:
        """Share of the messages of one point that stayed whole."""
        return self.whole / max(1, self.single)


def read_marked(name: str) -> list[Marked]:
    """Return the messages of ``data/segments_<name>.txt``."""
    lines = (DATA / f"segments_{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_parse(line) for line in lines if not line.startswith("#")]


def _parse(line: str) -> Marked:
    register, _, marked = line.partition("\t")
    pieces = marked.replace("\\n", "\n").split(MARK)
    ends = [sum(map(len, pieces[:count])) for count in range(1, len(pieces))]
    return Marked(register, "".join(pieces), frozenset(ends))


def cuts_of(found: Sequence[Segment]) -> set[int]:
    """Return where segments other than the first begin."""
    return {each.start for each in found[1:]}


def agreement(marked: Sequence[Marked], cut: Callable[[str], Sequence[Segment]]) -> Agreement:
    """Compare the cuts of ``cut`` with the marks."""
    right = invented = missed = single = whole = 0
    for each in marked:
        found = cuts_of(cut(each.text))
        right += len(found & each.cuts)
        invented += len(found - each.cuts)
        missed += len(each.cuts - found)
        single += not each.cuts
        whole += not each.cuts and not found
    return Agreement(right, invented, missed, single, whole)
