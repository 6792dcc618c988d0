"""What a candidate's numbers follow from, kept without ids or words; and the numbers computed anew.

The proof outlives the messages: whoever asks later gets the same numbers from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import select

from app.db import db
from feedback.models import Signal, Theme, WatchCheck
from feedback.signal_tables import Comparison
from feedback.watch_families import ALPHAS, Chosen
from feedback.watch_streams import Stream
from nlp.disproportionality import information_component
from nlp.ebh import threshold_for
from nlp.edetector import Look, Week, detect, minimum_detectable_ratio

METHOD = "Shiryaev–Roberts e-detector over experts of the usual course, weighted e-BH"
FEWEST_EXPECTED = 0.05  # a week; fewer cannot be told apart from none
DETECTED_WEEKS = 8
ROUNDED = 0.05  # numbers are stored with one decimal at the least


@dataclass(frozen=True)
class Check:
    """One stored number and what it is when computed anew; None where the proof lacks it."""

    name: str
    stored: float
    anew: float | None

    @property
    def same(self) -> bool:
        """Whether both agree, up to how the number was rounded when stored."""
        if self.anew is None:
            return False
        return abs(self.stored - self.anew) <= ROUNDED + 1e-3 * abs(self.stored)


def proof_of(chosen: Chosen, window: Sequence[Look], table: Comparison | None) -> dict[str, Any]:
    """Return everything that the numbers of ``chosen`` follow from (counts only)."""
    stream, first = chosen.stream, window[0].index
    left = stream.counted
    return {
        "method": METHOD,
        "first": stream.first_week.isoformat(),
        "observed": [week.observed for week in stream.weeks],
        "total": [week.total for week in stream.weeks],
        "prior_share": stream.watch.prior_share,
        "arl": stream.watch.arl,
        "start": stream.watch.start,
        "window": {"start": first, "weeks": len(window)},
        "family": {
            "streams": chosen.size,
            "rank": chosen.rank,
            "alpha": ALPHAS[chosen.budget],
            "budget": chosen.budget.value,
            "weight": threshold_for(chosen.rank, chosen.size, ALPHAS[chosen.budget])
            / chosen.threshold,
        },
        "table": table.as_dict() if table else None,
        "excluded": {
            "copies": len(stream.within(left.copies, first)),
            "batches": len(stream.within(left.batches, first)),
            "contested": len(stream.within(left.contested, first)),
        },
        "campaigns": [
            {
                "retours": each.retours,
                "from": each.start.isoformat(),
                "to": each.end.isoformat(),
            }
            for each in left.campaigns
            if each.end >= stream.first_week + timedelta(weeks=first)
        ],
        "detectable": detectable(
            sum(look.expected for look in window) / len(window), stream.watch.arl
        ),
        "recurrence": _recurrence(stream),
    }


def _recurrence(stream: Stream) -> dict[str, Any] | None:
    """Return the last monthly check of the service, if one was possible."""
    about = stream.about
    return told(latest_check(about.service_id)) if isinstance(about, Theme) else None


def told(check: WatchCheck | None) -> dict[str, Any] | None:
    """Return a monthly check as a proof keeps it."""
    if check is None:
        return None
    return {
        "mean_weeks": check.mean_weeks,
        "low": check.low_weeks,
        "high": check.high_weeks,
        "weeks": check.weeks,
    }


def latest_check(service_id: int) -> WatchCheck | None:
    """Return the last check of a service, if there was any."""
    query = select(WatchCheck).where(WatchCheck.service_id == service_id)
    return db.session.scalars(query.order_by(WatchCheck.day.desc(), WatchCheck.id.desc())).first()


def detectable(expected_per_week: float, arl: float) -> dict[str, Any]:
    """Return the smallest rise that this many expected retours a week would show in 8 weeks."""
    expected = max(float(f"{expected_per_week:.1g}"), FEWEST_EXPECTED)  # one figure: many share it
    return {
        "expected_per_week": expected,
        "weeks": DETECTED_WEEKS,
        "ratio": _smallest_ratio(expected, arl),
    }


@cache
def _smallest_ratio(expected: float, arl: float) -> float | None:
    return minimum_detectable_ratio(expected, DETECTED_WEEKS, arl)


def recompute(signal: Signal) -> list[Check]:
    """Return each number of ``signal`` beside what its proof gives now; none without a proof."""
    proof = signal.proof
    if "observed" not in proof:
        return []
    weeks = [Week(*pair) for pair in zip(proof["observed"], proof["total"], strict=True)]
    looks = detect(weeks, proof["prior_share"], proof["arl"], proof["start"])
    start = proof["window"]["start"]
    window = [look for look in looks if start <= look.index < start + proof["window"]["weeks"]]
    last = window[-1] if window else None
    checks = [
        Check("observed", signal.observed, sum(look.observed for look in window)),
        Check("expected", signal.expected, sum(look.expected for look in window)),
        Check("e-value", signal.e_value or 0.0, last.e_value if last else None),
        Check("threshold", signal.threshold or 0.0, _threshold(proof["family"])),
    ]
    return checks + _of_table(proof.get("table"))


def _threshold(family: dict[str, Any]) -> float:
    asked = threshold_for(family["rank"], family["streams"], family["alpha"])
    return asked / float(family.get("weight", 1.0))


def _of_table(table: dict[str, Any] | None) -> list[Check]:
    if not table:
        return []
    anew = [float(each) for each in information_component(table["a"], table["expected"])]
    names = ("ic", "ic025", "ic975")
    return [Check(name, table[name], value) for name, value in zip(names, anew, strict=True)]
