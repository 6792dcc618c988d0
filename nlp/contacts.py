"""E-mail addresses and links; those written out in words are in ``nlp.spoken``.

All patterns read a view; quantifiers are bounded.
"""

import re
from collections.abc import Iterator

from nlp.identifiers import CHECKED, SHAPED, Find
from nlp.lexicons import load_lexicons
from nlp.textview import OPAQUE, View

ATOM = rf"[^\s@<>()\[\],;:\"{OPAQUE}]"
DOMAIN = r"[^\W_](?:[\w-]{0,62})(?:\.{1,2}[\w-]{1,63}){0,8}"
EMAIL = re.compile(rf"(?<!{ATOM}){ATOM}{{1,254}} {{0,2}}@{{1,2}} {{0,2}}{DOMAIN}")
LOCAL = r"(?<![\w.+-])[\w.+-]{1,64}"
DOT = r"(?: ?[(\[]? ?(?:point|dot) ?[)\]]? ?|\.{1,2})"
SPOKEN_AT = (
    r" ?(?:[(\[{] ?(?:at|arobase|arobas|a|@) ?[)\]}]|(?:(?<= )(?:at|arobase|arobas)(?= ))) ?"
)
SPOKEN = re.compile(
    rf"{LOCAL}(?:{DOT}[\w+-]{{1,40}}){{0,3}}{SPOKEN_AT}[\w-]{{2,60}}(?:{DOT}[a-z]{{2,10}}){{1,2}}\b"
)
LOOSE = re.compile(  # spaces around the dots, a comma for the last one, "chez x point com"
    rf"{LOCAL}(?: \. [\w+-]{{1,40}}){{0,3}} ?(?:@ ?[\w-]{{2,60}} ?[.,] ?|chez [\w-]{{2,60}} point )"
    r"(?:fr|com|net|org|be|ch|eu|it|es|de)\b"
)
URL = re.compile(rf"(?:https?:/{{1,2}}|ftp://|www\.)[^\s<>\"{OPAQUE}]{{2,2000}}")
SITE = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,5}(?:fr|com|org|net|eu|io|info|app|be|ch|lu|de|"
    r"uk|us|me|re)"
    rf"(?![\w@-])(?!\.\w)(?:[/?#][^\s<>\"{OPAQUE}]{{0,2000}})?"
)
TRAILING = ".,;:!?)»'\"]"


def find_emails(view: View) -> Iterator[Find]:
    """Find e-mail addresses, also with spaces around the at sign or the sign spelled out."""
    for match in EMAIL.finditer(view.lower):
        spaced = " " in match[0]
        if not spaced or "." in match[0].rsplit("@", 1)[1]:
            yield Find(match.start(), match.end(), "EMAIL", CHECKED)
    for pattern in (SPOKEN, LOOSE):
        for match in pattern.finditer(view.lower):
            yield Find(match.start(), match.end(), "EMAIL", CHECKED)


def find_links(view: View) -> Iterator[Find]:
    """Find links: all but the bare address of an allow-listed site, which tells nothing."""
    for pattern in (URL, SITE):
        for match in pattern.finditer(view.lower):
            surface = match[0].rstrip(TRAILING)
            if surface and not is_public_site(surface):
                yield Find(match.start(), match.start() + len(surface), "URL", SHAPED)


def is_public_site(surface: str) -> bool:
    """Tell whether a link is only the address of a site of the allow-list, or a part of gouv.fr."""
    host, slash, rest = re.sub(r"^(?:\w+:/{1,2})?", "", surface).partition("/")
    host = host.removeprefix("www.")
    return not rest and (host in load_lexicons().domains or host.endswith(".gouv.fr"))


FINDERS = (find_emails, find_links)
