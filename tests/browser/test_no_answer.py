"""No network, or no answer: with JavaScript the words stay, and a hand sends them again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.site import SLUG, Site
from tests.browser.team import words_in_database
from tests.browser.test_kept import SEND, open_answered, typed
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser
NO_NETWORK = "Pas de réseau. Votre texte est encore là."
ADDRESS = re.compile(f"/s/{SLUG}$")
# What the browser itself says: of the sending, and of the worker that it could not load.
OFFLINE = ["ERR_INTERNET_DISCONNECTED", "Failed to fetch", "fetching the script"]
NGINX = "<html><head><title>502</title></head><body><h1>502 Bad Gateway</h1></body></html>"


def again(page: Page) -> None:
    """Press « Renvoyer », as a person does who saw it appear."""
    page.get_by_role("button", name="Renvoyer").click()


def test_no_network_then_a_hand_sends_again(visit: Visit, site: Site) -> None:
    visitor = visit()
    visitor.expected = OFFLINE
    page = visitor.open(f"/s/{SLUG}")
    field = typed(page, "Sous le tunnel, tout se tait.")
    visitor.context.set_offline(True)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("status").first).to_have_text(NO_NETWORK)
    expect(field).to_have_value("Sous le tunnel, tout se tait.")
    expect(page.get_by_role("button", name="Renvoyer")).to_be_focused()
    visitor.look("service-offline")
    again(page)
    expect(page.get_by_role("status").first).to_have_text(NO_NETWORK)
    visitor.context.set_offline(False)
    expect(page.get_by_role("status").first).to_have_text(
        "Le réseau est revenu. Vous pouvez renvoyer."
    )
    assert words_in_database(site, "Sous le tunnel") == 0
    again(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    expect(page.get_by_role("status").first).to_be_empty()
    expect(page.get_by_role("button", name="Renvoyer")).to_be_hidden()
    assert words_in_database(site, "Sous le tunnel") == 1


def test_a_connection_that_dies_after_the_site_stored_gives_the_same_code(
    visit: Visit, site: Site
) -> None:
    visitor = visit()
    visitor.expected = ["ERR_CONNECTION_RESET", "Failed to fetch"]
    page = visitor.open(f"/s/{SLUG}")
    field = typed(page, "La ligne a coupé juste après.")
    lost: list[str] = []

    def cut(route: Route) -> None:
        lost.extend(re.findall(r'<p class="code" id="(code-\w+)"', route.fetch().text()))
        route.abort("connectionreset")

    page.route(ADDRESS, cut, times=1)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("status").first).to_contain_text("Le site n’a pas répondu.")
    expect(field).to_have_value("La ligne a coupé juste après.")
    assert words_in_database(site, "La ligne a coupé") == 1
    again(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert [page.locator(".code").get_attribute("id")] == lost
    assert words_in_database(site, "La ligne a coupé") == 1


def test_an_answer_that_is_not_ours_leaves_the_form_in_its_place(visit: Visit, site: Site) -> None:
    visitor = visit()
    visitor.expected = ["502"]
    page = visitor.open(f"/s/{SLUG}")
    field = typed(page, "Le portier dort.")
    page.route(ADDRESS, lambda route: route.fulfill(status=502, body=NGINX), times=1)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("status").first).to_contain_text("Le site n’a pas répondu.")
    expect(field).to_have_value("Le portier dort.")
    again(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert words_in_database(site, "Le portier dort") == 1


def receipt(visitor: Visitor, _site: Site) -> Page:
    """Send a retour and stay on its receipt, with the folds open."""
    page = visitor.open(f"/s/{SLUG}")
    typed(page, "Une page de reçu.")
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    page.get_by_text("Corriger mon texte").click()
    return page


@pytest.mark.parametrize(
    ("reach", "label", "button"),
    [
        (receipt, "Mon texte", "Enregistrer mon texte"),
        (receipt, "Qu’est-ce qui vous a surpris", "Enregistrer mes réponses"),
        (open_answered, "Répondre à l’équipe", "Envoyer mon message"),
        (open_answered, "Quelques mots", "Oui, c’est réglé"),
    ],
    ids=["correct", "surprise", "reply", "verdict"],
)
def test_every_field_of_words_outlives_a_dead_network(
    visit: Visit,
    site: Site,
    reach: Callable[[Visitor, Site], Page],
    label: str,
    button: str,
) -> None:
    visitor = visit()
    visitor.expected = OFFLINE
    page = reach(visitor, site)
    field = page.get_by_label(label).first
    words = f"Mots tapés sans réseau pour « {button} »."
    field.fill(words)
    visitor.context.set_offline(True)
    page.get_by_role("button", name=button).first.click()
    expect(page.get_by_role("status").first).to_have_text(NO_NETWORK)
    expect(field).to_have_value(words)
    visitor.context.set_offline(False)
    with page.expect_response(lambda answer: answer.status == 200) as sent:
        again(page)
    sent.value.finished()
    posted = sent.value.request.redirected_from or sent.value.request
    assert words in (posted.post_data_json or {}).values()
    expect(page.get_by_role("button", name="Renvoyer")).to_be_hidden()
