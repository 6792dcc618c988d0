"""The public that a service declares: read from a form, replaced whole, never a place by law."""

from datetime import date

import pytest
from flask import Flask

from feedback.declared_publics import (
    BadPublic,
    declare,
    declared,
    declared_on,
    facets_of,
    people_in_all,
    read,
)
from feedback.facets import PLACE
from tests import factories

TYPED = {"all": "12 000", "G6:user": "", "G7:75-": "1.500", "places": "42 : 9000\n\n01:300"}


def test_numbers_are_read_as_people_write_them(app: Flask, in_app: None) -> None:
    numbers = read(factories.service(), TYPED)
    assert numbers == {"": {"": 12000}, "G7": {"75-": 1500}, "G8": {"42": 9000, "01": 300}}
    assert people_in_all(numbers) == 12000
    assert people_in_all({}) is None


@pytest.mark.parametrize(
    ("typed", "field", "fault"),
    [
        ({"all": "beaucoup"}, "all", "En tout : écrivez un nombre entier, sans texte."),
        ({"all": "-4"}, "all", "En tout : écrivez"),
        ({"all": "100000001"}, "all", "En tout : écrivez"),
        ({"G7:75-": "peu"}, "G7:75-", "75 ans et plus : écrivez"),
        ({"places": "99 : 5"}, "places", "« 99 : 5 » : ce département n’est pas connu."),
        ({"places": "42 : peu"}, "places", "42 : peu : écrivez un nombre entier"),
        ({"all": "10", "G7:75-": "11"}, "G7", "Âge : la somme, 11, dépasse le public en tout, 10."),
        ({"all": "10", "places": "42 : 11"}, "places", "Département : la somme, 11, dépasse"),
    ],
)
def test_what_is_no_public_is_refused_with_the_reason(
    app: Flask, in_app: None, typed: dict[str, str], field: str, fault: str
) -> None:
    with pytest.raises(BadPublic) as refused:
        read(factories.service(), typed)
    assert [(at, said.startswith(fault)) for at, said in refused.value.faults] == [(field, True)]


def test_where_the_law_hides_the_place_none_is_declared(app: Flask, in_app: None) -> None:
    hidden = factories.service(anonymous_by_law=True)
    assert PLACE not in facets_of(hidden)
    assert read(hidden, TYPED).keys() == {"", "G7"}


def test_declaring_replaces_what_was_declared(app: Flask, in_app: None, today: date) -> None:
    service = factories.service()
    assert declared_on(service) is None
    declare(service, {"": {"": 5000}, "G7": {"75-": 900}}, date(2026, 1, 5))
    declare(service, {"": {"": 6000}}, today)
    assert declared(service) == {"": {"": 6000}}
    assert declared_on(service) == today
