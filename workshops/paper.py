"""The paper bridge: ideas and votes that a room wrote on paper, typed in by who runs the session.

What was on paper says so on every screen; it obeys the same lengths, budgets and masking. Reading
the lines is ``paper_lines.py``.
"""

import hashlib

from sqlalchemy import delete, func, select

from app.db import CROCKFORD, ID_LENGTH, db
from nlp.redact import NameFinder, redact
from workshops import groups
from workshops.models import Card, Participant, Phase, Vote, Workshop
from workshops.paper_lines import Line, read_ballots, read_cards
from workshops.phases import Act, WrongPhase, check_act

TYPED_IN = frozenset({Phase.WRITE, Phase.REVEAL, Phase.GROUP})  # somebody types while others read


def type_cards(workshop: Workshop, typed: str, key: str, names: NameFinder | None) -> int:
    """Keep a batch of paper cards, masked; the same form sent twice keeps it once.

    Returns how many cards are new. Raises ``WrongPhase`` or ``BadLines``.
    """
    if workshop.phase not in TYPED_IN:
        raise WrongPhase(f"{workshop.phase} takes no paper cards")
    new = 0
    for line in read_cards(workshop, typed):
        identity = _identity(workshop, key, line)
        if db.session.get(Card, identity):
            continue
        masked = redact(line.text, names, workshop.service.allowed_words)
        card = Card(id=identity, workshop_id=workshop.id, prompt=line.prompt, paper=True)
        # Who types it has read it: without the name finder it waits for nobody else.
        card.text, card.names_masked = masked.text, masked.names_masked
        db.session.add(card)
        new += 1
    workshop.version += 1
    db.session.flush()
    return new


def _identity(workshop: Workshop, key: str, line: Line) -> str:
    body = f"{workshop.id}|paper|{key}|{line.number}|{line.prompt}|{line.text}"
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).digest()
    return "".join(CROCKFORD[byte % 32] for byte in digest[:ID_LENGTH])


def ballot_rows(workshop: Workshop) -> list[groups.Row]:
    """Return the groups in the order of the printed ballot, which no vote changes."""
    return sorted(groups.rows(workshop), key=lambda row: row.group.id)


def type_ballots(workshop: Workshop, typed: str, key: str) -> int:
    """Count paper ballots, one seat each; the same form sent twice counts once.

    Returns how many ballots are new. Raises ``WrongPhase`` or ``BadLines``.
    """
    check_act(workshop.phase, Act.VOTE)
    rows = ballot_rows(workshop)
    ballots = read_ballots(workshop, typed, len(rows))
    new = 0
    for number, ballot in enumerate(ballots):
        seat = _seat(workshop, f"{key}|{number}|{ballot}")
        if seat is None:
            continue
        new += 1
        for mark in sorted(set(ballot)):
            group_id = rows[mark - 1].group.id
            vote = Vote(workshop_id=workshop.id, participant_id=seat.id, group_id=group_id)
            vote.dots = ballot.count(mark)
            db.session.add(vote)
    workshop.version += 1
    db.session.flush()
    return new


def _seat(workshop: Workshop, what: str) -> Participant | None:
    """Return a new seat for a ballot, None if this form already brought it; no token opens it."""
    seal = hashlib.sha256(f"{workshop.id}|paper|{what}".encode()).hexdigest()
    if db.session.scalar(select(Participant.id).where(Participant.token_hash == seal)):
        return None
    seat = Participant(workshop_id=workshop.id, token_hash=seal, paper=True, finished=True)
    db.session.add(seat)
    db.session.flush()
    return seat


def ballot_count(workshop: Workshop) -> int:
    """Return how many paper ballots were typed."""
    mine = (Participant.workshop_id == workshop.id) & Participant.paper
    return db.session.scalar(select(func.count()).select_from(Participant).where(mine)) or 0


def drop_ballots(workshop: Workshop) -> int:
    """Take every paper ballot back, to type them anew; return how many. Raises ``WrongPhase``."""
    check_act(workshop.phase, Act.VOTE)
    mine = (Participant.workshop_id == workshop.id) & Participant.paper
    seats = select(Participant.id).where(mine)
    db.session.execute(delete(Vote).where(Vote.participant_id.in_(seats)))
    gone = db.session.execute(delete(Participant).where(mine))
    workshop.version += 1
    db.session.flush()
    return int(gone.rowcount)  # type: ignore[attr-defined]
