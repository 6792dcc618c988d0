"""Find listed phrases in hurried French: no accents, no apostrophes, doubled letters, SMS spelling.

The lists are data that people who know no regular expression can edit. One line is
``kind<TAB>pattern``; a pattern is words parted by spaces, where ``a/b`` means either, a final ``*``
any ending, ``?word`` an optional word and ``~3`` up to three words in between. ``@name = a/b``
defines a group. A line of kind ``-`` is a look-alike: what it covers is no finding.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

_DATA = Path(__file__).parent / "data"
_APOSTROPHES = "'’ʼ`´"
_STOPS = ".!?;:\n…"


@dataclass(frozen=True)
class Span:
    """One phrase found: its kind and its place in the text, in characters, end exclusive."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class PhraseList:
    """Compiled patterns of one list, with the look-alikes apart."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    look_alikes: tuple[re.Pattern[str], ...]


def read_phrases(name: str) -> PhraseList:
    """Read ``nlp/data/<name>``. Raises ValueError naming the line that cannot be read."""
    groups: dict[str, str] = {}
    patterns, look_alikes = [], []
    for number, line in enumerate((_DATA / name).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("@"):
            group, _, words = line.partition("=")
            groups[group.strip()] = words.strip()
            continue
        kind, tab, pattern = line.partition("\t")
        if not tab or not pattern.strip():
            raise ValueError(f"{name} line {number}: kind, tab, pattern expected")
        if pattern.split()[-1][0] in "?~":
            raise ValueError(f"{name} line {number}: a pattern ends with a word that must be there")
        compiled = re.compile(_expression(pattern, groups))
        if kind == "-":
            look_alikes.append(compiled)
        else:
            patterns.append((kind, compiled))
    return PhraseList(tuple(patterns), tuple(look_alikes))


def find_phrases(text: str, phrases: PhraseList) -> list[Span]:
    """Return the phrases found, in order of place; what lies in a look-alike is left out."""
    plain, places = fold(text)
    excused = [m.span() for each in phrases.look_alikes for m in each.finditer(plain)]
    found = {
        Span(kind, places[m.start()], places[m.end() - 1] + 1)
        for kind, each in phrases.patterns
        for m in each.finditer(plain)
        if not any(start <= m.start() and m.end() <= end for start, end in excused)
    }
    return sorted(found, key=lambda span: (span.start, span.end, span.kind))


def fold(text: str) -> tuple[str, list[int]]:
    """Return the text in its plainest form and, per character of it, the place in the original.

    Lower case, no accents or apostrophes, runs of one letter made one, all else one space; the
    end of a sentence is " . ", so that no gap between words reaches past it.
    """
    letters: list[str] = [" "]
    places: list[int] = [0]
    for place, original in enumerate(text):
        for letter in _plain_letters(original):
            if letter == letters[-1] or (letter == "." and letters[-2:] == [".", " "]):
                continue
            letters.append(letter)
            places.append(place)
    if letters[-1] != " ":
        letters.append(" ")
        places.append(len(text) - 1)
    return "".join(letters), places


def _plain_letters(character: str) -> str:
    if character in _APOSTROPHES:
        return ""
    if character in _STOPS:
        return " . "
    decomposed = unicodedata.normalize("NFKD", character.casefold()).replace("œ", "oe")
    kept = "".join(c for c in decomposed if c.isalnum())
    return kept if kept or unicodedata.combining(character) else " "


def _expression(pattern: str, groups: dict[str, str]) -> str:
    """Return the regular expression of one pattern; it matches whole words of a folded text."""
    parts = []
    for token in pattern.split():
        if token.startswith("~"):
            parts.append(rf"(?:[^ .]+ ){{0,{int(token[1:])}}}?")
        elif token.startswith("?"):
            parts.append(f"(?:{_alternatives(token[1:], groups)} )?")
        else:
            parts.append(f"{_alternatives(token, groups)} ")
    return "(?<= )" + "".join(parts).removesuffix(" ") + "(?= )"


def _alternatives(token: str, groups: dict[str, str]) -> str:
    words = [word for each in token.split("/") for word in groups.get(each, each).split("/")]
    return "(?:" + "|".join(_word(word) for word in words) + ")"


def _word(word: str) -> str:
    stem = fold(word.removesuffix("*"))[0].strip()
    # An elided word stays glued once the apostrophe is gone: l'ordonnance, m'étrangle.
    elided = ""
    if len(stem) > 2 and stem[0] in "aeiouh":
        elided = "(?:[ldjmnst]|qu)?" if len(stem) > 4 else "(?:l|d|qu)?"
    return elided + re.escape(stem) + ("[^ .]*" if word.endswith("*") else "")


def device_phrases(name: str) -> dict[str, list[str]]:
    """Return the phrases of ``nlp/data/<name>`` by kind, folded: for matching on a phone."""
    found: dict[str, list[str]] = {}
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            kind, _tab, phrases = line.partition("\t")
            found[kind] = [fold(phrase)[0].strip() for phrase in phrases.split(",")]
    return found
