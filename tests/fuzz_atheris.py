"""Feeds masking and the reading of codes with what libFuzzer grows from the branches it reaches.

Not part of ``make test``, nor of its environment: ``docs/security-tests.md`` has the commands.
Stops at the first input that breaks a promise, and writes it into a file beside.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["nlp", "feedback.receipts"]):
    from feedback import receipts
    from nlp.redact import redact, render

from app.db import CROCKFORD
from tests.nlp.bench_redact import PIECES

LONGEST = 5_000  # characters of a form
CODES = ("0123 4567 89AB CDEF", "o1l2-iO34.vwxy_zabc", "ABCD–EFGH\u202fJKMN\u00a0PQRS")
IDENTIFIERS = (
    "Je suis Mme Bouchardeau, née le 3 mai 1961, 12 rue des Lilas, 42000 Saint-Étienne.",
    "Appelez le 06 12 34 56 78 ou +33 6 12 34 56 78, z.martin@exemple.fr, plaque AB-123-CD.",
    "NIR 2 61 05 42 218 104 37, IBAN FR76 3000 6000 0112 3456 7890 189, CB 4970 1012 3456 7893",
)


def mask(data: bytes) -> None:
    """Mask any text: never raise, offsets in order inside it, a second time changes nothing."""
    text = data.decode("utf-8", "ignore")[:LONGEST]
    once = redact(text, None)
    end = 0
    for span in once.spans:
        assert end <= span.start < span.end <= len(text), once.spans
        end = span.end
    assert once.text == render(text, once.spans)
    again = redact(once.text, None)
    assert again.text == once.text, (once.text, again.text)


def read_code(data: bytes) -> None:
    """Read any typed code: refused by its one exception, or sixteen characters that read alike."""
    try:
        code = receipts.normalise(data.decode("utf-8", "ignore"))
    except receipts.MalformedCode:
        return
    assert len(code) == receipts.CODE_LENGTH
    assert set(code) <= set(CROCKFORD)
    assert receipts.normalise(receipts.grouped(code).lower()) == code


TARGETS: dict[str, tuple[Callable[[bytes], None], tuple[str, ...]]] = {
    "mask": (mask, (*PIECES.values(), *IDENTIFIERS)),
    "code": (read_code, CODES),
}


def main() -> None:
    """Fuzz the target named first; what follows are options of libFuzzer."""
    test_one, seeds = TARGETS[sys.argv[1]]
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            (Path(corpus) / f"seed{number}").write_text(seed, "utf-8")
        atheris.Setup([sys.argv[0], corpus, *sys.argv[2:]], test_one)
        atheris.Fuzz()  # ends the process


if __name__ == "__main__":
    main()
