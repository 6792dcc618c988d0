"""A poll that has the newest state already is answered without a page (decision 30)."""

from collections.abc import Callable

from flask import Response, make_response, request


def unless_seen(seen: str, answer: Callable[[], Response]) -> Response:
    """Return 204 or 304 when the asker already has the state ``seen``, else ``answer()``."""
    if request.args.get("vu") == seen:
        return make_response("", 204)
    if request.if_none_match.contains(seen):
        return make_response("", 304)
    response = answer()
    response.set_etag(seen)
    return response
