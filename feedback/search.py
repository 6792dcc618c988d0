"""The search index over masked retours: words in, ids out, through ``matching`` alone.

SQLite's FTS5 stands behind it; no module but this and the two beside it (``search_weights.py``,
``search_upkeep.py``) knows. Words stand there in the form of ``nlp.search_forms``. Who may see a
hit is the caller's condition, never the index's.

What follows a retour's text (turns of its exchange, the surprise in the author's own words) is
never public: it stands in a table of its own, which only a search ``in_exchanges`` looks into.
"""

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    column,
    delete,
    insert,
    literal_column,
    select,
    table,
    union,
)

from app.db import CROCKFORD, db
from feedback.models import Answer, AnswerStatus, Feedback, Message, State
from feedback.questions import G5
from feedback.search_upkeep import merge
from nlp.search_forms import search_words

INDEX = table("feedback_search", column("feedback_id"), column("service"), column("words"))
# The same for whole exchanges; a row's number is its retour's id, so that it is found at once.
TURNS = table(
    "feedback_search_turns",
    column("rowid"),
    column("feedback_id"),
    column("service"),
    column("words"),
)
MOST_WORDS = 12  # of a query; more narrow nothing and cost time
SHORTEST_BEGINNING = 3  # letters of a last word that may be unfinished
_PHRASES = re.compile(r'"([^"]*)"?|«([^»]*)»?|“([^”]*)”?|([^\s"«“]+)')


def index(feedback: Feedback, is_new: bool = False) -> None:
    """Put the masked text of ``feedback`` into the index, in place of what stood there.

    A text whose names are not masked yet stays out (model.md §3), and so does a withdrawn one.

    Args:
        is_new: nothing stands there yet. Looking for it reads the whole index, and nobody who
            sends a retour should wait for that.
    """
    if not is_new:
        unindex(feedback.id)
    if feedback.text and feedback.names_masked and feedback.state != State.WITHDRAWN:
        service_id = feedback.service_id or feedback.service.id
        row = {
            "feedback_id": feedback.id,
            "service": service_word(service_id),
            "words": " ".join(search_words(feedback.text)),
        }
        db.session.execute(insert(INDEX).values(row))
        if not is_new:
            index_turns(feedback)


def index_turns(feedback: Feedback, forgets: bool = False) -> None:
    """Put the exchange of ``feedback`` into the index, in place of what stood there.

    Messages that a moderator holds stay out: no team may read them, and names may stand in them.

    Args:
        forgets: words may be gone, which must leave the index's segments; else some came.
    """
    gone = db.session.execute(delete(TURNS).where(TURNS.c.rowid == _number(feedback.id)))
    is_open = feedback.names_masked and feedback.state != State.WITHDRAWN and not feedback.is_peer
    said = _turns(feedback.id) if is_open else []
    if said:
        row = {
            "rowid": _number(feedback.id),
            "feedback_id": feedback.id,
            "service": service_word(feedback.service_id or feedback.service.id),
            "words": " ".join(search_words("\n".join((feedback.text or "", *said)))),
        }
        db.session.execute(insert(TURNS).values(row))
    if forgets and gone.rowcount:  # type: ignore[attr-defined]
        merge("feedback_search_turns")


def _turns(feedback_id: str) -> list[str]:
    messages = select(Message.text).where(Message.feedback_id == feedback_id, ~Message.held)
    surprise = select(Answer.value).where(
        Answer.feedback_id == feedback_id,
        Answer.question == G5.code,
        Answer.status == AnswerStatus.GIVEN.value,
    )
    turns = db.session.scalars(messages.order_by(Message.position))
    return [*turns, *(each or "" for each in db.session.scalars(surprise))]


def _number(feedback_id: str) -> int:
    """Return the 60 bits of an id: no order shows in them."""
    number = 0
    for sign in feedback_id:
        number = number * len(CROCKFORD) + CROCKFORD.index(sign)
    return number


def unindex(feedback_id: str) -> None:
    """Take a retour and its exchange out of the index, their words from its segments too."""
    for name, gone in (
        ("feedback_search", delete(INDEX).where(INDEX.c.feedback_id == feedback_id)),
        ("feedback_search_turns", delete(TURNS).where(TURNS.c.rowid == _number(feedback_id))),
    ):
        if db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
            merge(name)


def sweep(living: Any) -> int:
    """Take out what is about no retour of ``living``, a query of ids; return how many rows."""
    swept = 0
    for name, found in (("feedback_search", INDEX), ("feedback_search_turns", TURNS)):
        gone = db.session.execute(delete(found).where(found.c.feedback_id.not_in(living)))
        if count := int(gone.rowcount):  # type: ignore[attr-defined]
            merge(name)
            swept += count
    return swept


def matching(
    words: str,
    service_ids: Collection[int] | None = None,
    most: int | None = None,
    in_exchanges: bool = False,
) -> Any | None:
    """Return the ids of retours that hold every one of ``words``, as a query; None without words.

    Words in quotes stand side by side, and so do those that a hyphen joins; the last one may be
    unfinished. Case, accents and French plurals do not matter.

    Args:
        service_ids: look only at what is said of these services.
        most: stop at this many texts, those that came last, and at as many exchanges, any of them.
        in_exchanges: look into what followed each text too; for who may read exchanges alone.
    """
    asked = _asked(words)
    if not asked:
        return None
    if service_ids is not None:
        services = " OR ".join(f'"{service_word(each)}"' for each in service_ids) or '"none"'
        asked = f"service : ({services}) AND {asked}"
    query = select(INDEX.c.feedback_id).where(literal_column("feedback_search").op("MATCH")(asked))
    if most is not None:
        query = query.order_by(literal_column("feedback_search.rowid").desc()).limit(most)
    if not in_exchanges:
        return query
    turns: Any = literal_column("feedback_search_turns")
    later = select(TURNS.c.feedback_id).where(turns.op("MATCH")(asked))
    later = later.limit(most) if most is not None else later
    return union(*(select(each.subquery().c.feedback_id) for each in (query, later)))


def find(words: str, condition: ColumnElement[bool]) -> list[str]:
    """Return the ids of the retours that hold ``words`` and satisfy ``condition``, newest first."""
    hits = matching(words)
    if hits is None:
        return []
    query = select(Feedback.id).where(Feedback.id.in_(hits), condition)
    return list(db.session.scalars(query.order_by(Feedback.day.desc(), Feedback.id)))


def service_word(service_id: int) -> str:
    """Return the word by which a service stands beside its retours' in the index."""
    return f"service{service_id}"


def _asked(words: str) -> str:
    """Return ``words`` as FTS5 asks for them; only letters and digits of theirs come in."""
    phrases: list[str] = []
    left, open_ended = MOST_WORDS, False
    for found in _PHRASES.finditer(words):
        quoted = found[4] is None
        forms = search_words(next(part for part in found.groups() if part is not None))[:left]
        if forms:
            left -= len(forms)
            phrases.append(f'"{" ".join(forms)}"')
            open_ended = not quoted and len(forms[-1]) >= SHORTEST_BEGINNING
    if not phrases:
        return ""
    return f"words : ({' AND '.join(phrases)}{' *' if open_ended else ''})"
