"""What readers of published messages do over HTTP, for tests: read, tap, answer, report."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.catalogue import service_by_slug
from feedback.models import Feedback, State
from tests import factories
from tests.conftest import writing
from tests.feedback import citizen

SAID = "La courbe de la semaine m’aide à parler avec mon médecin."
HTMX = {"HX-Request": "true"}


def publish(app: Flask, slug: str, **values: Any) -> str:
    """Return the id of a new published message of the service at ``slug``."""
    with writing(app):
        service = service_by_slug(slug)
        defaults = {"text": SAID, "state": State.PUBLISHED.value, "wants_publication": True}
        row: Feedback = factories.retour(service, **{**defaults, **values})
        return row.id


def address(slug: str, public_id: str, act: str = "") -> str:
    """Return the address of a message, or of what a reader does there."""
    return f"/s/{slug}/messages/{public_id}" + (f"/{act}" if act else "")


def key_of(client: FlaskClient, slug: str, public_id: str, act: str = "moi-aussi") -> str:
    """Return a fresh key of the form that posts to ``act``."""
    return citizen.hidden(client.get(address(slug, public_id)), act)["key"]


def tap(client: FlaskClient, slug: str, public_id: str, key: str = "", **more: Any) -> Any:
    """Tap « moi aussi »; ``geste`` and headers may be given."""
    data = {
        "key": key or key_of(client, slug, public_id),
        "geste": more.pop("geste", "dire"),
    }
    return client.post(address(slug, public_id, "moi-aussi"), data=data, **more)


def answer(client: FlaskClient, slug: str, public_id: str, text: str, key: str = "") -> Any:
    """Answer a published message."""
    data = {"key": key or key_of(client, slug, public_id, "repondre"), "answer": text}
    return client.post(address(slug, public_id, "repondre"), data=data)


def report(client: FlaskClient, slug: str, public_id: str, reason: str, words: str = "") -> Any:
    """Report a public text."""
    page = client.get(address(slug, public_id, "signaler"))
    data = {"key": citizen.hidden(page, "signaler")["key"], "reason": reason, "words": words}
    return client.post(address(slug, public_id, "signaler"), data=data)
