"""Measures the masking of names on interviews whose persons are marked; the file is not ours.

``python -m tests.nlp.measure_interviews docs.jsonl``: the test corpus of RGPDpseudonymizer (MIT) as
JSON lines with ``text`` and ``entities`` of ``start``, ``end``, ``type``. A civility may stay.
"""

import json
import re
import sys
from pathlib import Path

from nlp.redact import load_name_finder, redact

CIVILITY = re.compile(r"(?:(?:Dr|Mme|M|Mr|Pr|Me|Docteur|Professeur|Maître|Monsieur|Madame)\.? )*")


def main(path: str) -> None:
    """Print how many marks are masked whole, and how many masked names meet a mark."""
    names = load_name_finder()
    whole = marks = meeting = masked_names = 0
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        text = document["text"]
        spans = redact(text, names).spans
        masked = {place for s in spans for place in range(s.start, s.end)}
        gold = [(e["start"], e["end"]) for e in document["entities"] if e["type"] == "PERSON"]
        for start, end in gold:
            civility = CIVILITY.match(text[start:end])
            start += civility.end() if civility else 0
            whole += all(i in masked for i in range(start, end) if text[i].isalnum())
            marks += 1
        persons = [s for s in spans if s.type == "PERSON"]
        meeting += sum(any(s.start < b and a < s.end for a, b in gold) for s in persons)
        masked_names += len(persons)
    print(f"recall {whole}/{marks} {whole / marks:.3f}")
    print(f"precision {meeting}/{masked_names} {meeting / masked_names:.3f}")


if __name__ == "__main__":
    main(sys.argv[1])
