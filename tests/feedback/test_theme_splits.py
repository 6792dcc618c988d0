"""Splits of themes: whole shares for channel and release, a floor of five for declared traits."""

import pytest
from flask import Flask

from app.catalogue import Service
from app.db import db
from app.territories import load_territories
from feedback.theme_facets import OTHERS, UNSAID, Facet
from feedback.theme_splits import merge_small, split_of, split_table
from tests import factories
from tests.factories import TODAY
from tests.feedback.placed import declare, place, said, theme


@pytest.fixture
def service(app: Flask, in_app: None) -> Service:
    return factories.service()


def test_a_channel_has_its_whole_share_however_small(service: Service) -> None:
    row = theme(service)
    said(row, 3)
    said(row, 1, channel="paper")
    table = split_table(service, Facet.CHANNEL)
    split = table.themes[row.id]
    assert split.total == 4
    assert (split.share("web"), split.share("paper")) == (75, 25)
    assert [column.name for column in table.columns] == ["site", "papier"]


def test_a_retour_with_two_sentences_in_a_theme_counts_once(service: Service) -> None:
    row = theme(service)
    (retour,) = said(row, 1)
    place(retour, row, start=3)
    assert split_table(service, Facet.CHANNEL).themes[row.id].total == 1


def test_a_trait_of_fewer_than_five_is_hidden_with_what_would_give_it_away(
    service: Service,
) -> None:
    row = theme(service)
    for retour in said(row, 8):
        declare(retour, "G6", "user")
    for retour in said(row, 6):
        declare(retour, "G6", "relative")
    (only,) = said(row, 1)
    declare(only, "G6", "professional")
    cells = split_table(service, Facet.ROLE).themes[row.id].cells
    assert cells["professional"] is None
    assert cells["relative"] is None, "15 − 8 − 6 would tell"
    assert cells["user"] == 8


def test_a_trait_that_an_author_refused_is_not_said(service: Service) -> None:
    row = theme(service)
    retours = said(row, 6)
    declare(retours[0], "G6", "user")
    retours[0].answers[0].status = "refused"
    db.session.flush()
    columns, split = split_of(row, Facet.ROLE)
    assert [column.value for column in columns] == [UNSAID]
    assert split.cells[UNSAID] == 6


def test_departements_are_summed_into_their_region(service: Service) -> None:
    load_territories()
    row = theme(service)
    for code in ("42", "69", "42", "69", "42", "69"):
        declare(said(row, 1)[0], "G8", code)
    table = split_table(service, Facet.REGION)
    assert [column.name for column in table.columns] == ["Auvergne-Rhône-Alpes"]
    assert table.themes[row.id].share(table.columns[0].value) == 100


def test_releases_stand_in_the_order_of_their_days(service: Service) -> None:
    late = factories.release(service, "6.2", TODAY)
    early = factories.release(service, "6.1", TODAY.replace(month=6))
    row = theme(service)
    said(row, 3, release_id=late.id)
    said(row, 1, release_id=early.id)
    said(row, 1)
    table = split_table(service, Facet.RELEASE)
    assert [column.value for column in table.columns] == ["6.1", "6.2", UNSAID]


def test_what_stands_in_no_theme_is_split_too_and_a_contested_sentence_is_there(
    service: Service,
) -> None:
    row = theme(service)
    said(row, 2)
    place(factories.retour(service, channel="paper"), None)
    place(factories.retour(service, channel="paper"), row, contested=True)
    table = split_table(service, Facet.CHANNEL)
    assert table.unplaced.cells == {"paper": 2}
    assert table.themes[row.id].cells == {"web": 2}
    assert table.whole.total == 4


def test_what_the_team_may_not_read_is_not_counted(service: Service) -> None:
    row = theme(service)
    said(row, 2)
    said(row, 1, state="held")
    said(row, 1, names_masked=False)
    assert split_table(service, Facet.CHANNEL).themes[row.id].total == 2


def test_more_values_than_columns_share_the_last(service: Service) -> None:
    row = theme(service)
    for code in ("01", "02", "03", "04", "05", "06", "07", "08"):
        for retour in said(row, 5):
            declare(retour, "G8", code)
    columns, split = split_of(row, Facet.DEPARTEMENT)
    assert len(columns) == 7
    assert columns[-1].value == OTHERS
    assert split.cells[OTHERS] == 10


@pytest.mark.parametrize(
    ("cells", "merged"),
    [
        ({"a": 9, "b": 5}, {"a": 9, "b": 5}),
        ({"a": 9, "b": 4, "c": 1}, {"a": 9, OTHERS: 5}),
        ({"a": 9, "b": 6, "c": 1}, {"a": 9, OTHERS: 7}),
        ({"a": 9, "c": 1}, {OTHERS: 10}),
        ({"a": 2}, {OTHERS: 2}),
    ],
)
def test_small_counts_are_put_together_until_none_can_be_told(
    cells: dict[str, int], merged: dict[str, int]
) -> None:
    assert merge_small(cells, 5) == merged


def test_a_theme_whose_few_authors_said_who_they_are_shows_nothing_of_it(service: Service) -> None:
    row = theme(service)
    for retour in said(row, 3):
        declare(retour, "G6", "user")
    _columns, split = split_of(row, Facet.ROLE)
    assert set(split.cells.values()) == {None}
