"""Whether somebody could be recognised in what the site shows: tested each week (proposition 23).

Counts what is unique, what is rare and what leaked. A leak, or a number under the floor, stops
publication until a later test passes; the texts concerned wait for a moderator, who decides.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.catalogue import Territory
from app.db import db
from feedback import content_notices
from feedback.models import (
    Answer,
    ContentNotice,
    Feedback,
    NoticeReason,
    RecognitionTest,
    State,
)
from feedback.questions import G6, G7, G8
from nlp.lexicons import fold, load_lexicons
from nlp.name_finder import NameFinder
from nlp.redact import CHECKED, redact

PUBLIC = (State.PUBLISHED.value, State.SHOWN.value)
TRAITS = (G6.code, G7.code, G8.code)
WORD = re.compile(r"[^\W\d_]{4,}")
MASK = re.compile(r"\[[A-Z_]+\d*\]")  # what masking left stands for many
Row = tuple[str, ...]


def run(day: date, names: NameFinder | None, small_numbers: int) -> RecognitionTest:
    """Test, keep the numbers of ``day`` and put each leak before a moderator.

    Args:
        small_numbers: how many numbers under the floor the published editions hold.
    """
    published = list(db.session.scalars(select(Feedback).where(Feedback.state.in_(PUBLIC))))
    leaking = [row for row in published if leaks(row.text or "", names, row.service.allowed_words)]
    counts = {
        **uniqueness(_traits()),
        "published": len(published),
        "rare": rare_words([row.text or "" for row in published]),
        "leaks": len(leaking),
        "small": small_numbers,
    }
    _ask_moderators(leaking, day)
    passed = not leaking and not small_numbers
    return db.session.merge(RecognitionTest(day=day, counts=counts, passed=passed))


def leaks(text: str, names: NameFinder | None, allowed: Iterable[str]) -> bool:
    """Say whether ``text`` still holds an identifier that is never put back: a number, an address.

    A name may be a mistake that its author put back: it is counted by nobody here.
    """
    return any(span.type in CHECKED for span in redact(text, names, tuple(allowed)).spans)


def uniqueness(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many rows there are, and how many are alone with their combination of traits."""
    sizes = Counter(rows)
    return {"kept": sizes.total(), "alone": sum(1 for size in sizes.values() if size == 1)}


def rare_words(texts: Iterable[str]) -> int:
    """Return how many words stand in one text alone and in no dictionary: they may point."""
    lexicons, found = load_lexicons(), Counter[str]()
    for text in texts:
        found.update({fold(word) for word in WORD.findall(MASK.sub(" ", text))})
    return sum(1 for word, times in found.items() if times == 1 and not lexicons.is_french(word))


def _traits() -> list[Row]:
    """Return service, month, region, age and role of each retour that is kept with its words."""
    query = select(Answer.feedback_id, Answer.question, Answer.value)
    query = query.where(Answer.question.in_(TRAITS), Answer.status == "given")
    said = {(row[0], row[1]): row[2] for row in db.session.execute(query)}
    regions = dict(db.session.execute(select(Territory.code, Territory.region_code)).all())
    kept = select(Feedback.id, Feedback.service_id, Feedback.day).where(Feedback.text.is_not(None))
    return [
        (
            str(service_id),
            f"{day:%Y-%m}",
            regions.get(said.get((key, G8.code), "")) or "",
            said.get((key, G7.code), ""),
            said.get((key, G6.code), ""),
        )
        for key, service_id, day in db.session.execute(kept)
    ]


def _ask_moderators(leaking: list[Feedback], day: date) -> None:
    """Put a notice on each leaking text that has none open: a person decides."""
    waiting = set(
        db.session.scalars(select(ContentNotice.feedback_id).where(ContentNotice.outcome.is_(None)))
    )
    with force_locale("fr"):
        words = _("L’essai de la semaine y voit un numéro ou une adresse.")
    for feedback in leaking:
        if feedback.id not in waiting:
            content_notices.report(feedback, NoticeReason.PERSONAL, words, day)
