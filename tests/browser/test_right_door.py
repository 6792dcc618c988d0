"""The door, the report, real use and release watches, as experts and teams meet them."""

import pytest
from playwright.sync_api import expect

from tests.browser.site import PASSPHRASE, SLUG
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser
WIDE = 1280
BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])


def colleague(visit: Visit, name: str, js: bool = True) -> Visitor:
    """Return the browser of a colleague who has signed in."""
    visitor = visit(js=js, width=WIDE)
    visitor.sign_in(name, PASSPHRASE)
    return visitor


@BOTH
def test_an_expert_finds_the_door_and_prints_the_report(visit: Visit, js: bool) -> None:
    expert = colleague(visit, "expertise", js)
    expert.expected = ["422"]
    page = expert.open("/equipe/signaux")
    page.locator(".rows .row > a").first.click()
    page.get_by_role("link", name="Trouver la bonne porte").click()
    expert.look("door")
    page.get_by_label("un dispositif médical, appareil ou logiciel").check()
    page.get_by_label("le fabricant ou l’éditeur").check()
    page.get_by_role("button", name="Montrer la porte").click()
    expect(page.get_by_role("heading", name="L’ANSM, matériovigilance")).to_be_visible()
    page.get_by_role("button", name="Garder cette porte").click()
    expert.look("door-refused")
    page.get_by_label("Pourquoi cette porte").fill("Le service rend un avis sur la tension.")
    page.get_by_role("button", name="Garder cette porte").click()
    expect(page.get_by_text("Porte choisie :")).to_be_visible()
    expert.look("door-chosen")
    page.get_by_role("link", name="Lire et imprimer").click()
    expect(page.get_by_role("heading", name="À remplir à la main")).to_be_visible()
    expert.look("report")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Télécharger en PDF").click()
    assert downloaded.value.suggested_filename == "signal.pdf"
    expert.open("/equipe/portes")
    expert.look("doors")


@BOTH
def test_a_team_declares_its_public_and_reads_its_use(visit: Visit, js: bool) -> None:
    team = colleague(visit, "equipe", js)
    team.expected = ["422"]
    page = team.open(f"/equipe/reglages/{SLUG}/public")
    page.get_by_label("Personnes en tout").fill("beaucoup")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("link", name="écrivez un nombre entier")).to_be_visible()
    team.look("public-refused")
    page.get_by_label("Personnes en tout").fill("12 000")
    page.get_by_label("75 ans et plus").fill("3 000")
    page.get_by_label("Par département").fill("42 : 9000")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_label("75 ans et plus")).to_have_value("3000")
    team.look("public")
    team.open("/equipe/usage")
    team.look("usages")
    team.open(f"/equipe/services/{SLUG}/usage")
    expect(page.get_by_role("rowheader", name="75 ans et plus")).to_be_visible()
    team.look("usage")


@BOTH
def test_an_expert_asks_beforehand_what_a_release_will_bring(visit: Visit, js: bool) -> None:
    expert = colleague(visit, "expertise", js)
    expert.expected = ["422"]
    page = expert.open("/equipe/surveillances")
    expert.look("watches-empty" if js else "watches")
    page.get_by_role("link", name="Mon suivi tension").first.click()
    page.get_by_role("button", name="Poser la question").click()
    expect(page.get_by_text("La question n’est pas posée.")).to_be_visible()
    expert.look("watch-refused")
    page.get_by_label("Thème").select_option(index=0 if js else 1)
    page.get_by_label("Question").fill("La version 6.3 fait-elle perdre des mesures ?")
    page.get_by_role("button", name="Poser la question").click()
    expect(page.get_by_text("Ce qui a été fixé d’avance")).to_be_visible()
    expert.look("watch")
    page.get_by_role("button", name="Arrêter la surveillance").click()
    expect(page.get_by_text("Écrivez pourquoi elle s’arrête.")).to_be_visible()
    expert.look("watch-stop-refused")
    expert.open("/equipe/surveillances")
    expert.look("watches")
