"""Measures whose words find their theme: recall by register and by channel, the worst group first.

``python -m tests.nlp.measure_registers MODELS`` where the packaged model is built in MODELS once.
The texts of ``data/registers.jsonl`` are all made up; half of the topics are frozen.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from nlp.assign import UNPLACED
from nlp.encode import Encoder, load_encoder
from nlp.grouping import cut, group, grouped_places

TEXTS = Path(__file__).parent / "data/registers.jsonl"
STANDARD = "standard"
# A release is blocked while a register or a channel finds its theme less often than this.
WORST_GROUP_BAR = 0.15


@dataclass(frozen=True)
class Row:
    """One made-up message: what it is about, how it is written, how it came in."""

    topic: str
    half: str  # dev or frozen
    register: str
    channel: str
    text: str


@dataclass(frozen=True)
class GroupRecall:
    """How many texts of a group stand in the theme where their topic is at home."""

    facet: str  # register or channel
    group: str
    found: int
    texts: int
    unplaced: int

    @property
    def recall(self) -> float:
        """The share that is found, in [0, 1]; what is unplaced is missed."""
        return self.found / self.texts


def read_rows(half: str | None = None) -> list[Row]:
    """Return the messages, of one half or of both."""
    with TEXTS.open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    names = ("topic", "half", "register", "channel", "text")
    rows = [Row(*(each[name] for name in names)) for each in found]
    return [row for row in rows if half in (None, row.half)]


def register_recall(encoder: Encoder, half: str | None = None, seed: int = 0) -> list[GroupRecall]:
    """Group the messages as a refresh does; return each register and channel, the worst first."""
    rows = read_rows(half)
    themes = main_themes([row.text for row in rows], encoder, seed)
    return worst_first(rows, themes)


def main_themes(texts: list[str], encoder: Encoder, seed: int) -> list[int]:
    """Return the theme of each message: that of the segment most at home in its own, or -1."""
    cuts = cut(texts)
    grouped = group(encoder.encode(cuts.texts), cuts.texts, encoder.model_hash, seed)
    best = [(False, -1.0, UNPLACED)] * len(texts)
    for message, place in zip(cuts.messages, grouped_places(grouped), strict=True):
        best[message] = max(best[message], (place.theme >= 0, place.score, place.theme))
    return [theme for _is_placed, _score, theme in best]


def worst_first(rows: list[Row], themes: list[int]) -> list[GroupRecall]:
    """Count each register and each channel against the homes of the topics."""
    homes = topic_homes(rows, themes)
    placed = list(zip(rows, themes, strict=True))
    groups: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    for row, theme in placed:
        mark = (theme != UNPLACED and theme == homes.get(row.topic), theme == UNPLACED)
        groups["register", row.register].append(mark)
        groups["channel", row.channel].append(mark)
    counted = [_counted(facet, name, marks) for (facet, name), marks in groups.items()]
    return sorted(counted, key=lambda each: (each.recall, each.facet, each.group))


def _counted(facet: str, name: str, marks: list[tuple[bool, bool]]) -> GroupRecall:
    found, unplaced = np.sum(marks, axis=0).tolist()
    return GroupRecall(facet, name, found, len(marks), unplaced)


def topic_homes(rows: Iterable[Row], themes: Iterable[int]) -> dict[str, int]:
    """Return the theme that holds most of each topic's standard texts.

    A theme is the home of one topic only: else a single theme for everything would score best.
    """
    pairs = [
        (row.topic, theme)
        for row, theme in zip(rows, themes, strict=True)
        if row.register == STANDARD and theme != UNPLACED
    ]
    topics, found = sorted({t for t, _ in pairs}), sorted({t for _, t in pairs})
    counts = np.zeros((len(topics), len(found)), dtype=np.int64)
    for topic, theme in pairs:
        counts[topics.index(topic), found.index(theme)] += 1
    chosen = zip(*linear_sum_assignment(-counts), strict=True)
    return {topics[i]: found[j] for i, j in chosen if counts[i, j]}


def main(models: str) -> None:
    """Print the table for each half grouped on its own, then for both together."""
    encoder = load_encoder(None, Path(models))
    for half in ("dev", "frozen", None):
        print(f"\n{half or 'both halves in one grouping'}")
        print(f"{'facet':10}{'group':12}{'texts':>6}{'found':>6}{'unplaced':>9}{'recall':>8}")
        for each in register_recall(encoder, half):
            counts = f"{each.texts:6}{each.found:6}{each.unplaced:9}"
            print(f"{each.facet:10}{each.group:12}{counts}{each.recall:8.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
