"""Everything that a participant's code is linked to, as one file for its holder.

An allow-list: what the code opens, and nothing of anybody else but what their proposals became.
Opinions are left out: no thread leads from one to a phone (``opinions.py``).
"""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.db import db
from workshops import diaries, erasing, kept_codes, proposals
from workshops.around_models import HolderMail, KeptCode
from workshops.kept_codes import Fate, Told
from workshops.models import CardGroup, Participant, Proposal, ProposalState, Vote, Workshop


def export(kept: KeptCode) -> dict[str, Any]:
    """Return the sessions, ideas, messages, votes and diary of a code, and what proposals became.

    Messages and votes are linked to a phone, and so to its code, until the session closes.
    """
    told = kept_codes.told(kept, None)
    return {
        "seen": _day(kept.seen),
        "sessions": [_session(each) for each in kept_codes.sessions_of(kept)],
        "ideas": [_idea(each) for each in told.fates],
        "messages": _messages(kept),
        "votes": _votes(kept),
        "diary": _diary(kept),
        "mail": _mail(kept),
        "proposals": [_proposal(each) for each in _by_session(told)],
        "opinions": _(
            "Votre avis sur la séance n’a aucun lien avec un code. On ne le retrouve pas."
        ),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _session(workshop: Workshop) -> dict[str, Any]:
    return {
        "id": workshop.id,
        "title": workshop.title,
        "service": workshop.service.name,
        "day": _day(workshop.day),
        "closed": _day(workshop.closed),
    }


def _idea(fate: Fate) -> dict[str, Any]:
    card = fate.card
    session = db.session.get_one(Workshop, card.workshop_id)
    return {
        "session": session.id,
        "question": session.prompts[card.prompt],
        "text": card.text,
        "everybody_may_read": card.may_show,
        "hidden_for": card.hidden_reason,
        "group": fate.group.title if fate.group else "",
        "decision": fate.group.decision if fate.group else "",
        "proposal": fate.proposal.id if fate.proposal else None,
    }


def _messages(kept: KeptCode) -> list[dict[str, Any]]:
    return [
        {"session": each.workshop_id, "text": each.text, "hidden_for": each.hidden_reason}
        for each in erasing.remarks_of(kept)
    ]


def _votes(kept: KeptCode) -> list[dict[str, Any]]:
    query = select(Vote, CardGroup).join(CardGroup, CardGroup.id == Vote.group_id)
    mine = query.join(Participant, Participant.id == Vote.participant_id)
    found = db.session.execute(mine.where(Participant.code_id == kept.id).order_by(Vote.id))
    return [
        {"session": vote.workshop_id, "group": group.title, "dots": vote.dots}
        for vote, group in found
    ]


def _diary(kept: KeptCode) -> list[dict[str, Any]]:
    return [
        {
            "trial": trial.title,
            "day": _day(entry.day),
            "question": trial.prompts[entry.prompt],
            "text": entry.text,
        }
        for trial, entry in diaries.own_entries(kept)
    ]


def _mail(kept: KeptCode) -> dict[str, Any] | None:
    """Return that an address was left, and how often it is written to; it is sealed."""
    row = db.session.get(HolderMail, kept.id)
    if row is None:
        return None
    told = {"frequency": row.frequency, "asked": _day(row.created), "told": _day(row.told)}
    return {"confirmed": row.confirmed, **told}


def _by_session(told: Told) -> list[Proposal]:
    return sorted(told.proposals, key=lambda each: (each.workshop_id, each.title))


def _proposal(proposal: Proposal) -> dict[str, Any]:
    promised = proposal.commitment
    return {
        "id": proposal.id,
        "session": proposal.workshop_id,
        "title": proposal.title,
        "votes": proposal.dots,
        "made": _day(proposal.made),
        "due": _day(proposal.due),
        "state": proposal.state,
        "state_in_words": str(proposals.STATE_NAMES[ProposalState(proposal.state)]),
        "answered": _day(proposal.answered),
        "answer": proposal.answer,
        "promised": promised.text if promised else "",
        "promised_for": _day(promised.due) if promised else None,
    }
