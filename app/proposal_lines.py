"""What a team's edition tells of the proposals that sessions made for its service.

An edition keeps ids and days, that of facilitators too. A title is read when a page is: who wrote
it may take it back, and what is gone has none.
"""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app.catalogue import Service
from app.db import db
from app.digest_items import Content, Item, capped
from app.edition_news import marked
from app.periods import Period
from app.said import as_said
from app.web import written_day
from workshops.models import Proposal, ProposalState, Workshop
from workshops.proposals import STATE_NAMES

Titles = dict[str, str]
TITLED: dict[type[Proposal | Workshop], tuple[str, ...]] = {  # by table: the lists of an edition
    Proposal: ("proposals", "late", "answered"),
    Workshop: ("sessions", "open"),
}


@dataclass(frozen=True)
class ProposalLine:
    """A proposal that waits for the team's answer, or that got one in the period."""

    id: str
    state: str
    made: str
    due: str
    answered: str
    moved: bool  # made or answered in the period

    @property
    def waits(self) -> bool:
        """Whether the team has not answered yet."""
        return self.state == ProposalState.TO_ANSWER


def proposals_in(service: Service, period: Period) -> list[ProposalLine]:
    """Return the proposals to ``service`` that wait, then those answered in ``period``."""
    inside = Proposal.answered >= period.start, Proposal.answered < period.end
    waits = (Proposal.state == ProposalState.TO_ANSWER) & (Proposal.made < period.end)
    query = select(Proposal).where(
        Proposal.service_id == service.id, or_(waits, inside[0] & inside[1])
    )
    found = db.session.scalars(query.order_by(Proposal.due, Proposal.id))
    return sorted((_line(each, period) for each in found), key=lambda line: not line.waits)


def _line(each: Proposal, period: Period) -> ProposalLine:
    days = [each.made, each.answered] if each.answered else [each.made]
    return ProposalLine(
        id=each.id,
        state=each.state,
        made=each.made.isoformat(),
        due=each.due.isoformat(),
        answered=each.answered.isoformat() if each.answered else "",
        moved=any(period.start <= day < period.end for day in days),
    )


def titles_of(content: Content) -> Titles:
    """Return how the proposals and sessions of an edition are called today, by id."""
    found: Titles = {}
    for table, names in TITLED.items():
        lists = (content.get(name, []) for name in names)
        ids = [line["id"] for lines in lists if isinstance(lines, list) for line in lines]
        if ids:
            query = select(table.id, table.title).where(table.id.in_(ids))
            found |= {row.id: row.title for row in db.session.execute(query)}
    return found


def late_proposals(content: Content, titles: Titles) -> list[Item]:
    """Return the proposals whose day is past: each asks for a decision."""
    return _items(content, titles, are_late=True)


def other_proposals(content: Content, titles: Titles) -> list[Item]:
    """Return the proposals that wait within their time, and the answers of the period."""
    return _items(content, titles, are_late=False)


def _items(content: Content, titles: Titles, are_late: bool) -> list[Item]:
    late = content.get("late_proposals", [])
    lines = [
        marked(_item(line, titles[line["id"]]), content, line["id"])
        for line in content.get("proposals", [])
        if line["id"] in titles and (line["id"] in late) == are_late
    ]
    more = Item(endpoint="workshops_desk.proposals", label=_("Toutes les propositions"))
    return capped(lines, more)


def _item(line: Content, title: str) -> Item:
    link = {"proposal_id": line["id"]}
    words = _("« %(title)s ».", title=as_said(title))
    if line["state"] == ProposalState.TO_ANSWER:
        lead = _("Proposition à répondre pour le %(day)s.", day=written_day(line["due"], "d MMMM"))
        return Item(lead, words, "read", "workshops_desk.proposal", link, _("Répondre"))
    lead = _("Proposition : %(state)s.", state=str(STATE_NAMES[line["state"]]).lower())
    return Item(lead, words, "answered", "workshops_desk.proposal", link, _("Voir"))
