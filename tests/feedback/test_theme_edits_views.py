"""Arranging themes on the pages: every gesture without JavaScript, refusals keep what was typed."""

from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import traces
from app.accounts import Role
from app.db import db
from feedback import theme_edits
from feedback.models import Feedback, SegmentBond, Theme, ThemeBond, ThemeEvent
from feedback.theme_edit_page import PER_PAGE
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback import theme_town
from tests.feedback.theme_town import TEAM


@dataclass
class Desk:
    """A promoter's browser over three themes, by name, and the same of another service."""

    app: Flask
    client: FlaskClient
    ids: dict[str, str]
    far: dict[str, str]

    def url(self, page: str, name: str = "Carte") -> str:
        return f"/equipe/themes/{self.ids[name]}/{page}"

    def retours(self, name: str) -> list[str]:
        with self.app.app_context():
            return theme_town.retours(db.session.get_one(Theme, self.ids[name]))

    def theme(self, name: str) -> Theme:
        found = db.session.get(Theme, self.ids[name])
        assert found
        return found


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> Desk:
    with writing(app):
        service, far = factories.service(), factories.service()
        here, there = theme_town.town(service), theme_town.town(far)
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
        ids = {name: theme.id for name, theme in here.items()}
        return Desk(app, client, ids, {name: theme.id for name, theme in there.items()})


def chosen(page: str) -> list[str]:
    soup = BeautifulSoup(page, "html.parser")
    boxes = soup.select("input[name=retour]")
    return [str(b["value"]) for b in boxes if b.get("type") == "hidden" or b.has_attr("checked")]


def test_a_theme_is_named_locked_merged_and_put_back(desk: Desk) -> None:
    assert post(desk.client, desk.url("renommer"), {"name": "Carte Vitale"}).status_code == 303
    assert post(desk.client, desk.url("verrou"), {"lock": "yes"}).status_code == 303
    answer = post(desk.client, desk.url("reunir"), {"into": desk.ids["Rappel"]})
    assert answer.location.endswith(f"/equipe/themes/{desk.ids['Rappel']}#theme-edits")
    assert len(desk.retours("Rappel")) == 8
    page = desk.client.get(desk.url("arranger", "Rappel")).text
    assert "Carte Vitale → Rappel" in page
    action = BeautifulSoup(page, "html.parser").select_one("form[action*=annuler]")
    assert action
    assert post(desk.client, str(action["action"])).status_code == 303
    assert len(desk.retours("Carte")) == 4
    assert post(desk.client, str(action["action"])).status_code == 303, "a second tap is harmless"
    assert "annulé le 23 novembre 2026" in desk.client.get(desk.url("arranger", "Rappel")).text
    with desk.app.app_context():
        assert (desk.theme("Carte").name, desk.theme("Carte").locked) == ("Carte Vitale", True)


def test_the_lock_says_exactly_what_it_does(desk: Desk) -> None:
    page = desk.client.get(desk.url("arranger")).text
    assert "l’analyse n’en retire aucun message, ne le renomme pas et ne le termine pas" in page
    assert "De nouveaux retours peuvent encore y entrer" in page


def test_an_ended_theme_points_to_the_one_it_went_into(desk: Desk) -> None:
    post(desk.client, desk.url("reunir"), {"into": desk.ids["Rappel"]})
    page = BeautifulSoup(desk.client.get(desk.url("arranger")).text, "html.parser")
    (link,) = page.select(".notice a")
    assert str(link["href"]).endswith(desk.ids["Rappel"])
    assert not page.select("form[action*=reunir]")


@pytest.mark.parametrize(
    ("page", "data", "said"),
    [
        ("renommer", {"name": "   "}, "Un nom est nécessaire"),
        ("reunir", {"into": ""}, "Choisissez un thème dans la liste"),
        ("reunir", {"into": "FAR"}, "Choisissez un thème dans la liste"),
        ("reunir", {"into": "SELF"}, "On ne réunit rien avec soi-même"),
        ("jamais", {"other": "SELF"}, "On ne réunit rien avec soi-même"),
        ("separer", {"name": "Perdue"}, "Cochez au moins un message"),
        ("separer", {"name": "Perdue", "retour": "ALL"}, "il n’y a rien à séparer"),
        ("separer", {"name": " ", "retour": "ONE"}, "Un nom est nécessaire"),
        ("deplacer", {"target": "", "retour": "ONE"}, "Choisissez un thème dans la liste"),
        ("deplacer", {"target": "FAR", "retour": "ONE"}, "Choisissez un thème dans la liste"),
        ("deplacer", {"target": "out", "retour": "ELSEWHERE"}, "n’est plus dans ce thème"),
        ("lier", {"kind": "apart", "retour": "ONE"}, "exactement deux"),
        ("lier", {"kind": "together", "retour": "ALL"}, "exactement deux"),
    ],
)
def test_what_cannot_be_comes_back_with_its_reason_and_what_was_typed(
    desk: Desk, page: str, data: dict[str, str], said: str
) -> None:
    own = desk.retours("Carte")
    lists = {"ALL": own, "ONE": own[:1], "ELSEWHERE": desk.retours("Rappel")[:1]}
    themes = {"FAR": desk.far["Carte"], "SELF": desk.ids["Carte"]}
    sent: dict[str, object] = {k: lists.get(v) or themes.get(v, v) for k, v in data.items()}
    answer = post(desk.client, desk.url(page), sent)
    assert answer.status_code == 422
    assert said in answer.text
    soup = BeautifulSoup(answer.text, "html.parser")
    for field in soup.select("[aria-invalid=true]"):
        told = str(field["aria-describedby"]).split()
        assert all(soup.find(id=each) for each in told)
    if data.get("name", "").strip():
        assert soup.select_one(f"input[name=name][value={data['name']}]")
    if data.get("retour") in ("ALL", "ONE"):
        assert sorted(chosen(answer.text)) == sorted(lists[data["retour"]])
    with desk.app.app_context():
        assert not db.session.scalars(select(ThemeEvent)).all()


def test_chosen_messages_become_a_theme_of_their_own(desk: Desk) -> None:
    own = desk.retours("Carte")
    answer = post(desk.client, desk.url("separer"), {"name": "Perdue", "retour": own[:2]})
    assert answer.status_code == 303
    with desk.app.app_context():
        part = db.session.scalars(select(Theme).where(Theme.split_from == desk.ids["Carte"])).one()
        assert theme_town.retours(part) == own[:2]
        assert part.id in answer.location


def test_what_is_chosen_and_typed_is_kept_over_the_pages(desk: Desk) -> None:
    with writing(desk.app):
        theme = desk.theme("Carte")
        for number in range(PER_PAGE + 5):
            row = factories.retour(theme.service, text=f"Carte suite {number}.")
            theme_town.placed(row, theme, 0, number % 4)
    first = desk.client.get(desk.url("ranger")).text
    boxes = BeautifulSoup(first, "html.parser").select("input[type=checkbox]")
    assert len(boxes) == PER_PAGE
    mine = [str(each["value"]) for each in boxes[:2]]
    sent = {"page": "2", "retour": mine, "name": "Un début", "target": desk.ids["Export"]}
    second = post(desk.client, desk.url("ranger"), sent)
    assert second.status_code == 200
    soup = BeautifulSoup(second.text, "html.parser")
    assert sorted(chosen(second.text)) == sorted(mine)
    assert "2 messages choisis" in second.text
    assert soup.select_one("input[name=name][value='Un début']")
    assert soup.find("option", value=desk.ids["Export"], selected=True)
    last = str(soup.select("input[type=checkbox]")[0]["value"])
    post(desk.client, desk.url("deplacer"), {**sent, "retour": [*mine, last]})
    assert set(desk.retours("Export")) >= {*mine, last}


def test_a_message_can_be_chosen_from_its_row(desk: Desk) -> None:
    own = desk.retours("Carte")
    page = desk.client.get(desk.url("ranger"), query_string={"retour": own[3]}).text
    assert chosen(page) == [own[3]]
    assert post(desk.client, desk.url("deplacer"), {"target": "out", "retour": own[3]})
    assert own[3] not in desk.retours("Carte")
    with desk.app.app_context():
        row = db.session.get_one(Feedback, own[3])
        assert [each["verb"] for each in traces.journal(row.id)] == ["ungrouped"]


def test_two_messages_are_parted_and_freed_on_the_page(desk: Desk) -> None:
    own = desk.retours("Carte")
    sent = {"kind": "apart", "retour": [own[0], own[3]]}
    assert post(desk.client, desk.url("lier"), sent).status_code == 303
    assert own[3] in desk.retours("Rappel")
    page = desk.client.get(desk.url("ranger")).text
    assert "Jamais ensemble" in page
    pair = BeautifulSoup(page, "html.parser").select("input[name=pair]")
    assert sorted(str(each["value"]) for each in pair) == sorted([own[0], own[3]])
    post(desk.client, desk.url("delier"), {"pair": [own[0], own[3]]})
    with desk.app.app_context():
        assert db.session.scalars(select(SegmentBond)).all() == []


def test_a_bond_that_contradicts_another_names_it(desk: Desk) -> None:
    own = desk.retours("Carte")
    post(desk.client, desk.url("lier"), {"kind": "together", "retour": own[:2]})
    answer = post(desk.client, desk.url("lier"), {"kind": "apart", "retour": own[:2]})
    assert answer.status_code == 422
    assert "portent déjà le lien contraire" in answer.text
    assert sorted(chosen(answer.text)) == sorted(own[:2])


def test_two_themes_are_kept_apart_and_freed_on_the_page(desk: Desk) -> None:
    post(desk.client, desk.url("jamais"), {"other": desk.ids["Rappel"]})
    answer = post(desk.client, desk.url("reunir"), {"into": desk.ids["Rappel"]})
    assert answer.status_code == 422
    assert "ne soient jamais réunis" in answer.text
    post(desk.client, desk.url("jamais"), {"free": desk.ids["Rappel"]})
    with desk.app.app_context():
        assert db.session.scalars(select(ThemeBond)).all() == []
    assert post(desk.client, desk.url("reunir"), {"into": desk.ids["Rappel"]}).status_code == 303


def test_an_edit_that_something_later_touched_is_not_offered_for_undoing(desk: Desk) -> None:
    own = desk.retours("Carte")
    post(desk.client, desk.url("deplacer"), {"target": desk.ids["Export"], "retour": own[0]})
    sent = {"target": desk.ids["Rappel"], "retour": own[0]}
    post(desk.client, desk.url("deplacer", "Export"), sent)
    page = desk.client.get(desk.url("arranger")).text
    assert "Des messages changent de thème" in page
    assert "annuler/" not in page
    with desk.app.app_context():
        first = db.session.scalars(select(ThemeEvent.id).order_by(ThemeEvent.id)).first()
    answer = post(desk.client, desk.url(f"annuler/{first}"))
    assert answer.status_code == 422
    assert "Un changement plus récent touche la même chose" in answer.text


@pytest.mark.parametrize(
    "page",
    ["renommer", "reunir", "verrou", "jamais", "ranger", "separer", "deplacer", "lier", "delier"],
)
def test_another_teams_theme_is_not_found(desk: Desk, page: str) -> None:
    url = f"/equipe/themes/{desk.far['Carte']}/{page}"
    assert post(desk.client, url, {"name": "x", "into": desk.far["Rappel"]}).status_code == 404
    with desk.app.app_context():
        assert not db.session.scalars(select(ThemeEvent)).all()


def test_an_edit_is_undone_from_its_own_theme_only(desk: Desk) -> None:
    with writing(desk.app):
        far = db.session.get_one(Theme, desk.far["Carte"])
        theme_edits.lock(far, TODAY, TEAM)
        event = db.session.scalars(select(ThemeEvent)).one()
        number = event.id
    assert post(desk.client, desk.url(f"annuler/{number}")).status_code == 404
    with desk.app.app_context():
        assert db.session.get_one(Theme, desk.far["Carte"]).locked


def test_reading_the_messages_to_choose_from_stands_in_the_journal_once_a_day(desk: Desk) -> None:
    desk.client.get(desk.url("ranger"))
    desk.client.get(desk.url("ranger"))
    with desk.app.app_context():
        told = [p["detail"] for p in db.session.scalars(select(traces.Trace.payload)) if p]
        assert told == [f"theme {desk.ids['Carte']}"]
