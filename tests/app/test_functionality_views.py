"""A functionality is changed and taken away once its consequences were read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Functionality, Service
from app.db import db
from app.loop_figures import loop_figures
from feedback import threads
from feedback.local_question_edits import Draft, add
from feedback.models import Answer, AnswerStatus, Feedback, LocalQuestion
from feedback.question_shapes import Kind
from feedback.tallies import drift, faces_by_functionality
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback.citizen import soup_of, words_of
from tests.feedback.signal_rows import signal

World = dict[str, Any]


@pytest.fixture
def world(app: Flask, client: FlaskClient) -> World:
    """A service with two functionalities of 10 working days, its team signed in; another's too."""
    with writing(app):
        service = factories.service()
        factories.release(service)  # its form stands on the page too
        row, other = (factories.functionality(service, name=n) for n in ("Rappels", "Partage"))
        far = factories.functionality(factories.service(), name="Ailleurs")
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
        return {
            "url": f"/equipe/reglages/{service.slug}/fonctionnalites",
            "page": f"/equipe/reglages/{service.slug}",
            "slug": service.slug,
            "service": service.id,
            "row": row.id,
            "other": other.id,
            "far": far.id,
            "form": {
                "number": str(row.id),
                "name": "Rappels",
                "kind": row.kind,
                "individual_risk": "medium",
                "collective_risk": "low",
                "own_reply_days": "",
            },
        }


@pytest.fixture
def stored(committed: Session) -> Callable[[Any], list[Any]]:
    """Read what was committed and let go at once, so that the next request can write."""

    def read(query: Any) -> list[Any]:
        rows = list(committed.scalars(query))
        committed.expunge_all()
        committed.rollback()
        return rows

    return read


Stored = Callable[[Any], list[Any]]


def form_at(client: FlaskClient, world: World) -> dict[str, str]:
    """Return the fields of the form of the first functionality, as the page fills them in."""
    (number,) = soup_of(client.get(world["page"])).select(f"input[value='{world['row']}']")
    form = number.find_parent("form")
    assert form is not None
    fields = {str(i["name"]): str(i.get("value", "")) for i in form.select("input")}
    for each in form.select("select"):
        chosen = each.select_one("option[selected]")
        assert chosen is not None, each["name"]
        fields[str(each["name"])] = str(chosen["value"])
    return fields


def test_name_and_class_are_fields_that_are_seen_and_hold_what_is_kept(
    client: FlaskClient, world: World
) -> None:
    fields = form_at(client, world)
    fields.pop("csrf_token")
    assert fields == world["form"]
    page = soup_of(client.get(world["page"]))
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for name in ("name", "kind", "own_reply_days"):
        found = page.select_one(f"#{name}-{world['row']}")
        assert found is not None
        assert found.get("type") != "hidden"


def test_a_functionality_is_renamed_and_changes_its_class_once_it_was_read(
    client: FlaskClient, world: World, stored: Stored
) -> None:
    change = {**world["form"], "name": "Rappels du soir", "kind": "therapy"}
    shown = post(client, world["url"], change)
    assert shown.status_code == 200
    told = words_of(shown)
    assert "s’appelait « Rappels »" in told
    assert "suivi par soi-même soin" in told
    assert "Ses scores se compareront à ceux de la nouvelle classe" in told
    query = select(Functionality).where(Functionality.id == world["row"])
    assert stored(query)[0].name == "Rappels"
    confirmed = {str(i["name"]): str(i["value"]) for i in soup_of(shown).select("main input")}
    assert client.post(world["url"], data=confirmed).status_code == 303
    (row,) = stored(query)
    assert (row.name, row.kind) == ("Rappels du soir", "therapy")


def test_a_taken_name_is_refused_at_its_field_with_what_was_typed(
    client: FlaskClient, world: World
) -> None:
    change = {**world["form"], "name": "Partage", "own_reply_days": "7"}
    answer = post(client, world["url"], change)
    assert answer.status_code == 422
    page = soup_of(answer)
    field = page.select_one(f"#name-{world['row']}")
    assert field is not None
    assert (field["value"], field["aria-invalid"]) == ("Partage", "true")
    error = page.select_one(f"#{field['aria-describedby']}")
    assert error is not None
    assert "Une fonctionnalité porte déjà ce nom." in error.get_text()
    days = page.select_one(f"#own_reply_days-{world['row']}")
    assert days is not None
    assert days["value"] == "7"
    assert field.find_parent("details").has_attr("open")  # type: ignore[union-attr]


# A clock of its own.


def test_a_stricter_clock_is_shown_before_it_is_kept_and_binds_what_comes(
    app: Flask, client: FlaskClient, world: World, stored: Stored
) -> None:
    with writing(app):
        told = factories.retour(
            db.session.get_one(Service, world["service"]),
            functionality_id=world["row"],
            reply_due=TODAY + timedelta(days=14),
        ).id
    change = {**world["form"], "own_reply_days": "3"}
    shown = words_of(post(client, world["url"], change))
    assert "Première réponse 10 jours ouvrés 3 jours ouvrés" in shown
    assert "Sans fonctionnalité nommée 10 jours ouvrés 3 jours ouvrés" in shown
    assert "La matrice demande 10 jours au plus : ce délai est plus court." in shown
    assert "Les délais déjà annoncés aux auteurs ne bougent pas. 1 retour garde le sien." in shown
    assert stored(select(Functionality.own_reply_days)) == [None] * 3
    assert post(client, world["url"], {**change, "confirmed": "yes"}).status_code == 303
    assert "3 jours ouvrés (délai propre)" in words_of(client.get(world["page"]))
    assert "répond en 3 jours ouvrés" in words_of(client.get(f"/s/{world['slug']}"))
    due = select(Feedback.reply_due).where(Feedback.id == told)
    assert stored(due) == [TODAY + timedelta(days=14)]
    with writing(app):
        feedback = db.session.get_one(Feedback, told)
        feedback.thread_state, feedback.waiting_since, feedback.reply_due = "answered", None, None
        threads.reply(feedback, "Cela recommence.", TODAY)
    assert stored(due) == [TODAY + timedelta(days=3)]  # Monday to Thursday


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("11", "Ces risques demandent 10 jours au plus."),
        ("0", "Un jour au moins."),
        ("-4", "Un jour au moins."),
        ("9" * 30, "Ces risques demandent 10 jours au plus."),
        ("vite", "valide"),
    ],
)
def test_a_clock_is_never_longer_than_the_matrix_and_is_a_number_of_days(
    client: FlaskClient, world: World, stored: Stored, days: str, said: str
) -> None:
    for confirmed in ("", "yes"):
        change = {**world["form"], "own_reply_days": days, "confirmed": confirmed}
        answer = post(client, world["url"], change)
        assert answer.status_code == 422
        error = soup_of(answer).select_one(f"#own_reply_days-{world['row']}-error")
        assert error is not None
        assert said in error.get_text()
        assert f'value="{days}"' in answer.text
    assert stored(select(Functionality.own_reply_days)) == [None] * 3


def test_a_raised_risk_shortens_a_clock_that_was_set_before(app: Flask, world: World) -> None:
    with writing(app):
        row = db.session.get_one(Functionality, world["row"])
        row.own_reply_days = 8
        assert row.reply_days == 8
        row.individual_risk = "high"
        assert row.reply_days == 5


def test_answers_in_time_are_counted_by_the_clock_of_the_functionality(
    app: Flask, world: World
) -> None:
    said = TODAY - timedelta(days=28)  # a Monday
    with writing(app):
        service = db.session.get_one(Service, world["service"])
        values = {"day": said, "first_answer_day": said + timedelta(days=7)}  # 5 working days
        factories.retour(service, functionality_id=world["row"], **values)
        factories.retour(service, functionality_id=world["other"], **values)
        assert loop_figures(service, TODAY).in_time == 2
        db.session.get_one(Functionality, world["row"]).own_reply_days = 4
        db.session.flush()
        figures = loop_figures(service, TODAY)
    assert (figures.clocks, figures.in_time) == (2, 1)


# Taking one away.


def remove(client: FlaskClient, world: World, number: int, confirmed: str = "") -> Any:
    return post(client, f"{world['url']}/{number}/retirer", {"confirmed": confirmed})


def test_what_goes_is_told_before_and_retours_fall_to_none(
    app: Flask, client: FlaskClient, world: World, stored: Stored
) -> None:
    with writing(app):
        service = db.session.get_one(Service, world["service"])
        db.session.get_one(Functionality, world["row"]).own_reply_days = 2
        due = TODAY + timedelta(days=2)
        waiting = factories.retour(service, functionality_id=world["row"], reply_due=due).id
        factories.retour(service, functionality_id=world["row"], thread_state="answered")
        factories.retour(service, functionality_id=world["row"], state="withdrawn", face=None)
        kept = factories.retour(service, functionality_id=world["other"]).id
        for words in ("À quelle heure ?", "Sur quel téléphone ?"):
            add(service, Draft(words, Kind.TEXT, functionality_id=world["row"]), TODAY)
        asked = db.session.scalars(select(LocalQuestion)).first()
        assert asked is not None
        answer = Answer(question=asked.code, status=AnswerStatus.GIVEN.value, value="18 h")
        answer.feedback_id = waiting
        db.session.add(answer)
        code = asked.code
    shown = words_of(remove(client, world, world["row"]))
    assert "2 retours ne nommeront plus de fonctionnalité." in shown
    assert "1 retour attend une réponse : son délai annoncé ne bouge pas." in shown
    assert "2 questions posées pour elle seule ne le seront plus." in shown
    assert "le délai de réponse passe de 2 à 10 jours ouvrés." in shown
    assert len(stored(select(Functionality.id))) == 3
    assert remove(client, world, world["row"], "yes").status_code == 303
    assert sorted(stored(select(Functionality.id))) == sorted([world["other"], world["far"]])
    named = select(Feedback.id).where(Feedback.functionality_id.is_not(None))
    assert stored(named) == [kept]
    assert stored(select(Feedback.reply_due).where(Feedback.id == waiting)) == [due]
    (question,) = stored(select(LocalQuestion))
    assert (question.code, question.ended, question.functionality_id) == (code, TODAY, None)
    assert stored(select(Answer.value)) == ["18 h"]
    with app.app_context():
        assert drift() == 0
        assert faces_by_functionality(world["service"]) == {0: {5: 2}, world["other"]: {5: 1}}
    again = remove(client, world, world["row"], "yes")
    assert again.status_code == 303
    assert "Cette fonctionnalité était déjà retirée." in words_of(client.get(again.location))


def test_one_that_a_signal_is_about_stays(
    app: Flask, client: FlaskClient, world: World, stored: Stored
) -> None:
    with writing(app):
        row = signal(db.session.get_one(Service, world["service"]))
        row.facet, row.facet_value = "functionality", str(world["row"])
    answer = remove(client, world, world["row"], "yes")
    told = words_of(client.get(answer.location))
    assert "Un signal porte sur cette fonctionnalité : elle reste." in told
    assert len(stored(select(Functionality.id))) == 3


def test_one_of_another_service_stays(client: FlaskClient, world: World, stored: Stored) -> None:
    for number in (world["far"], 10**12):
        assert remove(client, world, number, "yes").status_code == 303
    change = {**world["form"], "number": str(world["far"]), "name": "Pris", "confirmed": "yes"}
    post(client, world["url"], change)
    (far,) = stored(select(Functionality).where(Functionality.id == world["far"]))
    assert far.name == "Ailleurs"


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.EXPERT, Role.FACILITATOR, Role.RELAY])
def test_other_roles_change_nothing(
    app: Flask, client: FlaskClient, world: World, stored: Stored, role: Role
) -> None:
    with writing(app):
        factories.sign_in(client, factories.account(role))
    assert remove(client, world, world["row"], "yes").status_code == 403
    assert post(client, world["url"], {**world["form"], "confirmed": "yes"}).status_code == 403
    assert len(stored(select(Functionality.id))) == 3
