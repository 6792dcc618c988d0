"""The team's page of a commitment and the taps that make one; another team finds neither."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.db import db
from feedback import commitments
from feedback.models import Commitment, CommitmentLink, Placement, Segment, Theme
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post, sign_in

SOON = TODAY + timedelta(days=10)


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """A signed-in team with a promise of one retour; another retour stands in its theme."""
    with writing(app):
        own = factories.service(slug="suivi")
        team = factories.account(Role.PROMOTER, services=(own,), name="Ada Exemple")
        theme = Theme(service=own, name="Envoi", born=TODAY, named_by_person=True)
        linked = factories.retour(own, text="Le bouton vert ne répond pas.")
        near = factories.retour(own, text="Le bouton bleu ne répond pas.")
        far = factories.retour(factories.service(), text="Ailleurs.")
        db.session.add(theme)
        for row in (linked, near):
            segment = Segment(feedback=row, start=0, end=9, vector=b"", model="m")
            placed = {"score": 0.9, "threshold": 0.5, "model": "m", "placed": TODAY}
            db.session.add(Placement(segment=segment, theme=theme, **placed))
        release = factories.release(own)
        made = commitments.promise(own, "Réparer le bouton.", "Équipe", SOON, [linked], TODAY)
        ids = {"made": made.id, "linked": linked.id, "near": near.id, "far": far.id}
        sign_in(client, team)
        ids |= {"theme": theme.id, "release": str(release.id), "account": str(team.id)}
    return ids


def page(desk: dict[str, Any]) -> str:
    return f"/equipe/engagements/{desk['made']}"


def test_theme_release_and_owner_are_kept_and_told(
    client: FlaskClient, desk: dict[str, Any]
) -> None:
    form = {"owner": "Cheffe de produit", "colleague": desk["account"]}
    form |= {"theme": desk["theme"], "release": desk["release"]}
    assert post(client, f"{page(desk)}/suivi", form).status_code == 303
    shown = client.get(page(desk)).text
    for words in ("Cheffe de produit", "Ada Exemple", "Version", "Le bouton bleu ne répond pas."):
        assert words in shown
    bad = post(client, f"{page(desk)}/suivi", form | {"owner": "", "theme": "AUTRE"})
    assert bad.status_code == 422
    assert "Nommez l’équipe" in bad.text


def test_retours_are_linked_and_unlinked(
    client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    def links() -> set[str]:
        found = set(committed.scalars(select(CommitmentLink.feedback_id)))
        committed.rollback()
        return found

    target = f"{page(desk)}/retours"
    assert post(client, target, {"lier": desk["near"]}).status_code == 303
    assert links() == {desk["linked"], desk["near"]}
    assert post(client, target, {"delier": desk["linked"]}).status_code == 303
    assert links() == {desk["near"]}
    assert post(client, target, {"lier": desk["far"]}).status_code == 404
    assert links() == {desk["near"]}


def test_another_team_finds_nothing(app: Flask, client: FlaskClient, desk: dict[str, Any]) -> None:
    with writing(app):
        other = factories.account(Role.PROMOTER, services=(factories.service(),))
        sign_in(client, other)
    assert client.get(page(desk)).status_code == 404
    for act in ("suivi", "retours", "annonce", "abandon"):
        assert post(client, f"{page(desk)}/{act}", {"lier": desk["near"]}).status_code == 404


def test_a_promise_of_one_service_answers_no_retour_of_the_team_s_other_service(
    app: Flask, client: FlaskClient, desk: dict[str, Any]
) -> None:
    with writing(app):
        second = factories.service()
        row = factories.retour(second)
        sign_in(client, factories.account(Role.PROMOTER, services=(row.service, _own(desk))))
        target = f"/equipe/retours/{row.id}/engagement"
    assert post(client, target, {"engagement": desk["made"]}).status_code == 404


def _own(desk: dict[str, Any]) -> Any:
    return db.session.get_one(Commitment, desk["made"]).service


def test_a_date_in_the_past_is_refused_with_the_reason_and_the_text_is_kept(
    client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    said = {"text": "Une version qui corrige l’envoi au médecin.", "owner": "Équipe"}
    target = f"/equipe/retours/{desk['near']}/engagement"
    for due in (TODAY, TODAY - timedelta(days=1)):
        refused = post(client, target, said | {"due": due.isoformat()})
        assert refused.status_code == 422
        assert "Donnez une date, après aujourd’hui." in refused.text
        assert said["text"] in refused.text
    for _tap in range(2):
        kept = post(client, target, said | {"due": SOON.isoformat()})
        assert kept.status_code == 303
    made = select(Commitment).where(Commitment.text == said["text"])
    assert len(list(committed.scalars(made))) == 1


def test_the_list_says_how_far_the_date_is(app: Flask, client: FlaskClient, desk: Any) -> None:
    with writing(app):
        _row = db.session.get_one(Commitment, desk["made"])
        _row.due = TODAY + timedelta(days=3)
    assert "Encore 3 jours." in client.get("/equipe/engagements").text
    with writing(app):
        row = db.session.get_one(Commitment, desk["made"])
        row.due, row.state = TODAY - timedelta(days=2), "late"
    assert "La date est passée de 2 jours." in client.get("/equipe/engagements").text
