"""Typed text made safe, and counted as people see it."""

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from feedback.wording import clean, is_too_long, visible_length


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b", "ab"),
        ("\ud800x", "\ufffdx"),
        (" un\r\ndeux\rtrois\n", "un\ndeux\ntrois"),
        ("e\u0301", "é"),
        ("مرحبا 👍🏽", "مرحبا 👍🏽"),
        ("", ""),
    ],
)
def test_text_is_kept_as_meant(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
@effort(max_examples=300, deadline=None)
def test_any_text_can_be_stored_and_cleaning_twice_changes_nothing(typed: str) -> None:
    kept = clean(typed)
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert "\x00" not in kept
    assert clean(kept) == kept


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("été", 3), ("e\u0301", 1), ("👩🏽‍🚒", 1), ("🇫🇷🇧🇪", 2), ("a\nb", 3), ("مرحبا", 5)],
)
def test_length_is_what_a_reader_counts(text: str, count: int) -> None:
    assert visible_length(text) == count


def test_heaps_of_accents_do_not_pass_the_limit() -> None:
    assert not is_too_long("é" * 5000)
    assert is_too_long("é" * 5001)
    assert is_too_long("a" + "\u0301" * 20_000)
