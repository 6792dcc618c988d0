"""« Langage simple »: chosen in the footer, still French, simpler on the main journey, complete."""

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext, ngettext

from app.languages import SIMPLE_WORDS
from tests import factories
from tests.citizen_words import citizen_words
from tests.conftest import writing
from tests.english import PLACEHOLDER, forms
from tests.readability import POOLED, SIMPLE, count, faults, score_faults

# What somebody reads who speaks, keeps the code, comes back, or does it otherwise.
JOURNEY = {
    "base.html",
    "macros.html",
    "error.html",
    "_human_alternative.html",
    "pages/home.html",
    "pages/_services.html",
    "pages/rights.html",
    "feedback/service.html",
    "feedback/_notice.html",
    "feedback/_problem.html",
    "feedback/receipt.html",
    "feedback/_questions.html",
    "feedback/code.html",
    "feedback/author.html",
    "feedback/_around.html",
    "feedback/otherwise.html",
    "app.errors",
    "feedback.author_form_views",
    "feedback.author_views",
    "feedback.exchange_views",
    "feedback.forms",
    "feedback.judging_views",
    "feedback.masked_text",
    "feedback.questions",
    "feedback.receipt_page",
    "feedback.story",
    "feedback.views",
    "feedback.words",
}
HARD, EASY = "sauf si vous l’effacez avant", "Vous pouvez l’effacer."


def _catalogue() -> list[Message]:
    with SIMPLE_WORDS.open("rb") as lines:
        return [message for message in read_po(lines, locale="fr") if message.id]


def _simple() -> dict[str, str]:
    return {
        french: simple
        for message in _catalogue()
        for french, simple in zip(forms(message.id), forms(message.string), strict=True)
    }


def test_every_string_of_the_journey_is_simple() -> None:
    simple = _simple()
    told = {(s.place, simple.get(s.words, s.words)) for s in citizen_words() if s.place in JOURNEY}
    assert {place for place, _words in told} == JOURNEY
    bad = {key: found for key in sorted(told) if (found := faults(key[1], SIMPLE))}
    lines = [f"{place}: {words!r}: {'; '.join(found)}" for (place, words), found in bad.items()]
    assert not lines, "give it simpler words in translations/fr@simple:\n" + "\n".join(lines)


def test_the_pages_of_the_journey_are_simple_as_wholes() -> None:
    simple = _simple()
    for place in JOURNEY:
        words = [simple.get(s.words, s.words) for s in citizen_words() if s.place == place]
        text = "\n".join(words)
        assert count(text) < POOLED or score_faults(text, SIMPLE) == [], place


def test_the_catalogue_holds_only_what_is_said_and_says_it_otherwise() -> None:
    said = {each.words for each in citizen_words()}
    for french, simple in _simple().items():
        assert french in said, french
        assert simple, french
        assert simple != french
        places = [sorted(m[0] for m in PLACEHOLDER.finditer(words)) for words in (french, simple)]
        assert places[0] == places[1], french


def test_the_choice_is_kept_and_the_page_stays_french(client: FlaskClient) -> None:
    page = client.get("/vos-donnees", headers={"Accept-Language": "fr"}).text
    assert HARD in page
    link = BeautifulSoup(page, "html.parser").find("a", string="Langage simple")
    assert link is not None
    answer = client.get(str(link["href"]))  # type: ignore[index]
    assert answer.status_code == 303
    assert answer.location == "/vos-donnees"
    simple = client.get("/vos-donnees")
    soup = BeautifulSoup(simple.text, "html.parser")
    assert EASY in simple.text
    assert HARD not in simple.text
    assert soup.html is not None
    assert soup.html["lang"] == "fr"
    names = [each.get_text() for each in soup.select("footer a")]
    assert "Français" in names
    assert "English" in names
    assert "Langage simple" not in names


@pytest.mark.parametrize("back", ["fr", "en"])
def test_one_goes_back_to_french_or_on_to_english(client: FlaskClient, back: str) -> None:
    client.set_cookie("langue", "simple")
    client.get(f"/langue/{back}")
    answer = client.get("/vos-donnees")
    soup = BeautifulSoup(answer.text, "html.parser")
    assert soup.html is not None
    assert soup.html["lang"] == back
    assert EASY not in answer.text
    assert back == "en" or HARD in answer.text


def test_what_has_no_simpler_words_stays_french_with_its_plural(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "langue=simple"}):
        assert gettext("Racontez") == "Racontez"
        assert ngettext("%(num)s retour", "%(num)s retours", 0) == "0 retour"


def test_a_plural_has_simpler_words_by_the_french_rule(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        slug = factories.service().slug
    client.set_cookie("langue", "simple")
    assert "jours de travail" in client.get(f"/s/{slug}").text


def test_mails_are_written_in_the_french_of_the_sources(app: Flask) -> None:
    french = next(message.id for message in _catalogue() if isinstance(message.id, str))
    with app.test_request_context(headers={"Cookie": "langue=simple"}):
        assert gettext(french) != french
        with force_locale("fr"):
            assert gettext(french) == french
