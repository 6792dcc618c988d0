"""Identifiers that people dictate or write out: phone numbers in words, spelled e-mail addresses.

All patterns read a view; quantifiers are bounded.
"""

import re
from collections.abc import Iterator

from nlp.identifiers import BY_CONTEXT, CHECKED, SHAPED, Find
from nlp.textview import View

DIGIT_WORD = r"(?:zero|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf)"
NUMBER_WORD = (
    r"(?:zero|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|"
    r"quinze|seize|vingts?|trente|quarante|cinquante|soixante|septante|huitante|nonante)"
)
YEAR_WORDS = (
    rf"(?:mille neuf[ \-]cents?|dix[ \-]neuf[ \-]cents?|deux[ \-]mille)"
    rf"(?:[ \-](?:et[ \-])?{NUMBER_WORD}){{0,5}}"
)
STEP = r"[ ,.\-]{1,3}"
PHONE = re.compile(
    rf"(?<![a-z0-9])(?:zero|plus{STEP}trente[ \-]trois|plus 33|0){STEP}(?:{DIGIT_WORD}|[1-9])"
    rf"(?:{STEP}(?:et{STEP})?(?:{NUMBER_WORD}|\d{{1,2}})){{4,16}}(?![a-z0-9])"
)
NUMBERS = re.compile(
    rf"(?<![a-z0-9])(?:{NUMBER_WORD}|cent|mille)"
    rf"(?:{STEP}(?:et )?(?:{NUMBER_WORD}|cents?|mille)){{9,40}}"
    r"(?![a-z0-9])"
)
AT = (
    r" ?(?:[(\[{<] ?(?:at|arobase?s?|arobasse|a|@) ?[)\]}>]|"
    r"(?<= )(?:at|arobase?s?|arobasse|arrobase|a commercial)(?= )|@) ?"
)
POINT = r"(?: ?[(\[{] ?(?:point|dot) ?[)\]}] ?| (?:point|dot) |\.| \. ?)"
STROKE = (
    r"(?: (?:point|dot|tiret(?: (?:du )?(?:bas|haut|6|8|six|huit|milieu))?|underscore|moins) |"
    r"[._\-])"
)
ATOM = r"[^\W_]{1,40}"  # without the strokes that join atoms: a text splits in one way only
SPELLED = re.compile(
    rf"(?<![\w.+\-]){ATOM}(?:\+{ATOM})?(?:{STROKE}{ATOM}){{0,6}}{AT}"
    rf"{ATOM}(?:[ \-]{ATOM}){{0,2}}(?:{POINT}{ATOM}(?:-{ATOM})?){{0,2}}{POINT}"
    r"(?:fr|com|net|org|be|ch|eu|it|es|de|re|info|io|uk|pt|ma|dz|tn)(?![a-z0-9])"
)
GLUED = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{1,64}?(?:arobase?s?|arobasse)[\w\-]{2,40}?(?:point|dot|\.)"
    r"(?:fr|com|net|org|be|ch|eu|it|es|de)(?![a-z0-9])"
)


def find_spoken_phones(view: View) -> Iterator[Find]:
    """Find phone numbers in words; a longer run of number words is some other identifier."""
    for match in PHONE.finditer(view.lower):
        if re.search("[a-z]", match[0]):
            yield Find(match.start(), match.end(), "PHONE", SHAPED)
    for match in NUMBERS.finditer(view.lower):
        yield Find(match.start(), match.end(), "ID", BY_CONTEXT)


def find_spelled_emails(view: View) -> Iterator[Find]:
    """Find e-mail addresses whose signs are words: "arobase", "point", "tiret bas"."""
    for pattern in (SPELLED, GLUED):
        for match in pattern.finditer(view.lower):
            yield Find(match.start(), match.end(), "EMAIL", CHECKED)


FINDERS = (find_spoken_phones, find_spelled_emails)
