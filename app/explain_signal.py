"""``flask explain`` of a signal: its numbers, computed anew from the counts that were frozen."""

from collections.abc import Iterator

from sqlalchemy import func, select

from app.db import db
from app.explain_watch import lines_of_watch
from feedback import qualification
from feedback.models import Signal, SignalEvidence
from feedback.signal_proofs import Check, recompute


def lines_of(signal: Signal) -> Iterator[str]:
    """Yield what a shell shows of ``signal``; erased messages are counted, never shown."""
    where = signal.service.slug if signal.service else "all services"
    part = f", {signal.facet} {signal.facet_value}" if signal.facet else ""
    yield f"signal {signal.id}: {signal.kind}, {signal.state}, {where}{part}"
    yield f"  about: {signal.name}"
    yield f"  raised {signal.raised}, last look {signal.last_look}"
    yield f"  retours: {_evidence(signal)} linked, {signal.erased_since} erased since"
    if "rule" in signal.proof:
        yield f"  a rule, not a statistic: {signal.proof['rule']}, {signal.proof['kinds']}"
    elif "quarters" in signal.proof:
        yield from _silence(signal)
    elif "watch" in signal.proof:
        yield from lines_of_watch(signal)
    elif "observed" not in signal.proof:
        yield "  no frozen counts: raised before they were kept"
    else:
        yield from _numbers(signal)
    for note in qualification.history(signal):
        yield f"  {note.day} {note.role}: {note.from_state} → {note.to_state}: {note.reason}"


def _evidence(signal: Signal) -> int:
    query = select(func.count()).where(SignalEvidence.signal_id == signal.id)
    return db.session.scalar(query.select_from(SignalEvidence)) or 0


def _numbers(signal: Signal) -> Iterator[str]:
    proof = signal.proof
    family, window = proof["family"], proof["window"]
    yield f"  method: {proof['method']}"
    yield (
        f"  series: {len(proof['observed'])} weeks from {proof['first']}, "
        f"S from week {proof['start']}, window {window['weeks']} weeks from {window['start']}"
    )
    yield (
        f"  family: {family['streams']} streams, {family['rank']} chosen, "
        f"alpha {family['alpha']:g} ({family['budget']})"
    )
    yield f"  prior share {proof['prior_share']:.6f}, promised {proof['arl']:g} weeks"
    yield from map(_check, recompute(signal))
    left = proof["excluded"]
    yield (
        f"  left out: {left['copies']} near-copies, {left['batches']} beyond a batch's three, "
        f"{left['contested']} contested"
    )
    for each in proof["campaigns"]:
        yield f"  campaign: {each['retours']} near-copies, {each['from']} to {each['to']}"


def _silence(signal: Signal) -> Iterator[str]:
    proof = signal.proof
    yield f"  method: {proof['method']}"
    reached = f"reached {proof['reached']:.6f}, mean {proof['mean']:.6f}"
    yield f"  declared: {proof['people']} people; {reached}"
    for each in proof["quarters"]:
        limit = proof["part"] * each["expected"]
        verdict = "below" if each["retours"] < limit else "NOT BELOW"
        yield (
            f"  {each['start']} to {each['end']}: {each['retours']} retours, "
            f"{each['expected']:.2f} expected, {verdict} the limit of {limit:.2f}"
        )


def _check(check: Check) -> str:
    if check.anew is None:
        return f"  {check.name}: {check.stored:g} stored, cannot be computed anew"
    verdict = "the same" if check.same else "NOT THE SAME as stored"
    return f"  {check.name}: {check.stored:g} stored, {check.anew:.4g} computed anew: {verdict}"
