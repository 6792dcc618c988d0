"""What tests of citizens and mediators share: a service, a phone, a mediator’s desk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.feedback import citizen, speaking


@pytest.fixture
def slug(app: Flask) -> str:
    """The address of an open service."""
    return citizen.open_service(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that closes each request: the plugin's own keeps one open, and its reader too."""
    return app.test_client()


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """A second browser, signed in as a mediator."""
    return speaking.mediator(app)
