"""What an expert makes of a signal: the moves of model.md §4, each with its reason, kept.

Merging two signals is ``feedback/signal_merges.py``, the team's list ``feedback/known_effects.py``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.catalogue import Release
from app.db import db
from app.traces import Actor
from feedback import known_effects, signal_merges
from feedback.models import KnownEffect, Signal, SignalKind, SignalLink, SignalNote
from feedback.models import SignalState as S

MOVES: dict[str, tuple[S, ...]] = {
    S.CANDIDATE: (S.UNDER_REVIEW, S.CONFIRMED, S.REFUTED, S.KNOWN, S.MERGED),
    S.UNDER_REVIEW: (S.CONFIRMED, S.REFUTED, S.KNOWN, S.MERGED),
    S.CONFIRMED: (S.MEASURES, S.CLOSED, S.UNDER_REVIEW),
    S.MEASURES: (S.MEASURES, S.CLOSED, S.UNDER_REVIEW),  # a further measure is a step as well
    S.REFUTED: (S.UNDER_REVIEW,),
    S.KNOWN: (S.UNDER_REVIEW,),
    S.MERGED: (S.UNDER_REVIEW,),
    S.CLOSED: (S.UNDER_REVIEW,),
}
PUBLIC = (S.CONFIRMED.value, S.MEASURES.value, S.CLOSED.value)  # shown as the expert's sentence
TELL_WHAT_WAS_DONE = (S.MEASURES.value, S.CLOSED.value)


class ForbiddenQualification(Exception):
    """The move is not in the table."""


class Incomplete(Exception):
    """Something that this move needs was not said; ``field`` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is needed for this move")
        self.field = field


class ReasonNeeded(Incomplete):
    """Every move says why; a public one also says it for the public."""


@dataclass(frozen=True)
class Decision:
    """What the expert writes and answers."""

    to_state: S
    reason: str
    sentence: str = ""  # for the public
    done: str = ""  # measures, for the public
    unexpected: str = "unknown"  # yes, no, unknown
    effect: str = "unknown"  # harmful, beneficial, unknown
    link: SignalLink = SignalLink.UNCLEAR
    how_many: int | None = None  # of its retours show the effect, once they were read
    release: Release | None = None  # since which one
    no_release: bool = False  # none of them: what the machine thought is taken back
    target: Signal | None = None  # where a merged signal's retours count
    known_effect: KnownEffect | None = None
    new_effect: str = ""  # the name of one that the list lacks, masked


def moves_from(signal: Signal) -> tuple[S, ...]:
    """Return the states that an expert may move ``signal`` to."""
    return MOVES.get(S(signal.state), ())


def qualify(signal: Signal, decision: Decision, actor: Actor, day: date) -> None:
    """Move ``signal``; raise ``ForbiddenQualification`` or ``Incomplete``."""
    if decision.to_state not in moves_from(signal):
        raise ForbiddenQualification(f"{signal.state} to {decision.to_state}")
    _check(signal, decision)
    _leave(signal)
    note = SignalNote(
        signal_id=signal.id,
        day=day,
        role=actor.role,
        organisation=actor.organisation,
        from_state=signal.state,
        to_state=decision.to_state.value,
        reason=decision.reason.strip(),
    )
    db.session.add(note)
    signal.state = decision.to_state.value
    _say(signal, decision)
    _enter(signal, decision, actor, day)
    note.answers = _answers(signal, decision)
    db.session.flush()


def _check(signal: Signal, decision: Decision) -> None:
    state = decision.to_state
    if not decision.reason.strip():
        raise ReasonNeeded("reason")
    if state in PUBLIC and not (decision.sentence.strip() or signal.sentence):
        raise ReasonNeeded("sentence")
    if state in TELL_WHAT_WAS_DONE and not decision.done.strip():
        raise Incomplete("done")
    named = decision.known_effect is not None or decision.new_effect.strip()
    if state == S.KNOWN and names_effect(signal) and not named:
        raise Incomplete("known_effect")
    if state == S.MERGED and decision.target not in signal_merges.targets_of(signal):
        raise Incomplete("target")


def names_effect(signal: Signal) -> bool:
    """Say whether « known » names an effect: not of a silence, nor of the whole platform."""
    return signal.service_id is not None and signal.kind != SignalKind.SILENCE


def _say(signal: Signal, decision: Decision) -> None:
    """Write what the expert answered into the signal itself: the last word counts."""
    signal.sentence = decision.sentence.strip() or signal.sentence
    signal.beneficial = decision.effect == "beneficial"
    signal.unexpected = {"yes": True, "no": False}.get(decision.unexpected)
    signal.link = decision.link.value
    if decision.release is not None or decision.no_release:
        signal.release = decision.release


def _leave(signal: Signal) -> None:
    """Undo what the state that is left had done elsewhere."""
    if signal.state == S.MERGED:
        signal.merged_into = None
    if signal.state == S.KNOWN and signal.known_effect is not None:
        known_effects.forget_signal(signal.known_effect, signal)
        signal.known_effect_id = signal.unlisted = None


def _enter(signal: Signal, decision: Decision, actor: Actor, day: date) -> None:
    """Do elsewhere what the new state asks for."""
    if decision.to_state == S.MERGED and decision.target is not None:
        signal_merges.merge(signal, decision.target, actor, day)
    if decision.to_state == S.KNOWN and signal.service is not None and names_effect(signal):
        effect = decision.known_effect
        if effect is None:
            effect = known_effects.announce(signal.service, decision.new_effect, day)
        known_effects.add_signal(effect, signal)
        signal.known_effect, signal.unlisted = effect, False


def _answers(signal: Signal, decision: Decision) -> dict[str, Any]:
    """Return what was said at this step; the retours are those of the day, told to the public."""
    is_public = decision.to_state in PUBLIC
    given = {
        "unexpected": decision.unexpected,
        "effect": decision.effect,
        "link": decision.link.value,
        "release": decision.release.number if decision.release else None,
        "how_many": decision.how_many,
        "known_effect": signal.known_effect.name if signal.known_effect else None,
        "merged_into": signal.merged_into,
        "done": decision.done.strip() or None,
        "retours": _counted(signal, decision) if is_public else None,
    }
    return {key: value for key, value in given.items() if value is not None}


def _counted(signal: Signal, decision: Decision) -> int:
    if decision.how_many is not None:
        return decision.how_many
    return signal.authors or signal.observed


def history(signal: Signal) -> list[SignalNote]:
    """Return the steps of the qualification, oldest first."""
    query = select(SignalNote).where(SignalNote.signal_id == signal.id).order_by(SignalNote.id)
    return list(db.session.scalars(query))
