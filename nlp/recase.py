"""A text as the statistical name finder was taught to read: names with a capital, no shouting.

Only the case of letters changes, so that every range of the new text is one of the old.
"""

from nlp.textview import View
from nlp.word_judge import Judge
from nlp.words import Word

LEAST_BEARERS = 3  # of a surname in the source
LEAST_BIRTHS = 300
SHOUTED_LETTERS = 4  # a shouted line has longer words than an acronym


def recase(text: str, view: View, words: list[Word], judge: Judge) -> str:
    """Return ``text`` with names of the lexicons capitalised and shouted lines in lower case."""
    letters = list(text)
    for index, word in enumerate(words):
        start, end = view.input_range(word.start, word.end)
        if word.capital:
            continue
        surface = text[start:end]
        if word.shouted and len(surface) >= SHOUTED_LETTERS:
            letters[start:end] = lower_each(surface)
        if word.opens or looks_like_name(words, index, judge):
            letters[start : start + 1] = upper_each(surface[:1])
    return "".join(letters)


def looks_like_name(words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether a word without a capital of its own is a name of the lexicons."""
    word = words[index]
    if word.allowed or judge.is_barred(word):
        return False
    bearers = judge.lexicons.bearers(word.folded)
    if judge.is_plain(word):
        before = words[index - 1] if index and words[index - 1].joins else None
        return bearers >= 20 and before is not None and judge.is_clear_first_name(before)
    births = judge.lexicons.births(word.folded)
    return births >= LEAST_BIRTHS or bearers >= LEAST_BEARERS or judge.is_nickname(word)


def lower_each(surface: str) -> list[str]:
    """Return the letters in lower case, one for one."""
    return [c.lower() if len(c.lower()) == 1 else c for c in surface]


def upper_each(surface: str) -> list[str]:
    """Return the letters in upper case, one for one."""
    return [c.upper() if len(c.upper()) == 1 else c for c in surface]
