"""Small groups proposed for short ideas: by meaning and rare words, or by words alone."""

import numpy as np

from nlp.card_groups import MOST_MEMBERS, common_words, propose

IDEAS = [
    "Envoyer un rappel par SMS la veille",
    "Le guichet ferme trop tôt le samedi",
    "Un SMS de rappel avant le rendez-vous",
    "Ouvrir le guichet plus tard le samedi",
    "Traduire les courriers en anglais",
    "Un ascenseur pour les fauteuils",
]


def test_ideas_with_rare_words_in_common_are_proposed_and_the_others_left_alone() -> None:
    found = propose(IDEAS, None)
    assert {each.members for each in found} == {(0, 2), (1, 3)}
    assert all(0.2 <= each.likeness <= 1 for each in found)
    assert found == sorted(found, key=lambda each: -each.likeness)


def test_meaning_joins_what_no_word_joins_and_parts_what_only_a_word_joins() -> None:
    texts = [
        "Parler à quelqu’un",
        "Un humain au téléphone",
        "Payer en ligne",
        "Une rampe",
        "Un quai",
    ]
    points = np.eye(5, dtype=np.float32)
    points[1] = points[0]
    found = propose(texts, points)
    assert [each.members for each in found] == [(0, 1)]
    assert common_words([texts[0], texts[1]]) == []


def test_nothing_is_proposed_for_nothing_one_or_ideas_that_share_nothing() -> None:
    assert propose([], None) == []
    assert propose(["Seule"], np.ones((1, 3), dtype=np.float32)) == []
    assert propose(["Un quai", "Une rampe"], None) == []


def test_equal_texts_make_proposals_that_one_reads_at_a_glance() -> None:
    many = propose(["Un rappel par SMS"] * 20 + ["Une rampe", "Un quai", "Un banc"], None)
    assert max(len(each.members) for each in many) == MOST_MEMBERS
    members = [member for each in many for member in each.members]
    assert len(members) == len(set(members)) >= 16


def test_shared_words_are_written_as_people_wrote_them_commonest_first() -> None:
    said = ["Des RAPPELS par SMS", "Un rappel, un sms", "Rappels rappels"]
    assert common_words(said) == ["rappels", "sms"]
    assert common_words(["[PERSONNE_1] rappelle", "[PERSONNE_1] attend"]) == []
    assert common_words(["Le porte-monnaie", "Un porte-monnaie"]) == ["porte-monnaie"]
    assert common_words(["Seule"]) == []
