"""Subjects across services: counted above the floor, named and merged without touching a team's."""

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from feedback import subject_edits, subjects, theme_edits, theme_merges
from feedback.models import Placement, Subject, SubjectEvent, Theme
from feedback.theme_refusals import Reason, Refused
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback import theme_town
from tests.feedback.theme_town import retours

EXPERT = theme_town.Actor("expert", "Université")


def subject(name: str) -> Subject:
    found = Subject(name=name, born=TODAY, words=[["carte", 0.9]])
    db.session.add(found)
    db.session.flush()
    return found


def slice_of(service: Service, about: Subject | None, count: int, name: str = "Carte") -> Theme:
    theme = theme_town.theme(service, name)
    theme.subject_id = about.id if about else None
    for place in range(count):
        row = factories.retour(service, text=f"{name} {place} sonne.")
        theme_town.placed(row, theme, 0, place % 4)
    db.session.flush()
    return theme


@pytest.fixture
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


in_context = pytest.mark.usefixtures("_context")


@in_context
def test_a_subject_counts_its_retours_over_services_above_the_floor() -> None:
    card, small = subject("Carte"), subject("Petit")
    slice_of(factories.service(), card, 7)
    slice_of(factories.service(), card, 6)
    slice_of(factories.service(), small, 10)
    lines = {line.subject.name: line for line in subjects.listed()}
    assert (lines["Carte"].services, lines["Carte"].retours) == (2, 13)
    assert (lines["Petit"].services, lines["Petit"].retours) == (1, None)
    assert {line.retours for line in subjects.listed(1)} == {13, 10}


@in_context
def test_a_small_slice_is_hidden_with_one_that_would_tell_it() -> None:
    card = subject("Carte")
    for count in (20, 15, 3):
        slice_of(factories.service(), card, count)
    whole = subjects.whole(card)
    assert whole.retours == 38
    assert [each.retours for each in whole.slices] == [20, None, None]
    assert [each.retours for each in subjects.whole(card, 1).slices] == [20, 15, 3]


@in_context
def test_what_a_team_splits_and_merges_still_counts_in_the_subject() -> None:
    card = subject("Carte")
    service = factories.service()
    theme = slice_of(service, card, 14)
    part = theme_merges.split(theme, retours(theme)[:4], "Perdue", theme_town.TEAM, TODAY)
    assert subjects.whole(card).retours == 14
    assert {each.name for each in subjects.whole(card).slices[0].themes} == {"Carte", "Perdue"}
    theme_merges.merge(part, theme, theme_town.TEAM, TODAY)
    assert subjects.whole(card).retours == 14
    assert subjects.subject_ids() == {theme.id: card.id, part.id: card.id}


@in_context
def test_a_contested_retour_does_not_count() -> None:
    card = subject("Carte")
    theme = slice_of(factories.service(), card, 12)
    first = db.session.scalars(select(Placement)).first()
    assert first
    theme_edits.contest(first.segment.feedback, theme, TODAY)
    assert subjects.whole(card).retours == 11


@in_context
def test_naming_a_subject_names_no_theme() -> None:
    card = subject("carte · vitale")
    named, unnamed = (slice_of(factories.service(), card, 2) for _ in range(2))
    theme_edits.rename(named, "Notre carte", TODAY, theme_town.TEAM)
    subject_edits.rename(card, " La  carte Vitale ", EXPERT, TODAY)
    assert (card.name, card.named_by_person) == ("La carte Vitale", True)
    assert (named.name, unnamed.name) == ("Notre carte", "Carte")
    (event,) = db.session.scalars(select(SubjectEvent))
    assert (event.kind, event.by) == ("renamed", "expert")
    assert event.detail == "carte · vitale → La carte Vitale"


@in_context
def test_merging_subjects_adds_their_counts_and_leaves_every_theme_as_it_is() -> None:
    card, badge = subject("Carte"), subject("Badge")
    both, one = factories.service(), factories.service()
    themes = [
        slice_of(both, card, 6),
        slice_of(both, badge, 7, "Badge"),
        slice_of(one, badge, 8, "Badge"),
    ]
    names = [(t.name, t.ended, t.merged_into, retours(t)) for t in themes]
    subject_edits.merge(badge, card, EXPERT, TODAY)
    assert [(t.name, t.ended, t.merged_into, retours(t)) for t in themes] == names
    assert (badge.ended, badge.merged_into) == (TODAY, card.id)
    assert subjects.whole(card).retours == 21
    assert [line.subject for line in subjects.listed()] == [card]
    assert themes[2].subject_id == card.id, "the only slice there takes its place"
    assert (themes[1].subject_id, themes[1].split_from) == (None, themes[0].id)
    kinds = db.session.scalars(select(SubjectEvent.kind)).all()
    assert kinds == ["merged", "merged"]


@in_context
def test_a_slice_that_had_ended_gives_way_to_the_one_that_stands() -> None:
    card, badge = subject("Carte"), subject("Badge")
    service = factories.service()
    ended, standing = slice_of(service, card, 0), slice_of(service, badge, 12, "Badge")
    ended.ended = TODAY
    subject_edits.merge(badge, card, EXPERT, TODAY)
    assert (ended.subject_id, standing.subject_id) == (None, card.id)
    assert subjects.whole(card).retours == 12


@in_context
def test_a_subject_is_not_merged_into_itself_or_what_has_ended() -> None:
    card, badge = subject("Carte"), subject("Badge")
    badge.ended = TODAY
    for into, reason in ((card, Reason.ITSELF), (badge, Reason.ENDED)):
        with pytest.raises(Refused) as refused:
            subject_edits.merge(card, into, EXPERT, TODAY)
        assert refused.value.reason is reason
    assert db.session.scalars(select(SubjectEvent)).all() == []


@pytest.fixture
def world(app: Flask) -> dict[str, str]:
    """Two subjects over two services, and the addresses of an expert and a moderator."""
    with writing(app):
        card, badge = subject("Carte"), subject("Badge")
        for count in (20, 15, 3):
            slice_of(factories.service(), card, count)
        for role in (Role.EXPERT, Role.MODERATOR, Role.PROMOTER):
            factories.account(role, email=f"{role.value}@example.fr")
        return {"card": card.id, "badge": badge.id}


def enter(app: Flask, client: FlaskClient, role: Role) -> None:
    with app.app_context():
        query = db.select(factories.Account).filter_by(email=f"{role.value}@example.fr")
        factories.sign_in(client, db.session.scalars(query).one())


def cells(page: str) -> list[str]:
    found = BeautifulSoup(page, "html.parser").select("section[aria-labelledby=parts] td.num")
    return [each.text.strip() for each in found]


def test_an_expert_reads_counts_above_the_floor_and_a_moderator_all(
    app: Flask, client: FlaskClient, world: dict[str, str]
) -> None:
    enter(app, client, Role.EXPERT)
    page = client.get(f"/equipe/sujets/{world['card']}").text
    assert cells(page) == ["20", "non montré", "non montré"]
    assert not re.search(r"\bsonne\b", page)
    enter(app, client, Role.MODERATOR)
    assert cells(client.get(f"/equipe/sujets/{world['card']}").text) == ["20", "15", "3"]


def test_a_promoter_opens_no_page_of_subjects(
    app: Flask, client: FlaskClient, world: dict[str, str]
) -> None:
    enter(app, client, Role.PROMOTER)
    assert client.get("/equipe/sujets").status_code == 403
    assert client.get(f"/equipe/sujets/{world['card']}").status_code == 403


def test_a_blank_name_comes_back_with_the_reason(
    app: Flask, client: FlaskClient, world: dict[str, str]
) -> None:
    enter(app, client, Role.EXPERT)
    answer = post(client, f"/equipe/sujets/{world['card']}/nom", {"name": "   "})
    assert answer.status_code == 422
    assert "Un nom est nécessaire" in answer.text
    post(client, f"/equipe/sujets/{world['card']}/nom", {"name": "La carte Vitale"})
    assert "La carte Vitale" in client.get("/equipe/sujets").text


def test_two_subjects_are_merged_on_the_page(
    app: Flask, client: FlaskClient, world: dict[str, str]
) -> None:
    enter(app, client, Role.EXPERT)
    url = f"/equipe/sujets/{world['badge']}/reunir"
    assert post(client, url, {"into": ""}).status_code == 422
    assert post(client, url, {"into": world["badge"]}).status_code == 422
    answer = post(client, url, {"into": world["card"]}, follow_redirects=True)
    assert "fait maintenant partie de ce sujet" in answer.text
    assert "Réuni avec" in client.get(f"/equipe/sujets/{world['badge']}").text
    assert post(client, url, {"into": world["card"]}).status_code == 422, "it has ended"


def test_an_empty_list_says_why(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        factories.account(Role.EXPERT, email="expert@example.fr")
    enter(app, client, Role.EXPERT)
    assert "Aucun sujet pour le moment" in client.get("/equipe/sujets").text
