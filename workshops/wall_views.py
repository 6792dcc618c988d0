"""The big screen of a session, which refreshes itself, and the address and code that it shows."""

from typing import Any

import segno
from flask import current_app, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.access import public
from app.days import now
from app.web import render
from workshops import screens
from workshops.forms import JoinForm
from workshops.models import Workshop
from workshops.polling_views import unless_seen
from workshops.views import session_of, unknown_code, workshops


@workshops.get("/atelier/<code>/ecran")
@public
def projector(code: str) -> AnyResponse:
    """Show the big screen, which refreshes itself."""
    workshop = session_of(code)
    if workshop is None:
        return unknown_code(JoinForm(data={"code": code}))
    counts, clock = screens.counts_of(workshop), screens.clock_of(workshop, now())
    seen = screens.seen_by_room(workshop, counts, clock)
    context: dict[str, Any] = {
        "workshop": workshop,
        "board": screens.board_of(workshop),
        "counts": counts,
        "clock": clock,
        "seen": seen,
        "most": screens.MOST_ON_WALL,
        "address": join_address(workshop),
        "qr": qr_code(workshop),
    }
    return unless_seen(
        seen,
        lambda: render("workshops/projector.html", "workshops/_projector_live.html", **context),
    )


def join_address(workshop: Workshop) -> str:
    """Return the address that phones open, as it is shown and drawn."""
    base = str(current_app.config["BASE_URL"]).rstrip("/")
    return base + url_for("workshops.short", code=workshop.code)


def qr_code(workshop: Workshop) -> Markup:
    """Return the QR code of the session's address, as inline SVG."""
    drawn = segno.make(join_address(workshop), error="m")
    svg = drawn.svg_inline(scale=4, border=2, omitsize=True, svgclass=None, lineclass=None)
    return Markup(svg)  # nosec B704: a drawing of an address of ours
