"""A whole week at the desk: twelve messages, answers, one for a theme, a contest, a reopening.

The town of ``tests/town.py`` with its worker, in a real browser: citizens without JavaScript, the
team and the moderator with it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.db import db
from feedback.models import Feedback, Placement, Segment, ThreadState
from tests.browser.site import serve
from tests.browser.visitor import Visitor
from tests.town import PASSPHRASE, SLUG, Town, town

pytestmark = pytest.mark.browser
# Seven of one subject, each in its own words, and five of five others.
SAME = (
    "Depuis lundi la carte Vitale ne passe plus à la pharmacie du port.",
    "La pharmacie du marché refuse : la carte Vitale ne passe plus.",
    "Ma carte Vitale ne passe plus, la pharmacie me fait avancer.",
    "Chez nous la pharmacie dit que la carte Vitale ne passe plus.",
    "La carte Vitale de ma mère ne passe plus à la pharmacie.",
    "Cette semaine la carte Vitale ne passe plus dans ma pharmacie.",
    "À la pharmacie de la gare la carte Vitale ne passe plus.",
)
OTHERS = (
    "Le parking du guichet est toujours plein.",
    "Je ne retrouve pas mon relevé de mars.",
    "L’écran est trop sombre le soir.",
    "On me demande deux fois mon code postal.",
    "La musique d’attente est très forte.",
)
TO_ONE = "Merci. Le parking plein du guichet : nous ouvrons celui de la mairie voisine."
TO_ALL = "Le lecteur de carte de la version 6.2 a une panne. La version 6.3 la corrige."
PROMISE = "La version 6.3 lit de nouveau la carte à la pharmacie."
EVIDENCE = "La version 6.3 est en ligne ; six pharmacies l’ont essayée."
CONTEST = "À ma pharmacie elle ne passe toujours pas."
REASON = "Un auteur dit que la carte ne passe pas encore."


@dataclass
class Week:
    """The town on a port, and the browsers of those who come."""

    place: Town
    url: str
    browser: Browser
    codes: dict[str, str] = field(default_factory=dict)  # of each text
    visitors: list[Visitor] = field(default_factory=list)

    def come(self, js: bool = True, width: int = 1280) -> Visitor:
        """Return a new browser."""
        context = self.browser.new_context(
            java_script_enabled=js, locale="fr-FR", viewport={"width": width, "height": 800}
        )
        context.set_default_timeout(8000)
        visitor = Visitor(context, context.new_page(), self.url, js, now=self.place.clock)
        visitor.watch()
        self.visitors.append(visitor)
        return visitor

    def colleague(self, name: str) -> Visitor:
        """Return the browser of somebody who has signed in."""
        visitor = self.come()
        visitor.sign_in(name, PASSPHRASE)
        return visitor

    def author(self, text: str) -> Visitor:
        """Return the phone of the author of ``text``, on their page."""
        phone = self.come(js=False, width=360)
        page = phone.open("/suivi")
        page.get_by_label("Votre code de suivi").fill(self.codes[text])
        page.get_by_role("button", name="Ouvrir").click()
        expect(page).to_have_url(re.compile("/suivi/retour$"))
        return phone

    def theme(self) -> str:
        """Return the theme of the first message."""
        with self.place.app.app_context():
            query = select(Placement.theme_id).join(Segment).join(Feedback)
            found = db.session.scalar(query.where(Feedback.text == SAME[0]))
            assert found, "the night's work placed the message"
            return str(found)

    def waiting(self, theme: str) -> int:
        """Return how many retours of ``theme`` wait for an answer."""
        with self.place.app.app_context():
            query = select(Feedback.id).join(Segment).join(Placement)
            waits = Feedback.thread_state == ThreadState.WAITING
            return len(set(db.session.scalars(query.where(Placement.theme_id == theme, waits))))


@pytest.fixture
def week(browser: Browser, tmp_path: Path, migrated_database: Path) -> Iterator[Week]:
    with _week(browser, tmp_path, migrated_database) as found:
        yield found
        assert [v.complaints for v in found.visitors if v.complaints] == []


@contextmanager
def _week(browser: Browser, folder: Path, migrated: Path) -> Iterator[Week]:
    with town(folder, migrated) as place, serve(place.app, place.clock) as site:
        place.restart_worker()
        found = Week(place, site.url, browser)
        yield found
        for visitor in found.visitors:
            visitor.leave()


def test_a_week_at_the_desk(week: Week) -> None:
    twelve_people_speak(week)
    week.place.let_work()
    theme = week.theme()

    week.place.clock.forward(days=1)
    team = week.colleague("equipe")
    one_is_answered(week, team)
    the_whole_theme_is_answered(week, team, theme)
    a_change_is_promised(week, team)

    week.place.clock.forward(days=1)
    the_change_is_announced_and_checked(week)

    week.place.clock.forward(days=2)
    one_confirms_and_one_contests(week)
    a_moderator_reopens_it(week)
    everybody_reads_that_it_is_open_again(week)


def twelve_people_speak(week: Week) -> None:
    for text in (*SAME, *OTHERS):
        phone = week.come(js=False, width=360)
        page = phone.open(f"/s/{SLUG}")
        page.get_by_label("Pas bien").check()
        page.get_by_label("Racontez").fill(text)
        page.get_by_role("button", name="Envoyer mon retour").click()
        week.codes[text] = page.locator(".code").inner_text()
        phone.leave()
    week.visitors.clear()
    assert len(set(week.codes.values())) == 12


def find(team: Visitor, words: str) -> Page:
    """Open the message that holds ``words`` from the inbox."""
    page = team.open("/equipe?vue=tous")
    page.get_by_role("searchbox", name="Mots").fill(words)
    page.get_by_role("button", name="Chercher").click()
    page.locator(".rows .row > a", has_text=words).first.click()
    expect(page.locator(".pane article.thread")).to_contain_text(words)
    return page


def one_is_answered(week: Week, team: Visitor) -> None:
    page = find(team, "parking")
    page.get_by_label("Votre réponse").fill(TO_ONE)
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.locator(".letter").get_by_text("celui de la mairie")).to_be_visible()
    expect(week.author(OTHERS[0]).page.get_by_text("celui de la mairie")).to_be_visible()


def the_whole_theme_is_answered(week: Week, team: Visitor, theme: str) -> None:
    waiting = week.waiting(theme)
    assert waiting >= len(SAME)
    page = team.open(f"/equipe/themes/{theme}/reponse")
    page.get_by_label(re.compile("réponse", re.I)).first.fill(TO_ALL)
    page.get_by_role("button", name="Relire avant d’envoyer").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"Cette réponse part à {waiting} retours")
    page.get_by_role("button", name=f"Envoyer à {waiting} retours").click()
    expect(page.get_by_role("button", name="Relire avant d’envoyer")).to_have_count(0)
    assert week.waiting(theme) == 0
    for text in SAME[:2]:
        expect(week.author(text).page.get_by_text("La version 6.3 la corrige")).to_be_visible()


def a_change_is_promised(week: Week, team: Visitor) -> None:
    page = find(team, "pharmacie du port")
    page.get_by_text("Prendre un engagement daté").click()
    page.get_by_label("Nous nous engageons à").fill(PROMISE)
    page.locator("#owner").fill("Équipe application")
    due = week.place.today() + timedelta(days=20)
    page.locator("#due").fill(due.isoformat())
    page.get_by_label(re.compile("Répond à tous les retours du thème")).check()
    page.get_by_role("button", name="Prendre cet engagement").click()
    expect(page.get_by_text(PROMISE).first).to_be_visible()
    expect(week.author(SAME[1]).page.get_by_text(PROMISE).first).to_be_visible()


def the_change_is_announced_and_checked(week: Week) -> None:
    team = week.colleague("equipe").open("/equipe/engagements")
    promise = team.locator("article", has_text=PROMISE)
    promise.get_by_text("Annoncer que c’est fait").click()
    promise.get_by_label(re.compile("changé", re.I)).fill(EVIDENCE)
    promise.get_by_role("button", name="Transmettre à la modération").click()
    board = week.come().open(f"/s/{SLUG}/ce-qui-change")
    expect(board.get_by_text(EVIDENCE)).to_have_count(0)
    checking = week.colleague("moderation").open("/equipe/moderation")
    claim = checking.locator("article", has_text=PROMISE)
    claim.get_by_label("Les preuves tiennent : annoncer aux auteurs").check()
    claim.get_by_role("button", name="Enregistrer la décision").click()
    board.reload()
    expect(board.get_by_text(EVIDENCE).first).to_be_visible()


def one_confirms_and_one_contests(week: Week) -> None:
    happy = week.author(SAME[0]).page
    happy.get_by_role("button", name=re.compile("^Oui")).click()
    expect(happy.get_by_text("Vous avez répondu")).to_be_visible()
    angry = week.author(SAME[1]).page
    angry.get_by_label(re.compile("Quelques mots")).fill(CONTEST)
    angry.get_by_role("button", name=re.compile("^Non")).click()
    expect(angry.get_by_text("Vous avez répondu")).to_be_visible()
    expect(angry.get_by_text("1 oui, 1 non")).to_be_visible()


def a_moderator_reopens_it(week: Week) -> None:
    moderator = week.colleague("moderation")
    moderator.expected = ["422"]  # the team must be told why
    page = moderator.open("/equipe/moderation")
    contested = page.locator("article", has_text=PROMISE)
    expect(contested).to_contain_text(CONTEST)
    contested.get_by_label("Rouvrir : le changement ne tient pas").check()
    contested.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("Dites à l’équipe pourquoi.").first).to_be_visible()
    contested = page.locator("article", has_text=PROMISE)
    contested.get_by_label(re.compile("Vos mots")).fill(REASON)
    contested.get_by_label("Rouvrir : le changement ne tient pas").check()
    contested.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.locator("article", has_text=PROMISE)).to_have_count(0)


def everybody_reads_that_it_is_open_again(week: Week) -> None:
    team = week.colleague("equipe").open("/equipe/engagements")
    expect(team.locator("article", has_text=PROMISE)).to_contain_text(REASON)
    board = week.come().open(f"/s/{SLUG}/ce-qui-change")
    expect(board.locator("article", has_text=PROMISE).get_by_text("Rouvert").first).to_be_visible()
    page = week.author(SAME[1]).page
    expect(page.get_by_text("Rouvert").first).to_be_visible()
