"""What a phone may keep, which pages offer it, and the way out of a service at risk."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.catalogue import service_by_slug
from tests import factories
from tests.conftest import writing
from tests.feedback.citizen import code_of, come_back, open_service, send, soup_of, words_of

PAGES = ("", "/autrement", "/formulaire", "/affiche", "/ce-qui-change", "/signaux", "/syntheses")
AUTHOR = ("/suivi/retour", "/suivi/mes-donnees", "/suivi/effacer")


@pytest.fixture(params=["quick_exit", "anonymous_by_law"])
def quiet(request: pytest.FixtureRequest, app: Flask) -> str:
    """The address of a service that can be left at once, for either reason."""
    return open_service(app, **{request.param: True})


def offers(answer: Any) -> tuple[bool, bool, bool]:
    """Say whether a page has the worker or the manifest, a draft, the way out."""
    page = soup_of(answer)
    found = ("[data-worker], link[rel=manifest]", "[data-draft]", "a[data-exit][href='/sortie']")
    manifest, draft, way_out = (page.select_one(each) is not None for each in found)
    return manifest, draft, way_out


def test_the_worker_is_short_fresh_and_names_only_the_shell(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    assert len(answer.text.splitlines()) <= 60
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]  # workers follow it
    (kept,) = (line for line in answer.text.splitlines() if line.startswith("const KEPT"))
    addresses = kept.split('"')[1::2]
    assert addresses[0] == "/hors-ligne"
    assert all(address.startswith("/static/") for address in addresses[1:])
    assert len(addresses) == 6
    for address in addresses:
        with client.get(address) as kept:
            assert kept.status_code == 200


def test_the_manifest_names_the_site_and_stays_in_the_browser(client: FlaskClient) -> None:
    answer = client.get("/manifeste.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    values = answer.json or answer.get_json(force=True)
    assert (values["name"], values["start_url"], values["display"]) == ("Boucle", "/", "browser")
    with client.get(values["icons"][0]["src"]) as icon:
        assert icon.mimetype == "image/svg+xml"


def test_the_offline_page_names_no_service_and_says_whom_to_call(
    app: Flask, client: FlaskClient
) -> None:
    open_service(app, name="Mon suivi tension")
    answer = client.get("/hors-ligne")
    assert "Mon suivi tension" not in words_of(answer)
    links = {str(link["href"]) for link in soup_of(answer).select("main a")}
    assert {"tel:15", "tel:112", "sms:114", "tel:3114"} <= links
    assert not [link for link in links if link.startswith("/")]
    assert offers(answer) == (False, False, False)


def test_an_ordinary_service_offers_manifest_and_draft_and_no_way_out(
    app: Flask, client: FlaskClient
) -> None:
    slug = open_service(app)
    assert offers(client.get(f"/s/{slug}")) == (True, True, False)
    assert offers(send(client, slug)) == (True, False, False)
    assert offers(client.get("/")) == (True, False, False)
    for shared in ("/suivi", "/connexion", "/nulle-part"):
        assert offers(client.get(shared)) == (False, False, False)


def test_each_page_of_a_discreet_service_can_be_left_and_offers_nothing_to_keep(
    client: FlaskClient, quiet: str
) -> None:
    for page in PAGES:
        assert offers(client.get(f"/s/{quiet}{page}")) == (False, False, True), page
    refused = client.post(f"/s/{quiet}", data={"text": "x", "key": "no"})
    assert offers(refused) == (False, False, True)
    receipt = send(client, quiet)
    assert offers(receipt) == (False, False, True)
    assert soup_of(receipt).title.text == "C’est envoyé · Boucle"  # type: ignore[union-attr]
    author = come_back(client, code_of(receipt))
    assert soup_of(author).title.text == "Ma page · Boucle"  # type: ignore[union-attr]
    for path in AUTHOR:
        assert offers(client.get(path)) == (False, False, True), path


def test_the_way_out_follows_from_a_discreet_service_to_the_pages_of_all(
    client: FlaskClient, quiet: str
) -> None:
    page = soup_of(client.get(f"/s/{quiet}"))
    shared = [str(link["href"]) for link in page.select("a") if "sortie=1" in str(link["href"])]
    assert len(shared) >= 5
    for address in shared:
        assert offers(client.get(address)) == (False, False, True)


def test_the_desk_of_a_discreet_service_is_an_ordinary_desk(
    app: Flask, client: FlaskClient, quiet: str
) -> None:
    with writing(app):
        service = service_by_slug(quiet)
        assert service is not None
        account = factories.account(Role.PROMOTER, services=(service,))
        factories.sign_in(client, account)
    assert offers(client.get(f"/equipe/reglages/{quiet}")) == (False, False, False)


def test_leaving_closes_the_visit_and_leads_elsewhere(
    app: Flask, client: FlaskClient, quiet: str
) -> None:
    come_back(client, code_of(send(client, quiet)))
    answer = client.get("/sortie", headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.location) == (303, app.config["QUICK_EXIT_URL"])
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/suivi/retour").location == "/suivi"


def test_another_site_cannot_close_the_visit(client: FlaskClient, quiet: str) -> None:
    come_back(client, code_of(send(client, quiet)))
    answer = client.get("/sortie", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Clear-Site-Data" not in answer.headers
    assert client.get("/suivi/retour").status_code == 200
