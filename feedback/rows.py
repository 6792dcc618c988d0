"""One retour told in a line of the desk: its first words, ring, face, theme, place and wait.

Who may see it is decided by whoever lists it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from app.days import working_days_between
from app.db import db
from feedback.departements import DEPARTEMENTS
from feedback.masked_text import excerpt
from feedback.models import (
    Answer,
    AnswerStatus,
    Face,
    Feedback,
    Placement,
    Segment,
    Theme,
    ThreadState,
)
from feedback.rings import Ring, rings
from feedback.threads import clock_days

AWAITED = (ThreadState.WAITING, ThreadState.REPLIED)
PLACES = {code: label.rpartition(" (")[0] for code, label in DEPARTEMENTS}
MOODS = {Face.BAD: 1, Face.MIDDLING: 2, Face.GOOD: 3}


@dataclass(frozen=True)
class Row:
    """One retour in the list."""

    id: str
    excerpt: Sequence[tuple[str, str | None]]
    ring: Ring
    mood: int | None  # 1 bad, 2 middling, 3 good
    face: str
    theme: str
    place: str
    wait: str
    is_late: bool
    service: str
    release: str


def told(feedbacks: Sequence[Feedback], day: date) -> tuple[Row, ...]:
    """Return a row for each retour; a few queries whatever the number."""
    marks, themes, places = rings(feedbacks), theme_names(feedbacks), place_names(feedbacks)
    return tuple(
        Row(
            id=f.id,
            excerpt=excerpt(f.text) or [(_("Note sans texte"), None)],
            ring=marks[f.id],
            mood=mood_of(f),
            face=face_name(f),
            theme=themes.get(f.id, ""),
            place=places.get(f.id, ""),
            wait=wait_text(f, day),
            is_late=is_late(f, day),
            service=f.service.name,
            release=f.release.number if f.release else "",
        )
        for f in feedbacks
    )


def mood_of(feedback: Feedback) -> int | None:
    """Return the face as the drawing counts it: 1 bad, 2 middling, 3 good; None without one."""
    return None if feedback.face is None else MOODS[Face(feedback.face)]


def face_name(feedback: Feedback) -> str:
    """Return the words of the face that the author chose."""
    names = {Face.BAD: _("Pas bien"), Face.MIDDLING: _("Moyen"), Face.GOOD: _("Très bien")}
    return "" if feedback.face is None else names[Face(feedback.face)]


def is_late(feedback: Feedback, day: date) -> bool:
    """Say whether the team let the reply clock run out."""
    due = feedback.reply_due
    return feedback.thread_state in AWAITED and due is not None and due < day


def wait_text(feedback: Feedback, day: date) -> str:
    """Return how long the author waits, in working days against the clock, or since when not."""
    if feedback.thread_state not in AWAITED:
        sent = format_date(feedback.day, "d MMMM")
        return str(_("envoyé le %(day)s", day=sent))
    days = working_days_between(feedback.waiting_since or feedback.day, day)
    clock = clock_days(feedback)
    if days == 0:
        return str(_("arrivé aujourd’hui (%(clock)s)", clock=clock))
    waits = ngettext(
        "attend depuis %(num)s jour (%(clock)s)",
        "attend depuis %(num)s jours (%(clock)s)",
        days,
        clock=clock,
    )
    return str(waits)


def theme_names(feedbacks: Sequence[Feedback]) -> dict[str, str]:
    """Return the theme of each retour: as a whole, else of its first placed clause."""
    query = (
        select(Segment.feedback_id, Theme.name)
        .join(Placement, Placement.segment_id == Segment.id)
        .join(Theme, Theme.id == Placement.theme_id)
        .where(Segment.feedback_id.in_([f.id for f in feedbacks]), ~Placement.contested)
        # The last one names the row.
        .order_by(Placement.with_whole, Segment.start.desc())
    )
    return dict(db.session.execute(query).all())


def place_names(feedbacks: Sequence[Feedback]) -> dict[str, str]:
    """Return the département that each author named, if any."""
    query = select(Answer.feedback_id, Answer.value).where(
        Answer.question == "G8",
        Answer.status == AnswerStatus.GIVEN,
        Answer.feedback_id.in_([f.id for f in feedbacks]),
    )
    found = db.session.execute(query)
    return {feedback_id: PLACES.get(code, code) for feedback_id, code in found}
