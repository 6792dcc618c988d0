"""Words that people wrote, told apart on a page in another language (WCAG 3.1.2).

The catalogues own the site's words; what teams, citizens and moderators write stays as written. A
voice reads it as what it is where it is marked: ``as_said`` marks it on a page in another language
and leaves it alone on a page in its own, which then costs no byte. Only HTML shows the mark:
printed in a file, a mail or an attribute, such words are plain text.
"""

from collections.abc import Iterable
from typing import Any

from flask_babel import get_locale
from markupsafe import Markup, escape

OWN = "fr"  # what people write here, unless a row says otherwise


class Said(str):
    """Words whose language is marked when a template prints them; any other reader sees a str."""

    html: Markup
    language: str  # empty: a sentence of ours that holds such words

    def __new__(cls, words: str, html: Markup, language: str = "") -> "Said":
        """Return ``words``, printed in a page as ``html``."""
        made = super().__new__(cls, words)
        made.html, made.language = html, language
        return made

    def __str__(self) -> str:
        """Return these words, still marked: what passes them on need not know."""
        return self

    def __getnewargs__(self) -> tuple[str, Markup, str]:  # type: ignore[override]
        """Return what a copy is made of."""
        return str.__str__(self), self.html, self.language

    def __html__(self) -> str:
        """Return what a page prints."""
        return self.html


def attributes(language: str = OWN) -> dict[str, str]:
    """Return what an element in ``language`` has, for a form; none on a page in that language."""
    read = get_locale()
    is_own = not language or read is None or read.language == language
    return {} if is_own else {"lang": language}


def in_language(language: str = OWN) -> Markup:
    """Return the same as a template writes it within a tag."""
    return Markup().join(Markup(' {}="{}"').format(*each) for each in attributes(language).items())


def as_said(words: Any, language: str = OWN) -> Any:
    """Return ``words`` told apart where the page is in another language; else as they came."""
    mark = in_language(language) if words and not isinstance(words, Said) else ""
    if not mark:
        return words
    return Said(str(words), Markup("<span{}>{}</span>").format(mark, words), language)


def lang(words: Any) -> Markup:
    """Return the attribute of an element that holds ``words`` alone and may hold no other one."""
    return in_language(words.language) if isinstance(words, Said) else Markup()


def plain(words: Any) -> Any:
    """Return ``words`` without their mark: for an attribute, an option, a title."""
    return str.__str__(words) if isinstance(words, Said) else words


def filled(sentence: str, values: dict[str, Any]) -> str:
    """Return ``sentence`` with its ``values``; what is told apart in them stays so."""
    words = sentence % values if values else sentence
    if not any(isinstance(value, Said) for value in values.values()):
        return words
    return Said(words, escape(sentence) % values)


def together(parts: Iterable[Any], between: str = ", ") -> str:
    """Return ``parts`` in one line; what is told apart in them stays so."""
    every = list(parts)
    words = between.join(str(part) for part in every)
    if not any(isinstance(part, Said) for part in every):
        return words
    return Said(words, escape(between).join(every))
