"""The plural of each language: zero is singular in French and plural in English."""

import pytest
from flask import Flask
from flask_babel import force_locale, lazy_gettext, ngettext


@pytest.mark.parametrize(
    ("number", "written"), [(0, "0 retour"), (1, "1 retour"), (2, "2 retours")]
)
def test_zero_is_singular_in_french(app: Flask, number: int, written: str) -> None:
    with app.app_context():
        assert ngettext("%(num)s retour", "%(num)s retours", number) == written


def test_pages_use_the_same_plural(app: Flask) -> None:
    source = '{{ ngettext("%(num)s retour", "%(num)s retours", 0) }}'
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert app.jinja_env.from_string(source).render() == "0 retour"


def test_zero_is_plural_in_english(app: Flask) -> None:
    with app.app_context(), force_locale("en"):
        assert ngettext("%(num)s unseen words", "%(num)s unseen wordss", 0).endswith("ss")


def test_outside_requests_words_are_french(app: Flask) -> None:
    with app.app_context():
        assert str(lazy_gettext("Retours")) == "Retours"
