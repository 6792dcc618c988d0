"""The state tables of model.md §4 as data, and the ring that shows them. Decides, does nothing.

Each move names who may make it; ``author``, ``team``, ``moderator`` and ``rule`` are the actors.
"""

from flask_babel import lazy_gettext as _

from feedback.models import Commitment, Feedback, ThreadState
from feedback.models import CommitmentState as C
from feedback.models import State as S


class ForbiddenMove(Exception):
    """The move is not in the table for this actor."""


MOVES: dict[tuple[str, str], frozenset[str]] = {
    (S.RECEIVED, S.OPEN): frozenset({"rule"}),
    (S.RECEIVED, S.HELD): frozenset({"rule"}),
    (S.OPEN, S.HELD): frozenset({"rule", "moderator"}),
    (S.HELD, S.OPEN): frozenset({"moderator", "rule"}),  # rule: only names masked after all
    (S.HELD, S.RETURNED): frozenset({"moderator"}),
    (S.HELD, S.REFUSED): frozenset({"moderator"}),
    (S.OPEN, S.PUBLISHED): frozenset({"moderator"}),
    (S.PUBLISHED, S.OPEN): frozenset({"moderator", "author"}),
    (S.RETURNED, S.RECEIVED): frozenset({"author"}),
    (S.REFUSED, S.HELD): frozenset({"author"}),
    # A peer's answer alone: it is read by a moderator before anybody, and never by the team first.
    (S.HELD, S.SHOWN): frozenset({"moderator"}),
    (S.SHOWN, S.HELD): frozenset({"moderator", "rule"}),
}

COMMITMENT_MOVES: dict[tuple[str, str], frozenset[str]] = {
    (C.PROMISED, C.DUE): frozenset({"date"}),
    (C.PROMISED, C.LATE): frozenset({"date"}),
    (C.DUE, C.LATE): frozenset({"date"}),
    (C.PROMISED, C.CLAIMED): frozenset({"team"}),
    (C.DUE, C.CLAIMED): frozenset({"team"}),
    (C.LATE, C.CLAIMED): frozenset({"team"}),
    (C.REOPENED, C.CLAIMED): frozenset({"team"}),
    (C.CLAIMED, C.ANNOUNCED): frozenset({"moderator"}),
    (C.CLAIMED, C.PROMISED): frozenset({"moderator"}),  # the evidence does not hold
    (C.ANNOUNCED, C.CONFIRMED): frozenset({"author"}),
    (C.UNVERIFIED, C.CONFIRMED): frozenset({"author"}),
    (C.UNVERIFIED, C.ANNOUNCED): frozenset({"author"}),  # somebody spoke, without confirming
    (C.ANNOUNCED, C.UNVERIFIED): frozenset({"date"}),
    (C.CONFIRMED, C.ANNOUNCED): frozenset({"author"}),  # contests outweigh confirmations again
    (C.ANNOUNCED, C.REOPENED): frozenset({"moderator"}),
    (C.UNVERIFIED, C.REOPENED): frozenset({"moderator"}),
    (C.CONFIRMED, C.REOPENED): frozenset({"moderator"}),
    (C.PROMISED, C.DROPPED): frozenset({"team"}),
    (C.DUE, C.DROPPED): frozenset({"team"}),
    (C.LATE, C.DROPPED): frozenset({"team"}),
    (C.REOPENED, C.DROPPED): frozenset({"team"}),
}


def check_move(old: str, new: str, actor: str) -> None:
    """Raise ``ForbiddenMove`` unless ``actor`` may move a retour from ``old`` to ``new``."""
    if new == S.WITHDRAWN and actor in ("author", "rule"):
        return
    if actor not in MOVES.get((S(old), S(new)), frozenset()):
        raise ForbiddenMove(f"{actor} may not move a retour from {old} to {new}")


def move(feedback: Feedback, new: S, actor: str, reason: str = "") -> None:
    """Move ``feedback`` to ``new``; raise ``ForbiddenMove`` when the table does not allow it."""
    check_move(feedback.state, new, actor)
    feedback.state = new.value
    feedback.reason = reason


def check_commitment_move(old: str, new: str, actor: str) -> None:
    """Raise ``ForbiddenMove`` unless ``actor`` may move a commitment from ``old`` to ``new``."""
    if actor not in COMMITMENT_MOVES.get((C(old), C(new)), frozenset()):
        raise ForbiddenMove(f"{actor} may not move a commitment from {old} to {new}")


def move_commitment(commitment: Commitment, new: C, actor: str) -> None:
    """Move ``commitment`` to ``new``; raise ``ForbiddenMove`` when the table does not allow it."""
    check_commitment_move(commitment.state, new, actor)
    commitment.state = new.value


RING_WORDS = {
    "received": _("Reçu"),
    "read": _("Lu"),
    "answered": _("Répondu"),
    "promised": _("Engagé"),
    "confirmed": _("Confirmé"),
    "contested": _("Contesté"),
    "withdrawn": _("Retiré"),
    "rating": _("Note sans texte"),
}
_PROMISING = (C.PROMISED, C.DUE, C.LATE, C.CLAIMED, C.ANNOUNCED, C.UNVERIFIED, C.CONFIRMED)


def ring(
    feedback: Feedback,
    verdicts: frozenset[str] = frozenset(),
    commitments: frozenset[str] = frozenset(),
) -> str:
    """Return the key of ``RING_WORDS`` for a retour.

    Args:
        verdicts: what its author said of the announced changes that it is linked to.
        commitments: the states of the commitments that it is linked to.
    """
    if feedback.state == S.WITHDRAWN:
        return "withdrawn"
    if feedback.state == S.REFUSED or "not" in verdicts or C.REOPENED in commitments:
        return "contested"
    if "confirmed" in verdicts or feedback.thread_state == ThreadState.SETTLED:
        return "confirmed"
    if feedback.state in (S.RECEIVED, S.HELD, S.RETURNED):
        return "received"
    if not feedback.is_concern and feedback.thread_state == ThreadState.NONE and not feedback.text:
        return "rating"
    if feedback.thread_state == ThreadState.REPLIED:
        return "read"
    if commitments & {state.value for state in _PROMISING}:
        return "promised"
    if feedback.thread_state in (ThreadState.ANSWERED, ThreadState.LAPSED):
        return "answered"
    return "read" if feedback.read_day else "received"
