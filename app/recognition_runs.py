"""The job that tests whether somebody could be recognised in what the site shows."""

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.days import paris_day
from app.db import db
from app.editions import Edition
from app.runtime import runtime
from app.subscriptions import Audience
from feedback import publication_stop, recognition


def recognise(_key: str, now: datetime) -> str:
    """Run the weekly test when it is due; a failure stops publication until a later one passes."""
    day = paris_day(now)
    if not publication_stop.is_due(day):
        return "the test of recognition is not due"
    found = recognition.run(day, runtime().name_finder, small_numbers())
    db.session.commit()
    said = "passed" if found.passed else "FAILED, publication stops"
    return f"tested recognition over {found.counts['published']} published texts: {said}"


def small_numbers() -> int:
    """Return how many numbers under the floor the public editions hold."""
    floor = int(current_app.config["FLOOR"])
    query = select(Edition.content).where(Edition.audience == Audience.PUBLIC)
    contents = db.session.scalars(query)
    return sum(0 < number < floor for content in contents for number in _numbers(content))


def _numbers(content: dict[str, Any]) -> list[int]:
    """Return the counts of retours that an edition tells."""
    lines = [*content.get("themes", []), *content.get("unanswered", [])]
    told = [content.get(name) for name in ("retours", "answers")]
    told += [line.get("retours") for line in lines]
    return [number for number in told if isinstance(number, int)]
