"""The pages of release watches: the list, asking beforehand, one watch, and stopping it."""

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, limit, reaches, service_or_404, staff
from app.catalogue import Service
from app.days import today
from app.db import db
from app.web import render
from feedback import release_watches
from feedback.models import ReleaseWatch, Theme
from feedback.release_looks import signal_of
from feedback.release_watch_page import watch_page
from feedback.release_watch_words import STATE_NAMES, finding_of, refusal_words
from feedback.release_watches import LATEST, LENGTHS, ReasonNeeded, Refused, Wish, alpha_of

bp = Blueprint("watches", __name__, url_prefix="/equipe")
ASKING = (Verb.ANSWER, Verb.QUALIFY)  # the team of the service, and experts


def _may_ask(service: Service) -> bool:
    return any(reaches(service, current_user, verb) for verb in ASKING)


@bp.get("/surveillances")
@staff(Verb.READ_SIGNALS)
def index() -> Response:
    """List the release watches within the reader's reach, and where one can be asked for."""
    services = db.session.scalars(
        select(Service).where(limit(Service.id, current_user, Verb.READ_SIGNALS))
    )
    return render(
        "feedback/watches.html",
        watches=release_watches.watches_where(
            limit(ReleaseWatch.service_id, current_user, Verb.READ_SIGNALS)
        ),
        services=sorted((s for s in services if _may_ask(s)), key=lambda each: each.name),
        state_names=STATE_NAMES,
        finding_of=finding_of,
    )


@bp.get("/services/<slug>/surveillances")
@staff(*ASKING)
def ask(slug: str) -> Response:
    """Show the form that asks a question beforehand."""
    return _form(_asked_of(slug))


def _asked_of(slug: str) -> Service:
    service = service_or_404(slug)
    return service if _may_ask(service) else abort(404)


def _form(service: Service, status: int = 200, error: str = "") -> Response:
    return render(
        "feedback/watch_form.html",
        status=status,
        watched=service,
        releases=[each for each in service.releases if each.day >= today() - LATEST],
        themes=_themes(service),
        lengths=[(weeks, round(100 * alpha_of(service, weeks), 1)) for weeks in LENGTHS],
        may_configure=reaches(service, current_user, Verb.CONFIGURE),
        typed=request.form,
        error=error,
    )


def _themes(service: Service) -> list[Theme]:
    query = select(Theme).where(Theme.service_id == service.id, Theme.ended.is_(None))
    return list(db.session.scalars(query.order_by(Theme.name)))


@bp.post("/services/<slug>/surveillances")
@staff(*ASKING)
def declare(slug: str) -> AnyResponse:
    """Freeze the question with its plan, or say why it cannot be asked."""
    service = _asked_of(slug)
    typed = request.form
    weeks = typed.get("weeks", "")
    wish = Wish(
        next((each for each in service.releases if str(each.id) == typed.get("release")), None),
        next((each for each in _themes(service) if each.id == typed.get("theme")), None),
        typed.get("question", "")[:500],
        int(weeks) if weeks.isdecimal() else 0,
    )
    try:
        watch = release_watches.declare(service, wish, current_user.organisation.name, today())
    except Refused as refused:
        db.session.rollback()
        return _form(service_or_404(slug), 422, refusal_words(refused))
    db.session.commit()
    flash(_("La question est posée, avec sa durée et sa limite. Elles ne changeront plus."))
    return redirect(url_for("watches.watch", watch_id=watch.id), 303)


@bp.get("/surveillances/<watch_id>")
@staff(Verb.READ_SIGNALS)
def watch(watch_id: str) -> Response:
    """Show what was asked, the looks so far, and what the result means and does not."""
    return _page(_watch_or_404(watch_id))


def _watch_or_404(watch_id: str) -> ReleaseWatch:
    reach = limit(ReleaseWatch.service_id, current_user, Verb.READ_SIGNALS)
    found = db.session.scalar(select(ReleaseWatch).where(ReleaseWatch.id == watch_id, reach))
    return found or abort(404)


def _page(found: ReleaseWatch, status: int = 200, error: str = "") -> Response:
    inside = reaches(found.service, current_user, Verb.READ)
    return render(
        "feedback/watch.html",
        status=status,
        watch=found,
        shown=watch_page(found, today(), 1 if inside else int(current_app.config["FLOOR"])),
        signal=signal_of(found),
        state_names=STATE_NAMES,
        may_stop=found.state == "running" and _may_ask(found.service),
        typed=request.form,
        error=error,
    )


@bp.post("/surveillances/<watch_id>/arreter")
@staff(*ASKING)
def stop(watch_id: str) -> AnyResponse:
    """Stop a running watch, with the reason."""
    found = _watch_or_404(watch_id)
    if not _may_ask(found.service):
        abort(404)
    try:
        release_watches.stop(found, request.form.get("reason", ""), today())
    except ReasonNeeded:
        return _page(found, 422, _("Écrivez pourquoi elle s’arrête."))
    db.session.commit()
    return redirect(url_for("watches.watch", watch_id=watch_id), 303)
