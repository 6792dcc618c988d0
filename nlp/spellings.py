"""Chooses how words are shown: accents and capitals as people write them, typos left out.

Neighbours at one edit are found by their shared deletions (Garbe, SymSpell, 2012).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from nlp.lexicons import fold
from nlp.noun_phrases import Token

STEM = 5  # letters that words of one family share
RARE = 3  # texts at most that hold a spelling taken for a typo
COMMONER = 3  # times more texts hold its neighbour
LETTERS = 5  # shorter words have too many neighbours that are words too
ACCENTED = 1 / 3  # share of writers from which accents are shown: they are left out, never added
CAPITAL = 0.5  # share of places from which a capital is shown
SHOUTED = 0.6  # share of capitals from which a text's capitals tell nothing
_ENDING = re.compile(
    r"(?:[aiu]tion|[xst]ion|e?ment|age|[ae]nce|[ae]nte?|ateur|eur|euse|[ai]ble|[ei]r|ee|ite|e)$"
)


@cache
def family(word: str) -> str:
    """Return what a folded word shares with its noun, verb and adjective: « coupl », for counting.

    Never shown: « couplage », « coupler » and « couplé » speak of one thing.
    """
    ending = _ENDING.search(word, STEM)
    return word[: ending.start()] if ending else word


def corrections(counts: Mapping[str, int]) -> dict[str, str]:
    """Return for each rare word its much commoner neighbour, the commonest of several."""
    near: dict[str, set[str]] = defaultdict(set)
    for word, count in counts.items():
        if len(word) >= LETTERS and count >= COMMONER:
            for form in _shortened(word):
                near[form].add(word)
    found = {}
    for word, count in counts.items():
        if count <= RARE and len(word) >= LETTERS:
            others = {other for form in _shortened(word) for other in near.get(form, ())}
            fit = [other for other in others if _fits(word, count, other, counts[other])]
            if fit:
                found[word] = min(fit, key=lambda other: (-counts[other], other))
    return found


def _shortened(word: str) -> list[str]:
    """Return the word and what it is without any one letter but the first."""
    return [word, *(word[:place] + word[place + 1 :] for place in range(1, len(word)))]


def _fits(word: str, count: int, other: str, commoner: int) -> bool:
    return other != word and commoner >= COMMONER * count and _is_one_edit(word, other)


def _is_one_edit(one: str, other: str) -> bool:
    """Tell whether a letter put in, left out, changed or two neighbours swapped part two words."""
    short, long = sorted((one, other), key=len)
    start = next(
        (i for i, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]),
        len(short),
    )
    rest, longer = short[start:], long[start:]
    if len(short) < len(long):
        return len(long) - len(short) == 1 and rest == longer[1:]
    return rest[1:] == longer[1:] or (rest[:2] == longer[1::-1] and rest[2:] == longer[2:])


class Spellings:
    """How each word was written, over many texts."""

    def __init__(self, texts: Iterable[Sequence[Token]]) -> None:
        self.forms: dict[str, Counter[str]] = defaultdict(Counter)
        for found in texts:
            letters = "".join(token.text for token in found)
            shouted = sum(map(str.isupper, letters)) > SHOUTED * len(letters)
            opens = True
            for token in found:
                if token.key not in ("", "."):
                    self.forms[fold(token.text)][_as_meant(token.text, opens, shouted)] += 1
                opens = token.key == "."

    def shown(self, word: str) -> str:
        """Return a word as most write it; a word that was never counted stays."""
        forms = self.forms.get(fold(word))
        if forms is None:
            return word
        accented = {form: n for form, n in forms.items() if fold(form) != form.lower()}
        if sum(accented.values()) >= ACCENTED * forms.total():
            forms = Counter(accented)
        capitals = {form: n for form, n in forms.items() if form != form.lower()}
        if sum(capitals.values()) <= CAPITAL * forms.total():
            forms = Counter({form: n for form, n in forms.items() if form not in capitals})
        else:
            forms = Counter(capitals)
        return min(forms, key=lambda form: (-forms[form], form))


def _as_meant(word: str, opens: bool, shouted: bool) -> str:
    """Return a word without the capital that only its place gives it."""
    return word.lower() if shouted or (opens and word[1:] == word[1:].lower()) else word
