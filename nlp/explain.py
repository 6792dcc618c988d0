"""Says why a segment stands in its theme: its nearest fellow members, and the words without which
it would be less at home there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nlp.assign import Labels, Vectors

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
MOST_WORDS = 60  # words tried one by one; the rest of a longer segment is not explained

Places = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class Neighbour:
    """A member by its row, and its cosine to the segment in [-1, 1]."""

    row: int
    similarity: float


def neighbours(
    point: Vectors,
    points: Vectors,
    labels: Sequence[int] | Labels,
    theme: int,
    count: int = 3,
) -> list[Neighbour]:
    """Return the ``count`` members of ``theme`` nearest to ``point`` (d,), itself left out.

    Only a row that is exactly the point is taken for the point itself, and only once.
    """
    rows = np.flatnonzero(np.asarray(labels) == theme)
    same = [row for row in rows.tolist() if np.array_equal(points[row], point)][:1]
    rows = np.setdiff1d(rows, same)
    similar = points[rows] @ point
    order = np.argsort(-similar, kind="stable")[:count]
    return [Neighbour(int(rows[each]), float(similar[each])) for each in order]


def telling_words(
    text: str, centre: Vectors, place: Places, count: int = 3
) -> list[tuple[str, float]]:
    """Return the words whose removal lowers the cosine to ``centre`` (d,) most, with that loss.

    ``place`` turns texts into unit rows in the themes' space: it is called once, with the text and
    the text without each of its words. Words that change nothing or raise the score are left out.
    """
    found = list(_WORD.finditer(text))[:MOST_WORDS]
    without = [text[: each.start()] + text[each.end() :] for each in found]
    scores = place([text, *without]) @ centre
    losses = [
        (each.group(), float(scores[0] - score))
        for each, score in zip(found, scores[1:], strict=True)
    ]
    return sorted((pair for pair in losses if pair[1] > 1e-6), key=lambda pair: -pair[1])[:count]
