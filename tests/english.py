"""The English catalogue for tests, and what a page says in both languages alike.

Tests compile the catalogue apart, so that they need no ``make`` before them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.config import ROOT
from app.db import db

SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-offline", "data-done")
PLACEHOLDER = re.compile(r"%\((\w+)\)[ds]|%%")
NAMES = "Boucle|CNIL|SignalConso|[a-z]"  # one letter is a key of the keyboard
ADDRESS = r"(http://)?(localhost|[\w.-]+\.fr)?(/\S+)?"
DEPARTEMENT = r"[^()]+ \(\d\w+\)"
NUMBER = r"[^a-zà-ÿ]*"


def catalogue() -> Catalog:
    """Return the English messages as translators wrote them."""
    with (ROOT / "translations/en/LC_MESSAGES/messages.po").open("rb") as lines:
        return read_po(lines, locale="en", abort_invalid=True)


def forms(words: Any) -> tuple[str, ...]:
    """Return the singular and the plural, or the one form that there is."""
    return tuple(words) if isinstance(words, (tuple, list)) else (words,)


def messages(found: Iterable[Message]) -> list[Message]:
    """Return the messages of a catalogue without its header."""
    return [message for message in found if message.id]


@dataclass(frozen=True)
class Reading:
    """One page, in both languages."""

    french: TestResponse
    english: TestResponse

    def untranslated(self, app: Flask) -> set[str]:
        """Return what both pages say in the same words, apart from data and shared words."""
        both = _said(self.french) & _said(self.english)
        with app.app_context():
            data = _stored()
        return {each for each in both if not _shared().fullmatch(each) and each not in data}


def _said(answer: TestResponse) -> set[str]:
    """Return every text of a page that eyes or ears meet, apart from typed text and code.

    What is marked as French stays so: the title of a French law has no English.
    """
    soup = BeautifulSoup(answer.text, "html.parser")
    marked = soup.select("body [lang=fr]")
    for data in [*soup.find_all(("textarea", "code")), *marked]:
        data.clear()
    heard = [str(tag[name]) for name in SPOKEN for tag in soup.find_all(attrs={name: True})]
    said = "·".join([*soup.stripped_strings, *heard])
    return {" ".join(part.split()).rstrip(".,") for part in re.split("[·←→]", said)}


@cache
def _shared() -> re.Pattern[str]:
    """Return what may be the same in both: names, numbers, and what the catalogue says."""
    every = messages(catalogue())
    pairs = [pair for m in every for pair in zip(forms(m.id), forms(m.string), strict=True)]
    same = [PLACEHOLDER.split(french)[::2] for french, english in pairs if french == english]
    said = [".+".join(map(re.escape, parts)) for parts in same]
    headed = [f"(?i:{words})" for words in said]  # a word may open a title or stand within one
    return re.compile("(?:: )?(?:" + "|".join([NAMES, ADDRESS, DEPARTEMENT, NUMBER, *headed]) + ")")


def _stored() -> str:
    """Return every text of the database: what people wrote is in their own language."""
    found: list[str] = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            found += [str(value) for value in row if isinstance(value, (str, list, dict))]
    return "\n".join(" ".join(each.split()) for each in found)
