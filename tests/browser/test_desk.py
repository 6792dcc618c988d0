"""The team's pages at a desk of 1,280 px and on a phone of 360: one tour for each role."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.factory import create_app
from app.second_factor import demo_code
from tests.browser.site import PASSPHRASE, SLUG, Site, serve
from tests.browser.visitor import Visit, Visitor
from tests.conftest import settings

pytestmark = pytest.mark.browser
WIDE = 1280
ACCOUNT = {
    "account": "/equipe/compte",
    "passkeys": "/equipe/compte/cles",
    "recovery-codes": "/equipe/compte/secours",
}
BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
SETTINGS = {
    "settings": "/equipe/reglages",
    "settings-new": "/equipe/reglages/nouveau",
    "settings-service": f"/equipe/reglages/{SLUG}",
    "settings-anonymity": f"/equipe/reglages/{SLUG}/anonymat",
    "settings-accounts": "/equipe/comptes",
    "settings-health": "/equipe/etat",
}


@pytest.fixture
def demo(site: Site) -> Iterator[str]:
    """The address of a demonstration on the same database, whose catcher has kept one mail."""
    instance: Path = site.app.config["INSTANCE"]
    chosen = settings(BOUCLE_ENV="demo", HTTPS=False)
    app = create_app(chosen, instance, site.clock, site.app.extensions["boucle"])
    mail = EmailMessage()
    mail["From"], mail["To"] = "boucle@example.fr", "equipe@example.fr"
    mail["Subject"] = "Votre synthèse"
    mail.set_content("Trois choses attendent une décision.")
    (instance / "mails").mkdir(exist_ok=True)
    (instance / "mails" / "00001.eml").write_bytes(mail.as_bytes())
    with serve(app, site.clock) as served:
        yield served.url


def colleague(visit: Visit, name: str, width: int = WIDE, js: bool = True) -> Visitor:
    """Return the browser of a colleague who has signed in."""
    visitor = visit(js=js, width=width)
    visitor.sign_in(name, PASSPHRASE)
    return visitor


def test_a_wrong_passphrase_is_said_at_the_field(visit: Visit) -> None:
    visitor = visit(width=WIDE)
    visitor.expected = ["422"]
    page = visitor.open("/connexion")
    page.get_by_label("Adresse électronique").fill("equipe@example.fr")
    page.get_by_label("Phrase de passe").fill("trois chevaux gris dorment")
    page.get_by_role("button", name="Entrer").click()
    expect(page.get_by_label("Phrase de passe")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Adresse électronique")).to_have_value("equipe@example.fr")
    visitor.look("sign-in-refused")


def test_the_second_step_and_what_stands_in_for_it(visit: Visit, site: Site) -> None:
    visitor = visit(width=WIDE)
    visitor.expected = ["422"]
    page = visitor.open("/connexion")
    page.get_by_label("Adresse électronique").fill("animation@example.fr")
    page.get_by_label("Phrase de passe").fill(PASSPHRASE)
    page.get_by_role("button", name="Entrer").click()
    visitor.look("second-step")
    page.get_by_label("Les six chiffres").fill("000000")
    page.get_by_role("button", name="Entrer").click()
    expect(page.get_by_label("Les six chiffres")).to_have_attribute("aria-invalid", "true")
    visitor.look("second-step-refused")
    visitor.open("/connexion/secours")
    visitor.look("rescue-code")
    visitor.open("/connexion/code")
    page.get_by_label("Les six chiffres").fill(demo_code(site.clock()))
    page.get_by_role("button", name="Entrer").click()
    page.wait_for_url("**/equipe**")
    for name, path in ACCOUNT.items():
        visitor.open(path)
        expect(page).to_have_url(re.compile(path))
        visitor.look(name)


def test_the_team_reads_answers_and_promises(visit: Visit) -> None:
    team = colleague(visit, "equipe")
    page = team.page
    team.look("inbox")
    page.locator(".rows .row > a").first.click()
    expect(page.locator(".pane article")).to_be_visible()
    expect(page).to_have_url(re.compile("retour="))
    team.look("inbox-open")
    # Whichever message waits longest: other tests write some too.
    said = page.locator(".pane article.thread .text").first.inner_text()[:60]
    page.get_by_label("Votre réponse").fill(
        f"Nous regardons ce rappel. Vous écrivez : {said}. La version 6.3 règle cela."
    )
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.locator(".letter").get_by_text("Nous regardons ce rappel")).to_be_visible()
    team.look("thread-answered")
    page.get_by_text("Prendre un engagement daté").click()
    page.get_by_label("Nous nous engageons à").fill("La version 6.3 corrige la lecture.")
    page.locator("#owner").fill("Équipe application")
    page.locator("#due").fill("2026-12-31")
    page.get_by_role("button", name="Prendre cet engagement").click()
    expect(page.get_by_text("La version 6.3 corrige la lecture.").first).to_be_visible()
    team.look("thread-promised")
    team.open("/equipe/engagements")
    team.look("commitments")


def test_the_search_that_finds_nothing_says_so(visit: Visit) -> None:
    team = colleague(visit, "equipe")
    team.page.get_by_role("searchbox", name="Mots").fill("introuvable")
    team.page.get_by_role("button", name="Chercher").click()
    expect(team.page.locator(".empty")).to_be_visible()
    team.look("inbox-empty")


def test_the_team_follows_a_theme_and_names_it(visit: Visit) -> None:
    team = colleague(visit, "equipe")
    page = team.open("/equipe/themes")
    team.look("themes")
    page.locator(".rows .row > a").first.click()
    why = page.get_by_role("link", name="Pourquoi ?").first
    why.press("Enter")
    expect(page.locator("[id^=why-]:not(:empty)").first).to_be_visible()
    expect(why).to_be_focused()
    team.look("theme")
    page.locator("summary", has_text="Renommer").click()
    page.get_by_label("Nom du thème").fill("Carte illisible à la pharmacie")
    page.get_by_role("button", name="Garder ce nom").click()
    expect(page.get_by_text("Carte illisible à la pharmacie").first).to_be_visible()
    team.look("theme-renamed")


@BOTH
def test_the_team_reads_the_map_and_compares_two_periods(visit: Visit, js: bool) -> None:
    team = colleague(visit, "equipe", js=js)
    team.expected = ["422"]
    page = team.open("/equipe/themes")
    page.get_by_role("link", name="Voir la carte des thèmes").click()
    team.look("theme-map")
    circle = page.locator("figure svg a").first
    name = (circle.get_attribute("aria-label") or "").split(". ", 1)[1]
    circle.press("Enter")
    assert name.startswith(page.get_by_role("heading", level=1).inner_text())
    page = team.open("/equipe/themes")
    page.get_by_role("link", name="Comparer deux périodes").click()
    team.look("theme-periods")
    page.get_by_role("link", name="Avant et après la version").first.click()
    expect(page.get_by_text("d’autres causes possibles")).to_be_visible()
    page.get_by_label("au", exact=True).fill("2030-01-01")
    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_text("Cette date est à venir.")).to_be_visible()
    team.look("theme-periods-refused")


@BOTH
def test_the_team_splits_a_theme_and_takes_it_back(visit: Visit, js: bool) -> None:
    team = colleague(visit, "equipe", js=js)
    team.expected = ["422"]
    page = team.open("/equipe/themes")
    page.locator(".rows .row > a").first.click()
    page.get_by_role("link", name="Choisir des messages").click()
    team.look("theme-choice")
    page.get_by_role("button", name="Séparer ces messages").click()
    expect(page.get_by_text("Cochez au moins un message")).to_be_visible()
    team.look("theme-choice-refused")
    for number in range(2):
        page.get_by_role("checkbox").nth(number).check()
    page.get_by_label("Son nom").fill("Perdue en route")
    page.get_by_role("button", name="Séparer ces messages").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Perdue en route")
    page.locator("summary", has_text="Réunir avec un autre thème").click()
    page.get_by_label("Le thème qui reste").select_option(index=1)
    page.get_by_role("button", name="Réunir les deux thèmes").click()
    page.locator("summary", has_text="Annuler un changement").click()
    page.get_by_role("button", name="Annuler").first.click()
    page.locator("summary", has_text="Annuler un changement").click()
    expect(page.get_by_text("annulé le").first).to_be_visible()
    team.open(f"/equipe/themes/{page.url.split('/')[-1].split('#')[0]}/arranger")
    team.look("theme-arrange")


def test_an_expert_arranges_subjects(visit: Visit) -> None:
    expert = colleague(visit, "expertise")
    page = expert.open("/equipe/sujets")
    expert.look("subjects")
    page.locator(".rows .row > a").first.click()
    expert.look("subject")
    page.locator("summary", has_text="Renommer").click()
    page.get_by_label("Nom du sujet").fill("La carte Vitale")
    page.get_by_role("button", name="Garder ce nom").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La carte Vitale")


@BOTH
def test_an_expert_qualifies_a_signal(visit: Visit, js: bool) -> None:
    expert = colleague(visit, "expertise", js=js)
    expert.expected = ["422"]
    page = expert.open("/equipe/signaux")
    expert.look("signals")
    page.get_by_text("Choisir parmi les signaux").click()
    page.get_by_role("link", name="nouveau").click()
    expect(page.get_by_text("Retirer les filtres")).to_be_visible()
    expert.look("signals-filtered")
    page = expert.open("/equipe/signaux")
    page.locator("#a-examiner .row > a").nth(0 if js else 1).click()
    expert.look("signal")
    page.get_by_role("radio", name="confirmé").check()
    page.get_by_role("textbox", name="Raison").fill("Nous vérifions avec la pharmacie.")
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("Un état public demande une phrase")).to_be_visible()
    expect(page.get_by_role("textbox", name="Raison")).to_have_value(
        "Nous vérifions avec la pharmacie."
    )
    expert.look("signal-refused")
    page.get_by_role("radio", name="en cours d’examen").check()
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("Nous vérifions avec la pharmacie.").first).to_be_visible()
    page.get_by_text("Poser une question").click()
    page.get_by_label("À qui connaît").fill("Pharmacie")
    page.get_by_label("Votre question").fill("Cela vient-il du lecteur ?")
    page.get_by_role("button", name="Poser la question").click()
    page.get_by_text("Répondre").last.click()
    page.get_by_label("Votre réponse").last.fill("Oui, du lecteur.")
    page.get_by_role("button", name="Envoyer la réponse").last.click()
    expect(page.get_by_text("Oui, du lecteur.")).to_be_visible()
    expert.look("signal-qualified")


@BOTH
def test_the_team_keeps_its_list_of_known_effects(visit: Visit, js: bool) -> None:
    team = colleague(visit, "equipe", js=js)
    team.expected = ["422"]
    page = team.open("/equipe/signaux")
    page.get_by_role("link", name="Effets connus").click()
    team.look("known-effect-services")
    page.locator(".rows .row > a").first.click()
    team.look("known-effects")
    page.get_by_label("Nom de l’effet").fill("Écran figé" if js else "Écran lent")
    page.get_by_role("button", name="Annoncer cet effet").click()
    expect(page.get_by_text("Écrivez une phrase, comme on la dirait").first).to_be_visible()
    team.look("known-effects-refused")
    page.get_by_label("Une phrase qui le montre").last.fill("L’écran se fige après le code.")
    page.get_by_role("button", name="Annoncer cet effet").click()
    expect(page.get_by_text("L’effet est dans la liste.")).to_be_visible()
    page = team.open("/equipe/signaux")
    page.locator("#a-examiner .row > a").first.click()
    team.look("signal-team")
    page.get_by_role("link", name="C’est un effet connu").first.click()
    team.look("known-effect-choice")
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Quel effet ?").select_option(index=1)
    page.get_by_role("button", name="Ajouter ces phrases").click()
    expect(page.get_by_text("ajoutée")).to_be_visible()


def test_a_moderator_decides(visit: Visit) -> None:
    moderator = colleague(visit, "moderation")
    moderator.expected = ["422"]
    page = moderator.open("/equipe/moderation")
    moderator.look("moderation")
    page.get_by_role("link", name="Je n’en peux plus, à quoi bon").click()
    moderator.look("moderation-item")
    page.get_by_role("button", name="Enregistrer la décision").click()
    moderator.look("moderation-item-refused")


def test_the_administrator_sets_up(visit: Visit) -> None:
    visitor = colleague(visit, "administration")
    visitor.expected = ["422"]
    for name, path in SETTINGS.items():
        visitor.open(path)
        visitor.look(name)
    page = visitor.open(SETTINGS["settings-new"])
    page.get_by_role("button", name="Créer le service").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    visitor.look("settings-new-refused")
    page = visitor.open(SETTINGS["settings-service"])
    page.get_by_text("Changer ou retirer").first.click()
    page.get_by_label("Délai de réponse plus court").first.fill("4")
    page.get_by_role("button", name="Voir ce que cela change").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que ce changement demande")
    visitor.look("settings-consequences")
    page = visitor.open(SETTINGS["settings-service"])
    page.get_by_text("Changer ou retirer").first.click()
    page.get_by_role("button", name="Voir ce que retirer change").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Retirer «")
    visitor.look("settings-functionality-end")


def test_the_team_reads_its_digest(visit: Visit) -> None:
    team = colleague(visit, "equipe")
    page = team.open("/equipe/syntheses")
    team.look("digests")
    page.locator(".rows .row > a").first.click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    team.look("digest")


def test_the_caught_mails_can_be_read(visit: Visit, demo: str) -> None:
    visitor = visit()
    visitor.url = demo
    page = visitor.open("/demo/courrier")
    visitor.look("mailbox")
    page.get_by_role("link", name="Votre synthèse").click()
    expect(page.get_by_text("Trois choses attendent une décision.")).to_be_visible()
    visitor.look("mail")
