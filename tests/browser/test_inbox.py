"""The inbox by keyboard, with filters, refusals and nothing in it, as the team meets it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import DESK_TARGET, axe, narrow_faults
from tests.browser.site import PASSPHRASE
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
FOCUSED_ROW = (
    "() => [...document.querySelectorAll('.row')].indexOf(document.activeElement.closest('.row'))"
)


def team(visit: Visit, js: bool = True) -> Visitor:
    visitor = visit(js=js, width=1280)
    visitor.sign_in("equipe", PASSPHRASE)
    return visitor


def row_at(page: Page) -> int:
    return int(page.evaluate(FOCUSED_ROW))


def test_the_list_is_walked_by_keys(visit: Visit) -> None:
    visitor = team(visit)
    page = visitor.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert row_at(page) == 1
    page.keyboard.press("k")
    assert row_at(page) == 0
    page.keyboard.press("x")
    expect(page.locator("[data-ticked]")).to_have_text("1 coché(s)")
    page.keyboard.press("x")
    expect(page.locator("[data-ticked]")).to_have_text("")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Mots")).to_be_focused()
    page.keyboard.type("jkx?rnzo/")
    expect(page.get_by_role("searchbox", name="Mots")).to_have_value("jkx?rnzo/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator(".pane article").first).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_label("Ajouter une note")).to_be_focused()
    page.keyboard.type("j k x : vu avec l’équipe.")
    page.get_by_role("button", name="Garder la note").press("Enter")
    expect(page.get_by_text("j k x : vu avec l’équipe.")).to_be_visible()
    visitor.look("thread-with-note")


def test_keys_are_switched_off_without_a_script(visit: Visit) -> None:
    visitor = team(visit, js=False)
    page = visitor.page
    page.get_by_role("link", name="Raccourcis clavier").click()
    visitor.look("inbox-keys-page")
    page.get_by_role("button", name="Désactiver les raccourcis").click()
    expect(page.get_by_text("Les raccourcis sont éteints.")).to_be_visible()
    other = team(visit)
    other.page.keyboard.press("?")
    other.page.keyboard.press("j")
    expect(other.page.get_by_role("dialog")).to_have_count(0)
    assert row_at(other.page) == -1
    page.get_by_role("button", name="Activer les raccourcis").click()


@pytest.mark.parametrize("js", [True])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_list_of_keys_is_a_dialog_without_fault(
    visit: Visit, js: bool, scheme: str, width: int
) -> None:
    visitor = visit(js=js, width=width)
    visitor.sign_in("equipe", PASSPHRASE)
    page = visitor.open("/equipe?vue=tous")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.keyboard.press("j")
    row = row_at(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Raccourcis clavier")
    expect(dialog).to_be_visible()
    assert axe(page) == []
    assert narrow_faults(page, DESK_TARGET) == []
    for key in ("j", "k", "o", "x", "/", "r", "n", "z", "?", "Échap"):
        expect(dialog.locator("kbd", has_text=re.compile(f"^{re.escape(key)}$"))).to_be_visible()
    for _ in range(6):  # the focus stays inside
        page.keyboard.press("Tab")
        inside = "() => document.activeElement.closest('dialog') !== null"
        assert page.evaluate(f"({inside})() || document.activeElement === document.body")
    dialog.get_by_role("button", name="Fermer").click()
    expect(dialog).to_have_count(0)
    assert row_at(page) == row, "the focus comes back to where it was"
    assert visitor.complaints == []


@BOTH
def test_retours_are_put_into_a_theme_and_taken_out(visit: Visit, js: bool) -> None:
    visitor = team(visit, js=js)
    visitor.expected = ["422"]
    page = visitor.open("/equipe?vue=tous")
    page.get_by_text("Agir sur les retours cochés").click()
    page.locator(".row", has=page.locator(".chip")).get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Ranger", exact=True).click()
    expect(page.get_by_text("Choisissez un thème du même service.")).to_be_visible()
    visitor.look("inbox-theme-422")
    page.get_by_label("Thème où ranger").select_option(index=1)
    page.get_by_role("button", name="Ranger", exact=True).click()
    expect(page.get_by_text("1 retour rangé dans le thème.")).to_be_visible()
    visitor.look("inbox-theme-done")
    if js:
        page.keyboard.press("z")
    else:
        page.get_by_role("button", name="Annuler", exact=True).click()
    expect(page.get_by_text("Annulé pour 1 retour.")).to_be_visible()


@BOTH
def test_many_are_marked_and_it_is_undone(visit: Visit, js: bool) -> None:
    visitor = team(visit, js=js)
    visitor.expected = ["422"]
    page = visitor.open("/equipe?vue=tous")
    page.get_by_text("Agir sur les retours cochés").click()
    page.get_by_role("button", name="Marquer lus", exact=True).click()
    expect(page.get_by_text("Cochez au moins un retour.")).to_be_visible()
    visitor.look("inbox-422")
    for number in range(2):
        page.get_by_role("checkbox").nth(number).check()
    page.get_by_label("Collègue").select_option(label="Compte equipe")
    page.get_by_role("button", name="Confier", exact=True).click()
    expect(page.get_by_text("2 retours confiés.")).to_be_visible()
    visitor.look("inbox-done")
    if js:
        page.keyboard.press("z")
    else:
        page.get_by_role("button", name="Annuler", exact=True).click()
    expect(page.get_by_text("Annulé pour 2 retours.")).to_be_visible()


@BOTH
def test_filters_are_kept_as_a_view(visit: Visit, js: bool) -> None:
    visitor = team(visit, js=js)
    visitor.expected = ["422"]
    page = visitor.open("/equipe?vue=tous")
    page.locator("summary", has_text=re.compile("^Filtrer$")).click()
    page.get_by_label("Canal").select_option("web")
    page.get_by_label("Avis").select_option("5")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("button", name="Garder la vue").click()
    expect(page.get_by_text("Donnez un nom à la vue")).to_be_visible()
    visitor.look("inbox-view-refused")
    name = "Moyens" if js else "Passables"
    page.get_by_label("Garder ces filtres sous un nom").fill(name)
    page.get_by_role("button", name="Garder la vue").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    visitor.look("inbox-filtered")
    every = "theme=x&fonction=x&version=x&lieu=42&canal=paper&etat=answered&note=0&confie=personne"
    page = visitor.open(f"/equipe?vue=tous&{every}&mots=introuvable")
    expect(page.locator(".empty")).to_be_visible()
    visitor.look("inbox-every-filter")
    page = visitor.open("/equipe/vues")
    visitor.look("inbox-views")
    row = page.locator(".row", has=page.get_by_role("link", name=name))
    row.get_by_role("button", name="Supprimer").click()
    expect(page.get_by_role("link", name=name)).to_have_count(0)


GAP = """() => {
  const told = document.querySelector('#flash:not([hidden])').getBoundingClientRect();
  return document.querySelector('#inbox').getBoundingClientRect().top - told.bottom;
}"""


@pytest.mark.parametrize("width", [360, 1280])
def test_what_is_said_after_signing_in_stands_apart_from_the_lists(
    visit: Visit, width: int
) -> None:
    visitor = visit(js=True, width=width)
    visitor.sign_in("equipe", PASSPHRASE)
    expect(visitor.page.locator("#flash .notice").first).to_be_visible()
    assert visitor.page.evaluate(GAP) >= 16
