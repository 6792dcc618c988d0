"""Templates of sessions: the house's five, and one's own that nobody else sees."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import post
from tests.plain_browser import PlainBrowser, flat
from tests.workshops.rooms import kept, open_room
from workshops import forms, outlines
from workshops.around_models import OwnOutline

NEW = "/equipe/ateliers/nouveau"
NAMES = {
    "idees": "Recueil d’idées",
    "parcours": "Carte du parcours",
    "retrospective": "Rétrospective",
    "etats-generaux": "États généraux",
    "prototype": "Essai d’un prototype",
}


def house(key: str) -> outlines.Outline:
    """Return the template of the house called ``key``."""
    return next(each for each in outlines.HOUSE if each.key == key)


@pytest.mark.parametrize("key", NAMES)
def test_each_template_of_the_house_fills_a_form_that_is_accepted(app: Flask, key: str) -> None:
    room = open_room(app)
    chosen = house(key)
    page = room.desk.get(NEW, query_string={"modele": key}).text
    assert str(chosen.prompts[-1]) in page
    assert f'name="modele" value="{key}"' in page
    assert 1 <= len(chosen.prompts) <= forms.MOST_PROMPTS
    made = post(
        room.desk,
        NEW,
        {
            "modele": key,
            "title": str(chosen.name),
            "subject": str(room.service_id),
            "prompts": "\n".join(map(str, chosen.prompts)),
            "votes_each": chosen.votes_each,
            "votes_per_group": chosen.votes_per_group,
        },
    )
    assert made.status_code == 303


def test_the_house_has_these_five_and_no_other() -> None:
    assert {each.key: str(each.name) for each in outlines.HOUSE} == NAMES


@pytest.mark.parametrize("key", NAMES)
def test_a_session_made_on_the_page_from_a_template_asks_its_questions_on_the_phone(
    app: Flask, key: str
) -> None:
    desk = PlainBrowser(open_room(app).desk).open("/equipe/ateliers").follow("Nouvelle séance")
    desk.follow(NAMES[key])
    assert NAMES[key] in desk.part(".rows [aria-current]")
    asked = desk.page.select("#prompts")[0].get_text().strip().splitlines()
    places = {"sites": "Lyon\nRoanne"} if key == "etats-generaux" else {}
    desk.submit(NEW, **places)
    if places:
        assert f"{NAMES[key]} · Lyon" in desk.words
        desk.follow(f"{NAMES[key]} · Roanne")
    code = desk.part(".join-code").replace(" ", "")
    desk.submit("/phase", vers="write")
    phone = PlainBrowser(app.test_client()).open("/atelier").submit("/atelier", code=code)
    asks = [flat(each) for each in phone.page.select("#writer fieldset label")]
    assert asks == asked == [str(each) for each in house(key).prompts]


def test_an_unknown_template_starts_from_the_first(app: Flask) -> None:
    room = open_room(app)
    page = room.desk.get(NEW, query_string={"modele": "../etc"})
    assert page.status_code == 200
    assert 'name="modele" value="idees"' in page.text


def test_a_session_is_kept_as_a_template_and_started_from_again(
    app: Flask, committed: Session
) -> None:
    room = open_room(app, prompts=("Que garder ?", "Que changer ?"), votes_each=4)
    assert room.press("modele", name="  Mon   modèle ").status_code == 303
    row = kept(committed, select(OwnOutline))[0]
    assert (row.name, row.prompts, row.votes_each) == (
        "Mon modèle",
        ["Que garder ?", "Que changer ?"],
        4,
    )
    page = room.desk.get(NEW, query_string={"modele": row.id}).text
    assert "Que garder ?\nQue changer ?" in page
    assert post(room.desk, f"/equipe/ateliers/modeles/{row.id}/supprimer").status_code == 303
    assert kept(committed, select(OwnOutline)) == []


@pytest.mark.parametrize("name", ["", "  ", "m" * 81])
def test_a_template_without_a_fit_name_is_refused_and_keeps_what_was_typed(
    app: Flask, name: str
) -> None:
    room = open_room(app)
    refused = room.press("modele", name=name)
    assert refused.status_code == 422
    assert name.strip() in refused.text
    assert "80 caractères au plus" in refused.text


def test_a_name_serves_once_and_templates_have_an_end(app: Flask) -> None:
    room = open_room(app)
    room.press("modele", name="Un")
    assert "porte déjà ce nom" in room.press("modele", name="Un").text
    for number in range(outlines.MOST_OWN - 1):
        room.press("modele", name=f"Modèle {number}")
    assert "Supprimez-en un" in room.press("modele", name="Un de trop").text


def test_another_facilitator_sees_and_deletes_none_of_them(app: Flask, committed: Session) -> None:
    room, other = open_room(app), open_room(app)
    room.press("modele", name="Le mien")
    key = kept(committed, select(OwnOutline.id))[0]
    assert "Le mien" not in other.desk.get(NEW, query_string={"modele": key}).text
    assert post(other.desk, f"/equipe/ateliers/modeles/{key}/supprimer").status_code == 404
    assert post(other.desk, f"/equipe/ateliers/{room.id}/modele", {"name": "x"}).status_code == 404
    assert len(kept(committed, select(OwnOutline))) == 1
