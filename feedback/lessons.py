"""The library of lessons: what a territory tried and what came of it, found by every other one.

Staff of any role read it; the public reads only what its author's territory published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.accounts import Account
from app.db import db, folded
from feedback.models import Lesson
from feedback.visits import concerned_by

MOST_TAGS = 8
LONGEST_TAG = 30  # characters
PER_PAGE = 20


@dataclass(frozen=True)
class LessonValues:
    """What the form of a lesson holds."""

    title: str
    tried: str
    outcome: str
    audience: str
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    services: tuple[int, ...] = ()
    is_public: bool = False


@dataclass(frozen=True)
class Asked:
    """What a reader looks for; an empty value asks for nothing."""

    words: str = ""
    territory: str = ""
    kind: str = ""
    tag: str = ""


def read_tags(typed: str) -> tuple[str, ...]:
    """Return the tags of a line with commas, each once, in lower case."""
    parts = (" ".join(part.split()).lower() for part in typed.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def search(asked: Asked, public_only: bool = False) -> list[Lesson]:
    """Return the lessons that hold every word and fit every choice of ``asked``, newest first."""
    query = select(Lesson).order_by(Lesson.day.desc(), Lesson.id.desc())
    if public_only:
        query = query.where(Lesson.is_public)
    if asked.territory:
        query = query.where(Lesson.territory_code == asked.territory)
    wanted = folded(asked.words).split()
    return [
        lesson
        for lesson in db.session.scalars(query)
        if (not asked.kind or asked.kind in lesson.kinds)
        and (not asked.tag or asked.tag in lesson.tags)
        and _holds(lesson, wanted)
    ]


def _holds(lesson: Lesson, wanted: list[str]) -> bool:
    if not wanted:
        return True
    parts = (lesson.title, lesson.tried, lesson.outcome, lesson.audience, *lesson.tags)
    names = (service.name for service in lesson.services)
    said = folded(" ".join((*parts, lesson.territory.name, *names)))
    return all(word in said for word in wanted)


def tags_of(lessons: Iterable[Lesson]) -> list[str]:
    """Return every tag of ``lessons``, in order."""
    return sorted({tag for lesson in lessons for tag in lesson.tags})


def find(lesson_id: int, territory: str | None = None) -> Lesson | None:
    """Return a lesson; with ``territory`` only one that it may edit."""
    found = db.session.get(Lesson, lesson_id)
    return found if found and territory in (None, found.territory_code) else None


def save(lesson: Lesson | None, values: LessonValues, account: Account, day: date) -> Lesson:
    """Write ``lesson`` anew, or a new one: organisation, territory and day stay its author's."""
    territory = account.territory_code or ""
    if lesson is None:
        lesson = Lesson(territory_code=territory, organisation_id=account.organisation_id, day=day)
        db.session.add(lesson)
    lesson.title, lesson.tried, lesson.outcome = values.title, values.tried, values.outcome
    lesson.audience, lesson.is_public = values.audience, values.is_public
    lesson.kinds, lesson.tags = list(values.kinds), list(values.tags)
    lesson.services = [s for s in concerned_by(territory) if s.id in values.services]
    db.session.flush()
    return lesson
