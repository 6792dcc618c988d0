"""A facilitator who holds a phone groups ideas with the thumb alone: taps, no key and no drag."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts import Account
from app.db import db
from tests.browser.site import PASSPHRASE, Site
from tests.browser.visitor import Visit
from tests.conftest import writing
from tests.factories import service
from workshops.models import Card, Phase
from workshops.sessions import Plan, create

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
IDEA, OTHER, ALONE = "Un rappel la veille.", "Un SMS le matin.", "Des lettres plus grandes."
MORE = [f"Idée numéro {number}." for number in range(20)]  # a board longer than the screen


@dataclass
class Grouping:
    """A phone at the console of a session that groups three ideas."""

    page: Page
    site: Site
    id: str

    def tap_idea(self, words: str) -> None:
        """Tap an idea, as wide as its line is."""
        self.page.locator("label.pick", has_text=words).tap()

    def tap_button(self, name: str) -> None:
        """Tap a button that stands on the screen even where the board begins."""
        self.page.locator("label.pick").first.scroll_into_view_if_needed()
        button = self.page.get_by_role("button", name=name, exact=True)
        expect(button).to_be_in_viewport()
        button.tap()

    def groups(self) -> set[frozenset[str]]:
        """Return which ideas stand together in the database."""
        with self.site.app.app_context():
            query = select(Card.group_id, Card.text).where(Card.workshop_id == self.id)
            rows = list(db.session.execute(query))
        together = {key: frozenset(text for each, text in rows if each == key) for key, _ in rows}
        return {cards for key, cards in together.items() if key}


@pytest.fixture
def grouping(visit: Visit, site: Site, js: bool) -> Grouping:
    with writing(site.app):
        runs = db.session.scalars(
            select(Account).where(Account.email == "animation@example.fr")
        ).one()
        room = create(Plan("Rappels", service(), ("Que changer ?",)), runs, runs.created)
        room.phase = Phase.GROUP.value
        db.session.add_all(
            Card(workshop_id=room.id, text=text) for text in (IDEA, OTHER, ALONE, *MORE)
        )
        key = room.id
    desk = visit(js=js, has_touch=True)
    desk.sign_in("animation", PASSPHRASE)
    return Grouping(desk.open(f"/equipe/ateliers/{key}"), site, key)


@BOTH
def test_two_ideas_are_selected_and_grouped_by_taps(grouping: Grouping) -> None:
    for idea in (IDEA, ALONE, ALONE, OTHER):  # one by mistake, and let go again
        grouping.tap_idea(idea)
    page = grouping.page
    expect(page.get_by_label(ALONE)).not_to_be_checked()
    grouping.tap_button("Regrouper")
    made = page.locator("article.card", has=page.get_by_label("Tout ce groupe"))
    expect(made.locator("label.pick", has_text=IDEA)).to_be_visible()
    expect(made.locator("label.pick", has_text=OTHER)).to_be_visible()
    expect(page.locator(".picks")).to_contain_text(ALONE)
    assert grouping.groups() == {frozenset({IDEA, OTHER})}


@BOTH
def test_a_whole_group_takes_another_idea_and_gives_it_back_by_taps(grouping: Grouping) -> None:
    page = grouping.page
    for idea in (IDEA, OTHER):
        grouping.tap_idea(idea)
    grouping.tap_button("Regrouper")
    whole = page.locator("label.pick", has_text="Tout ce groupe")
    whole.tap()
    grouping.tap_idea(ALONE)
    grouping.tap_button("Regrouper")
    expect(page.locator(".picks", has_text=ALONE)).to_have_count(0)
    assert grouping.groups() == {frozenset({IDEA, OTHER, ALONE})}
    page.locator(".gather summary").tap()
    page.locator(".gather a.last").tap()
    page.get_by_role("button", name="Annuler le geste 1").tap()
    expect(page.locator(".picks")).to_contain_text(ALONE)
    assert grouping.groups() == {frozenset({IDEA, OTHER})}
