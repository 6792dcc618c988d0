"""What is loaded once in a process and may be missing: the name finder and the sentence encoder.

The web process loads the name finder alone; the worker adds the parser and the encoder. A model
that cannot be loaded is None, and whoever asks carries on without it (model.md §3).
"""

from functools import cached_property
from pathlib import Path
from typing import Any

import structlog
from flask import current_app

from app.config import Settings
from app.patience import PatientNames
from nlp.clauses import ClausesUnavailable, load_clauses
from nlp.encode import Encoder, EncoderUnavailable, load_encoder
from nlp.name_finder import NameFinder, NamesUnavailable, load_name_finder
from nlp.tagged_phrases import load_tagger

log = structlog.get_logger()


class Runtime:
    """The models of one process."""

    def __init__(self, settings: Settings, instance: Path) -> None:
        self.settings = settings
        self.instance = instance

    @cached_property
    def name_finder(self) -> NameFinder | None:
        """The spaCy pipeline that finds names, given up when it hangs, or None."""
        try:
            return PatientNames(load_name_finder(self.settings.NAMES_MODEL))
        except NamesUnavailable as error:
            log.warning("names_unavailable", reason=str(error))
            return None

    @cached_property
    def clauses(self) -> Any:
        """The parser that cuts messages, on the name finder's vocabulary, or None."""
        try:
            return load_clauses(self.settings.NAMES_MODEL, self._vocab)
        except ClausesUnavailable as error:
            log.warning("clauses_unavailable", reason=str(error))
            return None

    @cached_property
    def tagger(self) -> Any:
        """What tells nouns from verbs when themes are named, on the same vocabulary, or None."""
        return load_tagger(self.settings.NAMES_MODEL, self._vocab)

    @property
    def _vocab(self) -> Any:
        return getattr(getattr(self.name_finder, "pipeline", None), "vocab", None)

    @cached_property
    def encoder(self) -> Encoder | None:
        """The sentence encoder, or None."""
        try:
            folder = self.instance / "models"
            return load_encoder(self.settings.ENCODER_MODEL or None, folder)
        except EncoderUnavailable as error:
            log.warning("encoder_unavailable", reason=str(error))
            return None


def runtime() -> Runtime:
    """Return the models of this process."""
    found: Runtime = current_app.extensions["boucle"]
    return found
