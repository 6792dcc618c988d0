"""Prints how well messages are cut, by rules and with the parse: ``python -m
tests.nlp.measure_segments``."""

from collections.abc import Callable, Sequence

from nlp.clauses import load_clauses
from nlp.segment import Segment, segments
from tests.nlp.marked_segments import Marked, agreement, read_marked

Cut = Callable[[str], Sequence[Segment]]


def print_row(name: str, marked: Sequence[Marked], cut: Cut) -> None:
    """Print precision, recall and F1 of the cuts, and messages of one point left whole."""
    found = agreement(marked, cut)
    print(
        f"{name:22}{len(marked):5}{found.precision:7.3f}{found.recall:7.3f}{found.f1:7.3f}"
        f"{found.whole:5}/{found.single}"
    )


def main() -> None:
    """Print both halves by rules and with the parse, then the registers of both together."""
    pipeline = load_clauses()
    ways: dict[str, Cut] = {"rules": segments, "parse": lambda text: segments(text, pipeline)}
    print(f"{'set':22}{'n':>5}{'P':>7}{'R':>7}{'F1':>7}{'whole':>8}")
    halves = {name: read_marked(name) for name in ("dev", "frozen")}
    for way, cut in ways.items():
        for name, marked in halves.items():
            print_row(f"{way} {name}", marked, cut)
    every = [each for marked in halves.values() for each in marked]
    for register in sorted({each.register for each in every}):
        print_row(register, [e for e in every if e.register == register], ways["parse"])


if __name__ == "__main__":
    main()
