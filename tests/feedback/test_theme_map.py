"""The map of themes: circles by their retours, words that do not touch, the table beside it."""

from itertools import combinations
from math import dist
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.axes import WIDTH
from app.db import db
from app.scatter import FINGER, LARGEST, ScatterChart, scatter_chart
from app.scatter_words import NARROW, WIDE, Lettering, Spot
from feedback.models import Theme
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback.placed import said, theme
from tests.feedback.test_theme_pages import counted_queries, page_of, words

MAP = "/equipe/themes/carte/tension"
LIST = "/equipe/themes?service=tension"


def spot(number: int, x: float = 0.0, y: float = 0.0, count: int = 10, **more: Any) -> Spot:
    return Spot(f"T{number}", number, f"Thème {number}", f"Thème {number}", x, y, count, **more)


def crowd(count: int) -> list[Spot]:
    places = np.random.default_rng(5).normal(0, 0.25, (count, 2)).clip(-0.9, 0.9)
    sizes = [1 + 80 // number for number in range(1, count + 1)]
    return [
        spot(n + 1, x, y, sizes[n], is_marked=n % 7 == 0)
        for n, (x, y) in enumerate(places.tolist())
    ]


def boxes(chart: ScatterChart, lettering: Lettering) -> list[tuple[float, float, float, float]]:
    found = []
    for label in chart.narrow if lettering is NARROW else chart.wide:
        width, middle = lettering.letter * len(label.text), label.y - lettering.size * 0.35
        left = label.x - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
        half = lettering.size / 2
        found.append((left, middle - half, left + width, middle + half))
    return found


def test_the_area_of_a_circle_is_as_its_retours() -> None:
    chart = scatter_chart([spot(1, -0.9, 0, 40), spot(2, 0.9, 0, 10)])
    assert [circle.radius for circle in chart.circles] == [LARGEST, LARGEST / 2]


def test_up_on_the_map_is_up_on_the_screen_and_one_scale_serves_both_ways() -> None:
    circles = scatter_chart([spot(1, 0, 0.8, 3), spot(2, 0, -0.8, 2), spot(3, 0.8, 0, 1)]).circles
    high, low, right = circles
    assert high.y < low.y
    assert right.x - high.x == pytest.approx((low.y - high.y) / 2, abs=0.2)


@pytest.mark.parametrize("count", [1, 2, 14, 60])
def test_circles_lie_inside_and_off_each_other(count: int) -> None:
    chart = scatter_chart(crowd(count))
    for circle in chart.circles:
        reach = max(circle.radius, circle.ring)
        assert reach <= circle.x <= WIDTH - reach
        assert reach <= circle.y <= chart.height - reach
        assert circle.press >= FINGER
    for one, other in combinations(chart.circles, 2):
        apart = dist((one.x, one.y), (other.x, other.y))
        assert apart > one.radius + other.radius - 1


def test_themes_in_one_place_are_drawn_side_by_side() -> None:
    first, second = scatter_chart([spot(1), spot(2)]).circles
    assert dist((first.x, first.y), (second.x, second.y)) >= first.radius + second.radius


@pytest.mark.parametrize("lettering", [NARROW, WIDE], ids=["phone", "wide"])
def test_words_on_the_map_touch_neither_words_nor_the_edge(lettering: Lettering) -> None:
    chart = scatter_chart(crowd(40))
    found = boxes(chart, lettering)
    assert len(found) > 15
    for left, top, right, bottom in found:
        assert left >= 0
        assert right <= WIDTH
        assert top >= 0
        assert bottom <= chart.height
    for one, other in combinations(found, 2):
        is_beside = one[2] <= other[0] or other[2] <= one[0]
        assert is_beside or one[3] <= other[1] or other[3] <= one[1]


def test_only_the_largest_are_named_and_a_growing_one_has_a_ring_and_an_arrow() -> None:
    chart = scatter_chart(crowd(40))
    named = [label.text for label in chart.wide if "Thème" in label.text]
    assert 0 < len(named) <= WIDE.names
    assert {int(text.split()[0]) for text in named} <= set(range(1, WIDE.names + 1))
    assert sum("↗" in label.text for label in chart.wide) > 0
    rings = {circle.key for circle in chart.circles if circle.ring}
    assert rings == {f"T{number}" for number in range(1, 41, 7)}


def centre(*values: float) -> bytes:
    return np.array(values, np.float32).tobytes()


@pytest.fixture
def team(app: Flask, client: FlaskClient) -> dict[str, str]:
    """A signed-in team with four themes: two near each other, one apart, one without a place."""
    with writing(app):
        service = factories.service(slug="tension", name="Mon suivi tension")
        account = factories.account(Role.PROMOTER, services=(service,))
        rows = [
            theme(service, "Mesures", map_x=-0.5, map_y=0.1, centroid=centre(1, 0, 0)),
            theme(service, "Relevés", map_x=-0.4, map_y=0.2, centroid=centre(0.8, 0.6, 0)),
            theme(service, "Carte", map_x=0.9, map_y=0.0, centroid=centre(0, 0, 2)),
            theme(service, "Nouveau venu", centroid=centre(1, 0)),
        ]
        for row, count in zip(rows, (20, 12, 5, 2), strict=True):
            said(row, count, TODAY)
        factories.sign_in(client, account)
        return {row.name: row.id for row in rows}


def lines(page: BeautifulSoup) -> list[list[str]]:
    return [[words(cell) for cell in row.select("td, th")] for row in page.select("tbody tr")]


def test_the_map_states_its_finding_and_every_circle_leads_to_its_theme(
    client: FlaskClient, team: dict[str, str]
) -> None:
    page = page_of(client, MAP)
    finding = (
        "4 thèmes ; le plus grand, « Mesures », compte 20 retours ; "
        "les plus proches sont « Mesures » et « Relevés »."
    )
    assert words(page.select_one("#finding")) == finding
    picture = page.select_one("figure svg")
    assert picture
    assert picture["aria-label"] == finding
    links = {link["href"]: link["aria-label"] for link in picture.select("a")}
    assert links == {
        f"/equipe/themes/{team['Mesures']}": "1. Mesures, 20 retours, stable",
        f"/equipe/themes/{team['Relevés']}": "2. Relevés, 12 retours, stable",
        f"/equipe/themes/{team['Carte']}": "3. Carte, 5 retours, stable",
    }
    assert all(words(link.title) == link["aria-label"] for link in picture.select("a"))
    assert "La distance est approximative" in words(page)
    assert page_of(client, LIST).select(f"a[href='{MAP}']")


def test_the_table_holds_every_theme_with_its_nearest_by_the_cosine_of_their_centres(
    client: FlaskClient, team: dict[str, str]
) -> None:
    page = page_of(client, MAP)
    assert lines(page) == [
        ["1", "Mesures", "20", "→ stable", "Relevés", "0,80"],
        ["2", "Relevés", "12", "→ stable", "Mesures", "0,80"],
        ["3", "Carte", "5", "→ stable", "Mesures", "0,00"],
        ["4", "Nouveau venu pas encore sur la carte", "2", "→ stable", "pas encore connu", "–"],
    ]
    assert "1 thème n’est pas encore sur la carte" in words(page)


def test_a_growing_theme_is_marked_by_shape_and_words_and_not_by_colour_alone(
    app: Flask, client: FlaskClient, team: dict[str, str]
) -> None:
    plain = page_of(client, MAP)
    assert not plain.select("figure .c2")
    assert "Double cercle" not in words(plain)
    with writing(app):
        row = db.session.get_one(Theme, team["Carte"])
        said(db.session.get_one(Theme, team["Mesures"]), 200, TODAY.replace(month=10, day=5))
        said(row, 30, TODAY)
    page = page_of(client, MAP)
    link = page.select_one(f"figure a[href$='{team['Carte']}']")
    assert link
    assert "en hausse" in link["aria-label"]
    assert len(link.select("circle")) == 4
    assert "Double cercle et ↗ : en hausse." in words(page)
    assert any("↗" in words(text) for text in page.select("figure text"))


def test_before_the_first_grouping_the_page_says_so_and_keeps_the_table(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        service = factories.service(slug="tension")
        said(theme(service, "Mesures"), 3)
        factories.service(slug="vide")
        factories.sign_in(client, factories.account(Role.MODERATOR))
    page = page_of(client, MAP)
    assert "La carte vient avec le prochain groupement" in words(page)
    assert not page.select("figure")
    assert lines(page) == [["1", "Mesures", "3", "→ stable", "pas encore connu", "–"]]
    empty = page_of(client, "/equipe/themes/carte/vide")
    assert "Ce service n’a pas encore de thème" in words(empty)


def test_a_centre_that_is_not_a_number_has_no_neighbour(
    app: Flask, client: FlaskClient, team: dict[str, str]
) -> None:
    with writing(app):
        db.session.get_one(Theme, team["Mesures"]).centroid = centre(float("nan"), 0, 0)
    found = lines(page_of(client, MAP))
    assert found[0][4:] == ["pas encore connu", "–"]
    assert found[1][4:] == ["Carte", "0,00"]


def test_another_team_finds_no_map(app: Flask, client: FlaskClient, team: dict[str, str]) -> None:
    with writing(app):
        other = factories.account(Role.PROMOTER, services=(factories.service(),))
        factories.sign_in(client, other)
    assert client.get(MAP).status_code == 404
    assert client.get("/equipe/themes/carte/nulle-part").status_code == 404


def test_the_map_asks_no_query_for_each_theme(
    app: Flask, client: FlaskClient, team: dict[str, str]
) -> None:
    with counted_queries(app) as few:
        page_of(client, MAP)
    with writing(app):
        service = db.session.get_one(Theme, team["Carte"]).service
        for number in range(40):
            place = {"map_x": number / 50, "map_y": 0.5, "centroid": centre(1, number, 1)}
            said(theme(service, f"Thème {number}", **place), 1)
    with counted_queries(app) as many:
        page_of(client, MAP)
    assert len(many) == len(few)


def test_a_picture_holds_the_largest_and_the_table_every_theme(
    app: Flask, client: FlaskClient, team: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.theme_map.MOST_DRAWN", 2)
    page = page_of(client, MAP)
    assert len(page.select("figure svg a")) == 2
    assert [line[1] for line in lines(page)][:3] == ["Mesures", "Relevés", "Carte"]
    assert "1 thème plus petit est seulement dans le tableau." in words(page)
