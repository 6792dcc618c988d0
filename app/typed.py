"""What a citizen had typed in a form whose answer is an error page, to give it back there.

A form's own view knows better and answers first; this is for what happens before or beneath it.
"""

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

from app.web import SAFE_METHODS, is_same_origin, view_mark

WRITTEN = ("text", "reply", "appeal", "words", "G5")  # the fields that hold words, even one
MACHINE = ("key", "leave", "places", "original")  # ours, not words to be shown


@dataclass(frozen=True)
class Typed:
    """The address of the form, the words typed in it and the rest of what it held."""

    address: str
    words: tuple[tuple[str, str], ...] = ()
    rest: tuple[tuple[str, str], ...] = ()


def typed() -> Typed | None:
    """Return what this request brought, or None when it brought no words of a citizen."""
    mark = view_mark()
    if request.method in SAFE_METHODS or mark is None or mark.kind == "staff":
        return None
    if not is_same_origin():
        return None
    try:
        pairs = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    except HTTPException:  # too large to be read: the browser still has it
        return None
    words = tuple(pair for pair in pairs if _are_words(*pair))
    rest = tuple(pair for pair in pairs if pair not in words)
    return Typed(request.full_path.rstrip("?"), words, rest) if words else None


def _are_words(name: str, value: str) -> bool:
    """Say whether ``value`` was written by hand: no choice of ours holds a space."""
    return bool(value.strip()) and (name in WRITTEN or (name not in MACHINE and " " in value))
