"""Words, typical texts and titles of themes."""

import numpy as np
import pytest

from nlp.keywords import log_odds, terms, theme_words, title, typical
from nlp.stop_words import stop_words

THEMES = {
    0: ["L'ordonnance est perdue", "mon Ordonnance n'arrive pas", "ordonnance illisible"] * 3,
    1: ["Le rendez-vous est annulé", "rendez-vous déplacé", "un rendez-vous en ligne"] * 3,
}


def test_a_theme_is_named_by_what_sets_it_apart() -> None:
    words = theme_words(THEMES)
    assert words[0][0][0] == "ordonnance"
    assert words[1][0][0] == "rendez-vous"
    assert all(weight > 0 for _, weight in words[0])


def test_what_every_theme_says_names_none() -> None:
    both = {n: [f"{text} application" for text in texts] for n, texts in THEMES.items()}
    found = [word for words in theme_words(both).values() for word, _ in words]
    assert "application" not in found


def test_a_word_of_one_text_is_no_word_of_the_theme() -> None:
    words = theme_words({0: ["scanner scanner scanner", *THEMES[0]], 1: THEMES[1]})
    assert "scanner" not in [word for word, _ in words[0]]


def test_the_commonest_spelling_is_shown_with_its_accents() -> None:
    texts = {0: ["Une carte Vitale périmée", "ma carte Vitale périmée"] * 4}
    texts[1] = ["rien de neuf sous le soleil"] * 40  # so that absence elsewhere is no chance
    shown = [word for word, _ in theme_words(texts, 20)[0]]
    assert "carte Vitale" in shown
    assert "Vitale périmée" in shown
    shouted = {0: ["REMBOURSEMENT", "REMBOURSEMENT"]}
    assert [word for word, _ in theme_words(shouted)[0]] == ["remboursement"]
    assert [word for word, _ in theme_words({0: ["CAF", "CAF"]})[0]] == ["CAF"]


def test_a_word_that_lives_in_a_pair_is_told_by_the_pair() -> None:
    words = [word for word, _ in theme_words({0: ["dossier médical", "dossier médical"]})[0]]
    assert words == ["dossier médical"]


def test_masks_function_words_and_short_words_are_no_terms() -> None:
    assert terms("Le [PERSONNE_1] ne l’a pas à 12 h") == []
    assert "pas" in stop_words()
    assert "the" in stop_words()


def test_a_pair_never_spans_what_was_left_out() -> None:
    found = [term for term, _ in terms("code secret. numéro [TEL_1] dossier")]
    assert found == ["code", "secret", "code secret", "numéro", "dossier"]


def test_log_odds_of_a_word_as_frequent_elsewhere_is_zero() -> None:
    own, whole = {"a": 10, "b": 10}, {"a": 20, "b": 20}
    assert log_odds("a", own, whole) == pytest.approx(0.0)


def test_log_odds_agree_with_a_value_worked_out_by_hand() -> None:
    # inside 8 of 10, outside 2 of 10, prior 1 of 2: ln(9/3) − ln(3/9) over √(1/9 + 1/3).
    own, whole = {"a": 8, "b": 2}, {"a": 10, "b": 10}
    expected = (np.log(9 / 3) - np.log(3 / 9)) / np.sqrt(1 / 9 + 1 / 3)
    assert log_odds("a", own, whole) == pytest.approx(expected)


def test_no_texts_no_words() -> None:
    assert theme_words({}) == {}
    assert theme_words({0: [], 1: ["", "…"]}) == {0: [], 1: []}


def test_typical_texts_are_nearest_to_the_centre_without_copies() -> None:
    angles = np.radians([0.0, 1.0, 40.0, -40.0, 90.0])
    points = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    labels = np.array([0, 0, 0, 0, -1])
    assert typical(points, labels, 3) == {0: [0, 2, 3]}  # 1 copies 0
    assert typical(points, np.full(5, -1)) == {}


def test_a_title_repeats_no_word() -> None:
    words = [("carte Vitale", 3.0), ("carte", 2.0), ("délai", 1.0)]
    assert title(words) == "Carte Vitale · délai"
    assert title([("carte Vitale", 3.0), ("cartes", 2.0)]) == "Carte Vitale"
    assert title([]) == ""


def test_singular_and_plural_are_one_word_shown_as_most_write_it() -> None:
    texts = {0: ["déclarations", "mes déclarations", "ma déclaration", "accès", "accès", "access"]}
    assert [word for word, _ in theme_words(texts)[0]] == ["déclarations", "accès"]
