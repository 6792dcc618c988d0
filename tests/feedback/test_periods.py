"""Two periods side by side: which ones, what is compared, what the floor keeps back."""

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.catalogue import Release
from app.db import db
from app.pairs import ROOM, Half, Pair, pair_chart
from feedback.models import Face, Theme
from feedback.period_choice import (
    BadPeriods,
    Periods,
    Span,
    around,
    choices,
    last_quarters,
    last_weeks,
    read_periods,
)
from nlp.two_periods import difference
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback.placed import place, said, theme
from tests.feedback.test_theme_pages import counted_queries, page_of, words

PAGE = "/equipe/themes/periodes/tension"
RECENT, EARLIER = TODAY - timedelta(days=10), TODAY - timedelta(days=70)
GOOD = {"de": "2026-10-01", "a": "2026-10-31", "et_de": "2026-09-01", "et_a": "2026-09-30"}


def test_the_difference_of_two_shares_has_newcombes_interval() -> None:
    """The first two examples of Newcombe's table II, method 10."""
    wide = difference(56, 48, 70, 80)
    assert (wide.value, wide.low, wide.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    small = difference(9, 3, 10, 10)
    assert (small.value, small.low, small.high) == pytest.approx((0.6, 0.1705, 0.8090), abs=5e-5)


def test_a_difference_swapped_is_the_same_the_other_way_round() -> None:
    one, other = difference(5, 1, 40, 90), difference(1, 5, 90, 40)
    assert (one.value, one.low, one.high) == pytest.approx((-other.value, -other.high, -other.low))
    with pytest.raises(ValueError, match="n must be"):
        difference(0, 1, 0, 10)


def test_two_bars_of_a_line_stand_on_one_scale_that_holds_every_interval() -> None:
    before, after = Half(0.1, 0.05, 0.2, "avant"), Half(0.2, 0.1, 0.4, "après")
    (drawn,) = pair_chart([Pair("a" * 50, before, after)]).pairs
    assert drawn.after.high == ROOM
    assert (drawn.before.width, drawn.after.width) == (pytest.approx(ROOM / 4, abs=0.1), ROOM / 2)
    assert drawn.before.y < drawn.after.y
    assert drawn.label.endswith("…")
    assert pair_chart([]).pairs == ()


def test_the_last_eight_weeks_stand_against_the_eight_before() -> None:
    found = last_weeks(TODAY)
    assert found.after == Span(date(2026, 9, 29), TODAY)
    assert found.before == Span(date(2026, 8, 4), date(2026, 9, 28))


def test_a_release_has_eight_weeks_on_either_side_and_none_to_come() -> None:
    found = around(Release(number="6.2", day=date(2026, 11, 2)), TODAY)
    assert found == Periods(
        Span(date(2026, 9, 7), date(2026, 11, 1)), Span(date(2026, 11, 2), TODAY)
    )
    old = around(Release(number="5", day=date(2026, 1, 12)), TODAY)
    assert old.after == Span(date(2026, 1, 12), date(2026, 3, 8))


@pytest.mark.parametrize(
    ("day", "start", "last"),
    [
        (date(2026, 11, 23), date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        (date(2024, 5, 31), date(2024, 1, 1), date(2024, 3, 31)),
    ],
)
def test_the_last_complete_quarter_stands_against_the_same_of_last_year(
    day: date, start: date, last: date
) -> None:
    found = last_quarters(day)
    assert found.after == Span(start, last)
    assert found.before == Span(
        start.replace(year=start.year - 1), last.replace(year=last.year - 1)
    )


def test_every_release_so_far_is_a_choice_newest_first() -> None:
    releases = [Release(number=str(n), day=TODAY + timedelta(days=n)) for n in (-90, -20, 5)]
    assert [each.words for each in choices(releases, TODAY)[2:]] == [
        "Avant et après la version -20",
        "Avant et après la version -90",
    ]
    for each in choices(releases, TODAY):
        assert read_periods(each.periods.query, TODAY) == each.periods


def test_periods_are_read_in_either_order_and_in_french() -> None:
    swapped = {
        "de": "01/09/2026",
        "a": "30/09/2026",
        "et_de": " 2026-10-01",
        "et_a": "2026-10-31",
    }
    assert read_periods(swapped, TODAY) == read_periods(GOOD, TODAY)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"de": ""}, "de", "Choisissez une date."),
        ({"de": "2026-02-31"}, "de", "Ce n’est pas une date."),
        ({"et_a": "hier"}, "et_a", "Ce n’est pas une date."),
        ({"a": "2026-11-24"}, "a", "Cette date est à venir."),
        ({"a": "2026-09-30"}, "a", "La fin vient avant le début."),
        ({"et_a": "2026-08-31"}, "et_a", "La fin vient avant le début."),
        ({"et_a": "2026-10-01"}, "et_de", "Les deux périodes se chevauchent."),
    ],
)
def test_wrong_dates_are_refused_with_a_sentence_at_the_field(
    typed: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(BadPeriods) as refused:
        read_periods({**GOOD, **typed}, TODAY)
    assert set(refused.value.errors) == {field}
    assert refused.value.errors[field].startswith(sentence)


@pytest.fixture
def team(app: Flask, client: FlaskClient) -> dict[str, str]:
    """A signed-in team with a theme that rises, one that falls and one that nobody speaks of."""
    with writing(app):
        service = factories.service(slug="tension", name="Mon suivi tension")
        account = factories.account(Role.PROMOTER, services=(service,))
        rising, falling = theme(service, "Carte"), theme(service, "Rappel")
        silent = theme(service, "Export")
        said(rising, 4, EARLIER)
        said(rising, 40, RECENT, face=Face.GOOD.value)
        said(falling, 36, EARLIER, face=Face.BAD.value)
        said(falling, 10, RECENT)
        said(silent, 3, date(2026, 1, 10))
        factories.retour(service, text="Pas encore lu.", day=RECENT)
        said(falling, 2, RECENT, state="held")
        factories.sign_in(client, account)
        return {row.name: row.id for row in (rising, falling, silent)}


def table(page: BeautifulSoup, number: int) -> list[list[str]]:
    rows = page.select("main table")[number].select("tbody tr")
    return [[words(cell) for cell in row.select("td, th")] for row in rows]


def test_each_theme_has_its_share_its_difference_and_its_score_with_intervals(
    client: FlaskClient, team: dict[str, str]
) -> None:
    page = page_of(client, PAGE)
    assert table(page, 0) == [
        ["Avant : 4 août 2026 – 28 sept. 2026", "40", "0,5 (0,2 à 1,3)"],
        ["Après : 29 sept. 2026 – 23 nov. 2026", "50", "9,0 (8,2 à 9,4)"],
    ]
    rising, falling = table(page, 1)
    assert rising[:8] == [
        "Carte",
        "4",
        "10 % (4 à 23)",
        "40",
        "80 % (67 à 89)",
        "+70 points (+52 à +81)",
        "↗ en hausse",
        "–",
    ]
    assert rising[8].startswith("10,0 (")
    assert falling[0] == "Rappel"
    assert falling[5] == "−70 points (−81 à −52)"
    assert falling[6] == "↘ en baisse"
    assert falling[7].startswith("0,0 (")
    assert falling[8] == "–"
    assert "1 thème n’a de retour sur aucune des deux périodes." in words(page)


def test_the_finding_names_the_chart_that_draws_both_bars(
    client: FlaskClient, team: dict[str, str]
) -> None:
    page = page_of(client, PAGE)
    finding = (
        "« Carte » passe de 10 % à 80 % des retours ; « Rappel » passe de 90 % à 20 % des retours."
    )
    assert words(page.select_one("#finding")) == finding
    picture = page.select_one("figure svg[role=img]")
    assert picture
    assert picture["aria-label"] == finding
    assert len(picture.select("rect")) == 4
    assert "avant 10 %" in words(picture)
    assert "après 80 %" in words(picture)


def test_who_spoke_stands_for_each_period(client: FlaskClient, team: dict[str, str]) -> None:
    page = page_of(client, PAGE)
    before, after = page.select("#who-spoke-before, #who-spoke-after")
    assert "Qui a parlé, 4 août 2026 – 28 sept. 2026 : 40 retours" in words(before)
    assert "Qui a parlé, 29 sept. 2026 – 23 nov. 2026 : 51 retours" in words(after)
    assert before["aria-label"] != after["aria-label"]


def test_under_thirty_retours_the_team_reads_counts_and_no_percentage(
    app: Flask, client: FlaskClient, team: dict[str, str]
) -> None:
    query = {"de": "2026-10-01", "a": "2026-11-23", "et_de": "2026-06-01", "et_a": "2026-06-30"}
    with writing(app):
        said(db.session.get_one(Theme, team["Carte"]), 29, date(2026, 6, 3))
    page = page_of(client, PAGE, query_string=query)
    assert "Moins de 30 retours sur une des deux périodes" in words(page.select_one("#too-few"))
    assert table(page, 1) == [["Carte", "29", "40"], ["Rappel", "0", "10"]]
    assert not page.select("figure, #finding")
    with writing(app):
        said(db.session.get_one(Theme, team["Carte"]), 1, date(2026, 6, 30))
    enough = page_of(client, PAGE, query_string=query)
    assert not enough.select("#too-few")
    assert "30" in table(enough, 0)[0]


def test_a_retour_counts_once_in_a_theme_and_in_the_service(
    app: Flask, client: FlaskClient, team: dict[str, str]
) -> None:
    with writing(app):
        carte, rappel = (db.session.get_one(Theme, team[name]) for name in ("Carte", "Rappel"))
        row = factories.retour(carte.service, day=RECENT, text="Carte. Carte. Rappel.")
        for start, into in ((0, carte), (7, carte), (14, rappel)):
            place(row, into, start=start)
    page = page_of(client, PAGE)
    assert table(page, 0)[1][1] == "51"
    assert [line[3] for line in table(page, 1)] == ["41", "11"]


def test_after_a_release_the_page_says_that_other_causes_are_possible(
    app: Flask, client: FlaskClient, team: dict[str, str]
) -> None:
    with writing(app):
        service = db.session.get_one(Theme, team["Carte"]).service
        factories.release(service, "6.2", date(2026, 10, 5))
    plain = page_of(client, PAGE)
    assert "autres causes possibles" not in words(plain)
    link = next(a for a in plain.select("main a") if "version 6.2" in words(a))
    page = page_of(client, str(link["href"]))
    assert "La version 6.2 est du 5 octobre 2026." in words(page)
    assert "d’autres causes possibles" in words(page)
    chosen = page.select_one("main a[aria-current=page]")
    assert words(chosen) == "Avant et après la version 6.2"


def test_wrong_dates_come_back_with_the_form_and_what_was_typed(
    client: FlaskClient, team: dict[str, str]
) -> None:
    answer = client.get(PAGE, query_string={**GOOD, "de": "31 février", "et_a": ""})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    kept = {field["name"]: field["value"] for field in page.select("main input")}
    assert kept == {**GOOD, "de": "31 février", "et_a": ""}
    faults = {field["name"] for field in page.select("main [aria-invalid=true]")}
    assert faults == {"de", "et_a"}
    assert "Ce n’est pas une date." in words(page.select_one("#de-error"))
    assert "Choisissez une date." in words(page.select_one("#et_a-error"))
    assert not page.select("main table")


def test_an_expert_reads_no_small_count_and_no_panel_of_a_period(
    app: Flask, client: FlaskClient, team: dict[str, str]
) -> None:
    with writing(app):
        factories.sign_in(client, factories.account(Role.EXPERT))
    page = page_of(client, PAGE)
    assert "2 thèmes comptent trop peu de retours" in words(page)
    assert not page.select("#t-table")
    assert not page.select("#who-spoke-before")
    assert page.select_one("#who-spoke")
    few = page_of(client, PAGE, query_string={**GOOD, "et_de": "2026-09-29"})
    assert not few.select("#t-table")
    assert table(few, 0)[0][1] == "–"


def test_another_team_finds_no_comparison(
    app: Flask, client: FlaskClient, team: dict[str, str]
) -> None:
    with writing(app):
        other = factories.account(Role.PROMOTER, services=(factories.service(),))
        factories.sign_in(client, other)
    assert client.get(PAGE).status_code == 404
    assert client.get("/equipe/themes/periodes/nulle-part").status_code == 404


def test_a_service_without_a_retour_says_so(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service(slug="tension")
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
    page = page_of(client, PAGE)
    assert "Aucun thème n’a de retour à montrer" in words(page)
    assert page.select_one("#too-few")


def test_the_comparison_asks_no_query_for_each_theme(
    app: Flask, client: FlaskClient, team: dict[str, Any]
) -> None:
    with counted_queries(app) as few:
        page_of(client, PAGE)
    with writing(app):
        service = db.session.get_one(Theme, team["Carte"]).service
        for number in range(40):
            said(theme(service, f"Thème {number}"), 1, RECENT)
    with counted_queries(app) as many:
        page_of(client, PAGE)
    assert len(many) == len(few)
