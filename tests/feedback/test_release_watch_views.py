"""The pages of release watches: asking, reading, stopping; for the team and for experts."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from feedback import release_looks, release_watches
from feedback.models import ReleaseWatch, Signal, Theme
from feedback.release_watches import Wish
from tests import factories
from tests.conftest import writing
from tests.factories import post, sign_in
from tests.feedback.release_town import WEEK, hear, with_a_past

Town = dict[str, str]


@pytest.fixture
def town(app: Flask, today: date) -> Town:
    """A service with a theme, forty weeks of it, and a release to come."""
    with writing(app):
        service = factories.service()
        theme = with_a_past(service, today)
        out = factories.release(service, "7.0", today + WEEK)
        return {"slug": service.slug, "theme": theme.id, "release": str(out.id)}


def enter(app: Flask, client: FlaskClient, role: Role, slug: str = "") -> FlaskClient:
    with writing(app):
        seat = db.session.scalar(select(Service).where(Service.slug == slug)) if slug else None
        sign_in(client, factories.account(role, services=(seat,) if seat else ()))
    return client


def wish(town: Town, **changes: str) -> dict[str, str]:
    said = {"release": town["release"], "theme": town["theme"], "question": "Perd-elle ?"}
    return {**said, "weeks": "12", **changes}


def started(app: Flask, town: Town, today: date) -> str:
    with writing(app):
        theme = db.session.get(Theme, town["theme"])
        assert theme
        asked = Wish(theme.service.releases[0], theme, "La 7.0 perd-elle des mesures ?", 12)
        return release_watches.declare(theme.service, asked, "Réseau", today).id


def test_a_team_asks_beforehand_and_reads_what_was_fixed(
    app: Flask, client: FlaskClient, committed: Session, town: Town
) -> None:
    team = enter(app, client, Role.PROMOTER, town["slug"])
    form = team.get(f"/equipe/services/{town['slug']}/surveillances").text
    assert "7.0, du 30 novembre 2026" in form
    assert "12 semaines, erreur promise de 2,3 %" in form
    answer = post(team, f"/equipe/services/{town['slug']}/surveillances", wish(town))
    assert answer.status_code == 303
    watch_id = committed.scalars(select(ReleaseWatch.id)).one()
    committed.rollback()
    page = team.get(f"/equipe/surveillances/{watch_id}").text
    assert "40 retours sur 200, en 40 semaines" in page
    assert "Pas encore de regard : le premier vient le 7 décembre 2026." in page
    assert "d’autres causes possibles" in page
    assert "Sans aucune hausse, 2 surveillances sur 100 au plus" in page
    assert "Perd-elle ?" in team.get("/equipe/surveillances").text


@pytest.mark.parametrize("missing", ["release", "theme", "question", "weeks"])
def test_an_unfinished_question_is_kept_and_explained(
    app: Flask, client: FlaskClient, town: Town, missing: str
) -> None:
    expert = enter(app, client, Role.EXPERT)
    answer = post(
        expert, f"/equipe/services/{town['slug']}/surveillances", wish(town, **{missing: ""})
    )
    assert answer.status_code == 422
    assert "La question n’est pas posée." in answer.text
    assert ('value="Perd-elle ?"' in answer.text) == (missing != "question")


def test_a_service_without_a_release_to_come_is_told_what_to_do(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        slug = factories.service().slug
    page = enter(app, client, Role.EXPERT).get(f"/equipe/services/{slug}/surveillances").text
    assert "Notez la version dans les réglages du service" in page


def test_what_is_found_leads_to_the_signal_and_back(
    app: Flask, client: FlaskClient, committed: Session, town: Town, today: date
) -> None:
    watch_id = started(app, town, today)
    with writing(app):
        theme = db.session.get(Theme, town["theme"])
        assert theme
        for number in (1, 2):
            hear(theme, today + number * WEEK, 7)
        release_looks.look(today + 4 * WEEK)
    signal_id = committed.scalars(select(Signal.id)).one()
    committed.rollback()
    expert = enter(app, client, Role.EXPERT)
    page = expert.get(f"/equipe/surveillances/{watch_id}").text
    assert "La limite est dépassée." in page
    assert f"/equipe/signaux/{signal_id}" in page
    assert "<svg" in page
    signal = expert.get(f"/equipe/signaux/{signal_id}").text
    assert "Une question posée d’avance l’a trouvé" in signal
    assert f"/equipe/surveillances/{watch_id}" in signal
    assert "nomme un dommage" not in signal


def test_the_theme_before_and_after_the_release_stands_beside(
    app: Flask, client: FlaskClient, town: Town, today: date
) -> None:
    watch_id = started(app, town, today)
    with writing(app):
        watch = db.session.get(ReleaseWatch, watch_id)
        assert watch
        watch.release.day = today - 2 * WEEK
    page = enter(app, client, Role.PROMOTER, town["slug"]).get(f"/equipe/surveillances/{watch_id}")
    assert "Huit semaines avant et après" in page.text
    assert "Trop peu de retours pour comparer des parts" in page.text


def test_stopping_asks_why(
    app: Flask, client: FlaskClient, committed: Session, town: Town, today: date
) -> None:
    watch_id = started(app, town, today)
    expert = enter(app, client, Role.EXPERT)
    address = f"/equipe/surveillances/{watch_id}/arreter"
    assert post(expert, address, {"reason": " "}).status_code == 422
    assert post(expert, address, {"reason": "Version retirée."}).status_code == 303
    watch = committed.get(ReleaseWatch, watch_id)
    assert watch
    assert (watch.state, watch.reason) == ("stopped", "Version retirée.")
    committed.rollback()
    page = expert.get(f"/equipe/surveillances/{watch_id}").text
    assert "Arrêtée avant la fin : Version retirée." in page
    assert "Arrêter la surveillance" not in page


def test_other_teams_and_moderators_ask_nothing(
    app: Flask, client: FlaskClient, town: Town, today: date
) -> None:
    watch_id = started(app, town, today)
    moderator = enter(app, client, Role.MODERATOR)
    assert "Arrêter la surveillance" not in moderator.get(f"/equipe/surveillances/{watch_id}").text
    assert moderator.get(f"/equipe/services/{town['slug']}/surveillances").status_code == 403
    stranger = enter(app, client, Role.PROMOTER)
    assert stranger.get(f"/equipe/surveillances/{watch_id}").status_code == 404
    assert stranger.get(f"/equipe/services/{town['slug']}/surveillances").status_code == 404
    answer = post(stranger, f"/equipe/surveillances/{watch_id}/arreter", {"reason": "Non."})
    assert answer.status_code == 404


def test_without_a_watch_the_list_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    assert (
        "Aucune version n’est surveillée."
        in enter(app, client, Role.EXPERT).get("/equipe/surveillances").text
    )
