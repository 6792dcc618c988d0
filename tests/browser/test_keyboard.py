"""The keyboard alone: the order of focus, its mark, and where it stands after an answer."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import SLUG, Site
from tests.browser.visitor import Visit

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
FOCUSED = """() => {
  const each = document.activeElement;
  if (each === document.body) return 'BODY';
  return each.id || each.name || each.textContent.trim() || each.tagName;
}"""
IN_VIEW = """() => {
  const each = document.activeElement;
  const box = (each.closest('label') || each).getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}"""


def focused(page: Page) -> str:
    """Return the identifier, the name or the words of what has the focus."""
    return str(page.evaluate(FOCUSED))


def tab_to(page: Page, name: str, most: int = 40) -> None:
    """Press Tab until ``name`` has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"{name} is not reached within {most} steps")


@BOTH
def test_a_retour_is_sent_by_keyboard_alone(visit: Visit, js: bool) -> None:
    page = visit(js=js).open(f"/s/{SLUG}")
    page.keyboard.press("Tab")
    assert focused(page) == "Aller au contenu"
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert focused(page) == "contenu"
    order = []
    for _ in range(3):
        page.keyboard.press("Tab")
        order.append(focused(page))
        if len(order) == 1:
            page.keyboard.press("Space")
            page.keyboard.press("ArrowRight")
            expect(page.get_by_label("Moyen")).to_be_checked()
        elif len(order) == 2:
            page.keyboard.type("La courbe de la semaine est lisible.")
    assert order == ["face-0", "text", "Envoyer mon retour"]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    expect(page.locator("blockquote")).to_have_text("La courbe de la semaine est lisible.")
    if js:
        expect(page.get_by_role("heading", level=1)).to_be_focused()


@pytest.mark.parametrize("path", [f"/s/{SLUG}", "/suivi", "/"])
def test_every_step_shows_where_it_stands(visit: Visit, path: str) -> None:
    page = visit().open(path)
    stops: list[str] = []
    while True:
        page.keyboard.press("Tab")
        stop = focused(page)
        if stop == "BODY" or stop in stops[:1]:
            break
        stops.append(stop)
        assert page.evaluate(IN_VIEW), f"{stop} is out of view"
        here = page.evaluate_handle("() => document.activeElement")
        marked = page.screenshot()
        here.evaluate("(each) => each.blur()")
        plain = page.screenshot()
        assert marked != plain, f"nothing shows that {stop} has the focus"
        here.evaluate("(each) => each.focus()")
    assert len(stops) > 5


@BOTH
def test_the_focus_goes_to_the_problem_and_from_there_to_the_field(visit: Visit, js: bool) -> None:
    visitor = visit(js=js)
    visitor.expected = ["422"]
    page = visitor.open(f"/s/{SLUG}")
    page.get_by_role("button", name="Envoyer mon retour").press("Enter")
    problem = page.locator("#problem")
    expect(problem).to_be_focused()
    expect(problem).to_be_in_viewport()
    expect(problem).to_contain_text("Choisissez un visage ou écrivez quelques mots.")
    assert page.title().startswith("Erreur")
    visitor.look("service-422")
    problem.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "face-0"


def test_saving_answers_in_place_keeps_the_focus_there(visit: Visit) -> None:
    page = visit().open(f"/s/{SLUG}")
    page.get_by_label("Moyen").check()
    page.get_by_role("button", name="Envoyer mon retour").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    page.get_by_label("en mal", exact=True).check()
    page.get_by_role("button", name="Enregistrer mes réponses").press("Enter")
    expect(page.get_by_text("C’est noté. Merci.")).to_be_focused()
    tab_to(page, "functionality", 1)


def test_a_code_is_entered_and_the_page_closed_by_keyboard(visit: Visit, site: Site) -> None:
    page = visit().open("/suivi")
    tab_to(page, "code")
    page.keyboard.type(site.codes["answered"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mon retour sur")
    tab_to(page, "Fermer ma page sur cet appareil")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Votre page est fermée sur cet appareil.")).to_be_visible()
