"""The staff's pages of editions: the list, what did not leave, one's own mails."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import current_user
from sqlalchemy import ColumnElement, or_, select
from werkzeug import Response as WerkzeugResponse

from app import digests, suspended
from app.access import Verb, limit, staff
from app.accounts import Account
from app.catalogue import Service
from app.days import today
from app.db import db
from app.digest_views import FREQUENCY_NAMES, bp
from app.edition_feed import key_of
from app.edition_words import title_of
from app.editions import Edition
from app.mail_choices import choose, hours, weekday_names
from app.subscriptions import (
    Audience,
    subjects_of,
    subscriptions_of,
)
from app.web import render

READERS = (Verb.ANSWER, Verb.QUALIFY, Verb.RUN_SESSIONS, Verb.KEEP_LOG)
MOST = 60  # editions on the list
AUDIENCE_NAMES = {
    Audience.TEAM.value: lazy_gettext("pour l’équipe"),
    Audience.PUBLIC.value: lazy_gettext("pour le public"),
    Audience.EXPERT.value: lazy_gettext("pour les experts"),
    Audience.FACILITATOR.value: lazy_gettext("pour l’animation"),
    Audience.TERRITORY.value: lazy_gettext("pour les territoires"),
}


def own_editions(account: Account, *conditions: Any) -> list[Edition]:
    """Return the newest editions that are written for ``account``."""
    team = limit(Edition.service_id, account, Verb.ANSWER) & (Edition.audience == "team")
    roles: list[ColumnElement[bool]] = [
        (Edition.audience == audience) & (Edition.about == about)
        for audience, about in subjects_of(account).items()
    ]
    query = select(Edition).where(or_(team, *roles), *conditions)
    return list(db.session.scalars(query.order_by(Edition.start.desc(), Edition.id).limit(MOST)))


@bp.get("/equipe/syntheses")
@staff(*READERS)
def editions() -> Response:
    """List the editions that are written for the reader, and those that had nothing to say."""
    return render(
        "digests/list.html",
        rows=[(each, title_of(each)) for each in own_editions(current_user, Edition.skipped == "")],
        skipped=own_editions(current_user, Edition.skipped != "")[:10],
        audiences=AUDIENCE_NAMES,
        choices=_choices(),
        rhythms={each: FREQUENCY_NAMES[each] for each in digests.ALL_RHYTHMS},
        day=today(),
    )


def _choices() -> list[tuple[str, str]]:
    """Return what the reader may look at beforehand: value and words of each choice."""
    seats = limit(Service.id, current_user, Verb.ANSWER)
    services = db.session.scalars(select(Service).where(seats).order_by(Service.name))
    of_services = [
        (f"{audience.value}:{service.slug}", f"{service.name} ({AUDIENCE_NAMES[audience.value]})")
        for service in services
        for audience in digests.OF_SERVICES
    ]
    roles = [(f"{each}:", str(AUDIENCE_NAMES[each])) for each in subjects_of(current_user)]
    return of_services + roles


@bp.get("/equipe/mes-courriels")
@staff(*READERS)
def my_mails() -> Response:
    """Show every mail that the account gets, when, and whether its address takes them."""
    return render(
        "digests/my_mails.html",
        subscriptions=subscriptions_of(current_user),
        audiences=AUDIENCE_NAMES,
        rhythms=digests.RHYTHMS,
        frequencies=FREQUENCY_NAMES,
        weekdays=weekday_names(),
        hours=hours(),
        refusal=suspended.since(current_user.email),
        feed=key_of(current_user),
    )


@bp.post("/equipe/syntheses/frequence")
@staff(*READERS)
def frequency() -> WerkzeugResponse:
    """Set when the reader's own mails come; ``never`` is a pause."""
    for row in subscriptions_of(current_user):
        if not choose(row, request.form):
            abort(400)
    db.session.commit()
    flash(_("C’est noté."))
    return redirect(url_for("digests.my_mails"), 303)


@bp.post("/equipe/mes-courriels/reessayer")
@staff(*READERS)
def try_again() -> WerkzeugResponse:
    """Let mails leave again for an address that refused them: its reader says that it works."""
    suspended.lift(current_user.email)
    db.session.commit()
    flash(_("Nous réessayons avec le prochain courriel."))
    return redirect(url_for("digests.my_mails"), 303)
