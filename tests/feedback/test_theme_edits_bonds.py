"""Always together, never together: two messages or two themes, at a person's word."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app import traces
from app.catalogue import Service
from app.db import db
from feedback import bonds, theme_bonds, theme_merges, theme_moves
from feedback.models import BondKind, PlacedBy, Placement, SegmentBond, Theme, ThemeBond
from feedback.theme_refusals import Reason, Refused
from tests import factories
from tests.factories import TODAY
from tests.feedback import theme_town
from tests.feedback.theme_town import TEAM, ids, retours

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def service(in_app: None) -> Service:
    return factories.service()


@pytest.fixture
def town(service: Service) -> dict[str, Theme]:
    return theme_town.town(service)


def refusal(act: Callable[[], object]) -> Reason:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.reason


def side(theme: Theme, number: int) -> list[Placement]:
    return [theme_town.placements(theme)[number]]


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(SegmentBond)) or 0


def test_never_together_sends_the_less_typical_to_its_second_choice(
    town: dict[str, Theme],
) -> None:
    card, reminder = town["Carte"], town["Rappel"]
    near, far = side(card, 0), side(card, 3)
    assert bonds.keep_apart(near, far, TEAM, TODAY)
    assert near[0].theme_id == card.id
    assert (far[0].theme_id, far[0].by) == (reminder.id, PlacedBy.PERSON)
    (bond,) = db.session.scalars(select(SegmentBond))
    assert [bond.one_id, bond.other_id] == sorted([near[0].segment_id, far[0].segment_id])
    assert (bond.kind, bond.role) == (BondKind.APART, "promoter")
    verbs = [each["verb"] for each in traces.journal(far[0].segment.feedback_id)]
    assert verbs == ["grouped"]


def test_never_together_takes_out_what_has_no_second_choice(town: dict[str, Theme]) -> None:
    card, reminder = town["Carte"], town["Rappel"]
    reminder.ended = TODAY
    near, far = side(card, 0), side(card, 3)
    bonds.keep_apart(near, far, TEAM, TODAY)
    assert (far[0].contested, far[0].by) == (True, PlacedBy.PERSON)
    assert far[0].segment_id not in ids(card)


def test_always_together_brings_the_second_to_the_first(town: dict[str, Theme]) -> None:
    card, export = town["Carte"], town["Export"]
    one, other = side(card, 0), side(export, 0)
    assert bonds.keep_together(one, other, TEAM, TODAY)
    assert (other[0].theme_id, other[0].by) == (card.id, PlacedBy.PERSON)
    assert one[0].by == PlacedBy.MACHINE


def test_two_messages_of_one_theme_are_tied_without_being_moved(town: dict[str, Theme]) -> None:
    card = town["Carte"]
    assert bonds.keep_together(side(card, 0), side(card, 1), TEAM, TODAY)
    assert {each.by for each in theme_town.placements(card)} == {PlacedBy.MACHINE}


def test_saying_it_twice_is_saying_it_once(town: dict[str, Theme]) -> None:
    card = town["Carte"]
    one, other = side(card, 0), side(card, 1)
    assert bonds.keep_together(one, other, TEAM, TODAY)
    assert not bonds.keep_together(other, one, TEAM, TODAY)
    assert rows() == 1


def test_a_bond_that_contradicts_another_is_refused_even_by_a_third(
    town: dict[str, Theme],
) -> None:
    card = town["Carte"]
    first, second, third = side(card, 0), side(card, 1), side(card, 2)
    bonds.keep_together(first, second, TEAM, TODAY)
    bonds.keep_together(second, third, TEAM, TODAY)
    assert refusal(lambda: bonds.keep_apart(first, third, TEAM, TODAY)) == Reason.CONTRADICTS
    export = town["Export"]
    bonds.keep_apart(side(export, 0), third, TEAM, TODAY)
    assert (
        refusal(lambda: bonds.keep_together(first, side(export, 0), TEAM, TODAY))
        == Reason.CONTRADICTS
    )
    assert rows() == 3


def test_a_tied_message_does_not_leave_alone(town: dict[str, Theme]) -> None:
    card, export = town["Carte"], town["Export"]
    bonds.keep_together(side(card, 0), side(card, 1), TEAM, TODAY)
    both = retours(card)[:2]
    for act in (
        lambda: theme_moves.move(card, both[:1], export, TEAM, TODAY),
        lambda: theme_moves.move(card, both[:1], None, TEAM, TODAY),
        lambda: theme_merges.split(card, both[:1], "Part", TEAM, TODAY),
    ):
        assert refusal(act) == Reason.TIED
    assert theme_moves.move(card, both, export, TEAM, TODAY) == 2


def test_a_message_does_not_go_where_its_opposite_stands(town: dict[str, Theme]) -> None:
    card, export = town["Carte"], town["Export"]
    bonds.keep_apart(side(card, 0), side(export, 0), TEAM, TODAY)
    first = retours(card)[0]
    act = lambda: theme_moves.move(card, [first], export, TEAM, TODAY)  # noqa: E731
    assert refusal(act) == Reason.APART_THERE
    assert refusal(lambda: theme_merges.merge(card, export, TEAM, TODAY)) == Reason.APART_THERE
    assert refusal(lambda: theme_merges.merge(export, card, TEAM, TODAY)) == Reason.APART_THERE
    assert theme_moves.move(card, [first], town["Rappel"], TEAM, TODAY) == 1


def test_what_is_tied_leaves_together_when_it_is_parted_from_another(
    town: dict[str, Theme],
) -> None:
    card, reminder = town["Carte"], town["Rappel"]
    stays, first, second = side(card, 0), side(card, 2), side(card, 3)
    bonds.keep_together(first, second, TEAM, TODAY)
    bonds.keep_apart(stays, second, TEAM, TODAY)
    assert {first[0].theme_id, second[0].theme_id} == {reminder.id}


def test_two_themes_kept_apart_are_never_merged_not_even_through_a_third(
    town: dict[str, Theme],
) -> None:
    card, reminder, export = town.values()
    assert theme_bonds.keep_themes_apart(card, reminder, TEAM, TODAY)
    assert not theme_bonds.keep_themes_apart(reminder, card, TEAM, TODAY)
    assert refusal(lambda: theme_merges.merge(card, reminder, TEAM, TODAY)) == Reason.KEPT_APART
    theme_merges.merge(card, export, TEAM, TODAY)
    assert refusal(lambda: theme_merges.merge(reminder, export, TEAM, TODAY)) == Reason.KEPT_APART
    assert theme_bonds.kept_by(export) == [reminder]
    assert theme_bonds.free_themes(export, reminder, TEAM, TODAY)
    assert theme_merges.merge(reminder, export, TEAM, TODAY) == 4


def test_a_theme_is_not_kept_apart_from_itself_nor_from_another_services(
    town: dict[str, Theme],
) -> None:
    card, far = town["Carte"], theme_town.theme(factories.service(), "Ailleurs")
    keep = theme_bonds.keep_themes_apart
    assert refusal(lambda: keep(card, card, TEAM, TODAY)) == Reason.ITSELF
    assert refusal(lambda: keep(card, far, TEAM, TODAY)) == Reason.OTHER_SERVICE
    assert db.session.scalars(select(ThemeBond)).all() == []


def test_a_bond_is_listed_in_the_theme_and_can_be_taken_back(town: dict[str, Theme]) -> None:
    card = town["Carte"]
    bonds.keep_apart(side(card, 0), side(card, 3), TEAM, TODAY)
    (pair,) = theme_bonds.pairs_in(card)
    assert pair.kind is BondKind.APART
    both = [pair.one.id, pair.other.id]
    assert theme_bonds.free_messages(card, both, TEAM, TODAY)
    assert not theme_bonds.free_messages(card, both, TEAM, TODAY)
    assert rows() == 0


def test_a_bond_of_one_service_is_never_seen_by_another(town: dict[str, Theme]) -> None:
    far = theme_town.town(factories.service())
    bonds.keep_apart(side(town["Carte"], 0), side(town["Carte"], 3), TEAM, TODAY)
    assert theme_bonds.pairs_in(far["Carte"]) == []
    act = lambda: bonds.keep_together(side(town["Carte"], 0), side(far["Carte"], 0), TEAM, TODAY)  # noqa: E731
    assert refusal(act) == Reason.OTHER_SERVICE
