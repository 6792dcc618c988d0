"""Reads what stands after the number of an address: the way, what belongs to it, the town."""

import re

from nlp.address_parts import (
    CEDEX,
    DATED_WAY,
    LINKS,
    MAX_WORDS,
    TOWN,
    TOWN_BY_PLACE,
    TOWN_WORD,
    UNIT_AFTER,
    WORD,
)
from nlp.lexicons import load_lexicons
from nlp.textview import View


def read_way(view: View, place: int) -> int:
    """Return where the name of a way ends: six words at most, or a function word."""
    dated = DATED_WAY.match(view.lower, place)
    if dated:
        return dated.end()
    function = load_lexicons().function
    end = place
    lower_words = 0
    for _ in range(MAX_WORDS):
        match = WORD.match(view.lower, place)
        if not match or UNIT_AFTER.match(view.lower, place):
            break
        word = match[1]
        is_link = word in LINKS
        capital = view.plain[match.start(1)].isupper()
        if not is_link and (word in function or word.isdigit()):
            break
        lower_words += not (is_link or capital)
        if lower_words > 3 or "," in match[0]:
            break
        place = match.end()
        if not is_link:
            end = place
    return end


def read_rest(view: View, end: int) -> int:
    """Return where flats, floors, the postcode and the town after a way end."""
    for _ in range(5):
        unit = UNIT_AFTER.match(view.lower, end)
        if not unit:
            break
        end = unit.end()
    town = read_town(view, end)
    unit = UNIT_AFTER.match(view.lower, town) if town > end else None
    return unit.end() if unit else town


def read_town(view: View, end: int) -> int:
    """Return where a postcode and its town end, or ``end`` when no postcode follows."""
    match = TOWN.match(view.lower, end)
    if not match:
        return end
    place = end = match.end()
    cedex = CEDEX.match(view.lower, place)
    if cedex:
        return cedex.end()
    leading = True  # only links so far: "97420 le port"
    for _ in range(6):
        word = TOWN_WORD.match(view.lower, place)
        if not word or not goes_on(view, word, leading, place > match.end()):
            break
        place = word.end()
        if word[1] not in LINKS:
            leading, end = False, place
    return end


def goes_on(view: View, word: re.Match[str], leading: bool, started: bool) -> bool:
    """Tell whether a word after a postcode belongs to the name of the town."""
    if word[0][0] in "-'" and started:
        return True
    following = TOWN_WORD.match(view.lower, word.end())
    if word[1] in LINKS:  # "en" and "sur" go on when a capital follows: "Aix en Provence"
        ahead = following and view.plain[following.start(1)].isupper()
        return bool(leading or ahead or (following and word[0][0] == "-"))
    if word[1] in load_lexicons().function:
        return False
    return leading or view.plain[word.start(1)].isupper()


def read_place(view: View, end: int) -> int:
    """Return where "à Tours" after an address ends, or ``end``: a capital or a known town."""
    match = TOWN_BY_PLACE.match(view.lower, end)
    if not match:
        return end
    capital = view.plain[match.start(1)].isupper()
    return match.end() if capital or match[1] in load_lexicons().places else end


def has_capital(view: View, start: int, end: int) -> bool:
    """Tell whether a capital stands in the range: "10 cours de français" is no address."""
    return any(c.isupper() for c in view.plain[start:end])
