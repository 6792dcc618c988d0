"""Names of persons found by the words around them and by lexicons, without any model.

A title or a role before, a signature, "je m'appelle", a first name beside a surname; everyday words
that are also names (Rose, Petit) need a capital or a context.
"""

import re
from collections.abc import Iterator

from nlp.cues import Cues, read_cues
from nlp.identifiers import NAMED, Find
from nlp.lexicons import Lexicons
from nlp.name_starts import (
    PARTICLES,
    starts_after_role,
    starts_alone,
    starts_presented,
    starts_titled,
)
from nlp.textview import View
from nlp.words import Judge, Word

SIGNED_END = re.compile(r"[ .!]{0,3}(?:$|[\n,(\-–])")
MOST_WORDS = 5  # words of one name


def find_names(view: View, words: list[Word], lexicons: Lexicons) -> Iterator[Find]:
    """Find names by context and lexicon among the words of the view."""
    judge = Judge(lexicons)
    cues = read_cues(view.lower)
    index = 0
    while index < len(words):
        last = end_of_name(view, words, index, judge, cues)
        if last > index:
            yield Find(words[index].start, words[last - 1].end, "PERSON", NAMED)
        index = max(index + 1, last)


def end_of_name(view: View, words: list[Word], index: int, judge: Judge, cues: Cues) -> int:
    """Return the index after the name that starts at ``index``, or ``index`` when none does."""
    word = words[index]
    if word.start in cues.titles:
        if starts_titled(words, index, judge, cues.titles[word.start]):
            return extend(words, index, judge)
    elif not judge.is_barred(word):
        if word.start in cues.presents and starts_presented(word, judge):
            return extend(words, index, judge)
        if word.start in cues.closings and starts_presented(word, judge):
            last = extend(words, index, judge)
            if SIGNED_END.match(view.lower, words[last - 1].end):
                return last
        if word.start in cues.roles and starts_after_role(words, index, judge):
            return extend(words, index, judge)
    if starts_alone(words, index, judge):
        return extend(words, index, judge, sure=False)
    return index


def extend(words: list[Word], index: int, judge: Judge, sure: bool = True) -> int:
    """Return the index after the last word of the name that starts at ``index``.

    ``sure``: words around said that a person is named, so an unheard-of surname is believed.
    """
    last = index
    place = index
    while place < len(words) and place - index < MOST_WORDS:
        word = words[place]
        if place > index and not words[place - 1].joins:
            break
        if word.folded in PARTICLES and place + 1 < len(words):
            place += 1
            continue
        if place > index and not continues(words, place, judge):
            believed = sure and place == index + 1 and not words[index].capital
            if not (believed and judge.is_unheard_of(word) and judge.is_known(words[index])):
                break
        last = place
        if place > index and words[place - 1].link == ". " and len(words[place - 1].folded) > 2:
            break
        place += 1
    return index if words[last].folded in PARTICLES else last + 1


def continues(words: list[Word], place: int, judge: Judge) -> bool:
    """Tell whether a word goes on with the name before it."""
    word, before = words[place], words[place - 1]
    if before.link.startswith(".") and len(before.folded) > 2:
        return False
    if before.folded in PARTICLES and not word.capital and judge.is_plain(word):
        return judge.lexicons.bearers(word.folded) >= 50
    return judge.could_be_surname(word) or (word.capital and judge.is_first_name(word, 30))
