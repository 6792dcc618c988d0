"""A relay's territory: figures above the floor, the log of its own visits, lessons for all."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.territories import load_territories
from feedback.lessons import read_tags
from feedback.models import Lesson, Visit
from tests import factories
from tests.conftest import writing
from tests.factories import post, sign_in

VISIT = {"day": "2026-11-20", "kind": "club", "place": "Mairie", "met": "12", "note": "Bien."}
LESSON = {
    "title": "Des tablettes à l’accueil",
    "tried": "Nous avons posé deux tablettes à l’accueil.",
    "outcome": "Les personnes âgées demandent de l’aide plus tôt.",
    "audience": "Personnes âgées",
    "tags": "Tablette, accueil, tablette",
    "kinds": ["vault"],
}
Enter = Callable[..., FlaskClient]


@pytest.fixture
def enter(app: Flask, client: FlaskClient) -> Enter:
    with writing(app):
        load_territories()
        near = factories.service(slug="ici", name="Service d’ici", territory_code="42")
        far = factories.service(slug="loin", name="Service de loin", territory_code="75")
        for _each in range(40):
            factories.retour(near)
            factories.retour(far)
        for role, code in ((Role.RELAY, "42"), (Role.RELAY, "75"), (Role.EXPERT, None)):
            factories.account(role, email=f"{role}-{code}@example.fr", territory_code=code)

    def as_one(role: Role, code: str | None = "42") -> FlaskClient:
        with writing(app):
            query = select(factories.Account).filter_by(email=f"{role}-{code}@example.fr")
            sign_in(client, factories.db.session.scalars(query).one())
        return client

    return as_one


def _one(committed: Session, model: Any) -> Any:
    row = committed.scalars(select(model)).one()
    committed.refresh(row)
    return row


def test_a_relay_sees_the_figures_of_its_territory_and_no_message(enter: Enter) -> None:
    page = enter(Role.RELAY).get("/equipe/territoire").text
    assert "Service d’ici" in page
    assert "Service de loin" not in page
    assert ">40<" in page
    assert "ne transmet plus" not in page
    client = enter(Role.RELAY)
    assert client.get("/equipe/services/ici/notes").status_code == 200
    assert client.get("/equipe/services/loin/notes").status_code == 404


def test_few_retours_are_hidden_from_a_relay(app: Flask, enter: Enter) -> None:
    with writing(app):
        small = factories.service(name="Petit", territory_code="42")
        for _each in range(10):
            factories.retour(small)
    page = enter(Role.RELAY).get("/equipe/territoire").text
    row = page[page.index("Petit") :].split("</tr>")[0]
    assert "caché" in row
    assert ">10<" not in row


def test_a_visit_is_logged_changed_and_taken_out_by_its_own_territory_only(
    enter: Enter, committed: Session
) -> None:
    client = enter(Role.RELAY)
    with client.application.app_context():
        query = select(factories.Service.id).filter_by(slug="ici")
        service = factories.db.session.scalar(query)
    visit = {**VISIT, "services": service}
    assert post(client, "/equipe/territoire/visites", visit).status_code == 303
    kept = _one(committed, Visit)
    assert (kept.territory_code, kept.met, kept.kind) == ("42", 12, "club")
    assert [each.slug for each in kept.services] == ["ici"]
    place = f"/equipe/territoire/visites/{kept.id}"
    committed.rollback()
    assert 'value="Mairie"' in client.get(place).text
    assert post(client, place, {**VISIT, "met": "15"}).status_code == 303
    assert _one(committed, Visit).met == 15
    committed.rollback()
    other = enter(Role.RELAY, "75")
    assert "Mairie" not in other.get("/equipe/territoire").text
    assert other.get(place).status_code == 404
    assert post(other, place, VISIT).status_code == 404
    assert post(other, f"{place}/retirer").status_code == 404
    assert post(enter(Role.RELAY), f"{place}/retirer").status_code == 303
    assert committed.scalar(select(Visit)) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": "2026-11-24"}, "day"),
        ({"day": ""}, "day"),
        ({"met": "-1"}, "met"),
        ({"met": "beaucoup"}, "met"),
        ({"place": " "}, "place"),
        ({"kind": "fête"}, "kind"),
        ({"note": "x" * 3001}, "note"),
    ],
)
def test_a_visit_that_cannot_be_is_refused_and_the_rest_kept(
    enter: Enter, changes: dict[str, str], field: str
) -> None:
    answer = post(enter(Role.RELAY), "/equipe/territoire/visites", {**VISIT, **changes})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'href="#{field}"' in answer.text
    assert "Bien." in answer.text or field == "note"


def test_a_visit_names_no_service_of_another_territory(enter: Enter, committed: Session) -> None:
    client = enter(Role.RELAY)
    with client.application.app_context():
        query = select(factories.Service.id).filter_by(slug="loin")
        far = factories.db.session.scalar(query)
    answer = post(client, "/equipe/territoire/visites", {**VISIT, "services": far})
    assert answer.status_code == 422
    assert committed.scalar(select(Visit)) is None


def test_an_identifier_in_a_note_is_masked(enter: Enter, committed: Session) -> None:
    note = {"note": "Rappeler le 06 12 34 56 78."}
    post(enter(Role.RELAY), "/equipe/territoire/visites", {**VISIT, **note})
    assert "06 12" not in _one(committed, Visit).note


def test_a_lesson_is_found_by_another_territory_with_who_says_it(
    enter: Enter, committed: Session
) -> None:
    answer = post(enter(Role.RELAY), "/equipe/lecons/nouvelle", LESSON)
    assert answer.status_code == 303
    kept = _one(committed, Lesson)
    assert (kept.territory_code, kept.tags) == ("42", ["tablette", "accueil"])
    organisation, committed_id = kept.organisation.name, kept.id
    committed.rollback()
    other = enter(Role.RELAY, "75")
    for found in ("words=TABLETTES+agees", "territory=42", "kind=vault", "tag=accueil", ""):
        page = other.get(f"/equipe/lecons?{found}").text
        assert "Des tablettes à l’accueil" in page, found
    for missed in ("words=girafe", "territory=75", "kind=rights", "tag=rien"):
        assert "Des tablettes à l’accueil" not in other.get(f"/equipe/lecons?{missed}").text
    page = other.get(f"/equipe/lecons/{committed_id}").text
    assert organisation in page
    assert "Loire" in page
    assert "23 novembre 2026" in page
    assert "Changer cette leçon" not in page
    change = f"/equipe/lecons/{committed_id}/changer"
    assert other.get(change).status_code == 404
    assert post(other, change, LESSON).status_code == 404
    assert post(enter(Role.EXPERT, None), change, LESSON).status_code == 403


def test_a_lesson_is_public_only_when_its_relay_says_so(enter: Enter, committed: Session) -> None:
    client = enter(Role.RELAY)
    post(client, "/equipe/lecons/nouvelle", LESSON)
    place = f"/equipe/lecons/{_one(committed, Lesson).id}/changer"
    committed.rollback()
    assert "tablettes" not in client.get("/lecons").text
    post(client, place, {**LESSON, "is_public": "y"})
    assert "Des tablettes à l’accueil" in client.get("/lecons").text
    assert _one(committed, Lesson).day.isoformat() == "2026-11-23"


def test_a_lesson_without_its_parts_is_refused_and_the_rest_kept(enter: Enter) -> None:
    short = {**LESSON, "outcome": "Bien.", "tags": ",".join(f"mot{n}" for n in range(9))}
    answer = post(enter(Role.RELAY), "/equipe/lecons/nouvelle", short)
    assert answer.status_code == 422
    assert 'id="outcome-error"' in answer.text
    assert 'id="tags-error"' in answer.text
    assert "deux tablettes" in answer.text


def test_tags_are_read_once_each() -> None:
    assert read_tags(" Un  mot , un mot,, DEUX") == ("un mot", "deux")
