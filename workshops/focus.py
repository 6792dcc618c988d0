"""The question in hand: phones and the big screen show which one the room is at."""

from workshops.models import Phase, Workshop

SHOWN_IN = frozenset({Phase.WRITE.value, Phase.REVEAL.value})


def set_focus(workshop: Workshop, prompt: int | None) -> None:
    """Put a question in hand, or none; one that the session does not ask changes nothing."""
    if prompt is not None and prompt not in range(len(workshop.prompts)):
        return
    workshop.focus = prompt
    workshop.version += 1


def in_hand(workshop: Workshop) -> int | None:
    """Return the question in hand, if the phase is about questions."""
    return workshop.focus if workshop.phase in SHOWN_IN else None
