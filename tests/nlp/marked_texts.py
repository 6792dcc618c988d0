"""Reads the texts in which gold spans stand as ⟦TYPE:surface⟧, and counts what masking covers."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from nlp.redact import NameFinder, redact

DATA = Path(__file__).parent / "data"
MARK = re.compile(r"⟦([A-Z_]+):([^⟧]*)⟧")


@dataclass
class Score:
    """Counts over one half: spans by type, clean texts, texts whose every span was covered."""

    spans: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    typed: int = 0
    clean: int = 0
    untouched: int = 0
    holding: int = 0
    fully_covered: int = 0

    def recall(self, kind: str) -> float:
        """Return the share of gold spans of a type whose letters and digits are all masked."""
        return self.covered[kind] / self.spans[kind]


def unmark(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Return the plain text and its gold spans."""
    text, spans, place = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[place : match.start()]
        spans.append((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        place = match.end()
    return text + marked[place:], spans


def read_half(half: str) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Return the texts of ``dev`` or ``frozen``; rules are never tuned on the frozen half."""
    lines = (DATA / f"redact_{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [unmark(json.loads(line)["text"]) for line in lines]


def score(half: str, names: NameFinder | None) -> Score:
    """Mask every text of a half; a span is covered when masked under any label."""
    result = Score()
    for text, gold in read_half(half):
        done = redact(text, names)
        masked = {place for s in done.spans for place in range(s.start, s.end)}
        hits = [all(i in masked for i in range(a, b) if text[i].isalnum()) for a, b, _ in gold]
        for (start, end, kind), hit in zip(gold, hits, strict=True):
            result.spans[kind] += 1
            result.covered[kind] += hit
            result.typed += any(
                s.type == kind and s.start < end and start < s.end for s in done.spans
            )
        result.clean += not gold
        result.untouched += not gold and done.text == text
        result.holding += bool(gold)
        result.fully_covered += bool(gold) and all(hits)
    return result
