"""Words as they are searched: French plurals are one with their singular, and little else is."""

import pytest

from nlp.search_forms import search_words, singular


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("élèves", "eleve"),
        ("journaux", "JOURNAL"),
        ("généraux", "général"),
        ("hôpitaux", "hopital"),
        ("travaux", "travail"),
        ("bureaux", "bureau"),
        ("tuyaux", "tuyau"),
        ("jeux", "jeu"),
        ("bijoux", "bijou"),
        ("yeux", "œil"),
        ("maux", "mal"),
        ("Cœurs", "coeur"),
        ("mesures", "mesure"),
        ("RDV", "rendez-vous"),
        ("l’écran", "écrans"),
        ("jusqu’au matin", "au matins"),
    ],
)
def test_these_are_found_by_each_other(one: str, other: str) -> None:
    assert search_words(one) == search_words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mois", "moi"),
        ("fois", "foi"),
        ("mais", "mai"),
        ("fils", "fil"),
        ("prix", "pris"),
        ("voix", "voie"),
        ("taux", "tal"),
        ("vers", "ver"),
        ("sous", "sou"),
        ("os", "o"),
    ],
)
def test_these_stay_apart(one: str, other: str) -> None:
    assert search_words(one) != search_words(other)


@pytest.mark.parametrize("word", ["prix", "mois", "stress", "pas", "bus", "noix", "croix"])
def test_what_is_no_plural_stays_as_it_is(word: str) -> None:
    assert singular(word) == word


def test_masked_words_and_signs_are_no_words() -> None:
    assert search_words("[PERSONNE_1] : 6.2, « [EMAIL_2] » — *(\x00") == ["6", "2"]
    assert search_words("") == []


def test_every_form_is_letters_and_digits_and_stays_itself() -> None:
    for word in search_words("Aujourd’hui, l’Œuvre des ÉLÈVES_2 naïfs : مرحبا 12"):
        assert word.isalnum()
        assert singular(word) == word
