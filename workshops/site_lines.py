"""The lines of the map of several sites: what each site said, in which order, where they disagree.

Pure: rooms differ in size, so a group's weight at a site is its share of that site's votes, never
a sum of votes over sites. Where sites disagree is said, not averaged away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HIGH, LOW = 1 / 3, 2 / 3  # a site's first and last third of the groups that it voted on


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
    is_secret: bool = False  # too few voters for the public: it has no share and no rank

    @property
    def is_high(self) -> bool:
        """Say whether the site put it into its first third."""
        return self.rank is not None and self.rank <= max(1, self.among * HIGH)

    @property
    def is_low(self) -> bool:
        """Say whether the site put it into its last third, or gave it no vote."""
        if self.is_secret:
            return False
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
    def key(self) -> str:
        """What names the line in a form: its own id, or that of the group that stands alone."""
        return self.shared_id or self.places[0].group_id

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
