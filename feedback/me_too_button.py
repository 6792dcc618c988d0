"""What one « moi aussi » button shows: its number from the floor on, and what the last tap did."""

from dataclasses import dataclass

from app.catalogue import Service


@dataclass(frozen=True)
class Button:
    """The button of one published message on one page."""

    slug: str
    id: str  # of the message
    key: str  # the page's signed form key
    taps: int | None  # None under the floor
    # A phone may remember the tap, except where a trace on it could betray its owner.
    may_remember: bool
    counted: bool = False
    note: str = ""
    apart: bool = False  # opens in a new tab: the receipt page cannot be asked for again


def button(service: Service, message_id: str, key: str, taps: int | None) -> Button:
    """Return the button as it stands before any tap."""
    return Button(service.slug, message_id, key, taps, not service.is_discreet)
