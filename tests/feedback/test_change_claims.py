"""What an answer says to be done is heard; what is read, asked or promised is left alone."""

import pytest

from feedback.change_claims import claims
from tests.feedback.answers_said import (
    CLAIMED,
    CLAIMED_FROZEN,
    NOT_CLAIMED,
    NOT_CLAIMED_FROZEN,
)


@pytest.mark.parametrize("text", CLAIMED)
def test_what_is_said_to_be_done_is_heard(text: str) -> None:
    assert claims(text) == [text]


@pytest.mark.parametrize("text", NOT_CLAIMED)
def test_what_is_read_asked_or_promised_is_left_alone(text: str) -> None:
    assert claims(text) == []


def test_the_frozen_halves_hold() -> None:
    heard = sum(bool(claims(text)) for text in CLAIMED_FROZEN)
    wrongly = sum(bool(claims(text)) for text in NOT_CLAIMED_FROZEN)
    print(f"frozen half: {heard} of {len(CLAIMED_FROZEN)} heard, {wrongly} wrongly")
    assert heard >= 19
    assert wrongly <= 1


def test_the_sentence_that_claims_is_named_among_others() -> None:
    text = "Merci de votre message. Nous avons corrigé la page. Dites-nous ce qui manque."
    assert claims(text) == ["Nous avons corrigé la page."]


@pytest.mark.parametrize("text", ["", "👍👍", "?!", "a" * 5000, "désormais " * 400])
def test_any_text_is_read(text: str) -> None:
    assert isinstance(claims(text), list)
