"""Postal addresses: a number, a way and what follows, with the flat, the postcode and the town.

A town, department or postcode alone stays: it is the region facet of a message.
"""

import re
from collections.abc import Iterator

from nlp.address_parts import (
    AFTER_NUMBER,
    BOURG,
    BOX,
    DATED_WAY,
    HOME,
    HOUSE,
    HOUSE_TO_CODE,
    LINKS,
    NAMED_HOUSE,
    NUMBERED_HOUSE,
    PLACED,
    START,
    UNNUMBERED,
    WORD,
)
from nlp.address_reading import has_capital, read_place, read_rest, read_town, read_way
from nlp.identifiers import BY_CONTEXT, SHAPED, Find
from nlp.lexicons import load_lexicons
from nlp.textview import View

HOUSE_REACH = 50  # characters before a number in which a named house may start


def find_addresses(view: View) -> Iterator[Find]:
    """Find addresses with a number, and ways without one where somebody lives or a town follows."""
    yield from find_numbered(view)
    yield from find_unnumbered(view)
    yield from find_houses(view)
    for pattern, rank in ((BOX, SHAPED), (BOURG, BY_CONTEXT)):
        for match in pattern.finditer(view.lower):
            yield Find(match.start(), read_town(view, match.end()), "ADDRESS", rank)
    for match in PLACED.finditer(view.lower):
        words = [w for w in re.findall(r"[^\W_]+", match[1]) if w not in LINKS]
        end = read_town(view, match.end(1))
        placed = bool(words) and load_lexicons().function.isdisjoint(words)
        if placed and re.search("[a-z]", view.lower[match.end(1) : end]):
            yield Find(match.start(1), end, "ADDRESS", BY_CONTEXT)


def find_numbered(view: View) -> Iterator[Find]:
    """Find "12 rue des Lilas, bâtiment B, 69003 Lyon", whatever the number is written in."""
    for match in START.finditer(view.lower):
        if match[0].startswith(("un ", "une ")):  # "un mail", "un chemin", "une place"
            continue
        named = match["grand"] or DATED_WAY.match(view.lower, match.end())
        end = max(read_way(view, match.end()), match.end() if named else 0)
        whole = read_rest(view, end)
        if end > match.end() or named:
            sure = match["sure"] or named or whole > end or at_home(view, match.start())
            sure = sure or is_borne(view, match.end())
            capital = has_capital(view, match.end(), end)
            plain = not (named or capital or whole > end or is_way_name(view, match))
            if (sure and not plain) or capital:
                whole = max(whole, read_rest(view, read_place(view, whole)))  # "à Vent 69008 Lyon"
                yield Find(start_of_house(view, match.start()), whole, "ADDRESS", SHAPED)


def start_of_house(view: View, start: int) -> int:
    """Return where a named house right before a number starts, or ``start``."""
    for pattern in (NAMED_HOUSE, NUMBERED_HOUSE):
        house = pattern.search(view.lower, max(0, start - HOUSE_REACH), start)
        if house:
            return house.start()
    return start


def find_unnumbered(view: View) -> Iterator[Find]:
    """Find a way without a number: after "j'habite" and the like, or before a postcode."""
    for match in UNNUMBERED.finditer(view.lower):
        end = read_way(view, match.end())
        if end == match.end():
            continue
        numbered = AFTER_NUMBER.match(view.lower, end)
        town = read_rest(view, numbered.end() if numbered else end)
        lives = match[0].startswith("lieu") or at_home(view, match.start(), article=False)
        capital = has_capital(view, match.end(), end)
        if (lives and (capital or is_way_name(view, match))) or (
            town > end and (capital or read_town(view, end) > end)
        ):
            yield Find(match.start(), town, "ADDRESS", BY_CONTEXT)


def find_houses(view: View) -> Iterator[Find]:
    """Find a named residence or farm with a flat or a postcode after it."""
    for match in HOUSE.finditer(view.lower):
        end = read_way(view, match.end())
        whole = read_rest(view, end)
        town = read_house(view, match.end())
        if town:
            yield Find(match.start(), town, "ADDRESS", BY_CONTEXT)
        elif end > match.end() and whole > end:
            yield Find(match.start(), whole, "ADDRESS", BY_CONTEXT)


def read_house(view: View, place: int) -> int:
    """Return where the town after a house's name and its postcode ends, or 0."""
    coded = HOUSE_TO_CODE.match(view.lower, place)
    if not coded:
        return 0
    words = {w for w in re.findall(r"[^\W_]+", coded[0]) if w not in LINKS and w != "a"}
    end = read_town(view, coded.end())
    named = words and load_lexicons().function.isdisjoint(words)
    return end if named and re.search("[a-z]", view.lower[coded.end() + 2 : end]) else 0


def is_way_name(view: View, match: re.Match[str]) -> bool:
    """Tell whether lower-case words name a way: "3 rue barrée" does not, "3 rue du moulin" does."""
    word = WORD.match(view.lower, match.end())
    common = load_lexicons().common
    return bool(word and (word[1] in LINKS or word[1] not in common)) or (
        match.re is START and at_home(view, match.start())
    )


def is_borne(view: View, place: int) -> bool:
    """Tell whether a way bears a name that is no French word: "3 cité gambetta"."""
    word = WORD.match(view.lower, place)
    if not word or len(word[1]) < 5:
        return False
    lexicons = load_lexicons()
    return not (lexicons.is_french(word[1]) or word[1] in lexicons.allowed)


def at_home(view: View, start: int, article: bool = True) -> bool:
    """Tell whether the words before say that somebody lives there; "une rue" names none."""
    before = view.lower[max(0, start - 45) : start]
    if not article and re.search(
        r"\b(?:une?|la|les?|des|ma|cette|ce|notre|bout de|autre) $", before
    ):
        return False
    return bool(HOME.search(before))
