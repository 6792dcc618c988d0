"""A passkey in Chromium itself: registered on the page of one's account, it then enters alone."""

import pytest
from playwright.sync_api import expect

from app.second_factor import demo_code
from tests.browser.site import PASSPHRASE, Site
from tests.browser.visitor import Visit

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_key_of_the_device_is_registered_and_enters_alone(visit: Visit, site: Site) -> None:
    visitor = visit(width=1280)
    visitor.url = site.url.replace("127.0.0.1", "localhost")  # a key belongs to a host name
    page = visitor.open("/connexion")
    device = visitor.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.get_by_label("Adresse électronique").fill("expertise@example.fr")
    page.get_by_label("Phrase de passe").fill(PASSPHRASE)
    page.get_by_role("button", name="Entrer").click()
    page.get_by_label("Les six chiffres").fill(demo_code(site.clock()))
    page.get_by_role("button", name="Entrer").click()
    page.wait_for_url("**/equipe**")
    visitor.open("/equipe/compte/cles")
    page.get_by_label("Nom de la clé").fill("téléphone")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text("La clé est enregistrée.")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    visitor.open("/connexion")
    page.get_by_role("link", name="Entrer avec une clé").click()
    page.get_by_role("button", name="Utiliser ma clé").click()
    page.wait_for_url("**/equipe**")
    visitor.open("/equipe/compte")
    expect(page.get_by_text("téléphone").first).to_be_visible()
