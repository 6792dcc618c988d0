"""Which groups carry their tools on the console, so that a page with hundreds of them stays light.

All of them are listed; the first in the order of votes are open, any other opens on demand.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from workshops import decisions, talks, threads
from workshops.groups import Row
from workshops.models import Proposal, Workshop
from workshops.screens import Board

MOST_OPEN = 12  # groups: as many as the wall shows


def tools(
    workshop: Workshop, shown: Board, proposals: dict[str, Proposal], wanted: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the console shows of threads and of choices, once the votes are open.

    ``wanted`` names the group to open (« groupe », or that of the gesture) or to put with another.
    """
    if not shown.rule.results_shown:
        return {"hosts": {}, "threads": {}, "hidden_remarks": []}
    following = talks.following(shown.rows)
    asked = {
        wanted.get("groupe"),
        wanted.get("group_id"),
        following.group.id if following else None,
    }
    merging = _merging(shown.rows, wanted.get("reunir"), proposals)
    return {
        "hosts": decisions.hosts(shown.rows),
        "following": following,
        "threads": threads.threads_of(workshop),
        "remark_names": threads.names_of(workshop),
        "hidden_remarks": threads.hidden_of(workshop),
        "opened": _opened(shown.rows, asked),
        "merging": merging,
        "may_host": _hosts_for(merging, shown.rows, proposals),
    }


def _opened(rows: Sequence[Row], asked: set[str | None]) -> set[str]:
    first = {row.group.id for row in rows[:MOST_OPEN]}
    named = {row.group.id for row in rows if row.group.id in asked or row.group.talk == talks.NOW}
    return first | named


def _merging(rows: Sequence[Row], asked: str | None, proposals: dict[str, Proposal]) -> Row | None:
    """Return the group that is to be put with another; one that was proposed stays as it is."""
    return next((row for row in rows if row.group.id == asked and asked not in proposals), None)


def _hosts_for(
    merging: Row | None, rows: Sequence[Row], proposals: dict[str, Proposal]
) -> set[str]:
    """Return the groups that it may be put with."""
    if merging is None:
        return set()
    standing = {row.group.id for row in rows if row.group.decision != decisions.MERGE}
    return standing - {merging.group.id} - set(proposals)
