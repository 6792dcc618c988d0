"""Cards and groups: masked before they are kept, hidden with a reason, grouped without loss."""

from datetime import date

import pytest
from sqlalchemy import select

from app.db import db
from tests.fakes import CapitalNames
from tests.workshops.rooms import seat, workshop
from workshops import ballot, board, groups, proposals
from workshops.board import Draft
from workshops.card_names import NobodyNamed
from workshops.models import Card, CardGroup, Phase, Workshop
from workshops.phases import WrongPhase

pytestmark = pytest.mark.usefixtures("in_app")


def _cards(room: Workshop, count: int) -> list[Card]:
    phase, room.phase = room.phase, Phase.WRITE.value
    writer = seat(room)
    cards = [board.write(room, writer, Draft(f"idée {n}"), NobodyNamed()) for n in range(count)]
    room.phase = phase
    return cards


def test_names_and_numbers_are_masked_before_the_card_is_kept() -> None:
    room = workshop()
    draft = Draft("Le docteur Lemaire au 06 12 34 56 78")
    card = board.write(room, seat(room), draft, CapitalNames())
    assert "Lemaire" not in card.text
    assert "06" not in card.text
    board.edit(room, card, "Encore Lemaire", CapitalNames())
    assert "Lemaire" not in card.text


class CountedNames(CapitalNames):
    """Counts how often it was asked."""

    asked = 0

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return the names and count."""
        self.asked += 1
        return super().find(text)


def test_names_are_looked_for_before_the_card_is_written_and_not_again() -> None:
    room, names = workshop(), CountedNames()
    typed = "  Le docteur\nLemaire "
    known = board.looked_for(typed, names)
    before = names.asked
    assert "Lemaire" not in board.write(room, seat(room), Draft(typed), known).text
    assert names.asked == before > 0
    assert board.looked_for(typed, None) is None
    board.looked_for("x" * 301, names)  # will be refused: not worth the time
    assert names.asked == before


def test_a_double_tap_writes_one_card_and_other_words_another() -> None:
    room = workshop()
    writer = seat(room)
    first = board.write(room, writer, Draft("idée", key="k"), NobodyNamed())
    assert board.write(room, writer, Draft("idée", key="k"), NobodyNamed()) is first
    assert board.write(room, writer, Draft("autre", key="k"), NobodyNamed()) is not first
    assert board.write(room, writer, Draft("idée", key="l"), NobodyNamed()) is not first
    assert board.write(room, seat(room, "b"), Draft("idée", key="k"), NobodyNamed()) is not first


@pytest.mark.parametrize("text", ["", "  \n ", "\0"])
def test_a_card_without_words_is_refused(text: str) -> None:
    room = workshop()
    with pytest.raises(board.EmptyCard):
        board.write(room, seat(room), Draft(text), NobodyNamed())


def test_a_card_holds_300_characters_and_not_301() -> None:
    room = workshop()
    writer = seat(room)
    board.write(room, writer, Draft("é" * 300), NobodyNamed())
    with pytest.raises(board.CardTooLong) as refused:
        board.write(room, writer, Draft("é" * 301), NobodyNamed())
    assert refused.value.count == 301


def test_one_phone_does_not_bury_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "MOST_CARDS_EACH", 2)
    room = workshop()
    writer = seat(room)
    for n in range(2):
        board.write(room, writer, Draft(str(n)), NobodyNamed())
    with pytest.raises(board.TooManyCards):
        board.write(room, writer, Draft("trop"), NobodyNamed())
    board.write(room, seat(room, "b"), Draft("une autre personne"), NobodyNamed())


def test_own_cards_are_changed_and_taken_back_until_reveal_only() -> None:
    room = workshop()
    writer = seat(room)
    card = board.write(room, writer, Draft("idée"), NobodyNamed())
    assert board.own_card(seat(room, "b"), card.id) is None
    room.phase = Phase.REVEAL.value
    with pytest.raises(WrongPhase):
        board.edit(room, card, "autre", NobodyNamed())
    with pytest.raises(WrongPhase):
        board.remove(room, card)
    room.phase = Phase.WRITE.value
    board.remove(room, card)
    assert board.count_cards(room) == 0


def test_an_unknown_question_falls_back_to_the_first() -> None:
    room = workshop()
    assert board.write(room, seat(room), Draft("idée", prompt=7), NobodyNamed()).prompt == 0


def test_a_hidden_card_leaves_the_board_and_can_come_back() -> None:
    room = workshop(Phase.REVEAL)
    card, *_rest = _cards(room, 2)
    board.hide(room, card, "Nom d’une collègue")
    assert card not in board.shown_cards(room)
    assert board.hidden_cards(room) == [card]
    board.hide(room, card, "")
    assert card in board.shown_cards(room)


def test_cards_are_gathered_named_moved_and_let_go_without_loss() -> None:
    room = workshop(Phase.GROUP)
    one, two, three, four = _cards(room, 4)
    group = groups.gather(room, [one, two], title=" Rappels ")
    assert (group.title, {one.group_id, two.group_id}) == ("Rappels", {group.id})
    assert set(groups.loose_cards(room)) == {three, four}
    groups.gather(room, [three], into=group)
    assert [len(row.cards) for row in groups.rows(room)] == [3]
    assert group.title == "Rappels"
    other = groups.gather(room, [three, four])
    assert {len(row.cards) for row in groups.rows(room)} == {2}
    groups.rename(room, other, "Autres")
    groups.ungroup(room, group)
    assert set(groups.loose_cards(room)) == {one, two}
    assert len(board.shown_cards(room)) == 4


def test_a_group_needs_two_cards() -> None:
    room = workshop(Phase.GROUP)
    card = _cards(room, 1)[0]
    with pytest.raises(groups.NothingToGroup):
        groups.gather(room, [card])
    with pytest.raises(groups.NothingToGroup):
        groups.gather(room, [], into=CardGroup(id="x"))


def test_an_emptied_group_goes_and_its_votes_go_along_within_the_cap() -> None:
    room = workshop(Phase.GROUP)
    groups.seat_singles(room) if _cards(room, 2) else None
    one, two = (row.group for row in groups.rows(room))
    voter = seat(room, "voter")
    room.phase = Phase.VOTE.value
    for _ in range(2):
        ballot.give(room, voter, one.id)
        ballot.give(room, voter, two.id)
    room.phase = Phase.GROUP.value
    merged = groups.gather(room, board.shown_cards(room))
    assert [group.id for group in db.session.scalars(select(CardGroup))] == [merged.id]
    assert ballot.given(voter) == {merged.id: 3}


def test_a_proposed_group_stays_together(today: date) -> None:
    room = workshop(Phase.GROUP)
    group = groups.gather(room, _cards(room, 2))
    room.phase = Phase.DECIDE.value
    proposals.propose(room, groups.rows(room)[0], today)
    room.phase = Phase.GROUP.value
    with pytest.raises(groups.GroupIsProposed):
        groups.ungroup(room, group)


def test_nothing_is_arranged_outside_its_phase() -> None:
    room = workshop(Phase.VOTE)
    cards = _cards(room, 2)
    with pytest.raises(WrongPhase):
        groups.gather(room, cards)
