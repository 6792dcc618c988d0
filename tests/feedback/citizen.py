"""A citizen's gestures over HTTP, for tests: open the form, send, read the receipt, come back."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.conftest import writing

TEXT = (
    "Depuis la mise à jour mon cardiologue le dr Lemaire reçoit plus mes mesures. "
    "Mon numéro 06 12 34 56 78 si besoin."
)


def open_service(app: Flask, **values: Any) -> str:
    """Return the slug of a new service with a functionality of 10 working days."""
    with writing(app):
        service = factories.service(**values)
        factories.functionality(service)
        slug: str = service.slug
    return slug


def soup_of(answer: Any) -> BeautifulSoup:
    """Return the page of ``answer``, parsed."""
    return BeautifulSoup(answer.text, "html.parser")


def words_of(answer: Any) -> str:
    """Return the words of the page of ``answer``."""
    return soup_of(answer).get_text(" ", strip=True)


def hidden(answer: Any, action: str = "") -> dict[str, str]:
    """Return the hidden fields of the form of the page whose action ends with ``action``."""
    form = next(f for f in soup_of(answer).find_all("form") if str(f["action"]).endswith(action))
    found = {str(i["name"]): str(i["value"]) for i in form.find_all("input", type="hidden")}
    for area in form.find_all("textarea", hidden=True):
        found[str(area["name"])] = area.get_text().removeprefix("\n")
    return found


def form_key(client: FlaskClient, slug: str) -> str:
    """Return a fresh key of the service's form."""
    return hidden(client.get(f"/s/{slug}"), slug)["key"]


def send(client: FlaskClient, slug: str, key: str | None = None, **fields: Any) -> Any:
    """Send the form as a browser without JavaScript does."""
    values = {"face": "5", "text": TEXT, **fields}
    return client.post(f"/s/{slug}", data={"key": key or form_key(client, slug), **values})


def code_of(answer: Any) -> str:
    """Return the code that a receipt page shows."""
    shown = soup_of(answer).find(class_="code")
    assert isinstance(shown, Tag), "no code on the page"
    return re.sub(r"\s", "", shown.get_text())


def come_back(client: FlaskClient, code: str) -> Any:
    """Enter ``code`` and return the author's page."""
    answer = client.post("/suivi", data={"code": code})
    assert answer.status_code == 303, words_of(answer)
    return client.get(answer.location)
