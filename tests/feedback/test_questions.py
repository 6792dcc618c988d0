"""The national questions are locked: a word, code or choice changes with a new version only."""

import hashlib
import json
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from app.matrix import RISK_NAMES, Risk
from feedback.models import Answer
from feedback.question_sets import worded
from feedback.question_shapes import WAYS, Kind, Question
from feedback.questions import CORE, LATER, MATRIX, NOW, RELEASED

# The seal of each released wording. No line here ever changes: a new version adds one.
SEALS: dict[str, str] = {
    "G1.1": "81c098e23d8bd6ee",
    "G2.1": "7ddeeda498ea98c1",
    "G3.1": "527bee7d381b7288",
    "G4.1": "96d071df8dd70b6a",
    "G5.1": "4343ed9775080184",
    "G5.kind.1": "cb43ccfd78b5e85c",
    "G6.1": "33888ea95587ef0a",
    "G7.1": "cb4adbe30aecb7f4",
    "G8.1": "95c4c83f13c142c5",
    "G9.1": "1c4005a52c9bd604",
    "M1.1": "2f15f9315fd090da",
    "M2.1": "2a01a2309cfdee33",
    "M3.1": "611bfc9c3fe9f1fd",
    "M4.1": "143985156e2cea86",
    "M5.1": "dfe7ce05f76e67e1",
}
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "questions.md"
ASKED = {Risk.LOW: "always", Risk.MEDIUM: "medium risk and above", Risk.HIGH: "high risk"}


@pytest.fixture(autouse=True)
def _french(app: Flask) -> object:
    with app.test_request_context(), force_locale("fr"):
        yield


def seal(question: Question) -> str:
    """Return what changes with any word, code, choice, way of not answering or kind."""
    choices = [[code, str(words)] for code, words in question.choices]
    ways = [[status.value, str(WAYS[status])] for status in question.statuses]
    said = [question.code, question.version, question.kind.value, str(question.words), choices]
    body = json.dumps([*said, ways, question.alone, str(question.hint)])
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def test_no_word_code_or_choice_of_a_released_version_changes() -> None:
    assert {f"{q.code}.{q.version}": seal(q) for q in RELEASED.values()} == SEALS


def test_each_version_stands_under_its_own_code_and_number() -> None:
    assert all(key == (q.code, q.version) for key, q in RELEASED.items())
    assert all(RELEASED[q.code, q.version] is q for q in NOW.values())
    assert all(q.version == max(v for c, v in RELEASED if c == q.code) for q in NOW.values())
    assert set(NOW) == set(CORE) | {q.code for q in MATRIX}
    assert {q.code for q in LATER} == set(CORE) - {"G1", "G2", "G9"}


def test_the_core_says_the_words_of_the_national_button() -> None:
    assert str(CORE["G1"].words) == "De façon générale, comment ça s’est passé ?"
    assert [str(words) for _code, words in CORE["G1"].choices] == ["Pas bien", "Moyen", "Très bien"]
    assert len(CORE["G3"].choices) == 5


def test_the_document_lists_every_question_as_it_is_asked() -> None:
    rows = [line.split(" | ") for line in DOCUMENT.read_text("utf-8").splitlines()]
    table = {tuple(cell.strip("| ") for cell in row) for row in rows if row[0].startswith("| `")}
    expected = {
        (f"`{q.code}`", str(q.version), str(q.words), q.kind.value, ASKED[q.when.risk])
        for q in RELEASED.values()
    }
    assert table == expected


def test_an_answer_is_told_in_the_words_of_the_version_it_answered() -> None:
    old = Answer(question="G3", version=1, status="given", value="1")
    asked = worded([old])["G3", 1]
    assert asked.tell(old.status, old.value) == "1 – Pas clair du tout"
    assert asked.tell("given", "4") == "4 sur 5"
    assert asked.tell("refused", "") == "Je préfère ne pas dire"
    several = RELEASED["M1", 1]
    assert several.kind is Kind.SEVERAL
    assert several.tell("given", "phone close") == "Par téléphone, Auprès d’un proche"
    assert several.tell("given", "gone") == "gone"


def test_english_readers_get_their_words_under_the_same_codes() -> None:
    with force_locale("en"):
        english = {code: str(question.words) for code, question in NOW.items()}
    french = {code: str(question.words) for code, question in NOW.items()}
    assert all(english[code] != french[code] for code in NOW)
    assert RISK_NAMES
