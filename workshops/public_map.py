"""The map of several sites as everybody reads it, once the keeper of the process says so.

Sites, names of groups, shares and dissent; no idea, no person, no vote of a few. A session stands
on it when it was closed at that gesture and keeps its votes; what closes later waits for another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from app.db import db
from app.floors import shown_cells
from workshops import groups, synthesis
from workshops.board import LONGEST_TITLE
from workshops.models import Phase, Workshop
from workshops.process_models import Process
from workshops.site_lines import MapLine, Place, lines_of

_MAY_STAND = (
    Workshop.phase == Phase.CLOSED.value,
    Workshop.emptied.is_(None),
    ~Workshop.is_dry_run,
)


class NothingToPublish(Exception):
    """No session of the process is closed with its votes still kept."""


@dataclass(frozen=True)
class PublicMap:
    """What everybody reads: the lines that have a name, the sites, how many groups have none."""

    lines: tuple[MapLine, ...]
    sites: tuple[str, ...]
    nameless: int
    small: tuple[str, ...]  # sites where no vote may be told
    since: date


def _rooms(process: Process) -> list[Workshop]:
    query = select(Workshop).where(Workshop.process_id == process.id, *_MAY_STAND)
    return list(db.session.scalars(query.order_by(Workshop.day, Workshop.site, Workshop.title)))


def shown_rooms(process: Process) -> list[Workshop]:
    """Return the sessions that stand on the public map of ``process``."""
    return [room for room in _rooms(process) if room.mapped_since]


def waiting_rooms(process: Process) -> list[Workshop]:
    """Return the closed sessions that one gesture more would put on it."""
    return [room for room in _rooms(process) if room.mapped_since is None]


def names_in(process: Process) -> set[str]:
    """Return the names of groups that would be read: people typed them."""
    named = [row.group.title for room in _rooms(process) for row in groups.rows(room)]
    return {name for name in [*named, *_shared_names(process)] if name}


def _shared_names(process: Process) -> list[str]:
    return [each.title for each in synthesis.shared_of(process)]


def publish(process: Process, masked: dict[str, str], day: date) -> None:
    """Show every closed session on the map; names become those of ``masked``, without persons.

    Raises ``NothingToPublish``.
    """
    rooms = _rooms(process)
    if not rooms:
        raise NothingToPublish
    for room in rooms:
        room.mapped_since = room.mapped_since or day
        for row in groups.rows(room):
            row.group.title = masked.get(row.group.title, row.group.title)[:LONGEST_TITLE]
    for each in synthesis.shared_of(process):
        each.title = masked.get(each.title, each.title)[:LONGEST_TITLE]
    db.session.flush()


def take_back(process: Process) -> None:
    """Show nothing of the map any more."""
    query = select(Workshop).where(Workshop.process_id == process.id)
    for room in db.session.scalars(query):
        room.mapped_since = None
    db.session.flush()


def of_service(service_id: int) -> list[Process]:
    """Return the processes of a service that have a public map, the newest first."""
    on_map = select(Workshop.process_id).where(Workshop.mapped_since.is_not(None), *_MAY_STAND)
    query = select(Process).where(Process.service_id == service_id, Process.id.in_(on_map))
    return list(db.session.scalars(query.order_by(Process.made.desc(), Process.title)))


def map_of(process: Process, floor: int) -> PublicMap | None:
    """Return the map as everybody reads it, or None where nothing of it is public."""
    rooms = shown_rooms(process)
    if not rooms:
        return None
    places = [place for room in rooms for place in above_floor(synthesis.places_of(room), floor)]
    sites = tuple(sorted({synthesis.site_name(room) for room in rooms}))
    titles = {each.id: each.title for each in synthesis.shared_of(process)}
    lines = lines_of(places, synthesis.shared_by_group(process), titles, sites)
    own = _own_names(rooms)
    named = [_named(line, own) for line in lines]
    told = {place.site for place in places if not place.is_secret and place.dots}
    return PublicMap(
        lines=tuple(line for line in named if line is not None),
        sites=sites,
        nameless=named.count(None),
        small=tuple(site for site in sites if site not in told),
        since=min(room.mapped_since for room in rooms if room.mapped_since),
    )


def above_floor(places: Sequence[Place], floor: int) -> list[Place]:
    """Return one session's groups without the votes of a few, nor what would give them away.

    Where no group has as many voters as the floor, the room may be that small: that it gave
    a group no vote would tell of each of them.
    """
    shown = shown_cells({place.group_id: place.voters for place in places}, floor)
    if not any(shown.values()):
        shown = dict.fromkeys(shown)
    return [
        replace(place, dots=0, voters=0, share=0.0, rank=None, is_secret=True)
        if shown[place.group_id] is None
        else place
        for place in places
    ]


def _own_names(rooms: Sequence[Workshop]) -> dict[str, str]:
    """Return the name that people gave to each group, where they gave one."""
    rows = [row for room in rooms for row in groups.rows(room)]
    return {row.group.id: row.group.title for row in rows if row.group.title}


def _named(line: MapLine, own: dict[str, str]) -> MapLine | None:
    """Return the line without cards and under a name that people gave, never an idea's words."""
    ideas = {card[:LONGEST_TITLE] for place in line.places for card in place.cards}
    given = (own.get(place.group_id, "") for place in line.places)
    names = [line.title if line.shared_id else "", *given]
    title = next((name for name in names if name and name not in ideas), "")
    bare = (replace(place, cards=(), title=own.get(place.group_id, "")) for place in line.places)
    return replace(line, title=title, places=tuple(bare)) if title else None
