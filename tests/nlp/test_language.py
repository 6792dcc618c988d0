"""A message is said to be English only where it clearly is."""

import json
from pathlib import Path

import pytest

from nlp.language import language_of

DATA = Path(__file__).parent / "data"
MOST_UNTOLD = 5  # words: « card reading error, every time » has none that only English has


@pytest.mark.parametrize(
    "text",
    [
        "I can’t see my total for the current month.",
        "THE APP DOES NOT WORK ANYMORE",
        "It just doesn't sync with my watch",
        "Why is it not possible to have the date in English?",
    ],
)
def test_english_is_told(text: str) -> None:
    assert language_of(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "👍👌",
        "Super",
        "Top",
        "Bug",
        "the best",  # one word alone tells nothing
        "Depuis la mise à jour « Bluetooth is off », mes mesures ne partent plus.",
        "On m’a dit « it is not a bug » et on m’a raccroché au nez.",
        "le the est bon et on son pour as me or",  # words of both, or mistyped
        "جيد جدا",  # neither: said to be French, as before
    ],
)
def test_anything_else_is_french(text: str) -> None:
    assert language_of(text) == "fr"


def _rows(name: str) -> list[dict[str, str]]:
    lines = (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_no_french_text_of_the_sets_is_read_as_english() -> None:
    sets = ("registers", "danger_wide_dev", "redact_dev")
    rows = [row for name in sets for row in _rows(name) if row.get("register") != "english"]
    assert len(rows) > 400
    assert [row["text"] for row in rows if language_of(row["text"]) == "en"] == []


def test_the_english_register_is_read_as_english() -> None:
    texts = [row["text"] for row in _rows("registers") if row["register"] == "english"]
    missed = [text for text in texts if language_of(text) != "en"]
    assert len(texts) == 60
    assert [text for text in missed if len(text.split()) > MOST_UNTOLD] == []
