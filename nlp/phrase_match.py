"""Match listed words against the words of one text, in time that grows with the text alone.

A pattern walks forward over the words it may have reached; nothing is tried twice, so no text and
no list can make it slow. ``Slot`` numbers stand for the alternatives of one place in a pattern.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

STOP = "."
_ELISIONS = ("l", "d", "j", "m", "n", "s", "t", "qu")
Match = tuple[int, int]  # places of words: first, and one past the last


@dataclass(frozen=True)
class Step:
    """One place of a pattern: up to ``gap`` words, then one of a slot, which may be left out."""

    gap: int
    slot: int
    optional: bool = False


@dataclass(frozen=True)
class Cues:
    """Patterns that must stand within so many words of the first, in any order; and one that not.

    A plain phrase is one pattern alone.
    """

    kind: str
    parts: tuple[tuple[Step, ...], ...]
    within: int = 0
    unless: tuple[tuple[Step, ...], ...] = ()


@dataclass
class Vocabulary:
    """The words of one list and the slots that each may fill."""

    slots: dict[frozenset[str], int] = field(default_factory=dict)
    words: dict[str, list[int]] = field(default_factory=dict)
    stems: dict[str, list[int]] = field(default_factory=dict)
    several: dict[str, list[tuple[tuple[str, ...], int]]] = field(default_factory=dict)

    def slot(self, alternatives: Iterable[str]) -> int:
        """Return the number of the slot that these folded words fill; ``*`` ends a stem."""
        key = frozenset(alternatives)
        if key not in self.slots:
            self.slots[key] = len(self.slots)
            for word in key:
                self._add(word, self.slots[key])
        return self.slots[key]

    def _add(self, word: str, slot: int) -> None:
        first, *rest = word.split()
        if rest:
            for form in elided(first):
                self.several.setdefault(form, []).append((tuple(rest), slot))
            return
        place = self.stems if first.endswith("*") else self.words
        for form in elided(first.removesuffix("*")):
            place.setdefault(form, []).append(slot)

    def filled_by(self, word: str) -> list[int]:
        """Return the slots that this word alone may fill."""
        found = list(self.words.get(word, ()))
        for length in range(2, len(word) + 1):
            found += self.stems.get(word[:length], ())
        return found


def elided(word: str) -> list[str]:
    """Return a word with the short words that glue to it: l'argent, j'étouffe, jdors, jpeux."""
    if len(word) <= 2:
        return [word]
    if word[0] not in "aeiouyh":
        return [word] if word[0] == "j" else [word, "j" + word]
    glued = _ELISIONS if len(word) > 4 else ("l", "d", "qu")
    return [word, *(short + word for short in glued)]


class Words:
    """The words of one text, each with the slots it fills."""

    def __init__(self, words: Sequence[str], vocabulary: Vocabulary) -> None:
        self.words = words
        self.ends = _sentence_ends(words)
        self.at: dict[int, dict[int, int]] = {}
        known: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            if word not in known:
                known[word] = vocabulary.filled_by(word)
            for slot in known[word]:
                self.at.setdefault(slot, {})[place] = place + 1
            for rest, slot in vocabulary.several.get(word, ()):
                if self._follow(place + 1, rest):
                    self.at.setdefault(slot, {}).setdefault(place, place + 1 + len(rest))

    def _follow(self, place: int, rest: tuple[str, ...]) -> bool:
        *middle, last = rest
        if list(self.words[place : place + len(middle)]) != middle:
            return False
        word = self.words[place + len(middle)] if place + len(middle) < len(self.words) else ""
        return word.startswith(last[:-1]) if last.endswith("*") else word == last

    def matches(self, steps: tuple[Step, ...]) -> list[Match]:
        """Return where a pattern stands, from left to right, none over another."""
        if any(step.slot not in self.at for step in steps if not step.optional):
            return []
        found: list[Match] = []
        for start, end in self.at[steps[0].slot].items():
            if found and start < found[-1][1]:
                continue
            reached = self._walk({end}, steps[1:])
            if reached:
                found.append((start, self._without_stop(start, min(reached))))
        return found

    def _without_stop(self, start: int, end: int) -> int:
        return end - 1 if self.words[end - 1] == STOP and end - 1 > start else end

    def _walk(self, reached: set[int], steps: tuple[Step, ...]) -> set[int]:
        for step in steps:
            filled = self.at.get(step.slot, {})
            tried = self._onward(reached, step.gap) if step.gap else reached
            reached = {filled[place] for place in tried if place in filled}
            if step.optional:
                reached |= tried
            if not reached:
                break
        return reached

    def _onward(self, reached: set[int], gap: int) -> set[int]:
        return {
            place
            for start in reached
            if start < len(self.ends)
            for place in range(start, min(start + gap, self.ends[start]) + 1)
        }

    def together(self, cues: Cues) -> list[list[Match]]:
        """Return where all cues stand near the first one, in one sentence: a match for each."""
        anchors = self.matches(cues.parts[0])
        if not anchors or len(cues.parts) + len(cues.unless) == 1:
            return [[anchor] for anchor in anchors]
        others = [self.matches(part) for part in cues.parts[1:]]
        if not all(others):
            return []
        barred = [self.matches(part) for part in cues.unless]
        return [
            [anchor, *near]
            for anchor in anchors
            if len(near := self._all_near(anchor, others, cues.within)) == len(others)
            and not self._all_near(anchor, barred, cues.within)
        ]

    def _all_near(self, anchor: Match, others: list[list[Match]], within: int) -> list[Match]:
        found = (self._near(anchor, each, within) for each in others)
        return [match for match in found if match]

    def _near(self, anchor: Match, matches: list[Match], within: int) -> Match | None:
        first = bisect_left(matches, (anchor[0] - within - 1, 0))
        for match in matches[first : first + 2 * within + 2]:
            if match[0] > anchor[1] + within:
                break
            apart = match[1] <= anchor[0] or match[0] >= anchor[1]
            distance = max(anchor[0] - match[1], match[0] - anchor[1])
            if apart and distance <= within and self.ends[match[0]] == self.ends[anchor[0]]:
                return match
        return None


def _sentence_ends(words: Sequence[str]) -> list[int]:
    """Return, for each word, the place of the stop that ends its sentence."""
    ends, stop = [0] * len(words), len(words)
    for place in range(len(words) - 1, -1, -1):
        stop = place if words[place] == STOP else stop
        ends[place] = stop
    return ends
