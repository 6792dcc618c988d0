"""Birth dates: a date beside a word of birth or in a block of coordinates; other dates stay."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from nlp.identifiers import BY_CONTEXT, Find
from nlp.spoken import NUMBER_WORD, YEAR_WORDS
from nlp.textview import View

MONTH = (
    r"(?:janv(?:ier)?|fev(?:r(?:ier)?)?|mars?|avr(?:il)?|mai|juin|juil(?:let)?|aout|"
    r"sept(?:embre)?|oct(?:obre)?|nov(?:embre)?|dec(?:embre)?)\.?"
)
YEAR4 = r"(?:19|20)\d\d"
DAY_WORDS = rf"(?:premier|{NUMBER_WORD}(?:[ \-]{NUMBER_WORD}){{0,3}}|[0-3]?\d(?:er)?)"
DATE = re.compile(
    rf"(?<!\d)(?:[0-3]?\d ?[/.\-_ ] ?[01]?\d ?[/.\-_ ] ?(?:{YEAR4}|\d\d)|"
    rf"{YEAR4}[-/. ][01]?\d[-/. ][0-3]?\d|"
    rf"[0-3]?\d(?:er)?[ \-/.]{{0,2}}{MONTH}[ \-/.]{{0,2}}(?:{YEAR4}|\d\d)|{MONTH} {YEAR4}|"
    rf"[0-3]\d[01]\d{YEAR4}|{YEAR4}[01]\d[0-3]\d)(?!\d)"
)
SPOKEN_DATE = re.compile(rf"(?<![a-z0-9]){DAY_WORDS} {MONTH} (?:{YEAR_WORDS}|{YEAR4})(?![a-z0-9])")
COMPACT = re.compile(r"(?<!\d)[0-3]\d[01]\d\d\d(?!\d)")  # 230679, right beside a word of birth
MONTH_YEAR = rf"{MONTH} {{0,2}}\d(?: ?\d){{1,3}}"
LOOSE = re.compile(  # oddly spaced: only right after a word of birth
    rf"(?<!\d)(?:\d(?:[ /.\-_]{{0,4}}\d){{5,7}}|(?:\d ?\d?(?:er)? {{0,2}})?{MONTH_YEAR})(?!\d)"
)
LOOSE_GAP = re.compile(r"[ :.,'\-()a-z]{0,14}", re.I)
YEAR = re.compile(r"(19\d\d|20[01]\d)(?!\d)")
# What a match may begin with stands first: elsewhere one look is enough, where \b took one each.
BIRTH = re.compile(
    r"(?=[nNdDaAâÂbBfF])"
    r"(?:\bnée?s?\b|\bn[eé]?\(e\)|\bnées?\b|naissance|\bn[eé]e? ?:|\bddn\b|\bd\.?d\.?n\b|"
    r"\bdn\b ?:?|\bd\.? ?naiss\b|\bâge\b|anniversaire|\bnaiss\b|\bnaquit\b|\bnessance\b|"
    r"\bnaisance\b|\bnee\b|\bdob\b|date of birth|\bborn\b|fêt(?:e|é|erai) mes)",
    re.I,
)
RIGHT_BEFORE = re.compile(
    r"(?:\bn[eé]e?s? (?:le|en|a|au|un|du)|\b(?:suis|est) (?:du|de)|\b(?:suis|est) de l'annee) $",
    re.I,
)
STOPS = frozenset(".!?;\n")
BIRTH_REACH = 40  # characters between a word of birth and its date
BIRTH_NEAR = re.compile(r"(?:naissance|\bddn\b|\bd\.?d\.?n\.?\b|\bdn\b)[ :.,'a-z]{0,12}$", re.I)
BIRTH_AFTER = re.compile(
    r"^[^.!?;\n\d]{0,25}(?:naissance|\bddn\b|(?:je|il|elle) (?:suis|est) née?\b|anniversaire)", re.I
)
ADULT_YEAR, NAME_GAP = 2005, 3  # a date of an earlier year right beside a name
BLOCK_GAP = 25  # characters between a date and another identifier that make a contact block
LIST_GAP = 25  # "12/03/1960 au lieu de 12/04/1960": the second is one as well


def find_birth_dates(view: View) -> Iterator[Find]:
    """Find dates beside a word of birth; other dates stay, because signals need them."""
    last = -LIST_GAP - 1
    told = [match.end() for match in BIRTH.finditer(view.text)]
    for match in sorted(read_dates(view), key=re.Match.start):
        born = follows_birth(view, told, match.start())
        after = view.text[match.end() : match.end() + 45]
        listed = 0 <= match.start() - last <= LIST_GAP
        if listed and any(c in ".!?;\n" for c in view.lower[last : match.start()]):
            listed = False
        if born or BIRTH_AFTER.search(after) or listed:
            last = match.end()
            yield Find(match.start(), match.end(), "DOB", BY_CONTEXT)
    for end in told:
        gap = LOOSE_GAP.match(view.lower, end)
        place = gap.end() if gap else end
        loose = LOOSE.match(view.lower, place)
        if loose:
            yield Find(loose.start(), loose.end(), "DOB", BY_CONTEXT)
    for match in COMPACT.finditer(view.lower):
        if BIRTH_NEAR.search(view.text[max(0, match.start() - 30) : match.start()]):
            yield Find(match.start(), match.end(), "DOB", BY_CONTEXT)


def follows_birth(view: View, told: list[int], start: int) -> bool:
    """Tell whether a word of birth, whose ends are ``told`` in order, leads to a date."""
    nearest = bisect_right(told, start) - 1
    near = nearest >= 0 and start - told[nearest] <= BIRTH_REACH
    if near and STOPS.isdisjoint(view.text[told[nearest] : start]):
        return True
    return bool(RIGHT_BEFORE.search(view.text, max(0, start - 20), start))


def read_dates(view: View) -> list[re.Match[str]]:
    """Return the dates in digits and those in words."""
    return [*DATE.finditer(view.lower), *SPOKEN_DATE.finditer(view.lower)]


def find_block_dates(view: View, others: list[Find]) -> Iterator[Find]:
    """Find old dates that stand against another identifier, as in a block of coordinates."""
    for match in DATE.finditer(view.lower):
        year = YEAR.search(match[0])
        if not year:
            continue
        if int(year[0]) < ADULT_YEAR and any(
            gap_between(match.start(), match.end(), f) <= NAME_GAP
            for f in others
            if f.type == "PERSON"
        ):
            yield Find(match.start(), match.end(), "DOB", BY_CONTEXT)
            continue
        marks = [f for f in others if f.type in ("NIR", "PHONE", "EMAIL", "ADDRESS")]
        if any(gap_between(match.start(), match.end(), f) <= BLOCK_GAP for f in marks):
            yield Find(match.start(), match.end(), "DOB", BY_CONTEXT)


def gap_between(start: int, end: int, other: Find) -> int:
    """Return the characters between a range and a find; a large number when they overlap."""
    if end <= other.start:
        return other.start - end
    return start - other.end if start >= other.end else BLOCK_GAP + 1


FINDERS = (find_birth_dates,)
