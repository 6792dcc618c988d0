"""Putting back, once, a word that was wrongly taken for a name."""

from collections import Counter
from datetime import date

from app import traces
from app.traces import AUTHOR
from feedback import editing, publication
from feedback.models import Feedback
from nlp.redact import Redaction, render


class CannotPutBack(Exception):
    """The word is a checked identifier, was put back already, or the text is not the one sent."""


def masked_with(original: str, redaction: Redaction, put_back: frozenset[int]) -> str:
    """Return ``original`` masked but for the spans at the places in ``put_back``."""
    kept = [span for place, span in enumerate(redaction.spans) if place not in put_back]
    return render(original, kept)


def put_word_back(
    feedback: Feedback,
    original: str,
    redaction: Redaction,
    before: frozenset[int],
    place: int,
    day: date,
) -> frozenset[int]:
    """Write back a word wrongly taken for a name, wherever it stands; return all places put back.

    Args:
        original: the text as typed, which only the author's page holds.
        before: the places of the spans that were put back earlier.
        place: the span to put back now.

    Raises ``CannotPutBack`` unless ``before`` gives exactly what is stored.
    """
    if place in before or not 0 <= place < len(redaction.spans):
        raise CannotPutBack
    if not editing.may_edit(feedback) or not feedback.names_masked:
        raise CannotPutBack
    if feedback.service.anonymous_by_law:  # nobody can check there that it is no name
        raise CannotPutBack
    if masked_with(original, redaction, before) != feedback.text:
        raise CannotPutBack
    if redaction.spans[place].type != "PERSON":
        raise CannotPutBack
    publication.change_words(feedback, day)
    places = before | same_word(original, redaction, place)
    feedback.text = masked_with(original, redaction, places)
    kept = (span.type for n, span in enumerate(redaction.spans) if n not in places)
    feedback.masked = dict(Counter(kept))
    feedback.words_put_back += 1
    editing.read_anew(feedback, day)
    traces.record("corrected", AUTHOR, day, feedback.id, "put back")
    return places


def same_word(original: str, redaction: Redaction, place: int) -> frozenset[int]:
    """Return the places of the names that are written like the one at ``place``."""
    words = [original[span.start : span.end].casefold() for span in redaction.spans]
    return frozenset(
        n
        for n, span in enumerate(redaction.spans)
        if span.type == "PERSON" and words[n] == words[place]
    )
