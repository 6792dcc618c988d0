"""Static files leave pressed by the best that the browser reads, whole, and known again."""

from typing import Any
from urllib.parse import unquote

import brotli
import pytest
from flask.testing import FlaskClient

from app.config import ROOT
from tests.feedback.citizen import soup_of

FILES = ("boucle.css", "boucle.js", "htmx.min.js")


def fetch(client: FlaskClient, name: str, **headers: str) -> Any:
    """Return the answer for a static file, read and closed as a server would."""
    with client.get(f"/static/{name}", headers=headers) as answer:
        answer.get_data()  # whole, while the file is open
        return answer


@pytest.mark.parametrize("name", FILES)
def test_a_browser_that_reads_brotli_gets_the_smallest(client: FlaskClient, name: str) -> None:
    answer = fetch(client, name, **{"Accept-Encoding": "gzip, br"})
    file = (ROOT / "static" / name).read_bytes()
    assert answer.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert brotli.decompress(answer.data) == file
    assert len(answer.data) == len(brotli.compress(file, quality=11))


def test_other_browsers_get_what_they_read(client: FlaskClient) -> None:
    plain = fetch(client, "boucle.css")
    assert "Content-Encoding" not in plain.headers
    assert plain.data == (ROOT / "static" / "boucle.css").read_bytes()
    zipped = fetch(client, "boucle.css", **{"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"


def test_a_file_that_is_known_is_not_sent_again(client: FlaskClient) -> None:
    first = fetch(client, "boucle.css", **{"Accept-Encoding": "br"})
    known = {"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]}
    again = fetch(client, "boucle.css", **known)
    assert (again.status_code, again.data) == (304, b"")


def test_the_icon_comes_with_the_page(client: FlaskClient) -> None:
    icon = soup_of(client.get("/")).find("link", rel="icon")
    assert icon is not None
    kind, drawing = str(icon["href"]).split(",", 1)
    assert kind == "data:image/svg+xml"
    file = (ROOT / "static" / "favicon.svg").read_text("utf-8").strip()
    assert unquote(drawing) == file.replace('"', "'")
    assert f'href="{icon["href"]}"' in client.get("/").text, "not a sign of it is escaped"
