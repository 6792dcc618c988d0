"""From texts to themes and back in a file: cuts, encodes, groups and names messages, and places
others among the themes found. What the command line does, without its files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlp.assign import Assignment, Labels, Prototypes, Vectors, assign, fit_thresholds
from nlp.cluster import cluster
from nlp.encode import Encoder, Progress
from nlp.keywords import typical
from nlp.segment import Segment, segments
from nlp.space import Space, fit_space, load_space, save_arrays
from nlp.titles import name_themes


class OtherModel(ValueError):
    """The themes were fitted with another sentence model: their vectors cannot be compared."""


@dataclass(frozen=True, eq=False)
class Cut:
    """Segments of messages: ``messages[i]`` is the row of the message that segment i is of."""

    segments: list[Segment]
    messages: list[int]

    @property
    def texts(self) -> list[str]:
        """The segments' texts, in order."""
        return [each.text for each in self.segments]


@dataclass(frozen=True, eq=False)
class Fitted:
    """Themes to place messages in, with the space that they live in."""

    space: Space
    prototypes: Prototypes

    def save(self, path: Path) -> None:
        """Write everything into one npz file."""
        own: dict[str, NDArray[Any]] = {"themes": self.prototypes.themes}
        own |= {"centres": self.prototypes.centres, "thresholds": self.prototypes.thresholds}
        save_arrays(path, self.space.parts() | own)


@dataclass(frozen=True, eq=False)
class Grouped:
    """The outcome of grouping: where each segment stands, and what each theme is about."""

    fitted: Fitted
    labels: Labels
    points: Vectors


def load_fitted(path: Path) -> Fitted:
    """Read what `Fitted.save` wrote. Raises ValueError for any other file."""
    names = ("themes", "centres", "thresholds")
    try:
        space = load_space(path)
        with np.load(path, allow_pickle=False) as stored:
            return Fitted(space, Prototypes(*(stored[name] for name in names)))
    except (ValueError, KeyError, TypeError, EOFError, BadZipFile):
        raise ValueError(f"{path}: not a file of `themes --save`") from None


def read_npy(path: Path) -> Vectors:
    """Read float vectors that `encode` wrote. Raises ValueError for any other file."""
    try:
        with path.open("rb") as stream:
            return np.asarray(np.load(stream, allow_pickle=False), dtype=np.float32)
    except (ValueError, TypeError, EOFError, BadZipFile):
        raise ValueError(f"{path}: not a file of `encode`") from None


def cut(texts: Sequence[str]) -> Cut:
    """Cut each text into its segments; a blank text has none."""
    found = [(each, row) for row, text in enumerate(texts) for each in segments(text)]
    return Cut([each for each, _ in found], [row for _, row in found])


def group(vectors: Vectors, texts: Sequence[str], encoder: Encoder, seed: int) -> Grouped:
    """Group segments given with their sentence vectors (n, d), which ``encoder`` gave."""
    space = fit_space(vectors, texts, encoder.model_hash, seed, encoder.encode)
    points = space.transform(vectors, texts)
    labels = cluster(points, seed)
    return Grouped(Fitted(space, fit_thresholds(points, labels)), labels, points)


def grouped_places(grouped: Grouped) -> list[Assignment]:
    """Return each segment's own theme with its score; what the runs left unplaced stays so."""
    prototypes = grouped.fitted.prototypes
    rows = {int(theme): row for row, theme in enumerate(prototypes.themes)}
    places = []
    nearest = assign(grouped.points, prototypes)
    for point, label, near in zip(grouped.points, grouped.labels.tolist(), nearest, strict=True):
        if label < 0:
            places.append(Assignment(-1, near.score, -1, -1.0, near.threshold))
            continue
        others = prototypes.centres @ point
        row = rows[label]
        own, others[row] = float(others[row]), -1.0
        second = int(others.argmax())
        runner_up = -1 if len(rows) == 1 else int(prototypes.themes[second])
        limit = float(prototypes.thresholds[row])
        places.append(Assignment(label, own, runner_up, float(others[second]), limit))
    return places


def place(
    fitted: Fitted, encoder: Encoder, texts: Sequence[str], progress: Progress | None = None
) -> Vectors:
    """Encode texts into the themes' space. Raises `OtherModel` for another encoder."""
    if encoder.model_hash != fitted.space.model_hash:
        raise OtherModel(
            f"the themes were fitted with model {fitted.space.model_hash}, "
            f"this is {encoder.name} {encoder.model_hash}"
        )
    return fitted.space.transform(encoder.encode(texts, progress), texts)


def describe(
    grouped: Grouped, cuts: Cut, ids: Sequence[Any], tagger: Any = None
) -> list[dict[str, Any]]:
    """Return for each theme its title, words, size in messages and typical ids.

    ``tagger``: what `tagged_phrases.load_tagger` returns; None names by the use of words alone.
    """
    rows = {int(t): np.flatnonzero(grouped.labels == t) for t in grouped.fitted.prototypes.themes}
    texts = {theme: [cuts.segments[row].text for row in rows[theme]] for theme in rows}
    named = name_themes(texts, {theme: grouped.points[rows[theme]] for theme in rows}, tagger)
    examples = typical(grouped.points, grouped.labels)
    return [
        {
            "theme": theme,
            "title": named[theme].title,
            "words": [[word, round(weight, 4)] for word, weight in named[theme].words],
            "size": len({cuts.messages[row] for row in rows[theme]}),
            "typical": [ids[cuts.messages[row]] for row in examples[theme]],
        }
        for theme in rows
    ]
