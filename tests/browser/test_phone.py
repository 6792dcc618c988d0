"""What stays on a phone: nothing, until a draft is asked for; one page for a dead network."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.quiet import QUIET, open_quiet
from tests.browser.site import SLUG, Site
from tests.browser.test_kept import SEND, open_answered, typed
from tests.browser.test_no_answer import OFFLINE
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser
KEEP = "Garder mon brouillon sur ce téléphone"
SHELL = {"/hors-ligne", *(f"/static/{name}" for name in ("boucle.css", "boucle.js", "draft.js"))}
SHELL |= {"/static/htmx.min.js", "/static/favicon.svg"}
STORED = "async () => [Object.keys(localStorage), (await indexedDB.databases()).length]"
CACHED = """async () => {
  const addresses = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      addresses.push(new URL(request.url).pathname);
  return addresses;
}"""
READY = "async () => (await navigator.serviceWorker.ready).active.scriptURL"
REGISTERED = "async () => (await navigator.serviceWorker.getRegistrations()).length"
AGE = """() => {
  const key = Object.keys(localStorage)[0];
  const draft = JSON.parse(localStorage.getItem(key));
  localStorage.setItem(key, JSON.stringify({...draft, at: draft.at - 7 * 24 * 36e5}));
}"""


def drafted(visitor: Visitor, words: str) -> Page:
    """Ask for a draft, then type."""
    page = visitor.open(f"/s/{SLUG}")
    page.get_by_label(KEEP).check()
    typed(page, words)
    return page


def test_nothing_is_kept_on_a_phone_that_was_not_asked_to(visit: Visit) -> None:
    page = visit().open(f"/s/{SLUG}")
    expect(page.get_by_label(KEEP)).not_to_be_checked()
    typed(page, "Je tape sans rien garder.")
    assert page.evaluate(STORED) == [[], 0]
    page.reload()
    expect(page.get_by_label("Racontez")).to_have_value("")


def test_a_draft_that_was_asked_for_comes_back_and_goes_with_the_sending(visit: Visit) -> None:
    visitor = visit()
    page = drafted(visitor, "À finir ce soir.")
    page.reload()
    expect(page.get_by_role("status").first).to_have_text(
        "Votre brouillon est remis dans le formulaire."
    )
    expect(page.get_by_label("Racontez")).to_have_value("À finir ce soir.")
    expect(page.get_by_label("Pas bien")).to_be_checked()
    expect(page.get_by_label(KEEP)).to_be_checked()
    visitor.look("service-draft")
    assert page.evaluate(STORED) == [[f"brouillon:{SLUG}"], 0]
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert page.evaluate(STORED) == [[], 0]


def test_a_draft_goes_when_its_box_is_unticked_or_when_it_is_erased(visit: Visit) -> None:
    page = drafted(visit(), "À finir demain.")
    page.get_by_label(KEEP).uncheck()
    assert page.evaluate(STORED) == [[], 0]
    expect(page.get_by_label("Racontez")).to_have_value("À finir demain.")
    page.get_by_label(KEEP).check()
    page.reload()
    page.get_by_role("button", name="Effacer le brouillon").click()
    assert page.evaluate(STORED) == [[], 0]
    expect(page.get_by_role("status").first).to_have_text(
        "Le brouillon est effacé de ce téléphone."
    )
    expect(page.get_by_label("Racontez")).to_have_value("")
    expect(page.get_by_label(KEEP)).not_to_be_checked()
    expect(page.get_by_role("button", name="Effacer le brouillon")).to_be_hidden()


def test_a_draft_of_a_week_ago_is_dropped_by_whatever_page_is_opened(visit: Visit) -> None:
    visitor = visit()
    page = drafted(visitor, "Oublié depuis une semaine.")
    page.evaluate(AGE)
    visitor.open("/")
    assert page.evaluate(STORED) == [[], 0]


def test_a_refused_form_keeps_its_draft(visit: Visit) -> None:
    visitor = visit()
    visitor.expected = ["422"]
    page = drafted(visitor, "é" * 5001)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label(KEEP)).to_be_checked()
    assert page.evaluate(STORED) == [[f"brouillon:{SLUG}"], 0]


def walk(visitor: Visitor, site: Site) -> Page:
    """Speak, read the receipt, come back with a code, look around; the worker is ready by then."""
    page = visitor.open(f"/s/{SLUG}")
    typed(page, "Un parcours entier.")
    assert str(page.evaluate(READY)).endswith("/sw.js")
    page.reload()
    typed(page, "Un parcours entier.")
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    open_answered(visitor, site)
    for path in ("/", "/suivi/mes-donnees", f"/s/{SLUG}/autrement", f"/s/{SLUG}/ce-qui-change"):
        visitor.open(path)
    return page


def test_the_worker_keeps_its_shell_and_nothing_of_a_whole_journey(
    visit: Visit, site: Site
) -> None:
    page = walk(visit(), site)
    found: list[Any] = page.evaluate(CACHED)
    assert set(found) == SHELL
    assert len(found) == len(SHELL)


def test_without_network_a_page_says_what_to_do(visit: Visit, site: Site) -> None:
    visitor = visit()
    visitor.expected = OFFLINE
    page = visitor.open(f"/s/{SLUG}")
    typed(page, "Avant la coupure.")
    page.evaluate(READY)
    visitor.context.set_offline(True)
    visitor.open(f"/s/{SLUG}/autrement")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pas de réseau")
    for number in ("15", "112", "114", "3114"):
        expect(page.locator(".numbers strong", has_text=number).first).to_be_visible()
    assert "tension" not in page.content()
    visitor.look("no-network")
    visitor.context.set_offline(False)
    page.get_by_role("link", name="Réessayer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Faire autrement")


def test_a_discreet_service_leaves_nothing_on_a_phone(visit: Visit, site: Site) -> None:
    code = open_quiet(site)
    visitor = visit()
    page = visitor.open(f"/s/{QUIET}")
    assert page.locator("[data-draft], [data-worker], link[rel=manifest]").count() == 0
    typed(page, "Ne gardez rien ici.")
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    page = visitor.open("/suivi?sortie=1")
    page.get_by_label("Votre code de suivi").fill(code)
    page.get_by_role("button", name="Ouvrir ma page").click()
    page.get_by_label("Ajouter un message").fill("Encore un mot.")
    page.get_by_role("button", name="Envoyer mon message").click()
    expect(page.locator(".letter").get_by_text("Encore un mot.")).to_be_visible()
    assert page.evaluate(REGISTERED) == 0
    assert page.evaluate(CACHED) == []
    assert page.evaluate(STORED) == [[], 0]


def test_a_worker_that_came_with_another_page_keeps_nothing_of_a_discreet_service(
    visit: Visit, site: Site
) -> None:
    open_quiet(site)
    visitor = visit()
    page = visitor.open(f"/s/{SLUG}")
    typed(page, "D’abord un service ordinaire.")
    page.evaluate(READY)
    for path in (f"/s/{QUIET}", f"/s/{QUIET}/autrement", f"/s/{QUIET}/ce-qui-change"):
        visitor.open(path)
    typed(visitor.open(f"/s/{QUIET}"), "Ensuite un service discret.")
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert set(page.evaluate(CACHED)) == SHELL
    assert QUIET not in " ".join(page.evaluate(CACHED))
