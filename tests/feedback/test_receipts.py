"""Receipt codes: derived, tolerant of typing, stored as a hash."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from app.db import CROCKFORD
from feedback import receipts
from tests.conftest import writing

codes = st.text(alphabet=CROCKFORD, min_size=16, max_size=16)
MISREAD = {"0": "0Oo", "1": "1IiLl"}


@st.composite
def typed_codes(draw: st.DrawFn) -> tuple[str, str]:
    """A code, and the same as somebody may type it."""
    code = draw(codes)
    typed = ""
    for letter in code:
        typed += draw(st.sampled_from(MISREAD.get(letter, letter + letter.lower())))
        typed += draw(st.sampled_from(("", "", " ", "-", "\u00a0", "\t", ".", "  ")))
    return code, " " + typed


@given(typed_codes())
@effort(max_examples=1000, deadline=None)
def test_a_code_is_read_however_it_is_typed(pair: tuple[str, str]) -> None:
    code, typed = pair
    assert receipts.normalise(typed) == code


@given(codes, st.integers(0, 15), st.sampled_from(CROCKFORD))
@effort(max_examples=300, deadline=None)
def test_one_wrong_character_is_another_code(code: str, place: int, letter: str) -> None:
    wrong = code[:place] + letter + code[place + 1 :]
    assert (receipts.normalise(wrong) == code) == (letter == code[place])


@given(st.text(max_size=40))
@effort(max_examples=300, deadline=None)
def test_any_text_is_a_code_or_malformed(text: str) -> None:
    try:
        code = receipts.normalise(text)
    except receipts.MalformedCode:
        return
    assert len(code) == 16
    assert set(code) <= set(CROCKFORD)


@pytest.mark.parametrize(
    ("typed", "count"), [("", 0), ("7K2M", 4), ("7K2M 9QXT 4RBD W0HE 1", 17), ("U" * 16, 16)]
)
def test_what_cannot_be_a_code_is_told_with_its_length(typed: str, count: int) -> None:
    with pytest.raises(receipts.MalformedCode) as refusal:
        receipts.normalise(typed)
    assert refusal.value.count == count


def test_a_code_is_the_first_80_bits_in_crockford_letters() -> None:
    code = receipts.code_from_key("secret", "key")
    first = hmac.new(b"secret", b"key", hashlib.sha256).digest()[:10]
    number = int.from_bytes(first, "big")
    by_hand = "".join(CROCKFORD[(number >> shift) & 31] for shift in range(75, -1, -5))
    assert code == by_hand
    assert len(base64.b32encode(first)) == 16


def test_another_secret_or_key_gives_another_code() -> None:
    code = receipts.code_from_key("secret", "key")
    assert receipts.code_from_key("secret", "key") == code
    assert receipts.code_from_key("secret", "kez") != code
    assert receipts.code_from_key("secres", "key") != code


def test_a_code_is_shown_in_four_groups() -> None:
    assert receipts.grouped("7K2M9QXT4RBDW0HE") == "7K2M 9QXT 4RBD W0HE"


def test_the_hash_is_salted_and_says_nothing_of_the_code() -> None:
    hashed = receipts.hash_code("7K2M9QXT4RBDW0HE", "salt")
    assert len(hashed) == 64
    assert hashed == receipts.hash_code("7K2M9QXT4RBDW0HE", "salt")
    assert hashed != receipts.hash_code("7K2M9QXT4RBDW0HE", "other")


def test_the_seal_depends_on_secret_and_body() -> None:
    seals = {receipts.seal(s, b) for s in ("a", "b") for b in ("x", "y", "")}
    assert len(seals) == 6


def test_the_salt_is_drawn_once(app: object) -> None:
    with writing(app):  # type: ignore[arg-type]
        salt = receipts.system_salt()
    with writing(app):  # type: ignore[arg-type]
        assert receipts.system_salt() == salt
