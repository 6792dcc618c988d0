"""Names of persons found by the words around them and by lexicons, without any model.

A title or a role before, a signature, "je m'appelle", a first name beside a surname; everyday words
that are also names (Rose, Petit) need a capital or a context.
"""

import re
from collections.abc import Iterator

from nlp.cues import Cues, read_cues
from nlp.identifiers import NAMED, Find
from nlp.lexicons import Lexicons
from nlp.name_contexts import is_acting, is_called, is_family, is_household, is_relative
from nlp.name_starts import starts_after_role, starts_alone, starts_presented
from nlp.textview import View
from nlp.titled_names import (
    OFTEN_BORNE,
    PARTICLES,
    is_short_name,
    looks_through,
    names_a_street,
    starts_titled,
)
from nlp.word_judge import Judge, is_typo
from nlp.words import Word

SIGNED_END = re.compile(r"[ .!]{0,3}(?:$|[\n,(\-–])")
INITIALS = re.compile(r"[A-Z]\.[ \-]?[A-Z]\.?(?![^\W_])")
LEADS = frozenset({"el", "al", "ben", "bin", "abou", "abu", "ould", "van", "von", "ait", "bel"})
MOST_WORDS = 5  # words of one name


def find_names(view: View, words: list[Word], lexicons: Lexicons) -> Iterator[Find]:
    """Find names by context and lexicon among the words of the view."""
    judge = Judge(lexicons)
    cues = read_cues(view.lower)
    yield from find_initials(view, cues)
    index = named = 0
    while index < len(words):
        last = end_of_name(view, words, index, judge, cues)
        if last == index and named and is_next_of_list(words, named, index, judge):
            last = extend(words, index, judge, sure=False)
        if last > index:
            named = last
            yield Find(
                start_of_surface(words, index), end_of_surface(words[last - 1]), "PERSON", NAMED
            )
        index = max(index + 1, last)


def find_initials(view: View, cues: Cues) -> Iterator[Find]:
    """Find the R.B. of a signature."""
    for place in sorted(cues.presents | cues.closings):
        match = INITIALS.match(view.plain, place)
        if match:
            yield Find(match.start(), match.end(), "PERSON", NAMED)


def end_of_name(view: View, words: list[Word], index: int, judge: Judge, cues: Cues) -> int:
    """Return the index after the name that starts at ``index``, or ``index`` when none does."""
    word = words[index]
    if word.start not in cues.places and judge.is_silent(word):
        return index
    titled = word.start in cues.titles and not names_a_street(words, index)
    if titled and starts_titled(words, index, judge, cues.titles[word.start]):
        short = is_short_name(words, index, cues.titles[word.start])
        return max(extend(words, index, judge), index + short)
    led = word.start in cues.presents or word.start in cues.households
    if led and looks_through(words, index, judge):
        return extend(words, index, judge)
    if not judge.is_barred(word):
        if word.start in cues.presents and starts_presented(word, judge):
            return extend(words, index, judge)
        if word.start in cues.closings and starts_presented(word, judge):
            last = extend(words, index, judge)
            if SIGNED_END.match(view.lower, words[last - 1].end):
                return last
        if word.start in cues.roles and starts_after_role(words, index, judge):
            return extend(words, index, judge)
        if is_shown(view.lower, words, index, judge, cues):
            return extend(words, index, judge, sure=False)
    if starts_alone(words, index, judge):
        return extend(words, index, judge, sure=False)
    return index


def is_shown(lower: str, words: list[Word], index: int, judge: Judge, cues: Cues) -> bool:
    """Tell whether a relative, a call or a person's act shows that the word is a name."""
    word = words[index]
    return (
        (word.start in cues.relatives and is_relative(word, judge))
        or (word.start in cues.called and is_called(words, index, judge))
        or (word.start in cues.families and is_family(word, judge))
        or (word.start in cues.households and is_household(word, judge))
        or (word.start in cues.posts and judge.is_foreign(word))
        or is_acting(lower, words, index, judge)
    )


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
        initial = place > index and is_last_initial(word, words[place - 1])
        led = word.folded in PARTICLES and word.joins and place + 1 < len(words)
        if led and not initial:
            place += 1
            continue
        if place > index and not continues(words, place, judge):
            if words[place - 1].folded in PARTICLES and judge.is_unheard_of(word):
                last, place = place, place + 1
                continue
            famous = word.allowed and not judge.may_stay(word)  # "mon médecin jean bernard"
            if sure and (famous or place == index + 1 and is_common_surname(word, judge)):
                last, place = place, place + 1
                continue
            if not (place == index + 1 and is_new_surname(words[index], word, judge, sure)):
                break
        last = place
        if place > index and words[place - 1].link == ". " and len(words[place - 1].folded) > 2:
            break
        place += 1
    hanging = words[last].folded in PARTICLES and len(words[last].folded) > 1
    return index if hanging else last + 1


def is_new_surname(first: Word, word: Word, judge: Judge, sure: bool) -> bool:
    """Tell whether a lower-case word after a first name is a surname: unheard of, or frequent."""
    if word.capital or first.link not in (" ", "  ", "-"):
        return False
    heard = judge.is_known(first) or judge.is_foreign(first)
    if not (sure and heard) and not judge.is_clear_first_name(first):
        return False
    often = judge.lexicons.bearers(word.folded) >= OFTEN_BORNE
    return judge.is_foreign(word) or (often and is_common_surname(word, judge))


def is_common_surname(word: Word, judge: Judge) -> bool:
    """Tell whether an everyday word is a surname often enough to go on with a name."""
    often = judge.lexicons.bearers(word.folded) >= 40
    return often and judge.is_plain(word) and not (word.allowed or judge.is_barred(word))


def is_next_of_list(words: list[Word], named: int, index: int, judge: Judge) -> bool:
    """Tell whether a word follows a name (that ended before ``named``) and "et", and is one too."""
    word = words[index]
    if index == named and words[named - 1].link == " (" and word.link.startswith(")"):
        return is_household(word, judge)  # "Rajesh (Szymanski)"
    coordinated = index == named + 1 and words[named].folded in ("et", "ou", "puis", "ni")
    if not coordinated or words[named - 1].link != " " or word.allowed or judge.is_barred(word):
        return False
    births, bearers = judge.lexicons.births(word.folded), judge.lexicons.bearers(word.folded)
    if word.capital:
        return births >= 300 or bearers >= 20
    known = (births >= 300 or bearers >= 3) and not judge.is_plain(word)
    return judge.is_nickname(word) or (known and not is_typo(word.folded, judge))


def is_last_initial(word: Word, before: Word) -> bool:
    """Tell whether the word is the B of "Soraya B."."""
    signed = word.link.lstrip(".")[:1] in ("", "\n")  # "sandrine m" at the end of a line
    cased = word.capital or word.shouted or (signed and word.folded not in "ay")
    alone = len(word.folded) == 1 and cased and before.link == " "
    return alone and len(before.folded) > 2 and not word.link.startswith("'")


def start_of_surface(words: list[Word], index: int) -> int:
    """Return the start of a name, with the El of "El Mehdi"."""
    before = words[index - 1] if index else None
    if before and before.capital and len(before.folded) == 1 and before.link == ".":
        return before.start  # the M of "M.L. Bouvier"
    led = before is not None and before.joins and before.folded in LEADS
    cased = before is not None and (before.capital or before.shouted)
    return before.start if led and cased and before else words[index].start


def end_of_surface(word: Word) -> int:
    """Return the end of the last word of a name, with the dot of an initial."""
    return word.end + (len(word.folded) == 1 and word.link.startswith("."))


def continues(words: list[Word], place: int, judge: Judge) -> bool:
    """Tell whether a word goes on with the name before it."""
    word, before = words[place], words[place - 1]
    if is_last_initial(word, before):
        return True
    if len(word.folded) == 2 and judge.is_first_name(word, 100):  # "marie jo"
        return not (judge.is_plain(word) or judge.is_barred(word))
    if before.link.startswith(".") and len(before.folded) > 2:
        return False
    if before.folded in PARTICLES and not word.capital and judge.is_plain(word):
        return judge.lexicons.bearers(word.folded) >= 50
    return judge.could_be_surname(word) or (word.capital and judge.is_first_name(word, 30))
