"""What people wrote is told apart on an English page, and costs a French page nothing."""

import copy
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask_babel import gettext, ngettext
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import Account
from app.catalogue import service_by_slug
from app.db import db
from app.said import as_said, attributes, in_language, lang, plain, together
from feedback.models import Feedback
from tests import factories
from tests.app.planted import (
    OTHER,
    WORD,
    WRITTEN,
    french_marks,
    long_columns,
    more,
    ours_marked,
    plant,
    unmarked,
)
from tests.app.worlds import build, walk
from tests.browser.addresses import ANYBODY, AUTHOR, addresses
from tests.browser.site import SLUG, TEAMS, Site, seed
from tests.browser.site import build as build_site
from tests.conftest import writing
from tests.feedback import citizen

IN_A_TAG = re.compile(r"<[^<>]*<span|&lt;span")  # a mark within an attribute, or seen as text
READ = {"Accept-Language": "en"}


def faults(html: str) -> list[str]:
    """Return what is not marked, what is and should not be, and marks that are no marks."""
    return unmarked(html) + ours_marked(html) + IN_A_TAG.findall(html)


def test_every_route_in_english_marks_what_people_wrote(app: Flask) -> None:
    own = build(app)["own"]
    with writing(app):
        service = service_by_slug(own["slug"])
        assert service is not None
        own |= more(service)
        plant()
    found: dict[str, list[str]] = {}
    seen: Counter[bool] = Counter()
    for step in walk(app, {"own": own}, frozenset({"GET"}), "en"):
        if step.status == 200 and step.body.lstrip().lower().startswith("<!doctype html"):
            seen[WORD in step.body] += 1
            if bad := faults(step.body):
                found[step.endpoint] = bad
    assert found == {}
    assert seen[True] > 200, "the walk must meet the word"


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of the browser's tests, with the word in what people wrote."""
    app, clock = build_site(tmp_path_factory.mktemp("said"))
    site = Site(app, clock)
    seed(site)
    with writing(app):
        plant()
    return site


def pages(site: Site, role: str, language: str) -> Iterator[TestResponse]:
    """Yield every page that ``role`` may open, as a reader of ``language`` gets it."""
    client = site.app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    if role == AUTHOR:
        sent = client.post("/suivi", data={"code": site.codes["answered"]})
        assert sent.status_code == 303
    elif role != ANYBODY:
        with site.app.app_context():
            named = select(Account).where(Account.email == f"{role}@example.fr")
            factories.sign_in(client, db.session.scalars(named).one())
    for path in addresses(site.app, SLUG):
        answer = client.get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield answer


@pytest.mark.parametrize("role", [ANYBODY, AUTHOR, *TEAMS])
def test_every_page_of_a_living_site_marks_it_too(living: Site, role: str) -> None:
    every = list(pages(living, role, "en"))
    found = {each.request.path: bad for each in every if (bad := faults(each.text))}
    assert found == {}
    assert sum(WORD in each.text for each in every) > 10


@pytest.mark.parametrize("role", [ANYBODY, AUTHOR, "equipe"])
def test_a_french_page_marks_nothing(living: Site, role: str) -> None:
    every = list(pages(living, role, "fr"))
    assert {each.request.path: bad for each in every if (bad := french_marks(each.text))} == {}
    assert len(every) > 10


def test_receipt_and_refusal_mark_it(living: Site) -> None:
    client = living.app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    for fields in ({"text": f"Mes mesures, une {WORD}."}, {"face": "", "text": ""}):
        answer = citizen.send(client, SLUG, **fields)
        assert WORD in answer.text
        assert faults(answer.text) == []


def test_a_page_that_forgets_is_found(app: Flask) -> None:
    bare = f"<!doctype html><html lang=en><body><p>{WORD}<p lang=fr>{WORD}"
    assert len(unmarked(bare)) == 1
    assert len(ours_marked("<body><p lang=fr>Feedback</p></body>")) == 1
    assert IN_A_TAG.search('<p title="<span lang="fr">x</span>">')


def test_every_long_column_is_said_to_hold_words_or_not(app: Flask) -> None:
    with app.app_context():
        known = set(long_columns())
    named = {(table, name) for kind in (WRITTEN, OTHER) for table, s in kind.items() for name in s}
    assert known - named == set()


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context(headers=READ):
        yield


def test_words_are_marked_in_another_language_only(app: Flask, english: None) -> None:
    assert as_said("Mesures").__html__() == '<span lang="fr">Mesures</span>'
    assert as_said("Measures", "en") == "Measures"
    assert not hasattr(as_said("Measures", "en"), "__html__")
    assert as_said("") == ""
    assert in_language() == ' lang="fr"'
    assert in_language("en") == ""
    assert attributes("ar") == {"lang": "ar"}


def test_a_french_page_gets_the_words_as_they_came(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        words = "Mesures"
        assert as_said(words) is words
        assert in_language() == ""
        assert in_language("en") == ' lang="en"'


def test_a_sentence_keeps_what_it_holds_apart_and_escapes_the_rest(english: None) -> None:
    name = as_said("Mesures <b>")
    told = gettext("%(one)s & %(two)s", one=name, two="<i>")
    assert told == "Mesures <b> & <i>"
    assert lang(told) == ""
    assert str(told).__html__() == (  # type: ignore[attr-defined]
        '<span lang="fr">Mesures &lt;b&gt;</span> &amp; &lt;i&gt;'
    )
    many = ngettext("%(num)d of %(name)s", "%(num)d of %(name)s", 3, name=name)
    assert Markup.escape(many).startswith('3 of <span lang="fr">')
    assert gettext("%(one)s", one="plain") == "plain"


def test_a_line_keeps_what_it_holds_apart(english: None) -> None:
    told = together((as_said("Mesures"), "<late>"), " & ")
    assert told == "Mesures & <late>"
    assert Markup.escape(told) == '<span lang="fr">Mesures</span> &amp; &lt;late&gt;'
    assert not hasattr(together(("a", "b")), "__html__")


def test_outside_a_page_the_words_are_plain(english: None) -> None:
    words = as_said("Mesures")
    assert type(plain(words)) is str
    assert f"{words}." == "Mesures."
    assert copy.deepcopy(words).__html__() == words.__html__()
    assert as_said(words) is words


def test_a_template_prints_the_mark_where_it_stands(english: None) -> None:
    source = "<option{{ x|as_said|lang }}>{{ x|as_said|plain }}</option>{{ x|as_said }}"
    assert render_template_string(source, x="A&B") == (
        '<option lang="fr">A&amp;B</option><span lang="fr">A&amp;B</span>'
    )


def test_words_of_another_language_are_marked_on_a_french_page(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        service = factories.service(slug="essai")
        told = {"state": "published", "wants_publication": True, "language": "en"}
        public = factories.retour(service, text="My [PERSONNE_1] is fine", **told).id
    page = client.get(f"/s/essai/messages/{public}", headers={"Accept-Language": "fr"}).text
    assert '<span lang="en">My <span class="mask" lang="fr">' in page


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The app does not send my blood pressure.", "en"),
        ("Je lis « it does not work » et mes mesures sont perdues.", "fr"),
    ],
)
def test_a_received_message_says_its_own_language(
    app: Flask, client: FlaskClient, text: str, language: str
) -> None:
    slug = citizen.open_service(app)
    receipt = citizen.send(client, slug, text=text)
    with app.app_context():
        assert db.session.scalar(select(Feedback.language)) == language
    assert ('<span lang="en">' in receipt.text) == (language == "en")
