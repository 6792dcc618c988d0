"""Measures masking on the halves of the two labelled sets: the first, and the fresh one.

``python -m tests.nlp.measure_redact``

``--misses`` also prints what fails on the half that rules are tuned on; never on the frozen one.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from nlp.redact import NameFinder, Redaction, load_name_finder, redact
from tests.nlp.marked_texts import DATA, unmark

DIRECT = frozenset(
    {"EMAIL", "PHONE", "NIR", "IBAN", "RPPS", "CARD", "PLATE", "CAF_ID", "IP", "URL", "ID", "DOB"}
)
HALVES = ("dev", "frozen", "fresh_dev", "fresh_frozen")
Gold = list[tuple[int, int, str]]


@dataclass
class Tally:
    """Counts over one half, as pairs (hits, cases)."""

    spans: dict[str, list[int]] = field(default_factory=dict)  # by type of the gold span
    fully: list[int] = field(default_factory=lambda: [0, 0])  # texts with spans: every one masked
    touched: list[int] = field(default_factory=lambda: [0, 0])  # texts without: something masked
    precise: list[int] = field(default_factory=lambda: [0, 0])  # masked spans that meet a gold one

    def recall(self, *kinds: str) -> float:
        """Return the share of gold spans of these types whose every character is masked."""
        cells = [self.spans[kind] for kind in kinds if kind in self.spans]
        return sum(hits for hits, _ in cells) / sum(cases for _, cases in cells)


def read_texts(half: str) -> Iterator[tuple[str, Gold]]:
    """Yield the texts and gold spans of ``dev`` or ``frozen``."""
    for line in (DATA / f"redact_{half}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield unmark(line.replace("\\n", "\n"))


def count(cell: list[int], hit: bool) -> None:
    """Add a case to a pair."""
    cell[0] += hit
    cell[1] += 1


def measure(
    half: str, names: NameFinder | None, tell: Callable[[str, str], None] | None = None
) -> Tally:
    """Mask every text of a half; ``tell`` receives each text that fails, with the reason."""
    tally = Tally()
    for text, gold in read_texts(half):
        done = redact(text, names)
        masked = {place for s in done.spans for place in range(s.start, s.end)}
        hits = [masked.issuperset(range(start, end)) for start, end, _ in gold]
        for (_, _, kind), hit in zip(gold, hits, strict=True):
            count(tally.spans.setdefault(kind, [0, 0]), hit)
        count(tally.fully if gold else tally.touched, all(hits) if gold else bool(done.spans))
        reasons = [text[a:b] for (a, b, _), hit in zip(gold, hits, strict=True) if not hit]
        reasons += [f"+{text[a:b]}" for a, b in check_precision(tally, done, gold)]
        if tell and reasons:
            tell(" | ".join(reasons), done.text)
    return tally


def check_precision(tally: Tally, done: Redaction, gold: Gold) -> list[tuple[int, int]]:
    """Count the masked spans that meet a gold one; return the others."""
    extra = []
    for span in done.spans:
        meets = any(span.start < end and start < span.end for start, end, _ in gold)
        count(tally.precise, meets)
        if not meets:
            extra.append((span.start, span.end))
    return extra


def rows(tally: Tally) -> Iterator[tuple[str, list[int]]]:
    """Yield the lines of the report: what, hits and cases."""
    direct = [cell for kind, cell in tally.spans.items() if kind in DIRECT]
    yield "direct identifiers", [sum(column) for column in zip(*direct, strict=True)]
    yield "PERSON", tally.spans["PERSON"]
    yield "ADDRESS", tally.spans["ADDRESS"]
    yield "texts fully clean", tally.fully
    yield "clean texts touched", tally.touched
    yield "precision", tally.precise
    yield from sorted((f"  {kind}", tally.spans[kind]) for kind in DIRECT & tally.spans.keys())


def main() -> None:
    """Print the table of both halves."""
    names = None if "--no-model" in sys.argv else load_name_finder()
    for half in HALVES:
        shown = "--misses" in sys.argv and half.endswith("dev")
        tally = measure(
            half, names, (lambda why, text: print(f"{why}  <<  {text}")) if shown else None
        )
        print(f"\n{half}")
        for name, (hits, cases) in rows(tally):
            print(f"{name:22} {hits:4}/{cases:<4} {hits / cases:6.1%}")


if __name__ == "__main__":
    main()
