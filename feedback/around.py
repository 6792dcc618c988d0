"""What other readers added to a message, for its author and for its team."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.floors import FLOOR
from feedback import content_notices, me_too, published
from feedback.models import ContentNotice, Feedback, State
from feedback.published import PeerSaid


@dataclass(frozen=True)
class Around:
    """What stands around a message; ``taps`` is None for the author under the floor."""

    is_published: bool
    taps: int | None
    floor: int
    peers: Sequence[PeerSaid]
    decided: Sequence[ContentNotice]  # decisions that took it down


def around(feedback: Feedback, floor: int = FLOOR) -> Around:
    """Return what the author may know: the number of taps from the floor on."""
    return Around(
        is_published=feedback.state == State.PUBLISHED,
        taps=me_too.shown([feedback.id], floor).get(feedback.id),
        floor=floor,
        peers=published.peers_of(feedback),
        decided=content_notices.told_to_author(feedback),
    )


def around_for_team(feedback: Feedback) -> Around:
    """Return what the team may know: the taps as they are, for a floor keeps what leaves it.

    A tap tells of nobody: no trait and no code stands behind it (model.md §1).
    """
    return Around(
        is_published=feedback.state == State.PUBLISHED,
        taps=me_too.count(feedback.id),
        floor=FLOOR,
        peers=published.peers_of(feedback),
        decided=content_notices.told_to_author(feedback),
    )
