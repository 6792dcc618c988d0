"""What the weeks of a rise tell beside their counts: where it begins, its release, how it feels."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.catalogue import Release, release_on
from feedback.models import Theme, Tone
from feedback.watch_entries import Entry
from feedback.watch_streams import Stream
from nlp.edetector import Look

RELEASE_WEEKS = 4  # a rise this soon after a release names it
CLEAR = 2 / 3  # of the authors feel alike: the tone of a signal


def from_release(stream: Stream, window: Sequence[Look]) -> Sequence[Look]:
    """Begin with the week of a release that came in the second week of ``window``.

    Where a rise begins is known to about a week: one stray retour just before the release would
    otherwise hide that it came with it.
    """
    found, first = stream.about, stream.first_week
    if len(window) < 3 or not isinstance(found, Theme):
        return window
    second = first + timedelta(weeks=window[1].index)
    came = any(second <= each.day < second + timedelta(weeks=1) for each in found.service.releases)
    return window[1:] if came else window


def release_before(stream: Stream, first: date) -> Release | None:
    """Return the release that came shortly before the rise, if any."""
    found = stream.about
    if not isinstance(found, Theme):
        return None
    release = release_on(found.service, first + timedelta(days=6))
    recent = release is not None and first - release.day <= timedelta(weeks=RELEASE_WEEKS)
    return release if recent else None


def tone(entries: Sequence[Entry]) -> str:
    """Return how the authors feel, where most of those who show it feel alike."""
    good = sum(entry.leaning > 0 for entry in entries)
    bad = sum(entry.leaning < 0 for entry in entries)
    if not good + bad:
        return ""
    share = good / (good + bad)
    if share >= CLEAR:
        return Tone.GOOD.value
    return Tone.BAD.value if share <= 1 - CLEAR else Tone.MIXED.value
