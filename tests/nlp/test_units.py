"""What is grouped of a message, and where its segments stand."""

import numpy as np

from nlp.assign import Assignment, Assignments
from nlp.grouping import Cut, cut
from nlp.units import CLEARLY, SHORT, goes_along, settle, units_of

TWO = "La carte Vitale n’est plus lue à la pharmacie. Le rappel de nuit sonne à trois heures."
LONG = " ".join([TWO] * (SHORT // len(TWO) + 1))


def at(theme: int, score: float = 0.5) -> Assignment:
    return Assignment(theme, score, -1, -1.0, 0.2)


def columns(*places: Assignment) -> Assignments:
    rows = [(p.theme, p.score, p.runner_up, p.runner_up_score, p.threshold) for p in places]
    theme, score, second, second_score, limit = (np.array(each) for each in zip(*rows, strict=True))
    return Assignments(theme, score, second, second_score, limit)


def test_a_short_message_is_grouped_whole_and_a_long_one_by_its_segments() -> None:
    texts = ["Merci.", TWO, "", LONG]
    cuts = cut(texts)
    units = units_of(texts, cuts)
    assert units.whole.texts[:2] == ["Merci.", TWO]
    assert units.whole.messages[2:] == [3] * (len(units.whole.texts) - 2)
    assert len(units.whole.texts) > 3
    assert [cuts.messages[row] for row in units.inside] == [1, 1]


def test_a_segment_has_its_own_theme_where_it_fits_one_and_else_its_messages() -> None:
    texts = [TWO]
    cuts = cut(texts)
    settled = settle(cuts, units_of(texts, cuts), [at(4, 0.7)], columns(at(9), at(-1)))
    assert [each.theme for each in settled.segments] == [9, 4]
    assert settled.mains[0].theme == 4


def test_a_segment_stays_with_its_message_unless_it_is_well_inside_another_theme() -> None:
    own = columns(at(9, 0.2 + CLEARLY - 0.01), at(9, 0.2 + CLEARLY + 0.01), at(4), at(-1), at(9))
    wholes = np.array([4, 4, 4, 4, -1])
    assert goes_along(own, wholes).tolist() == [True, False, True, True, False]


def test_the_main_place_of_a_long_message_is_that_of_its_best_placed_segment() -> None:
    texts = [LONG]
    cuts = cut(texts)
    units = units_of(texts, cuts)
    count = len(units.whole.texts)
    places = [at(-1, 0.9), at(3, 0.4), *[at(2, 0.3)] * (count - 2)]
    settled = settle(cuts, units, places, empty())
    assert settled.mains[0].theme == 3
    assert [each.theme for each in settled.segments[:2]] == [-1, 3]


def test_a_message_without_words_has_no_place() -> None:
    assert settle(Cut([], []), units_of([""], Cut([], [])), [], empty()).mains == {}


def empty() -> Assignments:
    return Assignments(*(np.zeros(0) for _ in range(5)))
