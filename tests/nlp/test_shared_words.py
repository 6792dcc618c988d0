"""Texts compared by their rare shared words: values worked out by hand, and the empty cases."""

import math

import pytest

from nlp.shared_words import likeness, rarity, word_families


def test_words_of_a_family_are_one_and_masked_or_common_words_are_none() -> None:
    assert word_families("Les mesures de [PERSONNE_1]") == word_families("ma MESURE")
    assert word_families("[PERSONNE_1] et le la les") == frozenset()


def test_rarity_is_zero_for_what_all_hold() -> None:
    assert rarity(9, 9) == 0
    assert rarity(0, 9) == pytest.approx(math.log(10))


def test_likeness_by_hand() -> None:
    weights = {"a": 3.0, "b": 4.0, "c": 0.0}
    assert likeness({"a", "b"}, {"a", "b"}, weights) == (pytest.approx(1.0), 2)
    assert likeness({"a", "b"}, {"a"}, weights) == (pytest.approx(9 / 15), 1)
    assert likeness({"a"}, {"b"}, weights) == (0.0, 0)
    assert likeness(set(), {"b"}, weights) == (0.0, 0)
    assert likeness({"c"}, {"c"}, weights) == (0.0, 1)
