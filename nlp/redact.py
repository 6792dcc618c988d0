"""Masking: joins identifiers, addresses, dates and names into one masked text with typed tokens.

Rules run again on what they masked until nothing more is found, so masking twice changes nothing.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from nlp import addresses, contacts, devices, identifiers
from nlp.identifiers import NAMED, SHAPED, Find
from nlp.lexicons import fold, fold_phrases, load_lexicons
from nlp.name_finder import NameFinder, NamesUnavailable, load_name_finder, sift_names
from nlp.names import find_names
from nlp.textview import View, view_of
from nlp.words import read_words

__all__ = [
    "CHECKED", "TOKEN_WORDS", "NameFinder", "NamesUnavailable", "NotRestorable", "Redaction",
    "Span", "hold_tokens", "load_name_finder", "redact", "render", "restore",
]  # fmt: skip

TOKEN_WORDS = {
    "PERSON": "PERSONNE", "EMAIL": "EMAIL", "PHONE": "TELEPHONE", "NIR": "NIR", "IBAN": "IBAN",
    "DOB": "NAISSANCE", "ADDRESS": "ADRESSE", "RPPS": "RPPS", "CARD": "CARTE", "PLATE": "PLAQUE",
    "CAF_ID": "CAF", "IP": "IP", "URL": "LIEN", "ID": "NUMERO",
}  # fmt: skip
CHECKED = frozenset(TOKEN_WORDS) - {"PERSON"}  # never put back; only a name can be a mistake
TOKEN = re.compile(rf"\[({'|'.join(sorted(TOKEN_WORDS.values()))})_([1-9]\d{{0,3}})\]")
MOST_ROUNDS = 12  # each round masks something; real texts need two


class NotRestorable(Exception):
    """The span is a checked identifier: it is never put back."""


@dataclass(frozen=True)
class Span:
    """A masked range, in characters of the input text, end exclusive."""

    start: int
    end: int
    type: str


@dataclass(frozen=True)
class Redaction:
    """A masked text; ``names_masked`` is False when the name pipeline was missing or failed."""

    text: str
    spans: tuple[Span, ...]
    names_masked: bool


def redact(text: str, names: NameFinder | None, allowed: Collection[str] = ()) -> Redaction:
    """Mask what identifies a person in ``text``; ``allowed`` are a service's names that may stay.

    Never raises on any text: without ``names``, or when it fails, patterns and lexicons apply.
    """
    phrases = load_lexicons().allowed | fold_phrases(allowed)
    spans: list[Span] = []
    held = hold_tokens(text)
    found, names_masked = ask_names(text, names)
    for _ in range(MOST_ROUNDS):
        view = view_of(text, [*held, *((s.start, s.end) for s in spans)])
        news = find_all(view, found, phrases)
        if not news:
            break
        spans += [Span(*view.input_range(f.start, f.end), f.type) for f in news]
        found = []  # the model reads the text once
    ordered = tuple(sorted(spans, key=lambda s: s.start))
    return Redaction(render(text, ordered), ordered, names_masked)


def ask_names(text: str, names: NameFinder | None) -> tuple[list[tuple[int, int]], bool]:
    """Return the model's ranges in the input and whether it answered."""
    if names is None:
        return [], False
    try:
        return names.find(text), True
    except Exception:  # whatever fails in a model, the message must still be masked and kept
        return [], False


def find_all(view: View, ranges: list[tuple[int, int]], allowed: Collection[str]) -> list[Find]:
    """Return what to mask in the view, without overlaps; ``ranges`` are of the input."""
    lexicons = load_lexicons()
    finders = (
        *identifiers.FINDERS,
        *contacts.FINDERS,
        *devices.FINDERS,
        addresses.find_addresses,
    )
    finds = [find for finder in finders for find in finder(view)]
    words = read_words(view, allowed)
    finds += find_names(view, words, lexicons)
    if ranges:
        finds += sift_names(words, view_ranges(view, ranges), lexicons)
    finds += contacts.find_block_dates(view, finds)
    finds += repeat_names(view, [f for f in finds if f.type == "PERSON"])
    return settle(finds)


def view_ranges(view: View, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Translate ranges of the input into ranges of the view."""
    places = {start: place for place, start in enumerate(view.starts)}
    stops = {end: place + 1 for place, end in enumerate(view.ends)}
    return [(places[a], stops[b]) for a, b in ranges if a in places and b in stops]


def repeat_names(view: View, names: list[Find]) -> list[Find]:
    """Find the capitalised words of a name again wherever the text repeats them."""
    common = load_lexicons().common | load_lexicons().places
    parts = {p for f in names for p in re.findall(r"[^\W\d_]{3,40}", view.lower[f.start : f.end])}
    again = []
    for part in sorted(parts - common)[:50]:
        for match in re.finditer(rf"(?<![^\W_]){part}(?![^\W_])", view.lower):
            if view.plain[match.start()].isupper():
                again.append(Find(match.start(), match.end(), "PERSON", NAMED + 1))
    return again


def settle(finds: list[Find]) -> list[Find]:
    """Choose among overlapping finds: better rank, then longer, then earlier."""
    chosen: list[Find] = []
    taken: set[int] = set()
    loose = [find for find in finds if find.rank > SHAPED]
    for find in sorted(join_overlaps(finds) + loose, key=order):
        if find.end > find.start and taken.isdisjoint(range(find.start, find.end)):
            taken.update(range(find.start, find.end))
            chosen.append(find)
    return chosen


def order(find: Find) -> tuple[int, int, int]:
    """Return the sort key of a find: the best first."""
    return find.rank, find.start - find.end, find.start


def join_overlaps(finds: list[Find]) -> list[Find]:
    """Join overlapping identifiers under the best one's type, so that no digit of any is left."""
    joined: list[Find] = []
    for find in sorted((f for f in finds if f.rank <= SHAPED), key=lambda f: f.start):
        if not joined or find.start >= joined[-1].end:
            joined.append(find)
            continue
        last = joined.pop()
        best = min(last, find, key=order)
        joined.append(Find(last.start, max(last.end, find.end), best.type, best.rank))
    return joined


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


def restore(text: str, spans: tuple[Span, ...], index: int) -> Redaction:
    """Return the redaction of the original ``text`` with the span at ``index`` left in clear.

    Raises NotRestorable for a checked identifier, IndexError for an unknown index.
    """
    if not 0 <= index < len(spans):
        raise IndexError(f"index must be from 0 to {len(spans) - 1}, got {index}")
    if spans[index].type in CHECKED:
        raise NotRestorable(f"a span of type {spans[index].type} is never put back")
    kept = spans[:index] + spans[index + 1 :]
    return Redaction(render(text, kept), kept, True)
