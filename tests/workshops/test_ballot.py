"""Dot votes: budget, cap, taking back, secrecy and ties."""

import pytest

from tests.workshops.rooms import seat, workshop
from workshops import ballot, board, groups, screens
from workshops.ballot import Standing, place
from workshops.board import Draft
from workshops.card_names import NobodyNamed
from workshops.models import Phase, Workshop
from workshops.phases import WrongPhase

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def room() -> Workshop:
    made = workshop(Phase.WRITE)
    for n in range(3):
        board.write(made, seat(made, "writer"), Draft(f"idée {n}"), NobodyNamed())
    groups.seat_singles(made)
    made.phase = Phase.VOTE.value
    return made


def test_five_votes_and_three_at_most_on_one_group(room: Workshop) -> None:
    voter = seat(room)
    first, second, third = (row.group.id for row in groups.rows(room))
    for _ in range(3):
        ballot.give(room, voter, first)
    with pytest.raises(ballot.GroupFull):
        ballot.give(room, voter, first)
    ballot.give(room, voter, second)
    ballot.give(room, voter, third)
    with pytest.raises(ballot.BudgetSpent):
        ballot.give(room, voter, second)
    assert ballot.given(voter) == {first: 3, second: 1, third: 1}


def test_a_vote_taken_back_can_be_given_again(room: Workshop) -> None:
    voter = seat(room)
    first, *_others = (row.group.id for row in groups.rows(room))
    ballot.give(room, voter, first)
    ballot.retract(room, voter, first)
    assert ballot.given(voter) == {}
    with pytest.raises(ballot.NothingToRetract):
        ballot.retract(room, voter, first)


def test_a_late_arrival_has_the_whole_budget(room: Workshop) -> None:
    assert screens.hand_of(room, seat(room, "late")).votes_left == room.votes_each


def test_nobody_votes_outside_the_vote(room: Workshop) -> None:
    room.phase = Phase.DISCUSS.value
    with pytest.raises(WrongPhase):
        ballot.give(room, seat(room), groups.rows(room)[0].group.id)


def test_totals_are_on_no_screen_until_the_vote_is_over(room: Workshop) -> None:
    first = groups.rows(room)[1].group.id
    ballot.give(room, seat(room), first)
    assert screens.board_of(room).standings is None
    assert screens.report_of(room).standings is None
    room.phase = Phase.DISCUSS.value
    shown = screens.board_of(room)
    assert shown.standings
    assert shown.standings[first] == Standing(1, 1, 1, False)
    assert shown.rows[0].group.id == first


def test_ties_share_a_place() -> None:
    placed = place({"a": (4, 2), "b": (4, 3), "c": (1, 1), "d": (0, 0), "e": (0, 0)})
    assert [placed[key].place for key in "abcde"] == [1, 1, 3, None, None]
    assert [placed[key].tied for key in "abcde"] == [True, True, False, False, False]
    assert place({}) == {}


def test_the_budget_changes_while_people_vote_and_never_below_what_was_given(
    room: Workshop,
) -> None:
    voter = seat(room)
    first, second, _third = (row.group.id for row in groups.rows(room))
    for group in (first, first, second):
        ballot.give(room, voter, group)
    version = room.version
    for each, cap in ((2, 2), (5, 1)):
        with pytest.raises(ballot.BudgetBelowVotes):
            ballot.change_budget(room, each, cap)
    assert (room.votes_each, room.votes_per_group, room.version) == (5, 3, version)
    ballot.change_budget(room, 3, 9)
    assert (room.votes_each, room.votes_per_group) == (3, 3)
    assert room.version > version  # every phone shows the new budget at its next question
    with pytest.raises(ballot.BudgetSpent):
        ballot.give(room, voter, second)
    ballot.change_budget(room, 4, 2)
    ballot.give(room, voter, second)
