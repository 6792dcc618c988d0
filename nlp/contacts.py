"""What identifies through its shape or the words around it: e-mail, link, file number, birth date.

Postal addresses are in ``nlp.addresses``. All patterns read a view; quantifiers are bounded.
"""

import re
from collections.abc import Iterator

from nlp.identifiers import BY_CONTEXT, CHECKED, SHAPED, Find
from nlp.lexicons import load_lexicons
from nlp.textview import OPAQUE, View

ATOM = rf"[^\s@<>()\[\],;:\"{OPAQUE}]"
DOMAIN = r"[^\W_](?:[\w-]{0,62})(?:\.[\w-]{1,63}){0,8}"
EMAIL = re.compile(rf"(?<!{ATOM}){ATOM}{{1,254}} {{0,2}}@ {{0,2}}{DOMAIN}")
LOCAL = r"(?<![\w.+-])[\w.+-]{1,64}"
DOT = r"(?: ?[(\[]? ?(?:point|dot) ?[)\]]? ?|\.)"
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

MONTH = (
    r"(?:janv(?:ier)?|fev(?:r(?:ier)?)?|mars?|avr(?:il)?|mai|juin|juil(?:let)?|aout|"
    r"sept(?:embre)?|oct(?:obre)?|nov(?:embre)?|dec(?:embre)?)\.?"
)
DATE = re.compile(
    rf"(?<!\d)(?:[0-3]?\d ?[/.\- ] ?[01]?\d ?[/.\- ] ?(?:(?:19|20)\d\d|\d\d)|(?:19|"
    rf"20)\d\d[-/.][01]\d[-/.][0-3]\d"
    rf"|[0-3]?\d(?:er)? ?{MONTH} ?(?:(?:19|20)\d\d|\d\d)|{MONTH} (?:19|20)\d\d|"
    rf"[0-3]\d[01]\d(?:19|20)\d\d|(?:19|20)\d\d[01]\d[0-3]\d)(?!\d)"
)
YEAR = re.compile(r"(19\d\d|20[01]\d)(?!\d)")
BIRTH = re.compile(
    r"(?:\bnée?s?\b|\bn[eé]\(e\)|\bnees?\b|naissance|\bn[eé] ?:|\bddn\b|"
    r"\bâge\b|anniversaire|\bnaiss\b|\bnaquit\b)"
    r"[^.!?;\n]{0,40}$|\bnes? (?:le|en|a) $", re.I)  # fmt: skip
ADULT_YEAR, NAME_GAP = 2005, 3  # a date of an earlier year right beside a name
BLOCK_GAP = 25  # characters between a date and another identifier that make a contact block

LINK = (
    r"(?:[ :.,#°º()'\-]{1,3}|(?<=[ :.'(-])(?:n|no|num|numero|nº|mdph|caf|cpam|ameli|est|"
    r"le|la|c|de|du|d|mon|ma|rsa|apl|aah|pch|apa|aeeh|css|ald|"
    r"porte|suivant|identite|nationale|fiscal|client|allocataire|dossier|pro|sejour|"
    r"conduire)(?![a-z0-9])){0,8}"
)
CODE = r"((?:[a-z]{1,5}[ \-/]?)?\d[a-z0-9]{0,19}(?:[\-/._][a-z0-9]{1,12}|[ ]\d[a-z0-9]{1,8}){0,6})"
FILE_WORD = (
    r"\b(?:dossiers?|demande|reference|ref|ticket|fiscal|identifiant|passeport|cni|"
    r"carte d'identite|"
    r"titre de sejour|sejour|permis(?: de conduire)?|ipp|nda|nip|matricule|adherente?|"
    r"adhesion|client|cliente|"
    r"contrat|assuree?|patient|usager|adeli|ine|bea|siccrf|mdph|numero fiscal|recepisse|recommande)"
)
FILE = re.compile(FILE_WORD + LINK + r"(?<![a-z0-9])" + CODE + r"(?![a-z0-9])")
CAF = re.compile(
    r"(?:\ballocataires?|\bcaf|\balloc)"
    + LINK
    + r"(?<![a-z0-9])(\d(?:[ .]?\d){6} ?[a-z]?)(?![a-z0-9])"
)
STUDENT = re.compile(r"(?<![a-z0-9])(?:\d{10}[a-z]|\d{9}[a-z]{2})(?![a-z0-9])")
PASSPORT = re.compile(r"(?<![a-z0-9])\d\d ?[a-z]{2} ?\d{5}(?![a-z0-9])")
PASSPORT_WORD = re.compile(r"passeport|passport")


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


def find_file_numbers(view: View) -> Iterator[Find]:
    """Find numbers of files, allowances, papers and students, mostly by the word before them."""
    for match in CAF.finditer(view.lower):
        yield Find(match.start(1), match.end(1), "CAF_ID", BY_CONTEXT)
    for match in FILE.finditer(view.lower):
        code = match[1]
        digits = sum(c.isdigit() for c in code)
        if digits >= 5 and not DATE.match(code) and not code.startswith("0 80"):
            yield Find(match.start(1), match.end(1), "ID", BY_CONTEXT)
    for match in STUDENT.finditer(view.lower):
        yield Find(match.start(), match.end(), "ID", CHECKED)
    for match in PASSPORT.finditer(view.lower):
        if PASSPORT_WORD.search(view.lower, max(0, match.start() - 60), match.start()):
            yield Find(match.start(), match.end(), "ID", BY_CONTEXT)


def find_birth_dates(view: View) -> Iterator[Find]:
    """Find dates beside a word of birth; other dates stay, because signals need them."""
    for match in DATE.finditer(view.lower):
        before = view.text[max(0, match.start() - 60) : match.start()]
        if BIRTH.search(before):
            yield Find(match.start(), match.end(), "DOB", BY_CONTEXT)


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


FINDERS = (find_emails, find_links, find_file_numbers, find_birth_dates)
