"""What the name finder reads: sentences whole, of junk the surroundings of words alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.redact import redact
from nlp.worth_reading import AROUND, SHORT, find_in_pieces, pieces
from tests.nlp.measure_redact import HALVES, read_texts

JUNK = "1_2 ° [3] /4: "


def durands(text):
    """Return where Durand stands, as a finder would."""
    return [match.span() for match in re.finditer("Durand", text)]


@pytest.mark.parametrize("half", HALVES)
def test_every_text_that_people_write_is_read_whole(half):
    texts = [text for text, _spans in read_texts(half) if re.search(r"[^\W\d_]{2}", text)]
    assert len(texts) > 250
    assert all(pieces(text) == [(0, len(text))] for text in texts)


@pytest.mark.parametrize("text", ["", "0 6 " * 1200, "n°1-" * 1200, "a_2 " * 10])
def test_what_holds_no_word_is_not_read(text):
    def never(_text):
        raise AssertionError("asked all the same")

    assert find_in_pieces(text, never) == []


def test_a_name_amid_junk_is_found_in_its_place_and_little_else_is_read():
    text = JUNK * 150 + "Je suis Paul Durand. " + JUNK * 150 + "Durand" + JUNK * 10
    asked = []

    def find(part):
        asked.append(part)
        return durands(part)

    assert find_in_pieces(text, find) == durands(text)
    assert len(asked) == 1
    assert len(asked[0]) < 5 * AROUND
    assert "Je suis Paul Durand." in asked[0]


class Finder:
    """Finds Durand and tells that it was asked."""

    def find(self, text):
        return durands(text)


def test_masking_amid_junk_masks_the_name():
    found = redact("1_ " * 800 + "Durand " + "2_ " * 800, Finder())
    assert found.names_masked
    assert "Durand" not in found.text


texts = st.lists(st.sampled_from(["Durand", " ", "12", "°", "mon ", "\n", JUNK * 20]), max_size=40)


@given(texts.map("".join))
def test_a_finder_gives_the_same_in_pieces_as_in_whole(text):
    assert find_in_pieces(text, durands) == durands(text)


@given(st.text(max_size=SHORT + 400))
def test_pieces_are_apart_in_order_and_hold_every_word(text):
    found = pieces(text)
    assert all(0 <= a < b <= len(text) for a, b in found if text)
    assert all(one[1] < other[0] for one, other in zip(found, found[1:], strict=False))
    for word in re.finditer(r"[^\W\d_]{3,}", text):
        assert any(a <= word.start() and word.end() <= b for a, b in found)
