"""What is said without being looked for: live regions and focus, in order, for each event.

The log is the browser's own: what its live regions say, and the names in its accessibility tree.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.heard import compare, focus_of, listen, said
from tests.browser.site import SLUG, Site
from tests.browser.team import answer_and_change
from tests.browser.test_citizen import ANSWER, CHANGE, enter, speak
from tests.browser.visitor import Visit

pytestmark = pytest.mark.browser
SEND = "Envoyer mon retour"


def test_an_error_then_no_network_then_the_code(visit: Visit) -> None:
    visitor = visit()
    visitor.expected = ["422", "ERR_INTERNET_DISCONNECTED", "Failed to fetch"]
    listen(visitor.page)
    page = visitor.open(f"/s/{SLUG}")
    send = page.get_by_role("button", name=SEND)
    log = ["# nothing said", f"title: {page.title()}", *said(page)]
    send.press("Enter")
    expect(page.locator("#problem")).to_be_focused()
    log += ["# error", f"title: {page.title()}", *said(page), f"focus: {focus_of(page)}"]

    page.get_by_label("Racontez").fill("Sous le pont, plus rien.")
    visitor.context.set_offline(True)
    send.press("Enter")
    expect(page.locator("#statut")).not_to_be_empty()
    log += ["# no network", *said(page)]
    visitor.context.set_offline(False)

    send.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    log += ["# sent", f"title: {page.title()}", *said(page), f"focus: {focus_of(page)}"]
    page.get_by_role("button", name="Enregistrer mes réponses").press("Enter")
    expect(page.get_by_text("C’est noté. Merci.")).to_be_focused()
    log += ["# answers kept", *said(page), f"focus: {focus_of(page)}"]
    compare("post", log)


def test_a_reply_arrives_and_a_judgement_is_kept(visit: Visit, site: Site) -> None:
    code = speak(visit(), "La courbe saute un jour sur deux.")
    visitor = visit()
    listen(visitor.page)
    page = enter(visitor, code)
    log = ["# waiting", f"title: {page.title()}", *said(page)]
    answer_and_change(site, code, ANSWER, CHANGE.format(when="demain"))
    page = enter(visitor, code)
    log += ["# reply", f"title: {page.title()}", *said(page)]
    log += [f"heading: {each}" for each in page.locator("h2").all_inner_texts()]
    page.get_by_role("button", name="Oui, c’est réglé").press("Enter")
    expect(page.locator(".state")).to_contain_text("Confirmé")
    log += ["# confirmed", f"title: {page.title()}", *said(page)]
    compare("reply", log)


def test_there_is_one_live_region_empty_at_first_and_never_replaced(visit: Visit) -> None:
    page = visit().open(f"/s/{SLUG}")
    region = page.locator("[aria-live]")
    expect(region).to_have_count(1)
    expect(region).to_be_empty()
    handle = region.element_handle()
    assert handle
    page.get_by_label("Moyen").check()
    page.get_by_role("button", name=SEND).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    assert handle.evaluate("(each) => each.isConnected")


def test_the_short_path_takes_four_taps_at_most_beside_typing(visit: Visit) -> None:
    page = visit().open("/")
    page.evaluate(
        "() => addEventListener('click', (e) => e.isTrusted && e.detail && "
        "sessionStorage.setItem('taps', 1 + Number(sessionStorage.getItem('taps'))), true)"
    )
    page.context.add_init_script(
        "addEventListener('click', (e) => e.isTrusted && e.detail && "
        "sessionStorage.setItem('taps', 1 + Number(sessionStorage.getItem('taps'))), true)"
    )
    page.locator(f"main a[href='/s/{SLUG}']").first.click()
    page.locator("label", has_text="Pas bien").click()
    page.get_by_label("Racontez").click()
    page.keyboard.type("Le rappel sonne la nuit.")
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    expect(page.locator(".code")).to_be_visible()
    assert int(page.evaluate("() => sessionStorage.getItem('taps')")) <= 4
