"""The typed tokens that stand for what was masked, numbered by surface."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.lexicons import fold

TOKEN_WORDS = {
    "PERSON": "PERSONNE", "EMAIL": "EMAIL", "PHONE": "TELEPHONE", "NIR": "NIR", "IBAN": "IBAN",
    "DOB": "NAISSANCE", "ADDRESS": "ADRESSE", "RPPS": "RPPS", "CARD": "CARTE", "PLATE": "PLAQUE",
    "CAF_ID": "CAF", "IP": "IP", "URL": "LIEN", "ID": "NUMERO",
}  # fmt: skip
TOKEN = re.compile(rf"\[({'|'.join(sorted(TOKEN_WORDS.values()))})_([1-9]\d{{0,3}})\]")


@dataclass(frozen=True)
class Span:
    """A masked range, in characters of the input text, end exclusive."""

    start: int
    end: int
    type: str


def hold_tokens(text: str) -> list[tuple[int, int]]:
    """Return the ranges of our tokens already in the text: they are left alone."""
    return [match.span() for match in TOKEN.finditer(text)]


def render(text: str, spans: Iterable[Span]) -> str:
    """Return the text with each span as a typed token; one surface has one number.

    Numbers go on after those of tokens that the text already holds.
    """
    last: dict[str, int] = {}
    for match in TOKEN.finditer(text):
        last[match[1]] = max(last.get(match[1], 0), int(match[2]))
    numbers: dict[tuple[str, str], int] = {}
    parts, place = [], 0
    for span in spans:
        word = TOKEN_WORDS[span.type]
        surface = (word, re.sub(r"[\W_]", "", fold(text[span.start : span.end])))
        if surface not in numbers:
            numbers[surface] = last[word] = last.get(word, 0) + 1
        parts += [text[place : span.start], f"[{word}_{numbers[surface]}]"]
        place = span.end
    return "".join([*parts, text[place:]])
