"""Times masking on hostile texts of 5,000 characters; run alone, it measures time.

``python -m pytest tests/nlp/bench_redact.py -s``
"""

import time

import pytest

from nlp.redact import redact

LONGEST = 5_000  # characters of a message
MOST_SECONDS = 0.25  # four times what the worst of these takes on one slow core
PIECES = {
    "digits": "1", "spaced digits": "1 ", "pairs": "12 ", "phones begun": "0 6 ", "joined": "4_",
    "iban begun": "FR76", "at signs": "a@", "dots": "a.", "colons": "a:", "files": "dossier n ",
    "ways": "1 rue a ", "births": "né le ", "names": "Jean Paul ", "titles": "mme ",
    "links": "http://", "tokens begun": "[PERSONNE_", "marks": "\u0301", "caf": "caf ",
    "strokes": "a_", "spoken": "zero un ", "flats": "bat a ", "spelled": "a arobase ",
    "points": "a point ", "codes": "n°1-", "relatives": "mon fils ", "plusses": "a+a",
    "prose": "Je suis sophie durand et mon dr lemaire a dit le 12/03/2023 au 06 12 34 56 78. ",
}  # fmt: skip


def spent(text):
    """Return the processor seconds of one masking, the best of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        redact(text, None)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("name", PIECES)
def test_time_grows_no_faster_than_the_text(name):
    redact("Bonjour", None)
    short, long = (spent((PIECES[name] * size)[:size]) for size in (LONGEST, 4 * LONGEST))
    print(f"{name}: {short * 1000:.0f} ms")
    assert short < MOST_SECONDS
    assert long < 10 * max(short, 0.01)  # 4 when linear, 16 when quadratic
