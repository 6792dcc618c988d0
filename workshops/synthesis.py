"""Several sites, one map: the groups of a process's sessions, merged by a person, with each site.

Rooms differ in size: a group's weight at a site is its share of that site's votes, never a sum of
votes over sites. Where sites disagree is said, not averaged away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.db import db
from workshops import ballot, groups
from workshops.ballot import Standing
from workshops.board import LONGEST_TITLE
from workshops.models import CardGroup, Phase, Workshop
from workshops.process_models import Process, SharedGroup

HIGH, LOW = 1 / 3, 2 / 3  # a site's first and last third of the groups that it voted on


class NothingToMerge(Exception):
    """Merging needs two groups, or a group and a line of the map."""


@dataclass(frozen=True)
class Place:
    """One group at one site: what it weighed there."""

    group_id: str
    site: str
    title: str
    cards: tuple[str, ...]
    dots: int
    voters: int
    share: float  # of the votes given at the site, 0 to 1
    rank: int | None  # among the site's groups; None without a vote
    among: int  # how many groups the site had
    decision: str  # keep, drop or nothing

    @property
    def is_high(self) -> bool:
        """Say whether the site put it into its first third."""
        return self.rank is not None and self.rank <= max(1, self.among * HIGH)

    @property
    def is_low(self) -> bool:
        """Say whether the site put it into its last third, or gave it no vote."""
        return self.rank is None or (self.among > 1 and self.rank > self.among * LOW)


@dataclass(frozen=True)
class Dissent:
    """Where the sites disagree about one line of the map."""

    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()  # sites that had no such group

    @property
    def is_any(self) -> bool:
        """Say whether there is any."""
        return bool((self.kept and self.dropped) or (self.high and self.low))


@dataclass(frozen=True)
class MapLine:
    """One line of the map: a merged group, or a group of one site that stands alone."""

    shared_id: str  # empty for a group that stands alone
    title: str
    places: tuple[Place, ...]
    dissent: Dissent

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites that said it, by name."""
        return tuple(sorted({place.site for place in self.places}))

    @property
    def mean_share(self) -> float:
        """The mean over its sites of its share of their votes."""
        shares = [sum(p.share for p in self.places if p.site == site) for site in self.sites]
        return sum(shares) / len(shares)


@dataclass(frozen=True)
class SiteMap:
    """The whole map: the lines, what most sites said first; the sites; those not yet open."""

    lines: tuple[MapLine, ...]
    sites: tuple[str, ...]
    waiting: tuple[str, ...]  # sites whose votes are still secret


def site_name(room: Workshop) -> str:
    """Return the site of a session: its name, else the session's title."""
    return room.site or room.title


def map_of(process: Process, rooms: Sequence[Workshop]) -> SiteMap:
    """Return the map of the sessions ``rooms`` of ``process`` whose votes are open."""
    told = [room for room in rooms if room.phase in _OPEN]
    places = [place for room in told for place in _places(room)]
    sites = tuple(sorted({site_name(room) for room in told}))
    shared = _shared_by_group(process)
    titles = {each.id: each.title for each in _shared(process)}
    lines = lines_of(places, shared, titles, sites)
    waiting = tuple(sorted(site_name(room) for room in rooms if room.phase not in _OPEN))
    return SiteMap(lines, sites, waiting)


_OPEN = frozenset({Phase.DISCUSS.value, Phase.DECIDE.value, Phase.CLOSED.value})


def _places(room: Workshop) -> list[Place]:
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


def lines_of(
    places: Iterable[Place], shared: dict[str, str], titles: dict[str, str], sites: Sequence[str]
) -> tuple[MapLine, ...]:
    """Return the lines of the map: what most sites said first, then by mean share of votes."""
    gathered: dict[str, list[Place]] = {}
    for place in places:
        gathered.setdefault(shared.get(place.group_id, place.group_id), []).append(place)
    lines = [
        MapLine(
            shared_id=key if key in titles else "",
            title=titles.get(key) or found[0].title,
            places=tuple(sorted(found, key=lambda each: each.site)),
            dissent=dissent_of(found, sites),
        )
        for key, found in gathered.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-len(line.sites), -line.mean_share, line.title)))


def dissent_of(places: Sequence[Place], sites: Sequence[str]) -> Dissent:
    """Return where the sites disagree: kept here and dropped there, first here and last there."""
    said = {place.site for place in places}

    def where(found: Iterable[Place]) -> tuple[str, ...]:
        return tuple(sorted({place.site for place in found}))

    high = where(place for place in places if place.is_high)
    return Dissent(
        kept=where(place for place in places if place.decision == "keep"),
        dropped=where(place for place in places if place.decision == "drop"),
        high=high,
        low=tuple(site for site in where(p for p in places if p.is_low) if site not in high),
        silent=tuple(site for site in sites if site not in said) if len(said) > 1 else (),
    )


def _shared(process: Process) -> list[SharedGroup]:
    query = select(SharedGroup).where(SharedGroup.process_id == process.id)
    return list(db.session.scalars(query))


def _shared_by_group(process: Process) -> dict[str, str]:
    query = select(CardGroup.id, CardGroup.shared_id).join(
        SharedGroup, SharedGroup.id == CardGroup.shared_id
    )
    found = db.session.execute(query.where(SharedGroup.process_id == process.id))
    return {group_id: shared_id for group_id, shared_id in found if shared_id}


def merge(process: Process, keys: Sequence[str], title: str) -> SharedGroup:
    """Make one line of the map out of lines and groups, called ``title`` or as the first of them.

    Raises ``NothingToMerge`` for fewer than two, or one that is not of this process.
    """
    shared = {each.id: each for each in _shared(process)}
    members = [group for key in keys for group in _members(process, key, shared)]
    if (
        len(dict.fromkeys(keys)) < 2
        or not members
        or not all(_known(process, k, shared) for k in keys)
    ):
        raise NothingToMerge
    named = title or next((shared[k].title for k in keys if k in shared), _title_of(members[0]))
    target = SharedGroup(process_id=process.id, title=named[:LONGEST_TITLE])
    db.session.add(target)
    db.session.flush()
    for group in members:
        group.shared_id = target.id
    db.session.flush()
    for key in keys:
        if key in shared:
            db.session.delete(shared[key])
    db.session.flush()
    return target


def _known(process: Process, key: str, shared: dict[str, SharedGroup]) -> bool:
    return key in shared or bool(_members(process, key, shared))


def _members(process: Process, key: str, shared: dict[str, SharedGroup]) -> list[CardGroup]:
    which = CardGroup.shared_id == key if key in shared else CardGroup.id == key
    query = select(CardGroup).join(Workshop, Workshop.id == CardGroup.workshop_id)
    return list(db.session.scalars(query.where(which, Workshop.process_id == process.id)))


def _title_of(group: CardGroup) -> str:
    return group.title or next((card.text for card in group.cards), "")


def split(process: Process, shared_id: str) -> bool:
    """Let the groups of a merged line stand alone again; say whether there was one."""
    found = next((each for each in _shared(process) if each.id == shared_id), None)
    if found is None:
        return False
    for group in _members(process, shared_id, {shared_id: found}):
        group.shared_id = None
    db.session.flush()
    db.session.delete(found)
    db.session.flush()
    return True
