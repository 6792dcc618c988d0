"""The labelled sets, and a large corpus made from them to measure time and memory."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.vectors import unit_rows
from tests.nlp.measure_registers import read_rows

Vectors = NDArray[np.float32]
MINIBAR, GRAND_DEBAT, PSYTAR = "minibar_health_apps_fr", "granddebat_services", "psytar_adr_en"
FAMILY = "Mini-BAR"  # the four sets whose mean is told
MIXED, NOISE = 0.3, 0.2  # of another vector, and of a random one, in a made vector
SMALL = 1_000  # texts; larger sets are left out of a quick run


class MissingData(Exception):
    """The folder of development data does not hold what is measured on."""


@dataclass(frozen=True)
class LabelledSet:
    """Texts with the group that people gave each."""

    name: str
    texts: list[str]
    truth: list[str]


def read_sets(folder: Path, quick: bool) -> list[LabelledSet]:
    """Return every labelled set, without the large ones for a ``quick`` run."""
    if missing := [each for each in (MINIBAR, GRAND_DEBAT) if not (folder / each).is_dir()]:
        raise MissingData(f"{folder} holds no {' and no '.join(missing)}")
    sets = [_minibar(path) for path in minibar_files(folder)]
    registers = read_rows()
    texts, topics = [row.text for row in registers], [row.topic for row in registers]
    sets.append(LabelledSet("Registers (12 topics)", texts, topics))
    if not quick:
        sets += [grand_debat(folder), *_psytar(folder / PSYTAR)]
    return sets


def minibar_files(folder: Path) -> list[Path]:
    """Return the four labelled files of reviews, with columns `data` and `ground_truth`."""
    return sorted((folder / MINIBAR).glob("*.clusters.csv"))


def minibar_name(path: Path) -> str:
    """Return what one of them is called in the document."""
    app, kind = path.name.split(".")[:2]
    return f"{FAMILY}: {app.partition('_')[0]}, {kind.partition('_')[0]}s"


def _minibar(path: Path) -> LabelledSet:
    rows = _read(path)
    truth = [row["ground_truth"] for row in rows]
    return LabelledSet(minibar_name(path), [row["data"] for row in rows], truth)


def grand_debat(folder: Path) -> LabelledSet:
    """Return the answers with the question that each was given to."""
    rows = _read(folder / GRAND_DEBAT / "comments.csv")
    texts, questions = [r["text"] for r in rows], [r["question"] for r in rows]
    return LabelledSet("Grand Débat (5 questions)", texts, questions)


def _psytar(folder: Path) -> list[LabelledSet]:
    """Return the sentences with exactly one label; the others have none or several."""
    truth: dict[str, str] = {}
    for path in sorted(folder.glob("*.tsv")):
        for row in _read(path, "\t", csv.QUOTE_NONE):
            text = row.pop("sentences")
            kinds = [kind for kind, value in row.items() if value == "1"]
            if len(kinds) == 1:
                truth[text] = kinds[0]
    name = "PsyTAR (6 kinds of sentence)"
    return [LabelledSet(name, list(truth), list(truth.values()))] if truth else []


def _read(path: Path, delimiter: str = ",", quoting: Any = csv.QUOTE_MINIMAL) -> list[dict]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter, quoting=quoting))


def real_texts(folder: Path, count: int) -> list[str]:
    """Return ``count`` different real texts in an order drawn with seed 0, or all there are."""
    rows = [r["data"] for path in sorted((folder / MINIBAR).glob("*.csv")) for r in _read(path)]
    rows += [r["text"] for r in _read(folder / GRAND_DEBAT / "comments.csv")]
    for each in _psytar(folder / PSYTAR):
        rows += each.texts
    found = sorted({text for text in rows if text.strip()})
    order = np.random.default_rng(0).permutation(len(found))[:count]
    return [found[row] for row in order]


def enlarge(vectors: Vectors, texts: list[str], size: int) -> tuple[Vectors, list[str]]:
    """Return ``size`` vectors and texts: the real ones first, then made ones (seed 0).

    A made vector is that of a real text with 0.3 of another's and 0.2 of a random direction; its
    text is repeated.
    """
    rng = np.random.default_rng(0)
    more = max(0, size - len(texts))
    source, other = rng.integers(len(texts), size=(2, more))
    random = unit_rows(rng.normal(size=(more, vectors.shape[1])).astype(np.float32))
    made = unit_rows(vectors[source] + MIXED * vectors[other] + NOISE * random)
    longer = texts + [texts[row] for row in source]
    return np.vstack([vectors, made])[:size], longer[:size]
