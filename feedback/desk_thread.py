"""What the team's page of one retour shows, gathered into a frozen record before it is printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import traces
from app.access import Verb, reaches
from app.accounts import Account
from app.db import db
from app.said import as_said, together
from feedback.answer_templates import choices_for
from feedback.around import Around, around_for_team
from feedback.assignments import assigned, colleagues_of
from feedback.commitments import concerns_of
from feedback.drafts import draft_of
from feedback.masked_text import pieces
from feedback.models import (
    AnswerDraft,
    Commitment,
    CommitmentLink,
    CommitmentState,
    Feedback,
    Message,
    Placement,
    SecondLook,
    Segment,
    Theme,
    ThreadState,
    Verdict,
)
from feedback.rows import Row, told
from feedback.second_looks import look_for
from feedback.team_notes import NoteLine, notes_of
from feedback.themes import placements_of
from feedback.threads import messages
from feedback.told_answers import Told, told_answers
from feedback.urgency_words import pressing_name
from feedback.verdicts import tally
from feedback.words import ROLE_NAMES, VERB_NAMES

LINKABLE = (
    CommitmentState.PROMISED,
    CommitmentState.DUE,
    CommitmentState.LATE,
    CommitmentState.REOPENED,
)


@dataclass(frozen=True)
class JournalLine:
    """One entry of the journal, in words."""

    day: date
    who: str
    what: str


@dataclass(frozen=True)
class Letter:
    """One message of the exchange; the author's masked words come in pieces."""

    message: Message
    who: str
    pieces: Sequence[tuple[str, str | None]]


@dataclass(frozen=True)
class Promise:
    """A commitment that answers the retour, with its authors' verdicts."""

    commitment: Commitment
    verdicts: dict[Verdict, int]


@dataclass(frozen=True)
class ThreadPage:
    """Everything that the page prints."""

    feedback: Feedback
    row: Row
    pieces: Sequence[tuple[str, str | None]]
    answers: tuple[Told, ...]
    themes: tuple[Theme, ...]
    places: tuple[Placement, ...]  # of its sentences in those themes
    theme_concerns: int  # concerns that a commitment for the whole theme would answer
    letters: tuple[Letter, ...]
    promises: tuple[Promise, ...]
    linkable: tuple[Commitment, ...]
    journal: tuple[JournalLine, ...]
    may_answer: bool
    is_team: bool
    around: Around
    notes: tuple[NoteLine, ...]  # the team's alone
    holder: Account | None
    colleagues: tuple[Account, ...]
    draft: AnswerDraft | None = None  # what this account is writing
    level: Any = ""  # how pressing it is, unless ordinary
    look: SecondLook | None = None  # an answer that no author has read yet
    seen: str = ""  # the messages that stand on the page, by id
    templates: Sequence[tuple[int, str, str]] = ()  # number, name, filled text


def thread_page(feedback: Feedback, account: Account, day: date) -> ThreadPage:
    """Return what ``account`` sees of ``feedback``; opening it is written down by the caller."""
    row = told([feedback], day)[0]
    themes = themes_of(feedback)
    promises = _promises(feedback)
    is_team = reaches(feedback.service, account, Verb.ANSWER)
    is_rating = feedback.thread_state == ThreadState.NONE and not feedback.text
    letters = letters_of(messages(feedback, with_held=False))
    return ThreadPage(
        feedback=feedback,
        row=row,
        pieces=pieces(feedback.text),
        answers=told_answers(feedback.answers, row.place),
        themes=themes,
        places=tuple(p for p in placements_of(feedback) if not p.contested),
        theme_concerns=len(concerns_of(themes[0])) if themes else 0,
        letters=letters,
        promises=promises,
        linkable=_linkable(feedback, {p.commitment.id for p in promises}),
        journal=journal_lines(feedback.id),
        may_answer=is_team and not is_rating,
        is_team=is_team,
        around=around_for_team(feedback),
        notes=notes_of(feedback) if is_team else (),
        holder=assigned([feedback.id]).get(feedback.id),
        colleagues=tuple(colleagues_of([feedback.service_id])) if is_team else (),
        draft=draft_of(account, feedback),
        level=pressing_name(feedback),
        look=look_for(feedback) if is_team else None,
        seen=" ".join(letter.message.id for letter in letters),
        templates=choices_for(feedback) if is_team else (),
    )


def themes_of(feedback: Feedback) -> tuple[Theme, ...]:
    """Return the themes that the clauses of ``feedback`` stand in, in the order of the text."""
    query = (
        select(Theme)
        .join(Placement)
        .join(Segment)
        .where(Segment.feedback_id == feedback.id, ~Placement.contested)
        .order_by(Segment.start)
    )
    return tuple(dict.fromkeys(db.session.scalars(query)))


def journal_lines(feedback_id: str) -> tuple[JournalLine, ...]:
    """Return the journal of one retour in words, oldest first."""
    return tuple(
        JournalLine(
            date.fromisoformat(entry["day"]),
            together(
                (
                    part
                    for part in (
                        str(ROLE_NAMES.get(entry["role"], entry["role"])),
                        as_said(entry["organisation"]),
                    )
                    if part
                ),
                " · ",
            ),
            str(VERB_NAMES.get(entry["verb"], entry["verb"])),
        )
        for entry in traces.journal(feedback_id)
    )


def letters_of(found: Iterable[Message]) -> tuple[Letter, ...]:
    """Return messages as the page prints them."""
    return tuple(
        Letter(m, str(ROLE_NAMES.get(m.role or m.sender, m.role)), pieces(m.text)) for m in found
    )


def _promises(feedback: Feedback) -> tuple[Promise, ...]:
    query = (
        select(Commitment)
        .join(CommitmentLink)
        .where(CommitmentLink.feedback_id == feedback.id)
        .options(selectinload(Commitment.links))
        .order_by(Commitment.made, Commitment.id)
    )
    return tuple(Promise(c, tally(c)) for c in db.session.scalars(query))


def _linkable(feedback: Feedback, known: set[str]) -> tuple[Commitment, ...]:
    query = select(Commitment).where(
        Commitment.service_id == feedback.service_id, Commitment.state.in_(LINKABLE)
    )
    every = db.session.scalars(query.order_by(Commitment.due, Commitment.id))
    return tuple(c for c in every if c.id not in known)
