"""Postal addresses: a number, a way word and what follows, with the postcode and town if they do.

A town, department or postcode alone stays: it is the region facet of a message.
"""

import re
from collections.abc import Iterator

from nlp.identifiers import BY_CONTEXT, SHAPED, Find
from nlp.lexicons import load_lexicons
from nlp.textview import View

SURE_WAY = (
    r"rue|r\.|av|ave|avenue|bd|bld|bvd|blvd|boulevard|chemin|chem|che|impasse|imp|allees?|quai|"
    r"lotissement|lot|hameau|sentier|esplanade|faubourg|fbg|fg|montee|promenade|rond-point|"
    r"lieu-dit|lieudit|venelle|ruelle|traverse|chaussee|zac|za|mail"
)
VAGUE_WAY = r"place|pl|cours|square|sq|route|rte|passage|villa|voie|cite|residence|res|clos|parc|ch"
NUMBER = r"(?<![\d.,/])\d{1,4}(?: ?(?:bis|ter|quater|[a-d])\b)?(?: ?[-/&] ?\d{1,4})?,? {0,2}"
START = re.compile(rf"(?:{NUMBER})(?:(?P<sure>{SURE_WAY})|(?P<vague>{VAGUE_WAY}))(?![a-z])\.?")
UNNUMBERED = re.compile(rf"(?<![a-z])(?:{SURE_WAY}|{VAGUE_WAY})(?![a-z])\.?")
HOME = re.compile(
    r"(?:\bhabit|\badresse\b|\bdomicili|\bdemeur|\bloge\b|\blogeons|\breside|\bvis au\b|"
    r"\bvis\b)[^.!?\n]{0,25}$"
)
WORD = re.compile(r"[ ,'\-]{0,2}([^\W_]+)")
TOWN = re.compile(r"[ ,\n\-]{0,4}(?:f-?)?(\d{2} ?\d{3})(?!\d)")
TOWN_WORD = re.compile(r"[ ,\-']{1,2}([^\W\d_]{1,30})(?: cedex(?: \d{1,2})?)?", re.I)
LINKS = frozenset({
    "de", "du", "des", "la", "le", "les", "l", "d", "saint", "sainte", "st", "ste", "et", "aux",
    "au", "en", "sur", "sous", "general", "docteur", "dr",
})  # fmt: skip
MAX_WORDS = 6


def find_addresses(view: View) -> Iterator[Find]:
    """Find addresses with a number, and ways without one after "j'habite" and the like."""
    for match in START.finditer(view.lower):
        end = read_way(view, match.end())
        town = read_town(view, end)
        sure = match["sure"] or town > end or at_home(view, match.start())
        named = has_capital(view, match.end(), end)
        sure = sure and (named or town > end or is_way_name(view, match))
        if end > match.end() and (sure or named):
            yield Find(match.start(), town, "ADDRESS", SHAPED)
    for match in UNNUMBERED.finditer(view.lower):
        if match[0].startswith("lieu") or at_home(view, match.start()):
            end = read_way(view, match.end())
            if end > match.end() and has_capital(view, match.end(), end):
                yield Find(match.start(), read_town(view, end), "ADDRESS", BY_CONTEXT)


def is_way_name(view: View, match: re.Match[str]) -> bool:
    """Tell whether lower-case words name a way: "3 rue barrée" does not, "3 rue du moulin" does."""
    word = WORD.match(view.lower, match.end())
    common = load_lexicons().common
    return at_home(view, match.start()) or bool(
        word and (word[1] in LINKS or word[1] not in common)
    )


def at_home(view: View, start: int) -> bool:
    """Tell whether the words before say that somebody lives there."""
    return bool(HOME.search(view.lower[max(0, start - 45) : start]))


def read_way(view: View, place: int) -> int:
    """Return where the name of a way ends: six words at most, or a function word."""
    function = load_lexicons().function
    end = place
    lower_words = 0
    for _ in range(MAX_WORDS):
        match = WORD.match(view.lower, place)
        if not match:
            break
        word = match[1]
        is_link = word in LINKS
        capital = view.plain[match.start(1)].isupper()
        if not is_link and (word in function or word.isdigit() and len(word) == 5):
            break
        lower_words += not (is_link or capital)
        if lower_words > 3 or "," in match[0]:
            break
        place = match.end()
        if not is_link:
            end = place
    return end


def read_town(view: View, end: int) -> int:
    """Return where a postcode and its town end, or ``end`` when no postcode follows."""
    match = TOWN.match(view.lower, end)
    if not match:
        return end
    place = match.end()
    function = load_lexicons().function
    for count in range(5):
        word = TOWN_WORD.match(view.lower, place)
        if not word:
            break
        capital = view.plain[word.start(1)].isupper()
        linked = word[1] in LINKS and word[1] != "et"
        if word[1] in function or not (capital or linked or count == 0) or "," in word[0]:
            break
        place = word.end()
    return place


def has_capital(view: View, start: int, end: int) -> bool:
    """Tell whether a capital stands in the range: "10 cours de français" is no address."""
    return any(c.isupper() for c in view.plain[start:end])
