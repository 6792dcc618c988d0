"""Counts the openings of a service's form at the edge: which requests are one."""

from functools import partial

from flask import Flask, Response, current_app, request

from app.days import now
from app.web import wants_partial
from feedback.form_openings import flush, openings_of


def counted(page: Response, service_id: int) -> Response:
    """Return ``page``, once it is counted as an opening; what is written follows the answer.

    An opening is a whole page that was asked for by GET; a browser that fetches ahead says so and
    is left out. Robots that look like readers are counted: no page tells them apart honestly.
    """
    is_whole = request.method == "GET" and not wants_partial()
    if is_whole and "Sec-Purpose" not in request.headers:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        moment = now()
        if openings_of(app).add(service_id, moment):
            page.call_on_close(partial(flush, app, moment))
    return page
