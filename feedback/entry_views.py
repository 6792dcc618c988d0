"""Doors to a service: the short address, the poster on paper, the frame for other sites.

The frame is the one page that others may show inside theirs: it has no form, no script, no cookie.
"""

from dataclasses import asdict
from datetime import date
from functools import lru_cache

from flask import Response, abort, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access import public, service_or_404
from app.catalogue import service_by_short
from app.days import today
from app.headers import let_frame
from app.web import render
from feedback.entry_points import Poster, channel_of, poster_of, told_by
from feedback.models import Channel
from feedback.promises import last_promises
from feedback.standing import standing
from feedback.standing_words import said
from feedback.typeset import pdf_from, qr_picture
from feedback.views import bp

PROMISES = 3


@bp.get("/r/<short>")
@public
def short(short: str) -> AnyResponse:
    """Lead from the short address to the service's page, and say by which door."""
    service = service_by_short(short) or abort(404)
    asked = channel_of(service, request.args.get("par", ""))
    door = asked if asked is Channel.POSTER else Channel.LINK
    told = told_by(service, door)
    return redirect(url_for("feedback.service", slug=service.slug, par=told), 302)


@bp.get("/s/<slug>/affiche.pdf")
@public
def poster_pdf(slug: str) -> Response:
    """Give the poster as a tagged PDF of one A4 page."""
    poster = poster_of(service_or_404(slug))
    response = make_response(_poster_file(poster, today()))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="affiche.pdf"'
    return response


@lru_cache(maxsize=32)  # anybody may ask, and the same words give the same file all day
def _poster_file(poster: Poster, day: date) -> bytes:
    return pdf_from("poster.typ", asdict(poster) | {"qr": qr_picture(poster.qr_address)}, day)


@bp.get("/s/<slug>/cadre")
@public
def widget(slug: str) -> Response:
    """Show a service's public figures and promises inside the pages of the sites that it lists."""
    service = service_or_404(slug)
    if service.anonymous_by_law:
        abort(404)
    page = render(
        "feedback/widget.html",
        service=service,
        score=said(standing(service)).score,  # the same as on its page
        promises=last_promises(service, PROMISES, today()),
        told=told_by(service, Channel.WIDGET),
    )
    return let_frame(page, service.widget_origins)
