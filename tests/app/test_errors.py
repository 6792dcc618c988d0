"""Pages of what goes wrong: a host that is not ours, a fault of our own."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from app.factory import create_app
from tests.conftest import settings
from tests.fakes import FakeRuntime


@pytest.fixture
def real(tmp_path: Path, app: Flask) -> FlaskClient:
    """The application as it is served: faults become pages. Its database is that of ``app``."""
    served = create_app(settings(BOUCLE_ENV="production"), tmp_path, runtime=FakeRuntime())  # type: ignore[arg-type]

    def stumble() -> None:
        raise RuntimeError("CANARI")

    stumble.access = served.view_functions["pages.home"].access  # type: ignore[attr-defined]
    served.add_url_rule("/essai", "stumble", stumble)
    return served.test_client()


@pytest.mark.parametrize("path", ["/", "/readyz", "/static/boucle.css", "/nulle-part"])
def test_a_host_that_is_not_ours_gets_one_plain_sentence(real: FlaskClient, path: str) -> None:
    answer = real.get(path, base_url="http://mal.example")
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert answer.text == "Ce site ne répond pas à cette adresse."


def test_our_own_fault_is_a_page_with_a_way_back_and_a_line_without_its_words(
    real: FlaskClient,
) -> None:
    with capture_logs() as lines:
        answer = real.get("/essai")
    assert answer.status_code == 500
    assert "Quelque chose s’est mal passé chez nous" in answer.text
    assert 'href="/"' in answer.text
    assert "CANARI" not in answer.text
    (line,) = lines
    assert line["endpoint"] == "stumble"
    assert f"Référence à nous donner : {line['reference']}" in answer.text
