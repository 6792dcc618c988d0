"""Waits for a model as long as it may take, and gives up one that hangs.

A thread that hangs in a library cannot be ended from outside: it is left behind, and what called it
goes on. Where several were left behind, the model is not asked again before its process restarts.
"""

from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray

from nlp.encode import Encoder, Progress
from nlp.name_finder import NameFinder

log = structlog.get_logger()

PATIENCE = 180.0  # seconds without one batch done: the longest takes about one
MOST_LEFT_BEHIND = 8  # each keeps a core busy perhaps; three tries of two texts are six

NAMES_PATIENCE = 3.0  # seconds, while somebody waits for a code: the longest text takes half of one
MOST_NAMES_LEFT = 1  # while one hangs, nobody else waits for the finder

_left_behind: list[Thread] = []
_names_left: list[Thread] = []


class ModelHangs(Exception):
    """The model gave no sign of life for as long as it may take."""


class PatientEncoder:
    """An encoder that raises ``ModelHangs`` where the one inside would never come back."""

    def __init__(self, inner: Encoder) -> None:
        self.name, self.model_hash, self.dimension = inner.name, inner.model_hash, inner.dimension
        self._inner = inner

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return what the encoder inside returns; ``progress`` is called by the caller's thread."""
        said: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        thread = Thread(target=self._run, args=(texts, said), name="encode", daemon=True)
        thread.start()
        while True:
            try:
                kind, value = said.get(timeout=PATIENCE)
            except Empty:
                _left_behind.append(thread)
                log.error("model_hangs", texts=len(texts), left_behind=len(_still_alive()))
                raise ModelHangs(f"no sign of life in {PATIENCE:.0f} seconds") from None
            if kind == "rows":
                rows: NDArray[np.float32] = value
                return rows
            if kind == "fault":
                raise value
            if progress is not None:
                progress(*value)

    def _run(self, texts: Sequence[str], said: SimpleQueue[tuple[str, Any]]) -> None:
        try:
            rows = self._inner.encode(texts, lambda *step: said.put(("step", step)))
        except BaseException as fault:  # raised again where somebody hears it
            said.put(("fault", fault))
        else:
            said.put(("rows", rows))


class PatientNames:
    """A name finder that raises ``ModelHangs`` where the one inside would never come back."""

    def __init__(self, inner: NameFinder) -> None:
        self._inner = inner

    @property
    def pipeline(self) -> Any:
        """What is loaded inside, whose vocabulary others share; None where there is none."""
        return getattr(self._inner, "pipeline", None)

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return what the finder inside returns, or raise what it raises."""
        if len(_alive(_names_left)) >= MOST_NAMES_LEFT:
            raise ModelHangs("the name finder hangs: restart the process")
        said: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        thread = Thread(target=self._run, args=(text, said), name="names", daemon=True)
        thread.start()
        try:
            kind, value = said.get(timeout=NAMES_PATIENCE)
        except Empty:
            _names_left.append(thread)
            log.error("names_hang", characters=len(text), left_behind=len(_alive(_names_left)))
            raise ModelHangs(f"no names in {NAMES_PATIENCE:.0f} seconds") from None
        if kind == "fault":
            raise value
        ranges: list[tuple[int, int]] = value
        return ranges

    def _run(self, text: str, said: SimpleQueue[tuple[str, Any]]) -> None:
        try:
            ranges = self._inner.find(text)
        except BaseException as fault:  # raised again where somebody hears it
            said.put(("fault", fault))
        else:
            said.put(("ranges", ranges))


def is_worn() -> bool:
    """Say whether too many threads hang to start one more."""
    return len(_still_alive()) >= MOST_LEFT_BEHIND


def _still_alive() -> list[Thread]:
    return _alive(_left_behind)


def _alive(threads: list[Thread]) -> list[Thread]:
    threads[:] = [thread for thread in threads if thread.is_alive()]
    return threads
