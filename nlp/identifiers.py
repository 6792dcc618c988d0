"""Numbers that name a person by themselves: NIR, IBAN and RIB, phone, card, RPPS.

Each finder takes a view and yields ``Find`` in characters of the view; ``nlp.contacts`` holds what
needs words around it, ``nlp.devices`` plates and IP addresses. Every quantifier is bounded, so that
time stays linear in hostile text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.checksums import (
    IBAN_LENGTHS,
    is_plausible_nir,
    passes_iban,
    passes_luhn,
    passes_nir,
    passes_rib,
)
from nlp.textview import View


@dataclass(frozen=True)
class Find:
    """One thing to mask; a lower rank wins where two overlap."""

    start: int
    end: int
    type: str
    rank: int


CHECKED, SHAPED, BY_CONTEXT, NAMED = 0, 1, 2, 3  # ranks: a key, a shape, words around, a name
GAP = r"[ .\-/_\n]{0,3}"
# A phone number in lower case without separators; letters read for digits become digits.
DIALLED = str.maketrans("oil", "011", " .-/_,:;*()\n")
BARE = str.maketrans(  # upper case, without any separator that a pattern below accepts
    "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", " .-/_,:;*()+\n"
)
NIR = re.compile(rf"(?<!\d)(?=([1-478](?:{GAP}\d){{4}}{GAP}(?:\d{GAP}\d|2{GAP}[abAB])"
                 rf"(?:{GAP}\d){{6}})({GAP}\d{GAP}\d(?!\d))?)")  # fmt: skip
NIR_BY_WORD = re.compile(
    r"(?:\bn\.?i\.?r\b|secu\b|securite sociale|assure e?s?|immatriculation|vitale|"
    r"\bs\.?s\.?(?![a-z])|n°ss\b|\bnss\b)[^0-9]{0,30}?"
    r"([1-8il](?:[ .\-/_]{0,3}[0-9oabil]){12,14})(?![0-9])"
)
IBAN = re.compile(r"(?:(?<![a-z0-9])|(?<=iban))(?=[a-z] ?[a-z][ -]?\d ?\d)")
RIB = re.compile(
    rf"(?<!\d)(?=(\d(?:{GAP}\d){{9}}(?:{GAP}[0-9a-z]){{11}}{GAP}\d{GAP}\d)(?![0-9a-z]))"
)
CARD = re.compile(r"(?<!\d)(?=([2-6](?:[ .\-]{0,3}\d){12,18}))")
CARD_WORD = re.compile(r"\b(?:carte (?:bancaire|bleue|de credit|visa)|cb|visa|mastercard)\b")
RPPS = re.compile(rf"(?<!\d)(?=(\d(?:{GAP}\d){{10}})(?!\d))")
PHONE_GAP = r"[ .\-/_,:;*()\n]{0,3}"
PHONE = re.compile(
    rf"(?<![\d+])(?=((?:(?:\+|[0o]{{2}}){PHONE_GAP}(?:33|262|590|594|596|508|681|687|689)"
    rf"{PHONE_GAP}(?:\(? ?[0o] ?\)?)?{PHONE_GAP}[1-9]|[0o]{PHONE_GAP}[1-9])"
    rf"(?:{PHONE_GAP}[0-9oil]){{5,8}})(?!\d))"
)
SERVICE = ("080", "081", "082", "089")  # free and paid lines of organisations: they stay
SHORT_PHONE = re.compile(r"(?<![\d.,/])[67](?:[ .\-]?\d\d){4}(?!\d)")
WRONG_PHONE = re.compile(r"(?<![\d.,/])0[1-79](?:[ .\-/]{0,2}\d){6,9}(?![\d/])")  # mistyped
PHONE_WORD = re.compile(r"\btel|phone|portable|\bnumero|appel|joindre|mobile|\bgsm|\b0[67] ?:")
ABROAD = re.compile(r"(?:\+|(?<![\d.,])00) ?[1-9](?:[ .\-/()]{0,2}\d){7,14}(?!\d)")
DATE_AHEAD = re.compile(
    r"\d\d[ /.\-]\d\d[ /.\-](?:19|20)\d\d|[0-3]\d[ /.\-][01]\d[ /.\-]\d\d(?!.?\d)"
)


def bare(text: str) -> str:
    """Return the text in upper case without separators."""
    return text.translate(BARE)


def find_nir(view: View) -> Iterator[Find]:
    """Find social security numbers: right key, or 13 plausible digits, or a word beside."""
    for match in NIR.finditer(view.lower):
        body = bare(match[1])
        checked = bool(match[2]) and passes_nir(body + bare(match[2]))
        if not checked and not is_plausible_nir(body):
            continue
        end = match.end(2) if match[2] else match.end(1)
        if match[2] or not view.lower[end : end + 1].isdigit():
            yield Find(match.start(), end, "NIR", CHECKED if checked else SHAPED)
    for match in NIR_BY_WORD.finditer(view.lower):
        if sum(c.isdigit() for c in match[1]) >= 9:
            yield Find(match.start(1), match.end(1), "NIR", SHAPED)


def find_iban(view: View) -> Iterator[Find]:
    """Find IBANs by key (a French one also when mistyped) and French account numbers."""
    for match in IBAN.finditer(view.lower):
        start = match.start()
        window = view.lower[start : start + 80]
        wanted = IBAN_LENGTHS.get(bare(window[:4])[:2], 0)
        size = measure_code(window, wanted) if wanted else 0
        if size:
            code = bare(window[:size])
            if passes_iban(code):
                yield Find(start, start + size, "IBAN", CHECKED)
            elif code.startswith("FR") and sum(c.isdigit() for c in code) >= 22:
                yield Find(start, start + size, "IBAN", SHAPED)
    for match in RIB.finditer(view.lower):
        if passes_rib(bare(match[1])):
            yield Find(match.start(1), match.end(1), "IBAN", CHECKED)


def measure_code(window: str, wanted: int) -> int:
    """Return where ``wanted`` letters and digits end, at most two separators apart, or 0."""
    seen = gap = 0
    for place, character in enumerate(window):
        if "0" <= character <= "9" or "a" <= character <= "z":
            seen, gap = seen + 1, 0
            if seen == wanted:
                return place + 1
        elif character in " .-_/\n" and gap < 3:
            gap += 1
        else:
            return 0
    return 0


def find_cards(view: View) -> Iterator[Find]:
    """Find payment cards: a network's first digits and Luhn, or the word beside 16 digits."""
    for match in CARD.finditer(view.lower):
        digits = bare(match[1])
        for count in range(len(digits), 12, -1):
            if not starts_like_card(digits, count):
                continue
            named = count == 16 and near(CARD_WORD, view, match.start())
            if not (passes_luhn(digits[:count]) or named):
                continue
            after = match.start(1) + measure_code(match[1], count)
            if not view.lower[after : after + 1].isdigit():
                yield Find(match.start(1), after, "CARD", SHAPED)
                break


def starts_like_card(digits: str, count: int) -> bool:
    """Tell whether a card network issues numbers that start so, with that many digits."""
    if count == 14:
        return digits[:2] in ("30", "36", "38")
    if count == 15:
        return digits[:2] in ("34", "37")
    return digits[0] in "456" or (count == 16 and digits[0] in "23")


def find_rpps(view: View) -> Iterator[Find]:
    """Find the 11 digits of a health professional: Luhn, or the word RPPS beside."""
    anywhere = "rpps" in view.lower
    for match in RPPS.finditer(view.lower):
        if (match[1][0] not in "18" and not anywhere) or match[1].count(".") == 3:  # an IP
            continue
        digits = bare(match[1])
        named = "rpps" in view.lower[max(0, match.start() - 25) : match.start()]
        if named or (digits[0] in "18" and passes_luhn(digits)):
            rank = CHECKED if named else SHAPED
            yield Find(match.start(1), match.end(1), "RPPS", rank)


def find_phones(view: View) -> Iterator[Find]:
    """Find French, overseas and foreign numbers; short and free service numbers stay."""
    for match in PHONE.finditer(view.lower):
        surface = match[1]
        number = surface.translate(DIALLED)
        abroad = surface[0] == "+" or number.startswith("00")
        long_enough = len(number) >= 11 if abroad else len(number) == 10
        if not long_enough or number.startswith(SERVICE) or DATE_AHEAD.match(surface):
            continue
        true_digits = sum(map(str.isdigit, surface))
        if true_digits >= 8 or (true_digits >= 5 and near(PHONE_WORD, view, match.start(), 40)):
            opened = ")" in surface and view.lower[max(0, match.start() - 1)] == "("  # "(06) 39"
            yield Find(match.start(1) - opened, match.end(1), "PHONE", SHAPED)
    for match in SHORT_PHONE.finditer(view.lower):
        if near(PHONE_WORD, view, match.start(), 25):
            yield Find(match.start(), match.end(), "PHONE", BY_CONTEXT)
    for match in WRONG_PHONE.finditer(view.lower):
        if near(PHONE_WORD, view, match.start(), 25):
            yield Find(match.start(), match.end(), "PHONE", BY_CONTEXT)
    for match in ABROAD.finditer(view.lower):
        yield Find(match.start(), match.end(), "PHONE", SHAPED)


def near(word: re.Pattern[str], view: View, start: int, reach: int = 60) -> bool:
    """Tell whether a word stands within ``reach`` characters before."""
    return bool(word.search(view.lower, max(0, start - reach), start))


FINDERS = (find_nir, find_iban, find_cards, find_rpps, find_phones)
