"""Blocking a part of a view gives what reading the text anew with that part blocked gives."""

from hypothesis import given
from hypothesis import strategies as st

from nlp.textview import OPAQUE, block, view_of

SIGNS = st.text(alphabet="aéÉœ1 .@-’\u0301\u200d\u00a0İ😀\n", max_size=60)


@given(SIGNS, st.data())
def test_a_blocked_view_is_that_of_the_text_with_the_range_blocked(text, data):
    view = view_of(text)
    size = len(view.text)
    start = data.draw(st.integers(0, max(0, size - 1)))
    end = data.draw(st.integers(min(start + 1, size), size))
    if start == end:
        return
    found = block(view, [(start, end)])
    assert found == view_of(text, [view.input_range(start, end)])
    assert found.text.count(OPAQUE) == 1


def test_two_ranges_are_blocked_apart_and_places_stay_those_of_the_input():
    view = view_of("té́l 06 et 07 !")
    first, second = view.text.index("06"), view.text.index("07")
    found = block(view, [(second, second + 2), (first, first + 2)])
    assert found.text == f"tél {OPAQUE} et {OPAQUE} !"
    place = found.text.index("!")
    assert found.input_range(place, place + 1) == (14, 15)
    assert block(found, []) == found
