"""A word in everything that people wrote, and where a page shows it without saying its language.

``plant`` puts the word into every column that people write in; ``unmarked`` finds it on a page,
``ours_marked`` finds what is ours and said to be theirs.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from bs4 import BeautifulSoup, NavigableString, Tag
from sqlalchemy import JSON, Column, String, select, update

from app.catalogue import Service
from app.db import db
from feedback import models as m
from tests.english import catalogue, forms, messages
from tests.factories import TODAY

WORD = "mirabelle"
# What people write, in French: columns by table. Of JSON: lists of words, and the TEXTS in it.
WRITTEN: dict[str, tuple[str, ...]] = {
    "answer_draft": ("text",),
    "answer_template": ("name", "text"),
    "board_act": ("name",),
    "card": ("text", "hidden_reason"),
    "card_group": ("title", "carrier"),
    "commitment": ("text", "owner", "evidence", "reason"),
    "commitment_link": ("words", "answer"),
    "commitment_step": ("words",),
    "content_notice": ("words", "answer"),
    "diary_entry": ("text",),
    "author_mail": ("sealed",),
    "holder_mail": ("sealed",),
    "edition": ("content",),
    "evaluation_count": ("service_name",),
    "evaluation_file": ("name",),
    "feedback": ("text", "reason"),
    "functionality": ("name",),
    "known_effect": ("name",),
    "lesson": ("title", "tried", "outcome", "audience", "tags"),
    "local_wording": ("words", "choices"),
    "message": ("organisation", "text"),
    "opinion": ("words",),
    "organisation": ("name",),
    "own_outline": ("name", "prompts", "consent"),
    "process": ("title", "aim"),
    "publication_refusal": ("reason", "words"),
    "proposal": ("title", "text", "answer", "carrier"),
    "remark": ("text", "hidden_reason"),
    "reference_margin": ("source",),
    "reference_row": ("name",),
    "reference_table": ("label", "source", "words"),
    "release": ("note",),
    "release_watch": ("question", "declared_by", "reason"),
    "saved_view": ("name",),
    "second_look": ("text", "reason"),
    "service": ("name", "purpose", "place", "hours"),
    "shared_group": ("title",),
    "signal": ("title", "sentence", "proof"),
    "signal_note": ("organisation", "reason"),
    "signal_question": ("asked_by", "field", "question", "answered_by", "answer"),
    "subject": ("name", "words"),
    "subject_event": ("detail",),
    "team_note": ("organisation", "text"),
    "theme": ("name", "words"),
    "theme_event": ("detail",),
    "trial": ("title", "prompts"),
    "urgency": ("reason", "words"),
    "visit": ("place", "note"),
    "workshop": ("title", "prompts", "notes", "site", "consent"),
}
TEXTS = ("text", "title", "name", "sentence", "question")  # keys of JSON that hold words
LONG = 80  # characters: a column that takes as many may hold words
# Long columns that hold none: names of people, addresses, codes, and what no English page shows.
OTHER = {
    "account": ("email", "name", "oidc_subject", "password", "tf_totp_secret"),
    "analysis_run": ("model",),
    "answer": ("value",),  # a code, or words that `feedback/told_answers.py` tells apart
    "edition": ("title", "skipped"),
    "face_count": ("age",),
    "job": ("key", "error"),
    "job_run": ("did", "error"),
    "known_effect_example": ("text", "model"),
    "outbox": ("key", "to", "subject", "text", "html", "error"),
    "passkey": ("extensions",),
    "placement": ("model",),
    "segment": ("model",),
    "subscription": ("address",),
    "system_value": ("value",),
    "voice_count": ("value",),
}
UNSEEN = ("title", "script", "style")  # a title holds text alone: it cannot be marked in part
# Nor can a snippet of code that another site copies, or a sentence of ours within an option.
OF_CODE = "snippet"
IN_AN_OPTION = re.compile(rf"{WORD}(, the whole service| \([^)]+\))$")


def plant() -> None:
    """Put the word at the end of every text that people wrote, and where one is still to come."""
    for table, columns in WRITTEN.items():
        for name in columns:
            _plant(db.metadata.tables[table], name)


def _plant(table: Any, name: str) -> None:
    column = table.c[name]
    keys = list(table.primary_key.columns)
    for *key, value in db.session.execute(select(*keys, column)).all():
        if value or value == "":
            same = [part == of for part, of in zip(keys, key, strict=True)]
            db.session.execute(update(table).where(*same).values({name: _with(value, column)}))


def more(service: Service) -> dict[str, Any]:
    """Add what no other site of the tests has; return what addresses may name of it."""
    by = {"day": TODAY, "imported": TODAY}
    table = m.ReferenceTable(
        label="Baromètre", source="Insee", fingerprint="f", scale="other", kind="contact", **by
    )
    table.words, table.state, table.good = "Êtes-vous satisfait ?", m.TableState.KEPT.value, 1
    made = {"made": TODAY, "imported": TODAY, "instance": "ab" * 16}
    file = m.EvaluationFile(name="Une autre instance", seal="s", is_kept=True, **made)
    chosen = m.LocalQuestion(service_id=service.id, kind="one")
    chosen.wordings.append(
        m.LocalWording(words="Par quel écran ?", choices=["Tablette", "Borne"], since=TODAY)
    )
    margin = m.ReferenceMargin(facet="channel", value="web", count=10, source="Insee", day=TODAY)
    margin.service_id = service.id
    db.session.add_all([table, file, chosen, margin])
    db.session.flush()
    return {"table_id": table.id, "file_id": file.id}


def _with(value: Any, column: Column[Any]) -> Any:
    if isinstance(column.type, JSON):
        return _inside(value, isinstance(value, list))
    longest = getattr(column.type, "length", None) or 10_000
    if not value:
        return WORD
    return f"{str(value)[: longest - len(WORD) - 1]} {WORD}"


def _inside(value: Any, is_words: bool) -> Any:
    if isinstance(value, dict):
        return {key: _inside(each, key in TEXTS) for key, each in value.items()}
    if isinstance(value, list):
        return [_inside(each, is_words) for each in value]
    return f"{value} {WORD}" if is_words and isinstance(value, str) and value else value


def long_columns() -> Iterator[tuple[str, str]]:
    """Yield the table and the name of every column that holds text of some length."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, String) and (column.type.length or LONG) >= LONG
            if is_text and not column.foreign_keys:
                yield table.name, column.name


def unmarked(html: str) -> list[str]:
    """Return each text of a page that holds the word and is not said to be French."""
    texts = BeautifulSoup(html, "html.parser").find_all(string=re.compile(WORD))
    return [_path(text) for text in texts if not _may_stand(text) and _language(text) != "fr"]


def ours_marked(html: str) -> list[str]:
    """Return each text of the English catalogue that a page says to be French."""
    soup = BeautifulSoup(html, "html.parser")
    texts = [text for tag in soup.select("body [lang=fr]") for text in tag.find_all(string=True)]
    return [_path(t) for t in texts if t.strip() in _english() and _language(t) == "fr"]


def french_marks(html: str) -> list[str]:
    """Return the elements of a page that it says to be French, links to the language left out."""
    soup = BeautifulSoup(html, "html.parser")
    return [str(tag)[:80] for tag in soup.select("body [lang=fr]:not([hreflang])")]


def _language(text: NavigableString) -> str:
    marked = next((parent for parent in text.parents if parent.get("lang")), None)
    return str(marked["lang"]) if isinstance(marked, Tag) else ""


def _may_stand(text: NavigableString) -> bool:
    parent = text.parent
    if parent is None or parent.name in UNSEEN:
        return True
    is_mixed = parent.name == "option" and IN_AN_OPTION.search(text)
    return bool(is_mixed) or OF_CODE in (parent.get("class") or []) or parent.has_attr("hidden")


def _path(text: NavigableString) -> str:
    names = [parent.name for parent in text.parents]
    return " < ".join(names[:4]) + ": " + " ".join(text.split())[:90]


@cache
def _english() -> frozenset[str]:
    """Return what English alone says."""
    pairs = [
        pair
        for message in messages(catalogue())
        for pair in zip(forms(message.id), forms(message.string), strict=True)
    ]
    return frozenset(english for _, english in pairs) - {french for french, _ in pairs}
