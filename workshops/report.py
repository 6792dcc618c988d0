"""What came of a session, without anybody's identity: read once for the page and for every file.

An allow-list: what is not named here leaves in no file. Words are ``report_words.py``.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.db import db
from workshops import decisions, opinions, proposals, retention, screens, seats, threads
from workshops.groups import Row
from workshops.models import Card, Proposal, Workshop
from workshops.opinions import Opinions
from workshops.screens import Board
from workshops.talk_models import Remark


@dataclass(frozen=True)
class Report:
    """A session after the vote: its board in the order of votes, and what surrounds it."""

    workshop: Workshop
    board: Board
    proposals: dict[str, Proposal]  # by the group that they came from
    phones: int
    paper_cards: int
    hidden_cards: int
    opinions: Opinions
    kept_until: date
    hosts: dict[str, Row]  # what each group put with another goes with
    threads: dict[str | None, list[Remark]]

    def said_of(self, row: Row) -> list[str]:
        """Return what was written in the group's thread, in its order."""
        return [each.text for each in self.threads.get(row.group.id, [])]

    @property
    def is_open_to_read(self) -> bool:
        """Say whether the totals are no secret any more."""
        return self.board.standings is not None


def report_of(workshop: Workshop) -> Report:
    """Return the report of ``workshop``, as far as its phase lets anybody read it."""
    heads, board = workshop.heads, screens.report_of(workshop)
    return Report(
        workshop=workshop,
        board=board,
        hosts=decisions.hosts(board.rows),
        threads=threads.threads_of(workshop),
        proposals=proposals.of_session(workshop),
        phones=seats.head_count(workshop) if heads is None else heads,
        paper_cards=_count(workshop, paper=True),
        hidden_cards=_count(workshop, hidden=True),
        opinions=opinions.opinions_of(workshop),
        kept_until=retention.kept_until(workshop),
    )


def _count(workshop: Workshop, paper: bool = False, hidden: bool = False) -> int:
    query = select(func.count()).select_from(Card).where(Card.workshop_id == workshop.id)
    if paper:
        query = query.where(Card.paper)
    if hidden:
        query = query.where(Card.hidden_reason != "")
    return db.session.scalar(query) or 0
