"""``flask explain`` of a signal that a release watch found: its limit and looks, computed anew."""

from collections.abc import Iterator

from app.db import db
from feedback.models import ReleaseWatch, Signal
from feedback.release_watches import plan_of
from nlp.release_watch import Plan, limit, log_ratio

CLOSE = 1e-3  # looks are kept with four decimals


def lines_of_watch(signal: Signal) -> Iterator[str]:
    """Yield what the watch asked, what was fixed beforehand, and every look."""
    proof = signal.proof
    yield f"  method: {proof['method']}"
    yield f"  asked: {proof['question']}"
    watch = db.session.get(ReleaseWatch, proof["watch"])
    if watch is None:
        yield "  the watch is gone: its numbers cannot be computed anew"
        return
    plan = plan_of(watch)
    yield (
        f"  before: {plan.reports} of {plan.total} retours in {plan.baseline_weeks} weeks, "
        f"share {plan.share:.6f}, dispersion {plan.dispersion:.4f}"
    )
    yield (
        f"  planned: {plan.weeks} weeks from {watch.starts}, {plan.expected:.4f} expected, "
        f"closed at {plan.most:.4f}, alpha {plan.alpha:g}"
    )
    yield _said("limit", plan.limit, _limit(plan))
    for number, (observed, expected, ratio) in enumerate(watch.looks, start=1):
        anew = log_ratio(observed, expected) / plan.dispersion if expected else 0.0
        look = f"look {number}: {observed:g} observed, {expected:g} expected, ratio"
        yield _said(look, ratio, anew)


def _limit(plan: Plan) -> float:
    reports = (plan.reports + 0.5) / plan.dispersion
    return limit(plan.most / plan.dispersion, plan.alpha, reports)


def _said(name: str, stored: float, anew: float) -> str:
    verdict = "the same" if abs(stored - anew) <= CLOSE else "NOT THE SAME as stored"
    return f"  {name}: {stored:g} stored, {anew:.4g} computed anew: {verdict}"
