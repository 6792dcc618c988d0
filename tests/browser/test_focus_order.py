"""Whole journeys by keyboard alone: every stop of the focus, by role and name, as golden files.

``REWRITE_SPOKEN=1`` writes them anew: read the difference line by line.
"""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.catalogue import Service
from app.db import db
from tests import factories
from tests.browser.heard import compare, focus_of, land, tab
from tests.browser.site import PASSPHRASE, SLUG, Site
from tests.browser.team import answer_and_change
from tests.browser.test_citizen import ANSWER, CHANGE, TEXT, speak
from tests.browser.test_workshop import IDEA, await_phase, go_on, join, open_session
from tests.browser.visitor import Visit
from tests.conftest import writing

pytestmark = pytest.mark.browser


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def test_a_citizen_posts_follows_replies_confirms_and_erases(visit: Visit, site: Site) -> None:
    page = visit().open(f"/s/{SLUG}")
    order = ["# service", *tab(page, "radio: Pas bien")]
    page.keyboard.press("Space")
    order += tab(page, "textbox: Racontez (facultatif)")
    page.keyboard.type(TEXT.format(when="clavier"))
    order += tab(page, "button: Envoyer mon retour")
    page.keyboard.press("Enter")
    heading(page, "C’est envoyé.")
    land(page)
    order += ["# receipt", focus_of(page)]
    code = "".join(page.locator(".code").inner_text().split())
    answer_and_change(site, code, ANSWER, CHANGE.format(when="clavier"))

    page.goto(site.path("/suivi"))
    order += ["# code", *tab(page, "textbox: Votre code de suivi")]
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    heading(page, "Mon retour sur")
    order += ["# author", *tab(page, "button: Oui, c’est réglé")]
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_contain_text("Confirmé")
    land(page)
    order += ["# confirmed", *tab(page, "textbox: Répondre à l’équipe")]
    page.keyboard.type("Merci, cela marche.")
    order += tab(page, "button: Envoyer mon message")
    page.keyboard.press("Enter")
    expect(page.locator(".letter").get_by_text("Merci, cela marche.")).to_be_visible()
    land(page)
    order += ["# replied", *tab(page, "link: Effacer mon retour")]
    page.keyboard.press("Enter")
    page.wait_for_url("**/effacer")
    order += ["# erase", *tab(page, "button: Effacer maintenant")]
    page.keyboard.press("Enter")
    heading(page, "C’est effacé.")
    compare("citizen", order)


def test_a_team_answers_and_commits(visit: Visit, site: Site) -> None:
    speak(visit(), TEXT.format(when="bureau"))
    desk = visit(width=1280)
    desk.sign_in("equipe", PASSPHRASE)
    page = desk.open(f"/equipe/retours/{site.ids['answered']}")
    order = ["# retour", *tab(page, "textbox: Votre réponse")]
    page.keyboard.type("La version 6.3 règle cela, au clavier.")
    order += tab(page, "button: Envoyer la réponse")
    page.keyboard.press("Enter")
    expect(page.locator(".letter").get_by_text("au clavier")).to_be_visible()
    order += ["# answered", *tab(page, "DisclosureTriangle: Prendre un engagement daté")]
    page.keyboard.press("Enter")
    order += tab(page, "textbox: Nous nous engageons à")
    page.keyboard.type("La version 6.4 garde les mesures.")
    order += tab(page, "textbox: Qui s’en charge")
    page.keyboard.type("Équipe application")
    order += tab(page, "Date: Pour le")
    page.keyboard.type("10102027")  # the same day in every order of day and month
    order += tab(page, "button: Prendre cet engagement")
    page.keyboard.press("Enter")
    expect(page.get_by_text("La version 6.4 garde les mesures.").first).to_be_visible()
    # Offered once any test has made a promise on this site.
    compare("desk", [stop for stop in order if "Lier " not in stop])


def test_a_moderator_asks_the_author_for_a_change(visit: Visit, site: Site) -> None:
    with writing(site.app):
        service = db.session.scalars(select(Service).where(Service.slug == SLUG)).one()
        values = {"state": "held", "reason": "moderate_first", "face": 0}
        held = factories.retour(service, text="Le docteur d’ici est un incapable.", **values).id
    desk = visit(width=1280)
    desk.sign_in("moderation", PASSPHRASE)
    desk.expected = ["422"]
    page = desk.open(f"/equipe/moderation/{held}")
    order = ["# item", *tab(page, "radio: Ouvrir à l’équipe")]
    page.keyboard.press("ArrowDown")
    order += [focus_of(page), *tab(page, "button: Enregistrer la décision")]
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    land(page)
    order += ["# refused", *tab(page, "combobox: Règle en cause")]
    page.keyboard.press("ArrowDown")
    order += tab(page, "textbox: Vos mots à l’auteur (facultatif)")
    page.keyboard.type("Dites le fait, sans juger la personne.")
    order += tab(page, "button: Enregistrer la décision")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Décision enregistrée.")).to_be_visible()
    order += ["# queue", focus_of(page)]
    compare("moderation", order)


def test_a_participant_writes_and_votes(visit: Visit) -> None:
    desk, phone = visit(width=1280), visit()
    desk.sign_in("animation", PASSPHRASE)
    code = open_session(desk)
    page = join(phone, code, "Ana")
    go_on(desk, "Écriture")
    await_phase(phone, "Écriture")
    order = ["# write", *tab(page, "textbox: Que faudrait-il changer ?")]
    page.keyboard.type(IDEA)
    order += tab(page, "button: Envoyer cette idée")
    page.keyboard.press("Enter")
    expect(page.locator(".own").get_by_text(IDEA)).to_be_visible()
    land(page)
    for phase in ("Dévoilement", "Regroupement", "Vote"):
        go_on(desk, phase)
    await_phase(phone, "Vote")
    order += ["# vote", *tab(page, f"button: Donner un vote à : {IDEA}")]
    page.keyboard.press("Enter")
    expect(page.locator("li.card", has_text=IDEA).locator("output")).to_have_text("1 vote")
    land(page)
    order += ["# voted", focus_of(page)]
    compare("workshop", order)
