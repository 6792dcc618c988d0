"""The pages that lead a signal to the right authority: the door, and the one-page report.

Nothing is sent from here. The table of authorities is confirmed by the operator on its own page.
"""

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app import traces
from app.access import Verb, actor_of, limit, may, staff
from app.days import today
from app.db import db
from app.web import render
from feedback import authorities, routing
from feedback.door_suggestion import suggest
from feedback.models import Signal
from feedback.report import Report, report_of
from feedback.report_pdf import pdf_of
from feedback.routing import About, Reporter, Situation
from feedback.routing_words import (
    ABOUT_NAMES,
    DUTY_NAMES,
    NOT_A_CHANNEL,
    REPORTER_NAMES,
    reasons_of,
    why_of,
)

bp = Blueprint("routing", __name__, url_prefix="/equipe")
PRINTED = "report printed"  # the journal's verb


def _signal_or_404(signal_id: str, verb: Verb) -> Signal:
    reach = limit(Signal.service_id, current_user, verb)
    found = db.session.scalar(select(Signal).where(Signal.id == signal_id, reach))
    return found or abort(404)


@bp.get("/signaux/<signal_id>/porte")
@staff(Verb.READ_SIGNALS)
def door(signal_id: str) -> Response:
    """Ask the three questions and show the doors, each with its reason."""
    return _page(_signal_or_404(signal_id, Verb.READ_SIGNALS))


def _page(signal: Signal, status: int = 200, error: str = "") -> Response:
    found = suggest(signal)
    note = routing.chosen(signal)
    usual = Situation(found.about, Reporter.ESTABLISHMENT, found.device)
    said = _situation(routing.situation_of(note) if note else usual)
    return render(
        "feedback/door.html",
        status=status,
        signal=signal,
        suggestion=found,
        reasons=reasons_of(found),
        said=said,
        ways=[(way, why_of(way, said.about)) for way in routing.ways(said)],
        chosen=note,
        doors=authorities.table().doors,
        confirmed=authorities.confirmed_on(),
        may_choose=may(current_user, Verb.QUALIFY),
        abouts=ABOUT_NAMES,
        reporters=REPORTER_NAMES,
        duties=DUTY_NAMES,
        not_a_channel=NOT_A_CHANNEL,
        error=error,
        typed=request.form,
    )


def _situation(usual: Situation) -> Situation:
    """Return the three answers of the address or the form; ``usual`` where there is none."""
    given = request.values
    about, reporter = given.get("sur", ""), given.get("qui", "")
    return Situation(
        About(about) if about in list(About) else usual.about,
        Reporter(reporter) if reporter in list(Reporter) else usual.reporter,
        given["dispositif"] == "oui" if "dispositif" in given else usual.device,
    )


@bp.post("/signaux/<signal_id>/porte")
@staff(Verb.QUALIFY)
def choose_door(signal_id: str) -> AnyResponse:
    """Keep the door that an expert chose, with the reason."""
    signal = _signal_or_404(signal_id, Verb.QUALIFY)
    said = _situation(Situation(About.OTHER, Reporter.ESTABLISHMENT, False))
    key, why = request.form.get("porte", ""), request.form.get("why", "")
    try:
        routing.choose(signal, key, said, why, actor_of(current_user, Verb.QUALIFY), today())
    except routing.UnknownDoor:
        return _page(signal, 422, _("Choisissez une porte."))
    except routing.WhyNeeded:
        return _page(signal, 422, _("Écrivez pourquoi cette porte."))
    db.session.commit()
    flash(_("La porte est gardée. Rien n’est envoyé : imprimez le rapport."))
    return redirect(url_for("routing.door", signal_id=signal_id), 303)


@bp.get("/signaux/<signal_id>/rapport")
@staff(Verb.READ_SIGNALS, writes=True)
def report(signal_id: str) -> Response:
    """Show the one-page report, ready to print."""
    signal, found = _report(signal_id, "html")
    db.session.commit()
    return render("feedback/report.html", signal=signal, report=found)


@bp.get("/signaux/<signal_id>/rapport.pdf")
@staff(Verb.READ_SIGNALS, writes=True)
def report_pdf(signal_id: str) -> Response:
    """Give the same page as a tagged PDF."""
    _signal, found = _report(signal_id, "pdf")
    db.session.commit()
    response = make_response(pdf_of(found, today()))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'attachment; filename="signal.pdf"'
    return response


def _report(signal_id: str, form: str) -> tuple[Signal, Report]:
    """Return the report, once the journal says which role took it out."""
    signal = _signal_or_404(signal_id, Verb.READ_SIGNALS)
    actor = actor_of(current_user, Verb.READ_SIGNALS)
    traces.record_once(PRINTED, actor, today(), detail=f"signal {signal.id} {form}")
    return signal, report_of(signal, today(), int(current_app.config["FLOOR"]))


@bp.get("/portes")
@staff(Verb.READ_SIGNALS, Verb.ADMINISTER)
def doors() -> Response:
    """Show the whole table of authorities, with its sources and what was not checked."""
    return render(
        "feedback/doors.html",
        doors=authorities.table().doors.values(),
        deadlines_at=authorities.deadlines_at,
        confirmed=authorities.confirmed_on(),
        may_confirm=may(current_user, Verb.ADMINISTER),
        reporters=REPORTER_NAMES,
        not_a_channel=NOT_A_CHANNEL,
    )


@bp.post("/portes")
@staff(Verb.ADMINISTER)
def confirm_doors() -> AnyResponse:
    """Keep that the operator has checked the table."""
    authorities.confirm(actor_of(current_user, Verb.ADMINISTER), today())
    db.session.commit()
    flash(_("Merci. Les pages disent maintenant que l’exploitant a confirmé."))
    return redirect(url_for("routing.doors"), 303)
