"""A session in the browser: a facilitator at a desk, one phone with JavaScript and one without."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import PASSPHRASE
from tests.browser.visitor import Visit, Visitor

pytestmark = pytest.mark.browser
IDEA, OTHER = "Un rappel la veille, par SMS.", "Une ligne pour parler à quelqu’un."
POLLED = 15_000  # milliseconds: a phone asks every three seconds, on a busy machine later


def open_session(desk: Visitor) -> str:
    """Plan a session of one question and return its code."""
    page = desk.open("/equipe/ateliers/nouveau")
    desk.look("session-new")
    page.get_by_label("Titre").fill("Rappels de mesure")
    # Other tests add services: the team that answers is this one's.
    own = page.locator("option", has_text="Mon suivi tension, tout le service")
    page.get_by_label("Sur quoi").select_option(own.get_attribute("value"))
    page.get_by_label("Questions").fill("Que faudrait-il changer ?")
    page.get_by_role("button", name="Ouvrir l’accueil").click()
    desk.look("console-lobby")
    return page.locator(".join-code").inner_text()


def go_on(desk: Visitor, name: str) -> None:
    """Press the facilitator's main button and look at the next phase."""
    desk.page.get_by_role("button", name="Passer à :").click()
    expect(desk.page.locator(".steps [aria-current]")).to_have_text(name)
    desk.look(f"console-{name}")


def join(phone: Visitor, code: str, name: str) -> Page:
    """Enter the session as people type its code."""
    page = phone.open("/atelier")
    page.get_by_label("Code de la séance").fill(code.lower())
    page.get_by_label("Prénom ou surnom").fill(name)
    page.get_by_role("button", name="Entrer").click()
    expect(page.locator("#room-live")).to_be_visible()
    return page


def await_phase(phone: Visitor, heading: str) -> None:
    """Wait until the phone shows the phase: by itself, or reloaded by hand without JavaScript."""
    if not phone.js:
        phone.page.get_by_role("link", name="Recharger la page").click()
    shown = phone.page.locator("#room-live h1")
    expect(shown).to_have_text(heading, timeout=POLLED)


def test_two_phones_write_unseen_vote_and_hand_a_proposal_to_the_team(visit: Visit) -> None:
    desk, ana, bob = visit(width=1280), visit(), visit(js=False)
    desk.sign_in("animation", PASSPHRASE)
    desk.open("/equipe/ateliers")
    desk.look("sessions")
    code = open_session(desk)
    join(ana, code, "Ana")
    join(bob, code, "Bob")
    ana.look("room-lobby")
    bob.look("room-lobby")
    expect(desk.page.locator(".figures").first).to_contain_text("2", timeout=POLLED)

    go_on(desk, "Écriture")
    for phone, idea in ((ana, IDEA), (bob, OTHER)):
        await_phase(phone, "Écriture")
        phone.page.get_by_label("Que faudrait-il changer ?").fill(idea)
        phone.page.get_by_role("button", name="Envoyer cette idée").click()
        expect(phone.page.locator(".own").get_by_text(idea)).to_be_visible()
        phone.look("room-write")
    ana.page.reload()
    assert OTHER not in ana.page.content()
    assert OTHER not in desk.open(desk.page.url.removeprefix(desk.url)).content()

    go_on(desk, "Dévoilement")
    for phone in (ana, bob):
        await_phase(phone, "Dévoilement")
        expect(phone.page.locator("#room-live").get_by_text(IDEA)).to_be_visible()
        expect(phone.page.locator("#room-live").get_by_text(OTHER)).to_be_visible()
        phone.look("room-reveal")
    go_on(desk, "Regroupement")
    for phone in (ana, bob):
        await_phase(phone, "Regroupement")
        phone.look("room-group")

    go_on(desk, "Vote")
    for phone in (ana, bob):
        await_phase(phone, "Vote")
        plus = phone.page.get_by_role("button", name=f"Donner un vote à : {IDEA}")
        plus.press("Enter")
        card = phone.page.locator("li.card", has_text=IDEA)
        expect(card.locator("output")).to_have_text("1 vote")
        phone.look("room-vote")
    plus = ana.page.get_by_role("button", name=f"Donner un vote à : {IDEA}")
    plus.press("Enter")
    expect(ana.page.locator("li.card", has_text=IDEA).locator("output")).to_have_text("2 votes")
    expect(plus).to_be_focused()

    go_on(desk, "Discussion")
    for phone in (ana, bob):
        await_phase(phone, "Discussion")
        expect(phone.page.locator("ol.cards > li").first).to_contain_text("3 votes")
        phone.look("room-discuss")
    go_on(desk, "Décision")
    first = desk.page.locator("#board li.card").first
    expect(first).to_contain_text(IDEA)
    first.get_by_role("button", name="Faire une proposition").click()
    expect(desk.page.get_by_text("Proposition envoyée à l’équipe.")).to_be_visible()
    desk.look("console-proposed")
    desk.page.get_by_role("button", name="Clore la séance").click()
    desk.look("session-report")
    await_over(ana)
    await_over(bob)
    answer_proposal(visit)


def await_over(phone: Visitor) -> None:
    """Wait until the phone says that the session is over, and look at what it says next."""
    if phone.js:
        expect(phone.page.locator("#room-over h1")).to_have_text("Séance terminée", timeout=POLLED)
        phone.look("room-over")
        phone.page.get_by_role("link", name="Voir la suite").click()
    else:
        phone.page.get_by_role("link", name="Recharger la page").click()
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Cette séance est terminée")
    phone.look("session-over")


def answer_proposal(visit: Visit) -> None:
    """The team reads the proposal and accepts it with a date."""
    team = visit(width=1280)
    team.sign_in("equipe", PASSPHRASE)
    page = team.open("/equipe/propositions")
    team.look("proposals")
    page.get_by_role("link", name=IDEA).click()
    team.look("proposal")
    page.get_by_label("Acceptée").check()
    page.locator("#words").fill("Un SMS partira la veille.")
    page.locator("#owner").fill("Produit")
    page.locator("#due").fill("2027-02-01")
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_text("Un SMS partira la veille.").first).to_be_visible()
    team.look("proposal-answered")


def test_the_screen_of_the_room_shows_code_and_count(visit: Visit) -> None:
    desk = visit(width=1280)
    desk.sign_in("animation", PASSPHRASE)
    code = open_session(desk)
    screen = visit(width=1280)
    screen.open(f"/atelier/{code.replace(' ', '')}/ecran")
    expect(screen.page.locator(".code")).to_contain_text(code[:3])
    screen.look("projector")
    join(visit(), code, "")
    expect(screen.page.get_by_text("1 personne dans la salle")).to_be_visible(timeout=POLLED)
