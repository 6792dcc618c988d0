"""Several sites, one map: the groups of a process's sessions, merged by a person, with each site.

What the lines say and in which order is ``site_lines.py``.
"""

from collections.abc import Sequence

from sqlalchemy import select

from app.db import db
from workshops import ballot, groups
from workshops.ballot import Standing
from workshops.board import LONGEST_TITLE
from workshops.models import CardGroup, Phase, Workshop
from workshops.process_models import Process, SharedGroup
from workshops.site_lines import Place, SiteMap, lines_of

_OPEN = frozenset({Phase.DISCUSS.value, Phase.DECIDE.value, Phase.CLOSED.value})


class NothingToMerge(Exception):
    """Merging needs two groups, or a group and a line of the map."""


def site_name(room: Workshop) -> str:
    """Return the site of a session: its name, else the session's title."""
    return room.site or room.title


def map_of(process: Process, rooms: Sequence[Workshop]) -> SiteMap:
    """Return the map of the sessions ``rooms`` of ``process`` whose votes are open."""
    told = [room for room in rooms if room.phase in _OPEN]
    places = [place for room in told for place in places_of(room)]
    sites = tuple(sorted({site_name(room) for room in told}))
    titles = {each.id: each.title for each in shared_of(process)}
    lines = lines_of(places, shared_by_group(process), titles, sites)
    waiting = tuple(sorted(site_name(room) for room in rooms if room.phase not in _OPEN))
    return SiteMap(lines, sites, waiting)


def places_of(room: Workshop) -> list[Place]:
    """Return the groups of ``room``, each with what it weighs there."""
    rows = groups.rows(room)
    standings = ballot.standings(room, [row.group.id for row in rows])
    total = sum(each.dots for each in standings.values())
    return [_place(room, row, standings[row.group.id], total, len(rows)) for row in rows]


def _place(room: Workshop, row: groups.Row, standing: Standing, total: int, among: int) -> Place:
    return Place(
        group_id=row.group.id,
        site=site_name(room),
        title=row.title,
        cards=tuple(card.text for card in row.cards),
        dots=standing.dots,
        voters=standing.voters,
        share=standing.dots / total if total else 0.0,
        rank=standing.place,
        among=among,
        decision=row.group.decision,
    )


def shared_of(process: Process) -> list[SharedGroup]:
    """Return the merged lines of the map."""
    query = select(SharedGroup).where(SharedGroup.process_id == process.id)
    return list(db.session.scalars(query))


def shared_by_group(process: Process) -> dict[str, str]:
    """Return the merged line of each group that stands in one."""
    query = select(CardGroup.id, CardGroup.shared_id).join(
        SharedGroup, SharedGroup.id == CardGroup.shared_id
    )
    found = db.session.execute(query.where(SharedGroup.process_id == process.id))
    return {group_id: shared_id for group_id, shared_id in found if shared_id}


def merge(process: Process, keys: Sequence[str], title: str) -> SharedGroup:
    """Make one line of the map out of lines and groups, called ``title`` or as the first of them.

    Raises ``NothingToMerge`` for fewer than two, or one that is not of this process.
    """
    shared = {each.id: each for each in shared_of(process)}
    found = {key: _members(process, key, shared) for key in dict.fromkeys(keys)}
    members = [group for key in found for group in found[key]]
    is_known = all(key in shared or found[key] for key in found)
    if len(found) < 2 or not members or not is_known:
        raise NothingToMerge
    named = title or next((shared[k].title for k in keys if k in shared), _title_of(members[0]))
    target = SharedGroup(process_id=process.id, title=named[:LONGEST_TITLE])
    db.session.add(target)
    db.session.flush()
    for group in members:
        group.shared_id = target.id
    db.session.flush()
    for key in found:
        if key in shared:
            db.session.delete(shared[key])
    db.session.flush()
    return target


def _members(process: Process, key: str, shared: dict[str, SharedGroup]) -> list[CardGroup]:
    which = CardGroup.shared_id == key if key in shared else CardGroup.id == key
    query = select(CardGroup).join(Workshop, Workshop.id == CardGroup.workshop_id)
    return list(db.session.scalars(query.where(which, Workshop.process_id == process.id)))


def _title_of(group: CardGroup) -> str:
    return group.title or next((card.text for card in group.cards), "")


def split(process: Process, shared_id: str) -> bool:
    """Let the groups of a merged line stand alone again; say whether there was one."""
    found = next((each for each in shared_of(process) if each.id == shared_id), None)
    if found is None:
        return False
    for group in _members(process, shared_id, {shared_id: found}):
        group.shared_id = None
    db.session.flush()
    db.session.delete(found)
    db.session.flush()
    return True
