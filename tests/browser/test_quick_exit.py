"""« Quitter vite »: by thumb, by keyboard, without JavaScript; the page gives way to another."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, request, request_finished
from playwright.sync_api import Page, Route, expect

from tests.browser.quiet import NEUTRAL, QUIET, open_quiet
from tests.browser.site import SLUG, Site
from tests.browser.visitor import HTML, Visit, Visitor

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
LEAVE = "Quitter vite"
UNDER_THE_BAR = """() => {
  const bar = document.querySelector('.exit').getBoundingClientRect();
  const each = document.activeElement;
  const box = each.getBoundingClientRect();
  const covered = box.top < bar.bottom - 1 && !each.matches('body, .exit *, .skip');
  return covered ? each.outerHTML.slice(0, 90) : '';
}"""


def inside(visitor: Visitor, site: Site) -> Page:
    """Come from the home page and open the author's page of a service at risk."""
    code = open_quiet(site)

    def weather(route: Route) -> None:
        route.fulfill(body="<title>Météo</title><h1>Météo</h1>", content_type=HTML)

    visitor.context.route(f"{NEUTRAL}**", weather)
    visitor.open("/")
    page = visitor.open("/suivi?sortie=1")
    expect(page.get_by_role("link", name=LEAVE)).to_be_visible()
    page.get_by_label("Votre code de suivi").fill(code)
    page.get_by_role("button", name="Ouvrir ma page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mon retour sur")
    assert visitor.cookies() == ["s"]
    page.wait_for_load_state()
    return page


@contextmanager
def answered(site: Site, path: str) -> Iterator[None]:
    """Wait at the end until the site has answered for ``path``: the page is gone by then."""
    done = threading.Event()

    def hear(_app: Flask, **_answer: object) -> None:
        if request.path == path:
            done.set()

    with request_finished.connected_to(hear, site.app):
        yield
        assert done.wait(8)


def left(visitor: Visitor) -> None:
    """Check that the other site stands there and that nothing of the visit does."""
    page = visitor.page
    page.wait_for_url(NEUTRAL)
    expect(page.get_by_role("heading", level=1)).to_have_text("Météo")
    assert {each for each in visitor.complaints if NEUTRAL not in each} == set()
    visitor.complaints.clear()  # the one address elsewhere that a page of ours may lead to
    assert len(visitor.context.pages) == 1
    page.goto(visitor.url + "/suivi/retour")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lire la réponse")


def test_a_thumb_leaves_and_the_page_is_replaced(visit: Visit, site: Site) -> None:
    visitor = visit()
    page = inside(visitor, site)
    before = page.evaluate("() => history.length")
    with answered(site, "/sortie"):
        page.get_by_role("link", name=LEAVE).click()
        page.wait_for_url(NEUTRAL)
    assert page.evaluate("() => history.length") == before
    left(visitor)


def test_three_escapes_leave_and_two_do_not(visit: Visit, site: Site) -> None:
    visitor = visit()
    page = inside(visitor, site)
    page.keyboard.press("Escape")
    expect(page.get_by_role("status").first).to_have_text("Encore deux fois Échap pour quitter.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("status").first).to_have_text("Encore une fois Échap pour quitter.")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("status").first).to_have_text("Encore deux fois Échap pour quitter.")
    page.keyboard.press("Escape")
    with answered(site, "/sortie"):
        page.keyboard.press("Escape")
        page.wait_for_url(NEUTRAL)
    left(visitor)


def test_without_javascript_it_is_a_link_to_the_same_end(visit: Visit, site: Site) -> None:
    visitor = visit(js=False)
    page = inside(visitor, site)
    with page.expect_response(lambda answer: answer.url.endswith("/sortie")) as gone:
        page.get_by_role("link", name=LEAVE).click()
    assert gone.value.header_value("clear-site-data") == '"cache", "cookies", "storage"'
    page.wait_for_url(NEUTRAL)
    assert visitor.cookies() == []
    left(visitor)


@BOTH
def test_it_stands_within_reach_and_hides_nothing(visit: Visit, site: Site, js: bool) -> None:
    visitor = visit(js=js)
    page = inside(visitor, site)
    assert page.title() == "Ma page · Boucle"
    visitor.look("author-quiet")
    visitor.open(f"/s/{QUIET}")
    visitor.look("service-quiet")
    if js:
        page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
        expect(page.get_by_role("link", name=LEAVE)).to_be_in_viewport(ratio=1)


def test_no_focus_is_hidden_under_the_bar(visit: Visit, site: Site) -> None:
    visitor = visit()
    inside(visitor, site)
    page = visitor.open(f"/s/{QUIET}")
    stops = page.locator("a[href], button:visible, input:not([type=hidden]), textarea").count()
    hidden: list[str] = []
    for key in ["Tab"] * stops + ["Shift+Tab"] * stops:
        page.keyboard.press(key)
        hidden.append(page.evaluate(UNDER_THE_BAR))
    assert [each for each in hidden if each] == []


def test_other_services_have_no_such_button(visit: Visit) -> None:
    page = visit().open(f"/s/{SLUG}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.get_by_role("link", name=LEAVE).count() == 0
