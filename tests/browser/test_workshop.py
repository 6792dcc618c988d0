"""A session in the browser: a facilitator at a desk, three phones, one of them without JavaScript
and one narrow, and the big screen of the room."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.days import paris_day
from app.db import db
from tests.browser.site import PASSPHRASE, Site
from tests.browser.visitor import Visit, Visitor
from tests.conftest import writing
from workshops import sessions
from workshops.models import Card, CardGroup, Phase, Workshop
from workshops.process_models import Process, Trial

pytestmark = pytest.mark.browser
IDEA, OTHER = "Un rappel la veille, par SMS.", "Une ligne pour parler à quelqu’un."
THIRD = "Des lettres plus grandes."
SAID = "Cela marche chez ma mère."
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


def go_on(desk: Visitor, name: str, wall: Visitor | None = None) -> None:
    """Press the facilitator's main button and look at the next phase, on the big screen too."""
    desk.page.get_by_role("button", name="Passer à :").click()
    expect(desk.page.locator(".steps [aria-current]")).to_have_text(name)
    desk.look(f"console-{name}")
    if wall is not None:
        expect(wall.page.locator("#projector-live h1")).to_have_text(name, timeout=POLLED)
        assert wall.page.locator("main :is(button, input, a[href])").count() == 0, "no controls"
        wall.look(f"projector-{name}")


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


def test_three_phones_write_unseen_vote_talk_and_hand_a_proposal_to_the_team(visit: Visit) -> None:
    desk, wall = visit(width=1280), visit(width=1280)
    ana, bob, cat = visit(), visit(js=False), visit(width=320)
    desk.sign_in("animation", PASSPHRASE)
    desk.open("/equipe/ateliers")
    desk.look("sessions")
    code = open_session(desk)
    join(ana, code, "Ana")
    join(bob, code, "Bob")
    join(cat, code, "Cat")
    wall.open(f"/atelier/{code.replace(' ', '')}/ecran")
    ana.look("room-lobby")
    bob.look("room-lobby")
    expect(desk.page.locator(".figures").first).to_contain_text("3", timeout=POLLED)

    go_on(desk, "Écriture", wall)
    for phone, idea in ((ana, IDEA), (bob, OTHER), (cat, THIRD)):
        await_phase(phone, "Écriture")
        phone.page.get_by_label("Que faudrait-il changer ?").fill(idea)
        phone.page.get_by_role("button", name="Envoyer cette idée").click()
        expect(phone.page.locator(".own").get_by_text(idea)).to_be_visible()
        phone.look("room-write")
    ana.page.reload()
    assert OTHER not in ana.page.content()
    assert OTHER not in wall.page.content()
    assert OTHER not in desk.open(desk.page.url.removeprefix(desk.url)).content()

    go_on(desk, "Dévoilement", wall)
    for phone in (ana, bob, cat):
        await_phase(phone, "Dévoilement")
        expect(phone.page.locator("#room-live").get_by_text(IDEA)).to_be_visible()
        expect(phone.page.locator("#room-live").get_by_text(OTHER)).to_be_visible()
        phone.look("room-reveal")
    go_on(desk, "Regroupement", wall)
    for phone in (ana, bob):
        await_phase(phone, "Regroupement")
        phone.look("room-group")
    group_by_keys_and_take_it_back(desk)

    go_on(desk, "Vote", wall)
    for phone in (ana, bob, cat):
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

    go_on(desk, "Discussion", wall)
    for phone in (ana, bob):
        await_phase(phone, "Discussion")
        expect(phone.page.locator("ol.cards > li").first).to_contain_text("4 votes")
        phone.look("room-discuss")
    talk_about_the_first(desk, wall, ana)
    go_on(desk, "Décision", wall)
    for phone in (ana, bob, cat):
        await_phase(phone, "Décision")
        phone.look("room-decide")
    first = desk.page.locator("#board li.card").first
    first.locator("summary", has_text="Qui la porte").click()
    first.get_by_label("Une fonction ou un prénom").fill("Julie")
    first.get_by_role("button", name="Garder : qui la porte").click()
    expect(first.get_by_text("Qui la porte : Julie")).to_be_visible()
    desk.look("console-carried")
    expect(first).to_contain_text(IDEA)
    first.get_by_role("button", name="Faire une proposition").click()
    expect(desk.page.get_by_text("Proposition envoyée à l’équipe.")).to_be_visible()
    desk.look("console-proposed")
    desk.page.get_by_role("button", name="Clore la séance").click()
    desk.look("session-report")
    expect(wall.page.locator("#projector-live h1")).to_have_text("Séance terminée", timeout=POLLED)
    wall.look("projector-closed")
    await_over(ana)
    await_over(bob)
    await_over(cat)
    answer_proposal(visit)


def talk_about_the_first(desk: Visitor, wall: Visitor, phone: Visitor) -> None:
    """Put the first group in hand, as every screen says, and write in its thread from a phone."""
    desk.page.get_by_role("button", name="En parler maintenant").first.click()
    expect(desk.page.get_by_role("button", name="C’est discuté")).to_be_visible()
    desk.look("console-talk")
    for screen in (wall, phone):
        now = screen.page.get_by_text("Maintenant :").first
        expect(now).to_be_visible(timeout=POLLED)
    wall.look("projector-talk")
    phone.page.locator(".talked a").click()
    phone.look("thread")
    phone.page.get_by_label("Votre message").fill(SAID)
    phone.page.get_by_role("button", name="Envoyer ce message").click()
    expect(phone.page.get_by_text(SAID)).to_be_visible()
    phone.look("thread-said")
    phone.page.get_by_role("link", name="← Rappels de mesure").click()


def group_by_keys_and_take_it_back(desk: Visitor) -> None:
    """Tick both ideas and group them with the keyboard alone, lock the group, undo it all."""
    page = desk.page
    for idea in (IDEA, OTHER):
        page.get_by_label(idea).press("Space")
    page.get_by_label("Nom (facultatif)").fill("Joindre quelqu’un")
    page.get_by_role("button", name="Regrouper", exact=True).press("Enter")
    expect(page.get_by_label("Tout ce groupe")).to_be_visible()
    desk.look("console-grouped")
    page.locator(".tools-of summary").press("Enter")
    page.get_by_role("button", name="Verrouiller", exact=True).press("Enter")
    expect(page.get_by_text("Verrouillé", exact=True)).to_be_visible()
    desk.look("console-locked")
    for left in (1, 0):
        page.get_by_role("button", name="Annuler le geste 1").press("Enter")
        expect(page.locator(".acts button", has_text="Annuler")).to_have_count(left)
    expect(page.get_by_label("Tout ce groupe")).to_have_count(0)


def test_a_dry_run_is_opened_by_two_and_wiped(visit: Visit) -> None:
    desk = visit(width=1280)
    desk.sign_in("animation", PASSPHRASE)
    open_session(desk)
    desk.page.get_by_role("button", name="Ouvrir une répétition").click()
    expect(desk.page.get_by_text("8 participants fictifs")).to_be_visible()
    for phase in ("Écriture", "Dévoilement", "Regroupement"):
        go_on(desk, phase)
    desk.page.get_by_role("button", name="Effacer la répétition").click()
    expect(desk.page.get_by_text("La répétition est effacée.")).to_be_visible()


def test_hours_and_paper_are_looked_at(visit: Visit, site: Site) -> None:
    desk = visit(width=1280)
    desk.expected = ["422"]
    desk.sign_in("animation", PASSPHRASE)
    open_session(desk)
    console = desk.page.url.removeprefix(desk.url).split("#")[0]
    page = desk.open(f"{console}/heures")
    desk.look("session-hours")
    page.get_by_role("button", name="Garder ces heures").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    desk.look("session-hours-refused")
    page.locator("#closes").fill(f"{paris_day(site.clock()) + timedelta(days=3)}T12:00")
    page.get_by_role("button", name="Garder ces heures").click()
    expect(page.get_by_role("button", name="Retirer ces heures")).to_be_visible()
    desk.look("session-hours-kept")
    desk.open(f"{console}/papier")
    desk.look("session-paper-early")
    desk.open(console)
    go_on(desk, "Écriture")
    desk.open(f"{console}/papier")
    page.get_by_label("Les idées, une par ligne").fill(f"{IDEA}\n{'mot ' * 100}")
    page.get_by_role("button", name="Ajouter ces idées").click()
    expect(page.locator("#cards-error")).to_be_visible()
    desk.look("session-paper-refused")
    page.get_by_label("Les idées, une par ligne").fill(f"{IDEA}\n{OTHER}")
    page.get_by_role("button", name="Ajouter ces idées").click()
    desk.look("session-paper-kept")
    desk.open(console)
    for phase in ("Dévoilement", "Regroupement", "Vote"):
        go_on(desk, phase)
    desk.open(f"{console}/papier")
    page.get_by_label("Les bulletins, un par ligne").fill("1 9")
    page.get_by_role("button", name="Compter ces bulletins").click()
    expect(page.locator("#ballots-error")).to_be_visible()
    desk.look("session-ballots-refused")


def test_words_sent_after_the_end_stand_on_a_whole_page(visit: Visit, site: Site) -> None:
    desk, phone = visit(width=1280), visit()
    phone.expected = ["409"]
    desk.sign_in("animation", PASSPHRASE)
    code = open_session(desk).replace(" ", "")
    go_on(desk, "Écriture")
    join(phone, code, "Ana")
    page = phone.open(f"/atelier/{code}?pause=1")
    page.get_by_label("Que faudrait-il changer ?").fill(IDEA)
    with writing(site.app):
        room = db.session.scalars(select(Workshop).where(Workshop.code == code)).one()
        sessions.move(room, Phase.WRITE, Phase.CLOSED, paris_day(site.clock()))
    page.get_by_role("button", name="Envoyer cette idée").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette séance est terminée")
    expect(page.get_by_label("Votre texte, pour le copier")).to_have_value(IDEA)
    expect(page.locator("main")).to_have_count(1)
    phone.look("session-over-too-late")


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


def test_a_code_a_diary_and_the_map_of_sites_are_looked_at(visit: Visit, site: Site) -> None:
    desk, phone = visit(width=1280), visit()
    phone.expected = ["404", "422"]
    desk.sign_in("animation", PASSPHRASE)
    code = open_session(desk).replace(" ", "")
    process = put_into_a_process(site, code)
    page = join(phone, code, "Ana")
    page.get_by_text("Savoir plus tard ce que deviennent mes idées").click()
    page.get_by_role("button", name="Avoir un code").click()
    drawn = page.locator("main .code").inner_text()
    phone.look("session-code-given")
    phone.open("/atelier/suivi")
    page.get_by_label("Votre code d’atelier").fill("ABCD")
    page.get_by_role("button", name="Ouvrir ma page").click()
    phone.look("session-code-refused")
    page.get_by_label("Votre code d’atelier").fill(drawn)
    page.get_by_role("button", name="Ouvrir ma page").click()
    page.wait_for_url("**/mes-idees")
    phone.look("own-ideas")
    phone.open("/atelier/mes-idees/courriel")
    phone.look("session-code-mail")
    phone.open("/atelier/carnet")
    phone.look("diary")
    for name, path in {
        "processes": "/equipe/processus",
        "process": f"/equipe/processus/{process}",
        "map-of-sites": f"/equipe/processus/{process}/synthese",
        "public-map-of-sites": public_map(site, process),
    }.items():
        desk.open(path)
        expect(desk.page).to_have_url(f"{site.url}{path}")
        desk.look(name)


def public_map(site: Site, process: str) -> str:
    """Give the process another session, closed and shown to everybody; return the page's path."""
    today = paris_day(site.clock())
    with writing(site.app):
        found = db.session.get_one(Process, process)
        told = Workshop(service=found.service, title="Rappels à Roanne", phase="closed", day=today)
        told.facilitator_id, told.process_id, told.code = found.keeper_id, process, "RRRRRR"
        told.prompts, told.step, told.site, told.mapped_since = (
            ["Quoi ?"],
            "explore",
            "Roanne",
            today,
        )
        db.session.add(told)
        db.session.flush()
        group = CardGroup(workshop_id=told.id, title="Être rappelé la veille", decision="keep")
        db.session.add(Card(workshop_id=told.id, group=group, text="Un appel"))
        return f"/s/{found.service.slug}/plusieurs-lieux/{process}"


def put_into_a_process(site: Site, code: str) -> str:
    """Make the session the first of a process with a trial that runs; return the process."""
    today = paris_day(site.clock())
    with writing(site.app):
        room = db.session.scalars(select(Workshop).where(Workshop.code == code)).one()
        process = Process(service=room.service, title="Rappels", made=today)
        process.keeper_id = room.facilitator_id
        db.session.add(process)
        db.session.flush()
        room.process_id, room.step, room.site = process.id, "explore", "Lyon"
        values = {"starts": today, "ends": today, "prompts": ["Le rappel a-t-il sonné ?"]}
        db.session.add(Trial(process_id=process.id, title="Maquette", **values))
        return process.id
