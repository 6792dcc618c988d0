"""While somebody types of danger, the right numbers show; what is typed stays on the phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.site import SLUG
from tests.browser.visitor import Visit

pytestmark = pytest.mark.browser


def test_the_numbers_show_while_typing_and_go_when_the_words_do(visit: Visit) -> None:
    phone = visit(js=True)
    page = phone.open(f"/s/{SLUG}")
    asked: list[tuple[str, str | None]] = []
    page.on("request", lambda request: asked.append((request.url, request.post_data)))
    field, box = page.get_by_label("Racontez"), page.locator("[data-help]")
    expect(box).to_contain_text("Appelez le 15, le 112")
    field.press_sequentially("Je veux mou")
    expect(box.get_by_role("link")).to_have_count(0)
    field.press_sequentially("rir.")
    expect(box.get_by_role("link").first).to_have_attribute("href", "tel:3114")
    expect(box).to_contain_text("Personne ne peut vous rappeler")
    expect(field).to_be_focused()
    phone.look("service-danger")
    field.fill("Mon mari me frappe.")
    expect(box.get_by_role("link", name="3919")).to_be_visible()
    field.fill("La page est lente.")
    expect(box.get_by_role("link")).to_have_count(0)
    expect(box).to_contain_text("Appelez le 15, le 112")
    assert [data for _url, data in asked if data] == []
    assert [url for url, _data in asked if "favicon" not in url] == [f"{phone.url}/aide.json"]


def test_nothing_is_blocked_and_the_receipt_gives_the_numbers_again(visit: Visit) -> None:
    page = visit(js=True).open(f"/s/{SLUG}")
    page.get_by_label("Racontez").fill("Je dors dans ma voiture.")
    expect(page.get_by_role("link", name="115")).to_be_visible()
    page.get_by_role("button", name="Envoyer mon retour").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est envoyé.")
    expect(page.locator("#help-numbers a").first).to_have_attribute("href", "tel:115")


def test_without_network_or_javascript_the_line_stays(visit: Visit) -> None:
    phone = visit(js=True)
    page = phone.open(f"/s/{SLUG}")
    phone.expected += ["ERR_INTERNET_DISCONNECTED", "fetching the script"]
    phone.context.set_offline(True)
    page.get_by_label("Racontez").fill("Je veux mourir.")
    expect(page.locator("[data-help]")).to_contain_text("Appelez le 15, le 112")
    phone.context.set_offline(False)
    plain = visit(js=False).open(f"/s/{SLUG}")
    expect(plain.locator("[data-help]")).to_contain_text("Appelez le 15, le 112")
