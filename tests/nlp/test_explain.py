"""Why a segment stands in its theme."""

from collections.abc import Sequence

import numpy as np
import pytest

from nlp.assign import Vectors
from nlp.encode import HashingEncoder
from nlp.explain import neighbours, telling_words
from nlp.grouping import Fitted, group
from nlp.grouping import place as place_texts
from nlp.themes_explained import explain_message

SUBJECTS = [
    "ma carte d’assurée est illisible à la pharmacie",
    "le rendez-vous chez le médecin est annulé sans prévenir",
    "impossible de changer le mot de passe du compte",
    "le rappel sonne à trois heures chaque nuit",
    "mes mesures de tension arrivent en double",
    "la taille des lettres est trop petite à l’écran",
]
TEXTS = [f"{SUBJECTS[n % 6]} ({n})" for n in range(60)]
CENTRE = np.array([1.0, 0.0], dtype=np.float32)


def place(texts: Sequence[str]) -> Vectors:
    """Put « ordonnance » on the theme's axis, « soleil » against it, the rest aside."""
    points = [(("ordonnance" in t) - 0.5 * ("soleil" in t), 0.0) for t in texts]
    return np.array(points, dtype=np.float32)


def test_the_words_that_count_are_those_that_would_be_missed() -> None:
    assert telling_words("une ordonnance au soleil", CENTRE, place) == [("ordonnance", 1.0)]


def test_a_text_without_words_has_none_to_tell() -> None:
    assert telling_words("12 !", CENTRE, place) == []


def test_neighbours_are_members_nearest_first_without_the_point_itself() -> None:
    points = np.array([[1, 0], [0.6, 0.8], [0.8, 0.6], [1, 0], [0, 1]], dtype=np.float32)
    found = neighbours(points[0], points, [0, 0, 0, 1, 0], 0, 2)
    assert [each.row for each in found] == [2, 1]
    assert [each.similarity for each in found] == pytest.approx([0.8, 0.6])


def test_a_copy_by_somebody_else_is_a_neighbour() -> None:
    points = np.array([[1, 0], [1, 0]], dtype=np.float32)
    assert [each.row for each in neighbours(points[0], points, [0, 0], 0)] == [1]


def test_a_theme_without_members_has_no_neighbours() -> None:
    assert neighbours(CENTRE, np.zeros((0, 2), dtype=np.float32), [], 0) == []


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    """Themes fitted on sentences about a card and about reminders."""
    encoder = HashingEncoder()
    return group(encoder.encode(TEXTS), TEXTS, encoder, 0).fitted


def test_a_message_is_explained_with_its_p_value_among_the_other_members(fitted: Fitted) -> None:
    every = (explain_message(fitted, HashingEncoder(), TEXTS, row) for row in range(len(TEXTS)))
    told = next(each for each in every if each["theme"] >= 0)
    assert told["score"] >= told["threshold"]
    assert 0 < told["p_value"] <= 1
    assert all("carte" in TEXTS[each["message"]] for each in told["neighbours"])


def test_a_message_in_no_theme_has_neither_p_value_nor_neighbours(fitted: Fitted) -> None:
    told = explain_message(fitted, HashingEncoder(), [*TEXTS, "zyx wvu tsr qpo"], len(TEXTS))
    assert (told["theme"], told["p_value"], told["neighbours"]) == (-1, None, [])


def test_the_explained_score_is_the_cosine_to_the_theme_s_centre(fitted: Fitted) -> None:
    told = explain_message(fitted, HashingEncoder(), TEXTS, 3)
    row = fitted.prototypes.themes.tolist().index(told["theme"])
    point = place_texts(fitted, HashingEncoder(), [TEXTS[3]])[0]
    assert told["score"] == pytest.approx(float(point @ fitted.prototypes.centres[row]), abs=1e-4)
