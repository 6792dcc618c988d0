"""Chapter two: the team answers and promises, a moderator publishes, two editions are mailed."""

import re
from datetime import timedelta

from tests.loop.speaking import MASKED, OPENING, OWN_WORD
from tests.plain_browser import PlainBrowser
from tests.town import SLUG, Town

ANSWER = "Le lecteur de carte de la version 6.2 a une panne. Nous la corrigeons cette semaine."
PROMISE = "La version 6.3 lira de nouveau la carte Vitale."
FOLLOWER = "voisine@example.org"
NEIGHBOURS = 8  # who only choose a face that week
WEEK = "16 – 22 nov."


def the_inbox_says_who_waits_how_long(place: Town) -> None:
    desk = place.desk("equipe").open("/equipe")
    row = next(row for row in desk.page.select(".row") if OPENING in row.get_text())
    told = " ".join(row.get_text(" ").split())
    for what in ("Reçu", "Pas bien", "Pharmacie", "attend depuis 1 jour (10)", "version 6.2"):
        assert what in told, told


def the_promoter_answers_and_makes_a_dated_promise(place: Town) -> None:
    desk = place.desk("equipe").open("/equipe").follow(OPENING)
    assert MASKED in desk.words
    assert "réponse due le 2 décembre" in desk.words
    assert "Auteur a envoyé le retour" in desk.part("details .timeline")
    desk.submit("/reponse", text=ANSWER)
    assert "Réponse envoyée." in desk.words
    due = place.today() + timedelta(days=15)
    desk.submit("/engagement", text=PROMISE, owner="Équipe application", due=due.isoformat())
    assert "Engagement pris, lié à 1 retour." in desk.words
    assert "Promis · pour le 4 décembre 2026 · Équipe application" in desk.words


def a_moderator_publishes_the_masked_text(place: Town) -> None:
    desk = place.desk("moderation").open("/equipe/moderation").follow(OPENING)
    assert "L’auteur accepte que son texte masqué soit publié." in desk.words
    desk.submit("/equipe/moderation/", decision="publish")
    assert "Décision enregistrée." in desk.words
    assert MASKED in place.stranger().open(f"/s/{SLUG}").words


def neighbours_rate_and_one_follows_the_service(place: Town) -> None:
    for _ in range(NEIGHBOURS):
        sent = place.stranger().open(f"/s/{SLUG}").submit(SLUG, face="10", text="")
        assert "C’est envoyé." in sent.words
    neighbour = place.stranger().open(f"/s/{SLUG}").follow("Suivre ce service")
    neighbour.submit("/suivre", address=FOLLOWER)
    assert "Regardez votre courrier" in neighbour.words
    place.let_work()
    neighbour.open("/demo/courrier").follow("Confirmez votre adresse").follow("/d/c/")
    neighbour.submit("/d/c/")
    assert "Adresse confirmée" in neighbour.words


def both_editions_say_the_same_numbers_and_are_mailed_once(place: Town) -> None:
    place.let_work("look", "digest")
    for_team, for_public = _mail_to(place, "equipe@example.fr"), _mail_to(place, FOLLOWER)
    retours = {_retours(mail.words) for mail in (for_team, for_public)}
    assert len(retours) == 1, "both mails tell the same number"
    assert retours.pop() > NEIGHBOURS
    for mail in (for_team, for_public):
        assert PROMISE in mail.words
        assert OWN_WORD not in mail.words, "a mail leads to the words and does not carry them"
        assert "List-Unsubscribe" in mail.words
    _each_has_a_permanent_page(place, for_team, for_public)
    posted = place.stranger().open("/demo/courrier").text
    place.let_work("digest")
    place.let_work("digest")
    assert place.stranger().open("/demo/courrier").text == posted, "sent once"


def _mail_to(place: Town, address: str) -> PlainBrowser:
    """Return a browser that reads the one edition of the week mailed to ``address``."""
    box = place.stranger().open("/demo/courrier")
    lines = [" ".join(line.get_text(" ").split()) for line in box.page.select("main li")]
    found = [line for line in lines if WEEK in line and f"à {address}" in line]
    assert len(found) == 1, lines
    return box.follow(found[0].split(f" à {address}")[0])


def _retours(words: str) -> int:
    found = re.search(r"(\d+) retours dans la période", words)
    assert found, words
    return int(found[1])


def _each_has_a_permanent_page(
    place: Town, for_team: PlainBrowser, for_public: PlainBrowser
) -> None:
    told = _retours(for_public.words)
    team_page = for_team.address_of('a[href*="/syntheses/"]')
    assert place.stranger().open(team_page).status == 404, "the team's page is the team's"
    on_desk = place.desk("equipe").open(team_page)
    public = for_public.follow("/syntheses/")
    assert _retours(on_desk.words) == _retours(public.words) == told
    for page in (on_desk, public):
        assert page.status == 200
        assert PROMISE in page.words
        assert MASKED in page.words
