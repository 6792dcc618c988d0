"""French, the language of the sources, and English, by a catalogue: who reads which.

flask-babel takes the source language for English, where « 0 messages » is a plural. In French zero
is singular (« 0 retour »), so the source language has a rule of its own here.
"""

from functools import cached_property

from babel.support import NullTranslations
from flask import has_request_context, request
from flask_babel import Babel, Domain, get_locale

LANGUAGES = ("fr", "en")


class French(NullTranslations):
    """The messages as they stand in the sources, with the French plural."""

    def ungettext(self, msgid1: str, msgid2: str, n: float) -> str:
        """Return the singular below two, the plural from two on."""
        return msgid1 if abs(n) < 2 else msgid2


class FrenchFirst(Domain):
    """The catalogue, which French does not need."""

    french = French()

    def get_translations(self) -> NullTranslations:
        """Return the messages of the reader's language."""
        locale = get_locale()
        if locale is None or locale.language == "fr":
            return self.french
        translations: NullTranslations = super().get_translations()
        return translations


class Languages(Babel):
    """flask-babel with French as the source language."""

    @cached_property
    def domain_instance(self) -> Domain:
        """The messages of every page and mail."""
        return FrenchFirst(domain=self.domain)


def chosen_language() -> str:
    """Return the reader's language: the one they chose, else their browser's, else French."""
    if not has_request_context():
        return "fr"  # the worker and the commands write French first
    asked = request.cookies.get("langue", "")
    return asked if asked in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "fr"


babel = Languages()
