"""The table of authorities: every statement is dated and sourced, and the operator confirms it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from app.db import db, will_write
from app.traces import Actor
from feedback import authorities
from feedback.authorities import Said, table
from feedback.routing import About, Reporter

ADMINISTRATION = Actor("administrator", "Exploitant")


def test_every_subject_has_a_door_and_every_door_is_known() -> None:
    found = table()
    assert set(found.routes) == {about.value for about in About}
    assert {door for doors in found.routes.values() for door in doors} <= set(found.doors)
    assert set(found.words) <= set(found.routes)


@pytest.mark.parametrize("key", [key for key in table().doors if key != "team"])
def test_a_door_says_where_and_when_it_was_read(key: str) -> None:
    door = table().doors[key]
    assert door.sources
    assert all(each.title and each.url.startswith("https://") for each in door.sources)
    assert date(2026, 11, 1) <= door.checked
    assert set(door.obliged).isdisjoint(door.allowed)
    assert set(door.obliged + door.allowed) <= {each.value for each in Reporter}


def test_every_word_is_said_in_both_languages() -> None:
    for door in table().doors.values():
        for said in (door.name, door.does, door.must, door.may, *door.unchecked):
            assert said.fr
            assert said.en
            assert said.fr != said.en or said.fr == ""


def test_the_terms_for_devices_are_those_of_the_regulation() -> None:
    limits = [
        each.limit.fr for each in authorities.deadlines_at("ansm") if each.who == "manufacturer"
    ]
    assert limits == ["2 jours", "10 jours", "15 jours"]
    assert all(each.source and each.checked for each in table().deadlines)


def test_words_are_in_the_readers_language(app: Flask, in_app: None) -> None:
    said = Said("porte", "door")
    assert str(said) == "porte"
    with force_locale("en"):
        assert str(said) == "door"


def test_the_operator_confirms_this_table_and_no_later_one(
    app: Flask, in_app: None, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    will_write()
    assert authorities.confirmed_on() is None
    authorities.confirm(ADMINISTRATION, today)
    authorities.confirm(ADMINISTRATION, today)
    db.session.commit()
    assert authorities.confirmed_on() == today
    newer = authorities.checked() + timedelta(days=1)
    monkeypatch.setattr(authorities, "checked", lambda: newer)
    assert authorities.confirmed_on() is None
