"""Titles that the public may read."""

from nlp.public_titles import fewest_retours, is_public_title

TEXTS = ["La carte Vitale est illisible"] * 11 + ["ma carte Vitale est restée chez Martin"] * 10


def test_a_title_is_public_when_eleven_retours_hold_each_of_its_words() -> None:
    assert is_public_title("Carte Vitale illisible", TEXTS)
    assert not is_public_title("Carte Vitale de Martin", TEXTS)
    assert is_public_title("Carte Vitale de Martin", TEXTS, fewest=10)


def test_the_rarest_word_counts_in_singular_or_plural_with_or_without_accents() -> None:
    assert fewest_retours("cartes", TEXTS) == 21
    assert fewest_retours("Carte · ILLISIBLES", TEXTS) == 11
    assert fewest_retours("Carte d’assuré", TEXTS) == 0


def test_a_title_of_small_words_or_of_nothing_is_not_public() -> None:
    assert not is_public_title("", TEXTS)
    assert not is_public_title("est la", TEXTS)
    assert not is_public_title("—", TEXTS)


def test_a_mask_is_never_public() -> None:
    assert not is_public_title("[PERSONNE_1] carte", ["[PERSONNE_1] carte"] * 20)
