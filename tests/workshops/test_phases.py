"""The phase machine as a table: what may follow what, and what each phase shows and accepts."""

import pytest

from workshops.models import Phase
from workshops.phases import (
    MOVES,
    ORDER,
    RULES,
    Act,
    ForbiddenMove,
    WrongPhase,
    check_act,
    check_move,
    choices,
)


def test_every_phase_has_a_rule_and_a_line_in_the_table() -> None:
    assert set(RULES) == set(MOVES) == set(Phase)


def test_a_session_can_go_through_all_phases_and_back_one_by_one() -> None:
    for here, following in zip(ORDER, ORDER[1:], strict=False):
        check_move(here, following)
        if following is not Phase.CLOSED:
            check_move(following, here)


def test_nothing_leaves_a_closed_session() -> None:
    for target in Phase:
        with pytest.raises(ForbiddenMove):
            check_move(Phase.CLOSED, target)


def test_every_open_phase_may_be_skipped_to_repeated_and_closed_from() -> None:
    for here in ORDER[:-1]:
        for target in ORDER:
            if target is not here:
                check_move(here, target)
    with pytest.raises(ForbiddenMove):
        check_move(Phase.VOTE, Phase.VOTE)


def test_cards_stay_hidden_until_reveal_and_totals_until_the_vote_is_over() -> None:
    assert [phase for phase in ORDER if not RULES[phase].cards_shown] == [
        Phase.LOBBY,
        Phase.WRITE,
        Phase.CLOSED,
    ]
    assert [phase for phase in ORDER if RULES[phase].results_shown] == [
        Phase.DISCUSS,
        Phase.DECIDE,
        Phase.CLOSED,
    ]


def test_each_act_has_its_phase() -> None:
    assert [p for p in ORDER if Act.WRITE in RULES[p].accepts] == [Phase.WRITE]
    assert [p for p in ORDER if Act.VOTE in RULES[p].accepts] == [Phase.VOTE]
    check_act(Phase.GROUP, Act.ARRANGE)
    with pytest.raises(WrongPhase):
        check_act(Phase.VOTE, Act.WRITE)


def test_every_phase_says_who_can_see_what() -> None:
    sentences = [str(rule.who_sees) for rule in RULES.values()]
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_the_console_offers_the_nearest_phase_first() -> None:
    back, on = choices(Phase.GROUP)
    assert back == [Phase.LOBBY, Phase.WRITE, Phase.REVEAL]
    assert on == [Phase.VOTE, Phase.DISCUSS, Phase.DECIDE, Phase.CLOSED]
