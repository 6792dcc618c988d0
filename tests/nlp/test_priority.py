"""The order of the desk: each part by hand, and the limits."""

from datetime import date, timedelta

import pytest

from nlp.priority import Message, Priority, priority

TODAY = date(2026, 11, 23)


def message(days: int = 1, words: int = 12, source: str = "web") -> Message:
    return Message(TODAY - timedelta(days=days), words, source)


def test_the_score_is_the_weighted_mean_of_its_parts() -> None:
    assert Priority(1.0, 0.5, 0.25, 0.0).score == pytest.approx(0.55)


def test_each_part_is_worked_out_from_the_messages() -> None:
    rows = [message(), message(27, 3, "poster"), message(28, 8), message(90, 7, "paper")]
    found = priority(300.0, 30.0, rows, TODAY)
    assert (found.strength, found.recency, found.informative) == (pytest.approx(0.5), 0.5, 0.5)
    assert found.spread == pytest.approx(0.6)


@pytest.mark.parametrize(("e_value", "strength"), [(10.0, 0.0), (30.0, 0.0), (1e9, 1.0)])
def test_strength_stays_between_nothing_and_all(e_value: float, strength: float) -> None:
    assert priority(e_value, 30.0, [message()], TODAY).strength == strength


def test_a_single_case_is_as_strong_as_can_be() -> None:
    assert priority(None, None, [message()], TODAY).strength == 1.0


def test_without_any_message_left_only_strength_counts() -> None:
    assert priority(3000.0, 30.0, [], TODAY) == Priority(1.0, 0.0, 0.0, 0.0)


def test_a_threshold_must_be_positive() -> None:
    with pytest.raises(ValueError, match="threshold must be"):
        priority(1.0, 0.0, [], TODAY)
