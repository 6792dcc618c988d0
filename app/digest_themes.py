"""The themes of a period: how many retours, how they move, and how much they hurt.

A ranked pain is concerns × mean severity × growth (model.md §1) and is shown with its three parts.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.catalogue import Service
from app.db import db
from app.digest_counts import AWAITED, READABLE
from app.periods import Period
from feedback.models import Face, Feedback, Placement, Segment, Theme

MARKS = re.compile("[\u0300-\u036f]")  # accents, once they stand apart from their letters
LEAST_GROWTH, MOST_GROWTH = 0.5, 3.0
BETWEEN_WORDS = " · "  # how a title made by the machine joins its words


@dataclass(frozen=True)
class ThemeCount:
    """A theme in the period and in the one before."""

    id: str
    name: str
    named_by_person: bool
    retours: int
    before: int
    ever: int
    unanswered: int  # retours of any time that wait for the team
    concerns: int
    severity: float  # mean over the concerns of the period, 1 to 3
    backed_words: int  # the retours behind the rarest word of its name

    @property
    def growth(self) -> float:
        """Observed ÷ expected, cut to [0.5, 3]; the stretch before is what was expected."""
        return min(MOST_GROWTH, max(LEAST_GROWTH, self.retours / max(self.before, 1)))

    @property
    def pain(self) -> float:
        """Concerns × mean severity × growth."""
        return self.concerns * self.severity * self.growth

    def has_public_name(self, floor: int) -> bool:
        """Say whether the public may read the name: a person's, or words of many (model.md §8)."""
        return self.named_by_person or self.backed_words >= floor


def themes_in(service: Service, period: Period) -> list[ThemeCount]:
    """Return the current themes of ``service``, the one that hurts most first."""
    current = select(Theme).where(Theme.service_id == service.id, Theme.ended.is_(None))
    members = _members(service, period.end)
    lines = [
        _line(theme, members[theme.id], period)
        for theme in db.session.scalars(current)
        if theme.id in members
    ]
    return sorted(lines, key=lambda line: (-line.pain, -line.retours, -line.ever, line.name))


def _members(service: Service, end: date) -> dict[str, list[Feedback]]:
    """Return the retours before ``end`` by theme; one that stands twice in a theme counts once."""
    query = (
        select(Placement.theme_id, Feedback)
        .join(Segment, Segment.id == Placement.segment_id)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .options(selectinload(Feedback.answers))
        .where(Feedback.service_id == service.id, ~Placement.contested, Feedback.day < end)
    )
    found: dict[str, dict[str, Feedback]] = {}
    for theme_id, feedback in db.session.execute(query):
        found.setdefault(theme_id, {})[feedback.id] = feedback
    return {theme_id: list(feedbacks.values()) for theme_id, feedbacks in found.items()}


def _line(theme: Theme, members: list[Feedback], period: Period) -> ThemeCount:
    inside = [each for each in members if each.day >= period.start]
    before = period.before
    hurting = [each.severity for each in inside if _is_concern(each)]
    return ThemeCount(
        id=theme.id,
        name=theme.name,
        named_by_person=theme.named_by_person,
        retours=len(inside),
        before=sum(before.start <= each.day < before.end for each in members),
        ever=len(members),
        unanswered=sum(_is_awaited(each) for each in members),
        concerns=len(hurting),
        severity=round(sum(hurting) / len(hurting), 2) if hurting else 0.0,
        # A person's name needs no backing, and a thousand texts are slow to read.
        backed_words=0 if theme.named_by_person else _backing(theme.name, members),
    )


def _is_concern(feedback: Feedback) -> bool:
    return feedback.is_concern and feedback.face != Face.GOOD


def _is_awaited(feedback: Feedback) -> bool:
    return feedback.thread_state in AWAITED and feedback.state in READABLE


def _plain(text: str) -> str:
    """Return ``text`` without case and accents, so that « Délai » is found in « DELAI »."""
    return MARKS.sub("", unicodedata.normalize("NFD", text.casefold()))


def _backing(name: str, members: Iterable[Feedback]) -> int:
    """Return how many texts hold the rarest word of a title; 0 for a title without words."""
    words = [_plain(word) for word in name.split(BETWEEN_WORDS) if word.strip()]
    plain = [_plain(each.text or "") for each in members]
    return min((sum(word in text for text in plain) for word in words), default=0)
