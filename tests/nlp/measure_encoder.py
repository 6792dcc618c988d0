"""Prints how fast and how faithful the encoder is beside the plain sentence-transformers path.

``python -m tests.nlp.measure_encoder FOLDER MODELS`` where FOLDER holds CSV files of texts (their
longest column counts) and the packaged model is built in MODELS once. Speeds are of alternating
rounds on texts of 18 to 56 tokens; cosines are to the plain path.
"""

import csv
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nlp.encode import load_encoder
from nlp.packaged_model import NAME, PREFIX

TOKENS = range(18, 57)
TEXTS, CHECKED, ROUNDS = 128, 1_200, 5

Encode = Callable[[list[str]], Any]


def read_texts(folder: Path) -> list[str]:
    """Return the texts of every CSV file below, shuffled by a fixed seed."""
    found: set[str] = set()
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8") as stream:
            found |= {max(row.values(), key=len) for row in csv.DictReader(stream)}
    return random.Random(0).sample(sorted(found), len(found))


def choose(texts: list[str], models: Path) -> list[str]:
    """Return `TEXTS` texts of the wanted length, and print their mean."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(models / NAME / "tokenizer.json"))
    sized = [(each, len(tokenizer.encode(PREFIX + each).ids)) for each in texts[: 8 * TEXTS]]
    chosen = [each for each in sized if each[1] in TOKENS][:TEXTS]
    mean = np.mean([size for _, size in chosen])
    print(f"{len(chosen)} texts of {mean:.1f} tokens, {len(os.sched_getaffinity(0))} cores")
    return [text for text, _ in chosen]


def load_paths(models: Path) -> dict[str, Encode]:
    """Return the library's own path with its defaults, and ours in two precisions."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(models / NAME), device="cpu", local_files_only=True)

    def plain(texts: list[str]) -> Any:
        return model.encode([PREFIX + each for each in texts])

    ours = {each: load_encoder(None, models, each).encode for each in ("int8", "float32")}
    return {"plain": plain, **ours}


def timed(encode: Encode, texts: list[str]) -> tuple[float, float]:
    """Return the texts a second of the wall, and the processors' milliseconds a text."""
    wall, busy = time.perf_counter(), time.process_time()
    encode(texts)
    spent = time.process_time() - busy
    return len(texts) / (time.perf_counter() - wall), 1000 * spent / len(texts)


def main(folder: str, models: str) -> None:
    """Print the speeds, then the cosines."""
    texts, paths = read_texts(Path(folder)), load_paths(Path(models))
    chosen = choose(texts, Path(models))
    rounds = [{name: timed(each, chosen) for name, each in paths.items()} for _ in range(ROUNDS)]
    for name in paths:
        speed = max(found[name][0] for found in rounds)
        busy = min(found[name][1] for found in rounds)
        ratio = np.median([found[name][0] / found["plain"][0] for found in rounds])
        print(f"{name:8}{speed:6.0f} texts/s, {busy:5.1f} ms of processor a text, × {ratio:.2f}")
    checked = texts[:CHECKED]
    cosines = (paths["plain"](checked) * paths["int8"](checked)).sum(axis=1)
    print(f"int8 to plain, {len(checked)} texts: {cosines.mean():.5f}, lowest {cosines.min():.5f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
