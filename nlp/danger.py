"""Urgent and serious words: what holds a message for a moderator, what opens a review at once.

Lists in ``nlp/data`` that a person can read and correct; for danger, a second ear beside them
(``nlp/danger_ear.py``) hears what no list foresaw. A message is held when in doubt; nothing here
blocks its sending.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from nlp.danger_ear import listen
from nlp.phrases import PhraseList, Span, blank_look_alikes, find_phrases, read_phrases

Danger = Span
Harm = Span
ANNOYANCE, BLOCKED, HARM = 1, 2, 3
_BLOCKED_KIND = "blocked"
_CONCERNED = "+"  # words that say who is concerned: nothing by themselves


def danger(text: str) -> list[Danger]:
    """Return the words of danger to self or others, abuse and serious harm, in order of place.

    Kinds: suicide, violence, threat, child, abuse, medical, homeless, online. One passage may
    carry several kinds. A negation is held too: « je ne veux pas mourir » is said by people who
    think of it. Words that say who is concerned (a child, a frail adult) add their kind to a
    danger and are none by themselves.

    What the lists find stands; where they find nothing, the passage that the second ear hears does.
    It never takes a finding of the lists back: it is not sure enough of short cries. Look-alikes of
    the lists it does not hear.
    """
    phrases = _phrases("danger_words.txt")
    found = find_phrases(text, phrases)
    if all(span.kind.startswith(_CONCERNED) for span in found):
        return list(listen(blank_look_alikes(text, phrases)).spans)
    named = {replace(span, kind=span.kind.removeprefix(_CONCERNED)) for span in found}
    return sorted(_shortest(named), key=lambda span: (span.start, span.end, span.kind))


def _shortest(spans: Iterable[Span]) -> list[Span]:
    """Leave out a passage that holds a shorter one of its kind: several lines may find one."""
    kept: list[Span] = []
    ends: dict[str, int] = {}
    for span in sorted(spans, key=lambda span: (-span.start, span.end)):
        if span.end < ends.get(span.kind, span.end + 1):
            kept.append(span)
            ends[span.kind] = span.end
    return kept


def harm(text: str) -> list[Harm]:
    """Return the serious words that open a single-case review at the first message.

    Kinds: injury, hospital, medicine, record, money, rights, care, leak, emergency.
    """
    return [span for span in _serious(text) if span.kind != _BLOCKED_KIND]


def severity(text: str) -> int:
    """Propose how bad it was: 1 annoyance, 2 blocked, 3 harm or loss; a person may correct it."""
    return grounds(text)[0]


def grounds(text: str) -> tuple[int, list[Span]]:
    """Return the severity with the passages that give it, in order of place; none for 1."""
    serious = _serious(text)
    harms = [*danger(text), *(span for span in serious if span.kind != _BLOCKED_KIND)]
    level = HARM if harms else BLOCKED if serious else ANNOYANCE
    return level, sorted(harms or serious, key=lambda span: (span.start, span.end))


def _serious(text: str) -> list[Span]:
    return find_phrases(text, _phrases("harm_words.txt"))


@cache
def _phrases(name: str) -> PhraseList:
    return read_phrases(name)
