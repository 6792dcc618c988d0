"""Rebuild the compact word lists of ``nlp/data`` from their sources; run by hand, rarely.

``python -m nlp.build_lexicons FIRST_NAMES.csv SURNAMES.csv CORPUS.csv [CORPUS.csv …]``
"""

import csv
import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from nlp.lexicons import DATA, fold

WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE_START = re.compile(r"(?:^|[.!?:;\n])\W*[^\W\d_]+")
MIN_LOWER = 2  # written in lower case at least so often …
MIN_SHARE = 0.7  # … and in at least this share of its places inside a sentence


def write_list(name: str, lines: Iterable[str]) -> None:
    """Write a sorted gzip list that is the same byte for byte at each build."""
    body = "\n".join(sorted(lines)).encode("utf-8")
    (DATA / name).write_bytes(gzip.compress(body, 9, mtime=0))


def count_names(path: Path) -> Counter[str]:
    """Sum the counts of a ``name,count`` file by folded name; single letters are left out."""
    counts: Counter[str] = Counter()
    with path.open(encoding="utf-8", newline="") as file:
        for name, count in list(csv.reader(file))[1:]:
            folded = fold(name).replace("’", "'").strip()
            if len(folded) > 1 and not any(c.isdigit() for c in folded):
                counts[folded] += int(count)
    return counts


def common_words(paths: Iterable[Path]) -> set[str]:
    """Return the folded words that people write in lower case inside sentences."""
    lower: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                text = SENTENCE_START.sub(" ", row.get("text") or row.get("data") or "")
                if text.isupper():
                    continue
                for word in WORD.findall(text):
                    (lower if word[0].islower() else upper)[fold(word)] += 1
    return {
        word
        for word, count in lower.items()
        if count >= MIN_LOWER and count >= MIN_SHARE * (count + upper[word])
    }


def main(arguments: list[str]) -> None:
    """Write the three lists."""
    first, surnames, *corpora = (Path(argument) for argument in arguments)
    write_list("first_names.txt.gz", (f"{n}\t{c}" for n, c in count_names(first).items()))
    write_list("surnames.txt.gz", (f"{n}\t{c}" for n, c in count_names(surnames).items()))
    write_list("common_words.txt.gz", common_words(corpora))


if __name__ == "__main__":
    main(sys.argv[1:])
