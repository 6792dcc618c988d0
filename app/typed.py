"""What a person had typed in a form whose answer is an error page, to give it back there.

A form's own view knows better and answers first; this is for what happens before or beneath it.
The words stand in the answer to the very post that brought them and nowhere else.
"""

from dataclasses import dataclass

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

from app.web import SAFE_METHODS, is_same_origin, view_mark

WRITTEN = ("text", "reply", "appeal", "words", "G5", "note", "evidence", "reason", "answer")
MACHINE = ("key", "leave", "places", "original", "seen")  # ours, not words to be shown
SECRET = ("csrf_token", "password", "passphrase", "former", "new")  # never written on a page


@dataclass(frozen=True)
class Typed:
    """The address of the form, the words typed in it and the rest of what it held."""

    address: str
    words: tuple[tuple[str, str], ...] = ()
    rest: tuple[tuple[str, str], ...] = ()
    may_go: bool = True  # sent again by one tap; else the words are there to be copied


def typed() -> Typed | None:
    """Return what this request brought, or None when it brought no words of ours to keep."""
    mark = view_mark()
    if request.method in SAFE_METHODS or mark is None or not is_same_origin():
        return None
    try:
        pairs = [pair for pair in request.form.items(multi=True) if pair[0] not in SECRET]
    except HTTPException:  # too large to be read: the browser still has it
        return None
    words = tuple(pair for pair in pairs if _are_words(*pair))
    rest = tuple(pair for pair in pairs if pair not in words)
    # With a session, a button on a page of ours would be the token of another site's form.
    may_go = mark.kind != "staff" or is_same_origin(is_proven=True)
    return Typed(request.full_path.rstrip("?"), words, rest, may_go) if words else None


def page_of_form() -> str:
    """Return the nearest page above this address: where its form stands; the desk without one."""
    routes = current_app.create_url_adapter(request)
    path = request.path
    while routes and path.strip("/"):
        if routes.test(path, "GET"):
            return path
        path = path.rpartition("/")[0]
    return url_for("desk.inbox")


def _are_words(name: str, value: str) -> bool:
    """Say whether ``value`` was written by hand: no choice of ours holds a space."""
    return bool(value.strip()) and (name in WRITTEN or (name not in MACHINE and " " in value))
