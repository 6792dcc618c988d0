"""Words by which a team could recognise who wrote are heard; what merely sounds alike is not."""

import pytest

from nlp.recognised import recognised
from tests.nlp.recognised_texts import (
    RECOGNISED,
    RECOGNISED_FROZEN,
    UNRECOGNISED,
    UNRECOGNISED_FROZEN,
)


@pytest.mark.parametrize("text", RECOGNISED)
def test_what_points_at_its_author_is_heard(text: str) -> None:
    assert recognised(text)


@pytest.mark.parametrize("text", UNRECOGNISED)
def test_what_points_at_nobody_is_left_alone(text: str) -> None:
    assert recognised(text) == []


def test_the_frozen_halves_hold() -> None:
    heard = sum(bool(recognised(text)) for text in RECOGNISED_FROZEN)
    wrongly = sum(bool(recognised(text)) for text in UNRECOGNISED_FROZEN)
    print(f"frozen half: {heard} of {len(RECOGNISED_FROZEN)} heard, {wrongly} wrongly")
    assert heard >= 11
    assert wrongly == 0


def test_each_passage_says_its_kind_and_place() -> None:
    text = "Je suis la seule patiente ici, j’ai peur des représailles."
    assert [(span.kind, text[span.start : span.end]) for span in recognised(text)] == [
        ("few", "suis la seule patiente"),
        ("fear", "représailles"),
    ]
