"""The team's page of scores: what it says, who reads it, what is hidden, and the same number as
the citizen's.
"""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.accounts import Role
from app.catalogue import Functionality, Service
from app.db import db
from app.territories import load_territories
from feedback.models import Channel
from feedback.score_trend import periods
from tests import factories
from tests.conftest import writing
from tests.factories import sign_in
from tests.feedback.citizen import code_of, come_back, send, soup_of

TODAY = factories.TODAY


def rate(service: Service, bad: int = 0, fair: int = 0, good: int = 0, **values: object) -> None:
    for face, count in ((0, bad), (5, fair), (10, good)):
        for _ in range(count):
            factories.retour(service, face=face, **values)


@pytest.fixture
def slug(app: Flask) -> str:
    """A service of 60 retours among four of its kind, one functionality under the floor."""
    with writing(app):
        load_territories()
        service = factories.service(territory_code="42", name="Mon suivi tension")
        sharing = factories.functionality(service, name="Partage avec le médecin")
        factories.release(service, "6.2", date(2026, 10, 12))
        rate(service, bad=5, good=35, day=date(2026, 10, 20))
        rate(service, bad=6, good=4, day=date(2026, 9, 3), functionality_id=sharing.id)
        rate(service, fair=5, good=5, channel=Channel.PAPER.value)
        for code, bad, good in (("42", 30, 10), ("69", 20, 25), ("35", 3, 37)):
            other = factories.service(territory_code=code, name="Un autre nom")
            factories.functionality(other)
            rate(other, bad=bad, good=good)
        factories.publish()
        return str(service.slug)


def enter(app: Flask, client: FlaskClient, role: Role, slug: str = "") -> FlaskClient:
    with writing(app):
        seat = db.session.scalar(select(Service).where(Service.slug == slug)) if slug else None
        seats = (seat,) if seat else ()
        sign_in(client, factories.account(role, services=seats, territory_code="42"))
    return client


def words(answer: object) -> str:
    return " ".join(soup_of(answer).get_text(" ").split()).replace("\xa0", " ")


def test_the_team_reads_score_parts_months_and_place(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    page = words(enter(app, client, Role.PROMOTER, slug).get(f"/equipe/services/{slug}/notes"))
    assert "7,8 sur 10" in page
    assert "« Très bien » : 73 sur 100, pour 60 retours." in page
    assert "Partage avec le médecin suivi par soi-même 4 1 et 7 40 % 10" in page
    assert "6.2" in page
    assert "Ce service est dans les limites" in page
    assert "4 services de même nature y sont" in page
    assert "Un autre nom" not in page


def test_quarters_join_months(app: Flask, client: FlaskClient, slug: str) -> None:
    team = enter(app, client, Role.PROMOTER, slug)
    assert "T4 2026 8,5" in words(team.get(f"/equipe/services/{slug}/notes?pas=trimestre"))


def test_the_team_reads_the_faces_and_months_of_one_functionality(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    with writing(app):
        sharing = db.session.scalar(select(Functionality.id).order_by(Functionality.id.asc()))
    team = enter(app, client, Role.PROMOTER, slug)
    at = f"/equipe/services/{slug}/notes"
    link = soup_of(team.get(f"{at}?pas=trimestre")).select_one("#t-parts ~ div th a")
    assert link
    assert link["href"] == f"{at}?fonctionnalite={sharing}&pas=trimestre"
    page = words(team.get(str(link["href"])))
    assert "60 % · 6" in page
    assert "40 % · 4" in page
    assert "T3 2026 4" in page
    assert "T4 2026 –" in page
    assert "pour 60 retours" in page  # the score at the top stays that of the whole
    months = words(team.get(f"{at}?fonctionnalite={sharing}"))
    assert "sept. 26 4 1 et 7 10" in months
    assert "oct. 26 –" in months


def test_no_functionality_of_another_service_and_none_for_a_relay(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    with writing(app):
        own, *_, foreign = db.session.scalars(select(Functionality.id).order_by(Functionality.id))
    at = f"/equipe/services/{slug}/notes?fonctionnalite="
    team = enter(app, client, Role.PROMOTER, slug)
    for odd in (foreign, "0", "x", "-1", "9" * 30):
        assert team.get(f"{at}{odd}").status_code == 404
    relay = enter(app, app.test_client(), Role.RELAY)
    assert words(relay.get(f"{at}{own}")) == words(relay.get(at))


def test_a_relay_reads_nothing_under_the_floor(app: Flask, client: FlaskClient, slug: str) -> None:
    relay = enter(app, client, Role.RELAY)
    assert slug in relay.get("/equipe/notes").text
    page = words(relay.get(f"/equipe/services/{slug}/notes"))
    assert "« Très bien » : 73 sur 100, pour 60 retours." in page
    # 10 name the functionality: hidden, and the 50 others with them, else the total would tell.
    assert "Partage avec le médecin suivi par soi-même caché" in page
    assert "Sans fonctionnalité précisée caché" in page
    # September and November have 10 each; hidden together they are 20, so October joins them.
    assert "Aucune période n’a assez de retours" in page


def test_another_team_finds_nothing(app: Flask, client: FlaskClient, slug: str) -> None:
    with writing(app):
        other = factories.service().slug
    stranger = enter(app, client, Role.PROMOTER, other)
    assert stranger.get(f"/equipe/services/{slug}/notes").status_code == 404
    assert slug not in stranger.get("/equipe/notes").text


def test_without_a_face_the_page_says_so(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        load_territories()
        empty = factories.service().slug
    page = words(enter(app, client, Role.PROMOTER, empty).get(f"/equipe/services/{empty}/notes"))
    assert "Aucun retour n’a encore de visage." in page
    assert "Aucune période n’a assez de retours" in page
    assert "Il faut trois services de même nature" in page


QUANTILE = re.compile(r"Sur 100 services de même nature[^.]*\.")


def test_citizens_and_team_read_the_same_number(app: Flask, client: FlaskClient, slug: str) -> None:
    receipt = send(client, slug, face="10", text="Tout va bien.")
    author = words(come_back(client, code_of(receipt)))
    service = words(client.get(f"/s/{slug}"))
    board = words(client.get(f"/s/{slug}/ce-qui-change"))
    team = words(enter(app, client, Role.PROMOTER, slug).get(f"/equipe/services/{slug}/notes"))
    # The chart's table says the same sentences as the page: each counts once.
    found = [sorted(set(QUANTILE.findall(page))) for page in (author, service, board, team)]
    assert found[0] == found[1] == found[2] == found[3]
    assert len(found[0]) == 2  # in the region and in the country
    # All four read what was published before this retour; the team reads its own count besides.
    score = "« Très bien » : 73 sur 100, pour 60 retours. Chiffres du 23 novembre."
    assert all(score in page for page in (author, service, board, team))
    assert "« Très bien » : 74 sur 100, pour 61 retours." in team
    assert not any("61 retours" in page for page in (author, service, board))


def test_pages_ask_as_many_queries_with_many_retours_and_services(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    code = code_of(send(client, slug, face="10", text="Tout va bien."))
    come_back(client, code)
    pages = (f"/s/{slug}", f"/s/{slug}/ce-qui-change", "/suivi/retour")
    few = [_queries(app, client, page) for page in pages]
    with writing(app):
        service = db.session.scalar(select(Service).where(Service.slug == slug))
        assert service is not None
        rate(service, bad=40, good=40)
        for _ in range(3):
            other = factories.service(territory_code="42")
            factories.functionality(other)
            rate(other, bad=15, good=15)
        factories.publish()
    assert [_queries(app, client, page) for page in pages] == few


def _queries(app: Flask, client: FlaskClient, page: str) -> int:
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(page).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_periods_end_with_that_of_the_day() -> None:
    months = periods(date(2026, 2, 10), by_quarter=False)
    assert (len(months), months[0], months[-1]) == (24, date(2024, 3, 1), date(2026, 2, 1))
    quarters = periods(date(2026, 2, 10), by_quarter=True)
    assert quarters[-2:] == [date(2025, 10, 1), date(2026, 1, 1)]
