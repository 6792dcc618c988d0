"""What each screen of a session shows: the only place where the rules of visibility are applied.

Phones, console and projector all read ``Board`` from here, so that a card hidden from one is hidden
from all. ``seen`` names a state of a screen: the same name means that nothing changed on it.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from workshops import (
    ballot,
    board,
    groups,
    identity,
    quiet,
    seats,
    talks,
    timer,
    window_words,
    windows,
)
from workshops.ballot import Standing
from workshops.groups import Row
from workshops.models import Card, Participant, Phase, Workshop
from workshops.phases import Rule, rule_of
from workshops.windows import State

PACE_MS, JITTER_MS = 2800, 400  # a screen asks every 3 s on average, no two in step
MOST_ON_WALL = 12  # blocks that fit on a projector at 32 px; phones show all


@dataclass(frozen=True)
class Clock:
    """The timer as it is shown, in steps so that screens need not change every second; and what is
    said of the phase's hours."""

    seconds: int | None
    paused: bool = False
    hours: str = ""
    is_shut: bool = False  # outside its hours: phones read and do not act
    talk: "Talk | None" = None  # the group that the room talks about, with a timer of its own

    @property
    def text(self) -> str:
        """Minutes and seconds, or nothing without a timer."""
        return "" if self.seconds is None else f"{self.seconds // 60}:{self.seconds % 60:02}"


@dataclass(frozen=True)
class Talk(Clock):
    """The group that the room talks about, and its timer."""

    group_id: str = ""
    name: str = ""


@dataclass(frozen=True)
class Board:
    """What the whole room may see now; ``standings`` is empty while results are secret."""

    rule: Rule
    cards: tuple[Card, ...] = ()
    rows: tuple[Row, ...] = ()
    standings: dict[str, Standing] | None = None
    authors: dict[str, str] = field(default_factory=dict)  # names by card, for phones and console


@dataclass(frozen=True)
class Counts:
    """How the room is doing, for console and projector."""

    heads: int
    finished: int
    cards: int
    voters: int
    quiet: int = 0  # minutes without an idea: for the console alone

    @property
    def all_finished(self) -> bool:
        """Say whether everybody in the room has said so."""
        return 0 < self.heads == self.finished


@dataclass(frozen=True)
class Hand:
    """What one phone holds: its own cards, votes and finished mark."""

    cards: tuple[Card, ...]
    votes: dict[str, int]
    finished: bool
    votes_left: int

    @property
    def hidden(self) -> list[Card]:
        """The own cards that the facilitator took off the board."""
        return [card for card in self.cards if card.hidden_reason]


def pace_of(who: str) -> int:
    """Return after how many milliseconds the screen called ``who`` asks again, always the same.

    Phones that a change woke together would otherwise ask together until the end.
    """
    return PACE_MS + int(hashlib.sha256(who.encode()).hexdigest(), 16) % (JITTER_MS + 1)


def clock_of(workshop: Workshop, now: datetime) -> Clock:
    """Return the timer in steps of 5 seconds in the last minute, of 10 before; and the hours."""
    window = windows.window_of(workshop)
    hours = window_words.sentence(window, now)
    is_shut = window is not None and windows.state_of(window, now) is not State.OPEN
    return Clock(*_steps(workshop, now), hours, is_shut, _talk(workshop, now))


def _steps(timed: timer.Timed, now: datetime) -> tuple[int | None, bool]:
    left = timer.seconds_left(timed, now)
    if left is None:
        return None, False
    step = 5 if left <= 60 else 10
    return -(-left // step) * step, timed.timer_left_seconds is not None


def _talk(workshop: Workshop, now: datetime) -> Talk | None:
    group = talks.current(workshop) if workshop.phase == Phase.DISCUSS else None
    if group is None:
        return None
    return Talk(*_steps(group, now), group_id=group.id, name=talks.name_of(group))


def board_of(workshop: Workshop) -> Board:
    """Return what the room may see in this phase."""
    rule = rule_of(workshop.phase, workshop.left_out)
    if not rule.cards_shown:
        return Board(rule)
    return replace(_cards_of(workshop, rule), authors=identity.authors(workshop))


def _cards_of(workshop: Workshop, rule: Rule) -> Board:
    if not rule.groups_shown:
        return Board(rule, cards=tuple(board.shown_cards(workshop)))
    rows, loose = groups.rows(workshop), tuple(groups.loose_cards(workshop))
    if not rule.results_shown:
        return Board(rule, loose, tuple(rows))
    return _ranked(workshop, rule, rows, loose)


def _ranked(workshop: Workshop, rule: Rule, rows: list[Row], loose: tuple[Card, ...]) -> Board:
    standings = ballot.standings(workshop, [row.group.id for row in rows])
    ordered = sorted(rows, key=lambda row: -standings[row.group.id].dots)
    return Board(rule, loose, tuple(ordered), standings)


def report_of(workshop: Workshop) -> Board:
    """Return everything that the room saw, in the order of votes, once the votes are open."""
    rule = rule_of(workshop.phase, workshop.left_out)
    if not rule.results_shown:
        return Board(rule)
    return _ranked(workshop, rule, groups.rows(workshop), tuple(groups.loose_cards(workshop)))


def counts_of(workshop: Workshop, now: datetime | None = None) -> Counts:
    """Return the counts that console and projector show; the silence too where ``now`` is given."""
    return Counts(
        heads=seats.head_count(workshop),
        finished=seats.finished_count(workshop),
        cards=board.count_cards(workshop),
        voters=ballot.count_voters(workshop) if workshop.phase == Phase.VOTE else 0,
        quiet=quiet.minutes(workshop, now) if now else 0,
    )


def hand_of(workshop: Workshop, participant: Participant) -> Hand:
    """Return what the participant's phone holds."""
    votes = ballot.given(participant)
    return Hand(
        cards=tuple(board.own_cards(participant)),
        votes=votes,
        finished=participant.finished,
        votes_left=workshop.votes_each - sum(votes.values()),
    )


def seen_by_phone(workshop: Workshop, hand: Hand, clock: Clock) -> str:
    """Return the name of this state of a phone's screen."""
    own = [(card.id, card.text, card.hidden_reason) for card in hand.cards]
    return _seal(workshop, clock, own, sorted(hand.votes.items()), hand.finished)


def seen_by_room(workshop: Workshop, counts: Counts, clock: Clock) -> str:
    """Return the name of this state of the console or the projector."""
    return _seal(workshop, clock, counts)


def _seal(workshop: Workshop, clock: Clock, *rest: object) -> str:
    body = repr((workshop.id, workshop.version, workshop.phase, clock, rest))
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]
