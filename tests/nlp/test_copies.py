"""Near-copies, campaigns, and the count of authors (model.md §1)."""

import numpy as np
import pytest

from nlp.copies import authors, campaigns, counted, near_copies

WORDS = ["guichet", "mairie", "dossier", "carte", "vitale", "attente", "code", "photo", "agent"]
PLEA = "Rendez-nous le guichet de la mairie, l'application ne remplace pas une personne"


def test_case_accents_and_punctuation_do_not_hide_a_copy():
    texts = [PLEA, PLEA.upper() + " !!!", PLEA.replace("é", "e"), "Tout autre chose, sans rapport"]
    assert near_copies(texts).tolist() == [0, 0, 0, 3]


def test_a_word_changed_is_a_copy_and_a_sentence_changed_is_not():
    changed = PLEA.replace("mairie", "maison")
    other = "Rendez-nous le guichet de la mairie, ma mère ne voit plus assez pour un écran"
    assert near_copies([PLEA, changed, other]).tolist() == [0, 0, 2]


def test_the_jaccard_limit_is_strict():
    # 18 shingles each: two other last letters leave 16 of 20, one leaves 17 of 19.
    one = "abc def ghi jkl mnopqr"
    assert near_copies([one, one[:-2] + "st"]).tolist() == [0, 1]
    assert near_copies([one, one[:-1] + "t"]).tolist() == [0, 0]


def test_two_people_may_write_the_same_few_words():
    assert near_copies(["Ça bug toujours", "ça bug toujours", ""]).tolist() == [0, 1, 2]


def test_vectors_find_a_copy_in_other_words():
    texts = [
        "le site tombe en panne chaque lundi",
        "chaque lundi le service plante encore une fois",
    ]
    close, far = [[1.0, 0.0], [0.99, 0.05]], [[1.0, 0.0], [0.6, 0.8]]
    assert near_copies(texts, close).tolist() == [0, 0]
    assert near_copies(texts, far).tolist() == [0, 1]


@pytest.mark.parametrize("vectors", [[[1.0]], [[float("nan")], [1.0]]])
def test_vectors_that_do_not_fit_are_refused(vectors):
    with pytest.raises(ValueError, match="vectors"):
        near_copies([PLEA, PLEA], vectors)


def test_no_text_gives_no_label():
    assert near_copies([]).tolist() == []
    assert authors([], []) == 0


def test_the_groups_are_those_of_comparing_all_pairs():
    rng = np.random.default_rng(4)
    words = WORDS
    bases = [" ".join(rng.choice(words, 14)) for _ in range(20)]
    texts = [base.replace("code", "mot") for base in bases] + bases
    labels = near_copies(texts)
    for i in range(20):
        same = shingle_jaccard(texts[i], texts[i + 20]) > 0.8
        assert (labels[i] == labels[i + 20]) == same


def shingle_jaccard(one: str, other: str) -> float:
    sets = [{t[i : i + 5] for i in range(len(t) - 4)} for t in (plain(one), plain(other))]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def plain(text: str) -> str:
    return text.replace("é", "e")


def test_one_code_is_one_author_and_shared_copies_make_one_author():
    assert authors(["a", "a", "b"], [0, 1, 2]) == 2
    assert authors(["a", "b", "c"], [0, 0, 2]) == 2
    assert authors(["a", "b", "b", "c"], [0, 0, 2, 2]) == 1


def test_a_batch_counts_at_most_three_authors_a_day():
    codes, copies = list("abcdefgh"), list(range(8))
    batches = ["desk"] * 6 + [None, None]
    assert authors(codes, copies, batches, [1] * 8) == 3 + 2
    assert authors(codes, copies, batches, [1, 1, 1, 1, 2, 2, 1, 1]) == 3 + 2 + 2
    assert authors(codes, copies, ["desk"] * 3 + ["kiosk"] * 3 + [None] * 2, [1] * 8) == 8


def test_an_author_who_also_wrote_alone_does_not_use_up_the_batch():
    codes = ["a", "b", "c", "d", "a"]
    marks = counted(codes, range(5), ["desk"] * 4 + [None], [1] * 5)
    assert marks.tolist() == [False, True, True, True, True]


def test_entries_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        authors(["a"], [0, 1])


def test_five_copies_in_seven_days_are_a_campaign_and_in_eight_are_not():
    (found,) = campaigns([0, 0, 0, 0, 0, 9], [10, 11, 12, 13, 16, 10])
    assert found.members == (0, 1, 2, 3, 4)
    assert (found.first_day, found.last_day) == (10, 16)
    assert campaigns([0] * 5, [10, 11, 12, 13, 17]) == []
    assert campaigns([0] * 4, [10] * 4) == []
