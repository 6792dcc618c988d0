"""Masks ten thousand strings that Hypothesis could not have meant well, and times the worst.

``.venv/bin/python -m tests.nlp.bench_fuzz``: patterns alone within 50 ms, with the name pipeline
within 200 ms; exits 1 beyond. Strings are drawn from a seed, up to the 5,000 characters of a form.
"""

import random
import sys
import time

from nlp.name_finder import load_name_finder
from nlp.redact import redact
from tests.nlp.bench_redact import PIECES

COUNT, SEED, LONGEST = 10_000, 49, 5_000
PATTERNS_MS, WHOLE_MS = 50.0, 200.0
SIGNS = "0123456789 aéœAZ@.,:/_-+°'’()[]\n\t\u0301\u200d\u00a0😀"


def strings(count, seed=SEED):
    """Yield ``count`` strings: hostile pieces, signs and words, mixed and repeated."""
    dice = random.Random(seed)
    pieces = [*PIECES.values(), "Mme Bouchardeau ", "06 12 34 56 78 ", "z@exemple.fr ", "né le 1"]
    for _ in range(count):
        size = int(LONGEST ** dice.random())  # as many short ones as long ones
        kind = dice.randrange(3)
        if kind == 0:
            text = dice.choice(pieces) * size
        elif kind == 1:
            text = "".join(dice.choices(SIGNS, k=size))
        else:
            text = "".join(dice.choices(pieces, k=size))
        yield text[:size]


def worst(texts, names):
    """Return the most processor milliseconds of one masking, and its text."""
    most, which = 0.0, ""
    for text in texts:
        start = time.process_time()
        found = redact(text, names)
        spent = (time.process_time() - start) * 1000
        assert all(0 <= span.start <= span.end <= len(text) for span in found.spans)
        if spent > most:
            most, which = spent, text
    return most, which


def main():
    """Print the worst of both; return 1 when one is too slow."""
    redact("Bonjour", None)
    late = False
    for said, names, most in (("patterns", None, PATTERNS_MS), ("whole", True, WHOLE_MS)):
        finder = load_name_finder() if names else None
        if finder:
            redact("Bonjour Paul", finder)
        spent, text = worst(strings(COUNT), finder)
        late = late or spent > most
        start = text[:40].encode("unicode_escape").decode()
        print(f"{said}: worst {spent:.0f} ms of {COUNT}, at most {most:.0f}; {len(text)}: {start}")
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
