"""The English catalogue: every message, no doubtful or old one, the same placeholders."""

import ast
import re
import subprocess
import sys

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app.config import ROOT
from tests.english import PLACEHOLDER, catalogue, forms, messages

SOURCES = ("app", "feedback", "workshops", "templates")


@pytest.fixture(scope="session")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the sources say today, found as ``babel.cfg`` tells translators to find it."""
    path = tmp_path_factory.mktemp("extracted") / "messages.pot"
    extract = ["extract", "-F", "babel.cfg", "-k", "lazy_gettext", "-o", str(path), *SOURCES]
    pybabel = [sys.executable, "-m", "babel.messages.frontend", "--quiet"]
    subprocess.run([*pybabel, *extract], cwd=ROOT, check=True)
    with path.open("rb") as lines:
        return read_po(lines)


def test_every_message_has_english_words(extracted: Catalog) -> None:
    known = {m.id: m for m in messages(catalogue()) if all(forms(m.string))}
    missing = [m.id for m in messages(extracted) if m.id not in known]
    assert missing == [], "translate them: babel.cfg says how"


def test_the_catalogue_holds_nothing_doubtful_and_nothing_old(extracted: Catalog) -> None:
    said = {message.id for message in messages(extracted)}
    assert [message.id for message in catalogue() if message.fuzzy and message.id] == []
    assert [message.id for message in messages(catalogue()) if message.id not in said] == []
    assert not catalogue().obsolete


def test_english_keeps_every_placeholder() -> None:
    for message in messages(catalogue()):
        french, english = forms(message.id), forms(message.string)
        assert len(french) == len(english), message.id
        for here, there in zip(french, english, strict=True):
            found = [sorted(m[0] for m in PLACEHOLDER.finditer(words)) for words in (here, there)]
            assert found[0] == found[1], here


def test_english_is_written_as_english() -> None:
    for message in messages(catalogue()):
        for french, english in zip(forms(message.id), forms(message.string), strict=True):
            assert not re.search(r"[«»]|\s[:;?!]|'|\b[Vv]ous\b", english), english
            assert french != english or len(re.findall(r"[^\W\d_]{2,}", french)) < 3, french


def test_a_lazy_sentence_with_words_in_it_is_made_at_once() -> None:
    """A lazy string tells a page that it is safe: the words put into it would not be escaped."""
    found = []
    packages = ("app", "feedback", "workshops")
    for path in (each for name in packages for each in (ROOT / name).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        lazy = {
            each.asname or each.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "flask_babel"
            for each in node.names
            if each.name.startswith("lazy_")
        }
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        made = {id(part) for call in calls if _name_of(call) == "str" for part in call.args}
        found += [
            f"{path.name}:{call.lineno}"
            for call in calls
            if _name_of(call) in lazy and call.keywords and id(call) not in made
        ]
    assert found == []


def _name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""
