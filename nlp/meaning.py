"""The half of a fitted space that a page can afford: sentence vectors without what all share.

Reads two small arrays of the space's file and no encoder; the wording beside them stays unread.
"""

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from nlp.assign import Vectors
from nlp.encode import unit_rows


@dataclass(frozen=True, eq=False)
class Meaning:
    """``mean`` (d,) and ``directions`` (2, d) of the space fitted for the model ``model_hash``."""

    model_hash: str
    mean: Vectors
    directions: Vectors

    def points(self, vectors: Vectors) -> Vectors:
        """Return (n, d) float32 unit rows of sentence vectors (n, d), as the space has them."""
        centred: Vectors = (vectors - self.mean).astype(np.float32)
        shared: Vectors = (centred @ self.directions.T @ self.directions).astype(np.float32)
        return unit_rows(centred - shared)


def load_meaning(path: Path) -> Meaning | None:
    """Read what `Space.save` wrote; None when there is no such file or it cannot be read."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            parts = [stored[name].astype(np.float32) for name in ("mean", "directions")]
            return Meaning(str(stored["model_hash"]), *parts)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
