"""Known effects: the team's list, its examples masked or referred to, and who may see which."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import privacy
from app.accounts import Role
from app.catalogue import Service
from app.db import db
from app.traces import Trace
from feedback import known_effects
from feedback.known_effects import EffectExists
from feedback.models import Feedback, KnownEffect, KnownEffectExample, Segment
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback import watched

WORDS = "Le rappel sonne à trois heures du matin."
PAGE = "/equipe/effets-connus/tension"


@pytest.fixture
def service(app: Flask, in_app: None) -> Service:
    return factories.service()


def test_a_name_stands_once_and_may_come_back_after_its_end(service: Service) -> None:
    first = known_effects.announce(service, "Rappels la nuit", TODAY)
    with pytest.raises(EffectExists):
        known_effects.announce(service, "rappels la NUIT", TODAY)
    known_effects.end(first, TODAY)
    again = known_effects.announce(service, "Rappels la nuit", TODAY)
    assert [each.id for each in known_effects.standing(service)] == [again.id]
    assert [each.id for each in known_effects.effects_of(service)] == [again.id, first.id]


def test_the_list_of_services_counts_what_each_announces_today(
    app: Flask, team: FlaskClient, effect: dict[str, Any]
) -> None:
    assert "1 effet annoncé" in team.get("/equipe/effets-connus").text
    assert factories.post(team, f"{PAGE}/{effect['id']}/fin").status_code == 303
    assert "0 effet annoncé" in team.get("/equipe/effets-connus").text


def test_ending_keeps_the_row_its_examples_and_its_first_day(service: Service) -> None:
    effect = known_effects.announce(service, "Rappels la nuit", TODAY)
    known_effects.add_sentence(effect, WORDS)
    known_effects.end(effect, TODAY)
    known_effects.end(effect, TODAY.replace(year=2027))
    assert effect.ended == TODAY
    assert [each.text for each in effect.examples] == [WORDS]


def test_an_example_is_added_once_and_left_without_vector(service: Service) -> None:
    effect = known_effects.announce(service, "Rappels la nuit", TODAY)
    segment = _segment(watched.evidence(watched.signal(service), WORDS))
    for _ in range(2):
        known_effects.add_sentence(effect, WORDS)
    assert known_effects.add_segments(effect, [segment.id]) == 1
    assert known_effects.add_segments(effect, [segment.id]) == 0
    assert [each.vector for each in effect.examples] == [None, None]


def _segment(feedback: Feedback) -> Segment:
    query = select(Segment).where(Segment.feedback_id == feedback.id)
    return db.session.scalars(query).one()


def test_a_citizens_example_is_erased_with_its_retour(service: Service) -> None:
    effect = known_effects.announce(service, "Rappels la nuit", TODAY)
    retour = watched.evidence(watched.signal(service), WORDS)
    known_effects.add_segments(effect, [_segment(retour).id])
    known_effects.add_sentence(effect, "Une phrase de l’équipe.")
    privacy.erase(retour, TODAY)
    left = db.session.scalars(select(KnownEffectExample.text)).all()
    assert left == ["Une phrase de l’équipe."]


@pytest.fixture
def team(app: Flask, client: FlaskClient) -> FlaskClient:
    with writing(app):
        service = factories.service(slug="tension")
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
    return client


def _as(app: Flask, client: FlaskClient, role: Role) -> None:
    with writing(app):
        factories.sign_in(client, factories.account(role))


def test_the_team_announces_an_effect_whose_words_are_masked(
    team: FlaskClient, committed: Session
) -> None:
    assert "Aucun effet n’est annoncé." in team.get(PAGE).text
    typed = {"name": "Réveils", "text": "Appelez le 06 12 34 56 78 quand il sonne la nuit."}
    assert factories.post(team, PAGE, typed).status_code == 303
    assert "Réveils" in team.get(PAGE).text
    example = committed.scalars(select(KnownEffectExample)).one()
    assert "[TELEPHONE" in example.text
    assert "06 12" not in example.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "R", "text": WORDS}, "Nommez l’effet en quelques mots"),
        ({"name": "Réveils", "text": ""}, "Écrivez une phrase, comme on la dirait"),
        ({"name": "nuit", "text": WORDS}, "Le service annonce déjà un effet de ce nom."),
    ],
)
def test_a_refused_effect_keeps_what_was_typed(
    app: Flask, team: FlaskClient, typed: dict[str, str], said: str
) -> None:
    with writing(app):
        known_effects.announce(db.session.scalars(select(Service)).one(), "Nuit", TODAY)
    answer = factories.post(team, PAGE, typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert typed["name"] in answer.text


@pytest.fixture
def effect(app: Flask, team: FlaskClient) -> dict[str, Any]:
    """An effect with one example of each sort; the citizen's stands in no signal."""
    with writing(app):
        service = db.session.scalars(select(Service)).one()
        made = known_effects.announce(service, "Nuit", TODAY)
        known_effects.add_sentence(made, "Une phrase de l’équipe.")
        retour = factories.retour(service, text=WORDS)
        segment = Segment(
            feedback_id=retour.id, start=0, end=len(WORDS), vector=b"\0\0", model="test"
        )
        db.session.add(segment)
        db.session.flush()
        known_effects.add_segments(made, [segment.id])
        own = next(each.id for each in made.examples if each.text)
        return {"id": made.id, "own": own, "retour": retour.id, "segment": segment.id}


def test_the_team_adds_removes_and_ends(
    team: FlaskClient, effect: dict[str, Any], committed: Session
) -> None:
    address = f"{PAGE}/{effect['id']}"
    short = factories.post(team, f"{address}/exemples", {"text": "Court"})
    assert short.status_code == 422
    assert "Court</textarea>" in short.text.replace("\n", "")
    said = {"text": "Il vibre toute la nuit."}
    assert factories.post(team, f"{address}/exemples", said).status_code == 303
    assert said["text"] in team.get(PAGE).text
    gone = f"{address}/exemples/{effect['own']}/retirer"
    assert [factories.post(team, gone).status_code for _ in range(2)] == [303, 404]
    assert factories.post(team, f"{address}/fin").status_code == 303
    assert "plus annoncé depuis le" in team.get(PAGE).text
    assert committed.scalars(select(KnownEffect.ended)).one() == TODAY


def test_another_services_effect_is_not_found(
    app: Flask, team: FlaskClient, effect: dict[str, Any]
) -> None:
    with writing(app):
        service = factories.service()
        other = known_effects.announce(service, "Ailleurs", TODAY).id
        slug = service.slug
    assert factories.post(team, f"{PAGE}/{other}/fin").status_code == 404
    assert team.get(f"/equipe/effets-connus/{slug}").status_code == 404
    assert slug not in team.get("/equipe/effets-connus").text


def test_each_role_sees_the_sentences_it_may_read(
    app: Flask, team: FlaskClient, effect: dict[str, Any], committed: Session
) -> None:
    assert WORDS in team.get(PAGE).text
    opened = committed.scalars(select(Trace).where(Trace.feedback_id == effect["retour"])).all()
    assert [row.payload["detail"] for row in opened if row.payload] == ["known effect"]
    committed.rollback()
    for role, may in ((Role.MODERATOR, True), (Role.EXPERT, False), (Role.ADMINISTRATOR, False)):
        _as(app, team, role)
        shown = team.get(PAGE).text
        assert (WORDS in shown) == may, role
        assert ("que votre rôle ne lit pas" in shown) != may
        assert "Une phrase de l’équipe." in shown
        assert ("Annoncer cet effet" in shown) == (role is Role.ADMINISTRATOR)
    _as(app, team, Role.EXPERT)
    assert factories.post(team, PAGE, {"name": "Réveils", "text": WORDS}).status_code == 403


def test_an_expert_reads_the_sentences_that_stand_in_a_signal(
    app: Flask, team: FlaskClient, effect: dict[str, Any]
) -> None:
    with writing(app):
        service = db.session.scalars(select(Service)).one()
        signal = watched.signal(service)
        db.session.add(watched.SignalEvidence(signal_id=signal.id, feedback_id=effect["retour"]))
    _as(app, team, Role.EXPERT)
    assert WORDS in team.get(PAGE).text


def test_a_message_gives_its_sentences_to_an_effect(
    app: Flask, team: FlaskClient, effect: dict[str, Any], committed: Session
) -> None:
    address = f"{PAGE}/messages/{effect['retour']}"
    assert WORDS in team.get(address).text
    for typed, said in (
        ({}, "Cochez au moins une phrase."),
        ({"segments": effect["segment"]}, "Choisissez un effet, ou nommez-en un."),
        ({"segments": effect["segment"], "name": "NUIT"}, "choisissez-le"),
    ):
        answer = factories.post(team, address, {"effect": "", **typed})
        assert answer.status_code == 422
        assert said in answer.text
    new = {"segments": effect["segment"], "effect": "", "name": "Réveils"}
    assert factories.post(team, address, new).status_code == 303
    assert committed.scalars(select(KnownEffect.name).order_by(KnownEffect.id)).all() == [
        "Nuit",
        "Réveils",
    ]


def test_only_who_reads_a_message_and_keeps_the_list_gives_it(
    app: Flask, team: FlaskClient, effect: dict[str, Any]
) -> None:
    address = f"{PAGE}/messages/{effect['retour']}"
    with writing(app):
        elsewhere = factories.retour(factories.service()).id
        held = factories.retour(db.session.scalars(select(Service).limit(1)).one(), state="held").id
    for feedback_id in (elsewhere, held, "XXXXXX"):
        assert team.get(f"{PAGE}/messages/{feedback_id}").status_code == 404
    _as(app, team, Role.ADMINISTRATOR)
    assert team.get(address).status_code == 404
    _as(app, team, Role.EXPERT)
    assert team.get(address).status_code == 403


def test_a_message_that_was_not_cut_yet_says_so(app: Flask, team: FlaskClient) -> None:
    with writing(app):
        fresh = factories.retour(db.session.scalars(select(Service)).one()).id
    assert "n’a pas encore été lu par l’analyse" in team.get(f"{PAGE}/messages/{fresh}").text


def test_a_signal_and_a_theme_lead_the_team_to_the_choice(app: Flask, team: FlaskClient) -> None:
    with writing(app):
        signal = watched.signal(db.session.scalars(select(Service)).one())
        retour = watched.evidence(signal)
        pages = f"/equipe/signaux/{signal.id}", f"/equipe/themes/{signal.theme_id}"
        choice = f"{PAGE}/messages/{retour.id}"
    assert all(choice in team.get(page).text for page in pages)
    for role in (Role.EXPERT, Role.MODERATOR):
        _as(app, team, role)
        assert not [page for page in pages if choice in team.get(page).text]
