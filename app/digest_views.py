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
from werkzeug import Response as AnyResponse

from app import following, limits
from app.access import Verb, public, reaches, service_or_404
from app.accounts import Account
from app.catalogue import Service
from app.days import now
from app.db import db
from app.digest_mails import subscription_of
from app.edition_words import quotes_of, sections_of, title_of, voices_of
from app.editions import Edition
from app.mail_choices import choose, hours, weekday_names
from app.mail_reasons import lines_of, reason_of
from app.opt_in import BadAddress
from app.periods import Period
from app.subscriptions import Audience, Frequency, subjects_of
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
    """Show one edition at its permanent address; a team's or a role's to its readers only."""
    found = db.session.get(Edition, edition_id)
    if found is None or found.skipped or not may_read(found):
        abort(404)
    return show(found)


def show(found: Edition, **more: Any) -> Response:
    """Return the page of an edition, stored or as a preview."""
    return render(
        f"digests/{'role' if found.is_of_role else found.audience}.html",
        edition=found,
        service=found.service,
        title=title_of(found),
        sections=sections_of(found),
        quotes=[pieces(text) for text in quotes_of(found)],
        period=Period(found.start, found.end).words(str(get_locale())),
        voices=None if found.is_of_role else voices_of(found),
        **more,
    )


def may_read(found: Edition) -> bool:
    """Say whether the reader of this request is among those the edition is written for."""
    if found.audience == Audience.PUBLIC:
        return True
    return bool(current_user.is_authenticated) and is_written_for(found, current_user)


def is_written_for(found: Edition, account: Account) -> bool:
    """Say whether ``account`` is today among the readers of a team's or a role's edition."""
    if found.is_of_role:
        return subjects_of(account).get(found.audience) == found.about
    return found.audience == Audience.TEAM and reaches(found.service, account, Verb.ANSWER)


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
    except BadAddress:
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
        action = url_for("digests.unsubscribe", token=token)
        return render("digests/unsubscribe.html", action=action, known=row is not None)
    is_member = row is not None and row.account_id is not None
    if row is not None:
        following.leave(row)
        db.session.commit()
    return render("digests/left.html", is_member=is_member)


unsubscribe.one_click = True  # type: ignore[attr-defined]


@bp.route("/d/p/<token>", methods=["GET", "POST"])
@public
def why(token: str) -> AnyResponse:
    """Say why somebody got a mail, and let them choose when the next ones come."""
    row = subscription_of(token)
    if request.method == "POST" and row is not None:
        if not choose(row, request.form):
            abort(400)
        db.session.commit()
        flash(_("C’est noté."))
        return redirect(url_for("digests.why", token=token), 303)
    return render(
        "digests/why.html",
        status=200 if row else 404,
        row=row,
        token=token,
        reason=reason_of(row) if row else "",
        lines=lines_of(row) if row else [],
        frequencies=FREQUENCY_NAMES,
        weekdays=weekday_names(),
        hours=hours(),
    )
