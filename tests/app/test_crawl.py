"""From every page that a citizen comes to, a person and one's rights are near: all links followed.

One tap to a telephone, a place and hours; two at most to the page of rights.
"""

from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from feedback.models import State
from tests import factories
from tests.conftest import writing
from tests.feedback.citizen import code_of, send

PHONE, PLACE, HOURS = "04 77 12 34 56", "12 rue des Lilas", "le mardi matin"
RIGHTS = "/vos-donnees"
STAFF = ("/equipe", "/connexion", "/langue/", "/static/", "/demo/")  # and what is no page
MOST = 400


@pytest.fixture
def citizen(app: Flask, client: FlaskClient) -> FlaskClient:
    """A browser that has sent a retour and holds its code."""
    with writing(app):
        service = factories.service(slug="essai", phone=PHONE, place=PLACE, hours=HOURS)
        factories.functionality(service)
        factories.retour(service, state=State.PUBLISHED.value)
    code = code_of(send(client, "essai"))
    assert client.post("/suivi", data={"code": code}).status_code == 303
    return client


def links(html: str, base: str) -> list[str]:
    """Return the own addresses that a page leads to."""
    found = [str(a["href"]) for a in BeautifulSoup(html, "html.parser").find_all("a", href=True)]
    paths = [urldefrag(each).url for each in found if not urlsplit(each).scheme]
    return [path if path.startswith("/") else base + path for path in paths if path]


def pages(client: FlaskClient) -> Iterator[tuple[str, str]]:
    """Yield the address and HTML of each page that links lead to from the first, each once."""
    waiting, seen = ["/", "/suivi/retour", "/atelier"], set()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen or path.startswith(STAFF):
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code in (200, 303), f"{path} leads nowhere: {answer.status_code}"
        is_file = "attachment" in answer.headers.get("Content-Disposition", "")
        if answer.status_code == 200 and answer.mimetype == "text/html" and not is_file:
            yield path, answer.text
            waiting += links(answer.text, urlsplit(path).path)


def gives_a_person(html: str) -> bool:
    """Say whether the page itself gives telephone, place and hours."""
    words = " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())
    return all(each in words for each in (PHONE, PLACE, HOURS))


def faults(client: FlaskClient, path: str, html: str) -> list[str]:
    """Return what is too far from the page."""
    near = links(html, path)
    doors = [each for each in near if each.endswith("/autrement")]
    found = []
    if not gives_a_person(html) and not any(gives_a_person(client.get(d).text) for d in doors):
        found.append(f"{path}: no person within one tap")
    if RIGHTS not in near and urlsplit(path).path != RIGHTS:
        second = [client.get(each).text for each in near if not each.startswith(STAFF)]
        if not any(RIGHTS in links(each, path) for each in second):
            found.append(f"{path}: rights are more than two taps away")
    return found


def test_a_person_is_one_tap_away_and_rights_two(citizen: FlaskClient) -> None:
    walked = dict(pages(citizen))
    assert {"/", "/s/essai", "/suivi/retour", "/suivi/mes-donnees", "/a-propos"} <= walked.keys()
    assert len(walked) >= 15
    assert [fault for path, html in walked.items() for fault in faults(citizen, path, html)] == []


def test_the_receipt_and_a_missing_page_give_them_too(citizen: FlaskClient) -> None:
    for answer in (send(citizen, "essai"), citizen.get("/s/inconnu")):
        assert faults(citizen, "/s/essai", answer.text) == []


def test_a_page_without_them_is_found(citizen: FlaskClient) -> None:
    assert len(faults(citizen, "/x", "<p>Rien ici.</p>")) == 2
