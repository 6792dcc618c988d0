"""How long a session is kept: then its ideas, votes, opinions and notes go, its proposals stay.

A proposal keeps the words of the cards whose authors agreed that everybody may read them.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update

from app.days import paris_day
from app.db import db
from workshops import diaries, holder_news, live_state, opinions, rehearsal
from workshops.around_models import KeptCode, Opinion
from workshops.board import LONGEST_TITLE
from workshops.models import Card, CardGroup, Participant, Phase, Proposal, Vote, Workshop
from workshops.process_models import PanelSeat
from workshops.talk_models import Remark

KEPT = timedelta(days=730)  # two years: a service has had the time to change and to be looked at


def kept_until(workshop: Workshop) -> date:
    """Return the day after which the session's words and votes are erased."""
    return workshop.day + KEPT


def purge(now: datetime) -> int:
    """Empty the sessions whose term has passed, drop old blanks; return how many rows went."""
    day = paris_day(now)
    over = (Workshop.day < day - KEPT) & Workshop.emptied.is_(None)
    old = list(db.session.scalars(select(Workshop).where(over)))
    gone = rehearsal.purge(day) + opinions.purge(day) + diaries.purge(day)
    gone += sum(_empty(workshop, day) for workshop in old)
    return gone + _drop_codes()


def _empty(workshop: Workshop, day: date) -> int:
    """Erase what was said in a session, closed or forgotten open; return how many rows went."""
    for proposal in _proposals(workshop):
        _shorten(proposal, workshop)
    gone = live_state.forget(workshop)
    gone += sum(_erase(table, condition) for table, condition in _what_goes(workshop))
    workshop.notes, workshop.emptied = "", day
    workshop.phase, workshop.closed = Phase.CLOSED.value, workshop.closed or day
    db.session.flush()
    return gone


def _drop_codes() -> int:
    """Drop the codes that no session still kept knows; a code that came back lives on."""
    emptied = select(Workshop.id).where(Workshop.emptied.is_not(None))
    seats = select(PanelSeat.code_id).join(Workshop, Workshop.id == PanelSeat.workshop_id)
    live = seats.where(Workshop.emptied.is_(None))
    now = select(Participant.code_id).where(Participant.code_id.is_not(None))
    old = KeptCode.workshop_id.in_(emptied) & KeptCode.id.not_in(live) & KeptCode.id.not_in(now)
    doomed = list(db.session.scalars(select(KeptCode.id).where(old)))
    left = update(Card).where(Card.code_id.in_(doomed))
    db.session.execute(left.values(code_id=None))
    holder_news.forget(doomed)
    return _erase(KeptCode, KeptCode.id.in_(doomed))


def _what_goes(workshop: Workshop) -> list[tuple[type, ColumnElement[bool]]]:
    proposed = [each.group_id for each in _proposals(workshop) if each.group_id]
    stays = Card.may_show & Card.group_id.in_(proposed) & (Card.hidden_reason == "")
    return [
        (Card, (Card.workshop_id == workshop.id) & (~stays | Card.group_id.is_(None))),
        (Vote, Vote.workshop_id == workshop.id),
        (Opinion, Opinion.workshop_id == workshop.id),
        (Participant, Participant.workshop_id == workshop.id),
        (Remark, Remark.workshop_id == workshop.id),
        (CardGroup, (CardGroup.workshop_id == workshop.id) & CardGroup.id.not_in(proposed)),
    ]


def _erase(table: type, condition: ColumnElement[bool]) -> int:
    return int(db.session.execute(delete(table).where(condition)).rowcount)  # type: ignore[attr-defined]


def _proposals(workshop: Workshop) -> list[Proposal]:
    query = select(Proposal).where(Proposal.workshop_id == workshop.id)
    return list(db.session.scalars(query))


def _shorten(proposal: Proposal, workshop: Workshop) -> None:
    """Leave the name of its group and the cards that everybody may read; who carries it goes."""
    group = db.session.get(CardGroup, proposal.group_id) if proposal.group_id else None
    cards = group.cards if group else []
    shown = [card.text for card in cards if card.may_show and not card.hidden_reason]
    proposal.text = "\n".join(shown)
    named = group.title if group else ""
    proposal.carrier = ""
    if group:
        group.carrier = ""
    proposal.title = (named or (shown[0] if shown else workshop.title))[:LONGEST_TITLE]
