"""French, the language of the sources, plainer French and English, by catalogues: who reads which.

flask-babel takes the source language for English, where « 0 messages » is a plural. In French zero
is singular (« 0 retour »), so the source language has a rule of its own here.
"""

from functools import cache, cached_property
from typing import Any

from babel import Locale
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from flask import has_request_context, request
from flask_babel import Babel, Domain, get_locale

from app.config import ROOT
from app.cookies import own_name
from app.said import filled

LANGUAGES = ("fr", "en")
CHOICE = "langue"  # the cookie that keeps the reader's choice
SIMPLE = "simple"  # the reader's choice of plainer French: still French to browsers and mails
SIMPLE_WORDS = ROOT / "translations" / "fr@simple" / "LC_MESSAGES" / "messages.po"
# Told apart from other French by being this very object: whoever forces "fr" forces another.
_simple_french = Locale("fr")


class French(NullTranslations):
    """The messages as they stand in the sources, with the French plural."""

    def ungettext(self, msgid1: str, msgid2: str, n: float) -> str:
        """Return the singular below two, the plural from two on."""
        return msgid1 if abs(n) < 2 else msgid2


class SimpleFrench(French):
    """Simpler words where there are some; else the sources'."""

    def ugettext(self, message: str) -> str:
        """Return the simpler words, or the message itself."""
        return _simple_words().get(message, (message,))[0]

    def ungettext(self, msgid1: str, msgid2: str, n: float) -> str:
        """Return the simpler singular or plural, by the French rule."""
        one, many = _simple_words().get(msgid1, (msgid1, msgid2))
        return super().ungettext(one, many, n)


@cache
def _simple_words() -> dict[str, tuple[str, ...]]:
    """Return the simpler words of each message: one, or singular and plural."""
    with SIMPLE_WORDS.open("rb") as lines:
        every = [message for message in read_po(lines, locale="fr") if message.id]
    return {_forms(message.id)[0]: _forms(message.string) for message in every}


def _forms(words: object) -> tuple[str, ...]:
    return tuple(words) if isinstance(words, (tuple, list)) else (str(words),)


class FrenchFirst(Domain):
    """The catalogue, which French does not need; it keeps what ``app/said.py`` tells apart."""

    french = French()
    simple = SimpleFrench()

    def get_translations(self) -> NullTranslations:
        """Return the messages of the reader's language."""
        locale = get_locale()
        if locale is _simple_french:
            return self.simple
        if locale is None or locale.language == "fr":
            return self.french
        translations: NullTranslations = super().get_translations()
        return translations

    def gettext(self, string: str, **variables: Any) -> str:
        """Return the reader's words for ``string``, with its variables."""
        return filled(self.get_translations().ugettext(string), variables)

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """Return the reader's words for ``num`` things, with its variables."""
        words = self.get_translations().ungettext(singular, plural, num)
        return filled(words, {"num": num, **variables})


class Languages(Babel):
    """flask-babel with French as the source language."""

    @cached_property
    def domain_instance(self) -> Domain:
        """The messages of every page and mail."""
        return FrenchFirst(domain=self.domain)


def chosen_language() -> str | Locale:
    """Return the reader's language: the one they chose, else their browser's, else French."""
    if not has_request_context():
        return "fr"  # the worker and the commands write French first
    asked = request.cookies.get(own_name(CHOICE), "")
    if asked == SIMPLE:
        return _simple_french
    return asked if asked in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "fr"


def reads_simple_words() -> bool:
    """Say whether this page is read in plainer French."""
    return get_locale() is _simple_french


babel = Languages()
