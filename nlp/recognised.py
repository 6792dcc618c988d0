"""Words by which a team could recognise who wrote, or by which the author says to fear it.

A list in ``nlp/data`` that a person can read and correct. It holds a message for a moderator and
decides nothing: being one of very few is a matter of the place, which a person knows.
"""

from functools import cache

from nlp.phrases import PhraseList, Span, find_phrases, read_phrases


def recognised(text: str) -> list[Span]:
    """Return the words of ``text`` that may point at its author, in order of place.

    Kinds: fear (of what would follow), known (they will know who wrote), few (one of very few),
    staff (works there). Places are in characters, the end exclusive.
    """
    return find_phrases(text, _phrases())


@cache
def _phrases() -> PhraseList:
    return read_phrases("recognised_words.txt")
