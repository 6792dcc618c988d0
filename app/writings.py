"""Two writings of one computation: what an edition keeps for the team, and what for the public.

What leaves the team passes the floors here. The sentences are ``app/digest_words.py``.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.computation import TO_KEEP, TO_VERIFY, Computation
from app.digest_themes import ThemeCount
from app.floors import may_show
from feedback.models import TO_EXAMINE, CommitmentState, SignalState

SOON_DAYS = 28  # a commitment due within four weeks is a decision of the team
PUBLIC_SIGNALS = (
    SignalState.CONFIRMED.value,
    SignalState.MEASURES.value,
    SignalState.CLOSED.value,
)


@dataclass(frozen=True)
class Writing:
    """What an edition holds, or why there is none."""

    content: dict[str, Any]
    skipped: str = ""


def for_team(found: Computation, day: date) -> Writing:
    """Return what the team reads: everything, and what asks for a decision on ``day``."""
    due = [line.id for line in found.in_state(TO_KEEP) if _is_soon(line.due, day)]
    to_review = [line.id for line in found.signals if line.state in TO_EXAMINE]
    late = [line.id for line in found.proposals if line.waits and line.due < day.isoformat()]
    single = bool(found.waits.late) + bool(found.contested)
    content = found.as_dict() | {"due": due, "to_review": to_review, "late_proposals": late}
    content["decisions"] = decisions = single + len(to_review) + len(due) + len(late)
    content["quotes"] = _by_id(found.quotes)
    said = decisions or found.retours or found.answers or _moved(found)
    return Writing(content, "" if said else _("aucun retour et aucune décision"))


def _is_soon(due: str, day: date) -> bool:
    return (date.fromisoformat(due) - day).days <= SOON_DAYS


def _moved(found: Computation) -> bool:
    lists = found.commitments, found.signals, found.proposals
    return any(line.moved for lines in lists for line in lines)


def _by_id(ids: list[str]) -> list[dict[str, str]]:
    """Return quotes without their words: the retour keeps the only copy, and may be erased."""
    return [{"feedback_id": each} for each in ids]


def for_public(found: Computation, floor: int) -> Writing:
    """Return what anybody may read: no number under ``floor``, none that a subtraction gives."""
    total = found.retours if may_show(found.retours, floor) else None
    themes = [line for line in found.themes if _is_sayable(line, floor)]
    promised_themes = {line.theme_id for line in found.commitments}
    content = {
        "retours": total,
        "answers": found.answers if may_show(found.answers, floor) else None,
        "themes": _public_themes([line for line in themes if line.retours], total, floor),
        "promised": [asdict(line) for line in found.in_state(TO_KEEP)],
        "announced": [asdict(line) for line in found.in_state(TO_VERIFY)],
        "confirmed": [
            asdict(line)
            for line in found.in_state((CommitmentState.CONFIRMED.value,))
            if line.moved
        ],
        "unanswered": [
            {"id": line.id, "name": line.name, "retours": line.unanswered}
            for line in themes
            if line.unanswered >= floor and line.id not in promised_themes
        ],
        "signals": [
            {"id": line.id, "sentence": line.sentence}
            for line in found.signals
            if line.state in PUBLIC_SIGNALS and line.sentence
        ],
        "quotes": _by_id(found.quotes),
    }
    said = total or content["themes"] or found.quotes or _has_public_news(found)
    return Writing(content, "" if said else _("rien de nouveau que le public puisse lire"))


def _has_public_news(found: Computation) -> bool:
    """Say whether a promise or a public signal moved: words that no floor hides."""
    shown = (*TO_KEEP, *TO_VERIFY, CommitmentState.CONFIRMED.value)
    promises = any(line.moved for line in found.in_state(shown))
    signals = any(
        line.moved and line.sentence for line in found.signals if line.state in PUBLIC_SIGNALS
    )
    return promises or signals


def _is_sayable(line: ThemeCount, floor: int) -> bool:
    return line.ever >= floor and line.has_public_name(floor)


def _public_themes(lines: list[ThemeCount], total: int | None, floor: int) -> list[dict[str, Any]]:
    """Return themes with their counts, as far as no subtraction from the total gives a small one.

    A retour may stand in several themes; a reader must assume that each stands in one.
    """
    shown = [line for line in lines if total is not None and _is_large(line.retours, total, floor)]
    if total is not None and 0 < total - sum(line.retours for line in shown) < floor:
        shown.remove(min(shown, key=lambda line: line.retours))
    return [
        {"id": line.id, "name": line.name, "retours": line.retours if line in shown else None}
        for line in lines
    ]


def _is_large(count: int, total: int, floor: int) -> bool:
    return count >= floor and may_show(total - count, floor)
