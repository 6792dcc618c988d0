"""Pages of editions: reading one, the list, the feed; following a service and leaving it."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    request,
    url_for,
)
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug import Response as WerkzeugResponse

from app import following, limits
from app.access import Verb, limit, public, reaches, service_or_404, staff
from app.catalogue import Service
from app.days import now
from app.db import db
from app.digest_mails import (
    quotes_of,
    sections_of,
    subscription_of,
    title_of,
    voices_of,
)
from app.editions import Edition
from app.periods import Period
from app.subscriptions import Audience, Frequency, subscriptions_of
from app.web import render
from feedback.masked_text import pieces

bp = Blueprint("digests", __name__)
FREQUENCY_NAMES = {
    Frequency.DAILY.value: lazy_gettext("chaque jour"),
    Frequency.WEEKLY.value: lazy_gettext("chaque semaine"),
    Frequency.MONTHLY.value: lazy_gettext("chaque mois"),
    Frequency.NEVER.value: lazy_gettext("en pause"),
}
FOLLOW_LIMIT = 10  # opt-in mails asked for by one network in ten minutes


def _editions(*conditions: Any) -> list[Edition]:
    query = select(Edition).where(Edition.skipped == "", *conditions)
    return list(db.session.scalars(query.order_by(Edition.start.desc(), Edition.id).limit(60)))


@bp.get("/syntheses/<edition_id>")
@public
def edition(edition_id: str) -> Response:
    """Show one edition at its permanent address; a team's to its team only."""
    found = db.session.get(Edition, edition_id)
    if found is None or found.skipped:
        abort(404)
    for_team = found.audience == Audience.TEAM
    if for_team and not _is_in_team(found):
        abort(404)
    return render(
        "digests/team.html" if for_team else "digests/public.html",
        edition=found,
        service=found.service,
        title=title_of(found),
        sections=sections_of(found),
        quotes=[pieces(text) for text in quotes_of(found)],
        period=Period(found.start, found.end).words(str(get_locale())),
        voices=voices_of(found),
    )


def _is_in_team(found: Edition) -> bool:
    signed_in = current_user.is_authenticated
    return bool(signed_in and reaches(found.service, current_user, Verb.ANSWER))


@bp.get("/equipe/syntheses")
@staff(Verb.ANSWER)
def editions() -> Response:
    """List the team editions of the reader's services, and how often they come by mail."""
    reach = limit(Edition.service_id, current_user, Verb.ANSWER)
    found = _editions(reach, Edition.audience == Audience.TEAM)
    return render(
        "digests/list.html",
        rows=[(each, title_of(each)) for each in found],
        subscriptions=subscriptions_of(current_user),
        frequencies=FREQUENCY_NAMES,
    )


@bp.post("/equipe/syntheses/frequence")
@staff(Verb.ANSWER)
def frequency() -> WerkzeugResponse:
    """Set how often the reader's own mails come; ``never`` is a pause."""
    for row in subscriptions_of(current_user):
        chosen = request.form.get(row.id, row.frequency)
        if chosen not in FREQUENCY_NAMES:
            abort(400)
        row.frequency = chosen
    db.session.commit()
    flash(_("C’est noté."))
    return redirect(url_for("digests.editions"), 303)


@bp.get("/s/<slug>/syntheses")
@public
def public_editions(slug: str) -> Response:
    """List the public editions of one service."""
    service = service_or_404(slug)
    found = editions_for_all(service)
    return render("digests/public_list.html", service=service, editions=found)


def editions_for_all(service: Service) -> list[Edition]:
    """Return the public editions of ``service``, newest first."""
    return _editions(Edition.service_id == service.id, Edition.audience == Audience.PUBLIC)


@bp.route("/s/<slug>/suivre", methods=["GET", "POST"])
@public
def follow(slug: str) -> Response:
    """Ask for the public editions by mail; not on a service whose anonymity the law guarantees."""
    service = service_or_404(slug)
    if service.anonymous_by_law:
        abort(404)
    if request.method == "GET":
        return render("digests/follow.html", service=service, typed="", error="")
    typed = request.form.get("address", "")
    if not _may_ask():
        db.session.commit()
        error = _("Trop de demandes en peu de temps. Attendez dix minutes, puis recommencez.")
        return render("digests/follow.html", status=429, service=service, typed=typed, error=error)
    try:
        following.ask(service, typed, now())
    except following.BadAddress:
        db.session.commit()  # the request counts, well written or not
        error = _("Cette adresse n’est pas complète : il y faut un @ et un point, sans espace.")
        return render("digests/follow.html", status=422, service=service, typed=typed, error=error)
    db.session.commit()
    return render("digests/asked.html", service=service)


def _may_ask() -> bool:
    network = limits.network_of(request.remote_addr)
    secret = current_app.config["SECRET_KEY"]
    return limits.allow("follow", network, FOLLOW_LIMIT, limits.TEN_MINUTES, now(), secret)


@bp.route("/d/c/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> Response:
    """Confirm an address: the page asks, the button does, so that a link scanner does nothing."""
    found = following.row_of if request.method == "GET" else following.confirm
    row = found(token, now())
    if row is None:
        message = _("Il sert une fois, pendant un jour. Redemandez-le sur la page du service.")
        return render("error.html", status=404, title=_("Ce lien ne vaut plus"), message=message)
    if not row.confirmed:
        return render("digests/confirm.html", token=token)
    service = row.service
    db.session.commit()
    return render("digests/confirmed.html", service=service)


@bp.route("/d/u/<token>", methods=["GET", "POST"])
@public
def unsubscribe(token: str) -> Response:
    """Leave in one click (RFC 8058): POST acts, without cookie or sign-in; GET shows the button."""
    row = subscription_of(token)
    if request.method == "GET":
        return render("digests/unsubscribe.html", token=token, known=row is not None)
    is_member = row is not None and row.account_id is not None
    if row is not None:
        following.leave(row)
        db.session.commit()
    return render("digests/left.html", is_member=is_member)


unsubscribe.one_click = True  # type: ignore[attr-defined]
