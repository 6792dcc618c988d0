"""Atom feeds: what a service tells everybody, and the experts' own, behind a signed address.

No session reaches a feed reader, so no citizen's word goes into the experts': names that a person
gave, numbers and links alone.
"""

import re
from typing import Any

from flask import Response, abort, current_app, make_response, render_template

from app.access import public, service_or_404
from app.board_feed import lately_changed, newest_entries
from app.days import today
from app.digest_mails import absolute
from app.digest_views import bp, editions_for_all
from app.record import STAGES
from app.record_views import blueprint as record
from app.signal_feed import entries_for
from feedback.public_signals import public_signals
from feedback.signal_feed_keys import account_of
from feedback.vigilance_views import bp as vigilance

PER_FEED = 20
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def atom(template: str, **context: Any) -> Response:
    """Return a feed, without the signs that no XML may hold, even escaped."""
    written = render_template(template, link=absolute, **context)
    response = make_response(NOT_XML.sub("", written))
    response.mimetype = "application/atom+xml"
    return response


@bp.get("/s/<slug>/flux.atom")
@public
def feed(slug: str) -> Response:
    """Return the public editions and the confirmed signals of one service."""
    service = service_or_404(slug)
    editions = editions_for_all(service)[:PER_FEED]
    told = public_signals(service, current_app.config["FLOOR"])[:PER_FEED]
    days = [*(each.composed for each in editions[:1]), *(each.changed for each in told[:1])]
    updated = max(days, default=service.created)
    return atom(
        "digests/feed.xml", service=service, editions=editions, signals=told, updated=updated
    )


@record.get("/s/<slug>/ce-qui-change.atom")
@public
def board_feed(slug: str) -> Response:
    """Return the newest lines of the public board: what was promised and what became of it."""
    service = service_or_404(slug)
    newest = newest_entries(service, today(), current_app.config["FLOOR"], PER_FEED)
    entries = lately_changed(newest)
    updated = max((day for _entry, day in entries), default=service.created)
    return atom("record/feed.xml", service=service, entries=entries, updated=updated, STAGES=STAGES)


@vigilance.get("/signaux/flux/<key>.atom")
@public
def signals_feed(key: str) -> Response:
    """Return the experts' feed of the account whose address this is; not found for any other."""
    account = account_of(key)
    if account is None:
        abort(404)
    return atom("feedback/signal_feed.xml", entries=entries_for(account), key=key)
