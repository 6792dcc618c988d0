"""What a session holds only while it runs: proposals and gestures on the board, hours, timers."""

from sqlalchemy import delete, update

from app.db import db
from workshops.console_models import BoardAct, GroupSuggestion
from workshops.models import CardGroup, Workshop
from workshops.talk_models import PhaseWindow


def forget(workshop: Workshop) -> int:
    """Drop it; return how many rows went."""
    gone = 0
    for table in (BoardAct, GroupSuggestion, PhaseWindow):
        done = db.session.execute(delete(table).where(table.workshop_id == workshop.id))
        gone += int(done.rowcount)  # type: ignore[attr-defined]
    timed = update(CardGroup).where(CardGroup.workshop_id == workshop.id)
    db.session.execute(timed.values(timer_until=None, timer_left_seconds=None))
    workshop.suggested_seal = workshop.suggested_how = ""
    workshop.focus = workshop.crew_seen = None
    return gone
