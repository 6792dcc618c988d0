"""The signal pages: what moved beyond its usual course, its evidence, and its qualification."""

from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app import traces
from app.access import Verb, actor_of, limit, may, reaches, staff
from app.charts import Mark, Point, line_chart
from app.days import today
from app.db import db
from app.floors import TEAM_FLOOR
from app.web import render, written_day
from feedback import qualification
from feedback.models import Feedback, Signal, SignalKind, SignalState
from feedback.qualification import Decision, ForbiddenQualification, ReasonNeeded
from feedback.representativeness_words import panel_of
from feedback.signal_words import KIND_NAMES, STATE_NAMES
from feedback.voices import of_signal

bp = Blueprint("vigilance", __name__)
SHOWN_WEEKS = 26


def _signal_or_404(signal_id: str, verb: Verb) -> Signal:
    reach = limit(Signal.service_id, current_user, verb)
    signal = db.session.scalar(select(Signal).where(Signal.id == signal_id, reach))
    if signal is None:
        abort(404)
    return signal


@bp.get("/equipe/signaux")
@staff(Verb.READ_SIGNALS)
def signals() -> Response:
    """List the signals within the reader's reach: those to examine first."""
    reach = limit(Signal.service_id, current_user, Verb.READ_SIGNALS)
    found = qualification.signals_where(reach)
    to_examine = [each for each in found if each.state in ("candidate", "under_review")]
    return render(
        "feedback/signals.html",
        to_examine=[each for each in to_examine if each.kind != SignalKind.SERIOUS],
        serious=[each for each in to_examine if each.kind == SignalKind.SERIOUS],
        others=[each for each in found if each not in to_examine],
        state_names=STATE_NAMES,
        kind_names=KIND_NAMES,
    )


@bp.get("/equipe/signaux/<signal_id>")
@staff(Verb.READ_SIGNALS, writes=True)
def signal(signal_id: str) -> Response:
    """Show one signal: the sentence, the chart, the evidence, the retours and the history."""
    found = _signal_or_404(signal_id, Verb.READ_SIGNALS)
    response = _page(found)
    db.session.commit()
    return response


def _page(found: Signal, status: int = 200, error: str = "") -> Response:
    return render(
        "feedback/signal.html",
        status=status,
        signal=found,
        chart=_chart(found) if found.history else None,
        retours=_readable(found),
        voices=panel_of(of_signal(found), found.service, _floor(found)),
        notes=qualification.history(found),
        moves=qualification.moves_from(found) if may(current_user, Verb.QUALIFY) else (),
        may_open=may(current_user, Verb.READ),
        state_names=STATE_NAMES,
        kind_names=KIND_NAMES,
        error=error,
        typed=request.form,
    )


def _floor(found: Signal) -> int:
    """Return the floor of traits within the signal: lower for those who read the messages."""
    inside = found.service is not None and reaches(found.service, current_user, Verb.READ)
    return TEAM_FLOOR if inside else int(current_app.config["FLOOR"])


def _readable(found: Signal) -> list[Feedback]:
    """Return the evidence; experts read feedback in signals, so each opening is written down."""
    retours = [each for each in qualification.evidence(found) if each.is_readable_by_team]
    actor = actor_of(current_user, Verb.READ_SIGNALS)
    for each in retours:
        traces.record_once("opened", actor, today(), each.id, "signal")
    return retours


def _chart(found: Signal) -> object:
    rows = found.history[-SHOWN_WEEKS:]
    assert found.first_week is not None
    first = found.first_week + timedelta(weeks=len(found.history) - len(rows))
    weeks = [first + timedelta(weeks=n) for n in range(len(rows))]
    marks = [
        Mark((release.day - first).days // 7, release.number)
        for release in (found.service.releases if found.service else ())
        if 0 <= (release.day - first).days // 7 < len(weeks)
    ]
    return line_chart(
        [Point(written_day(week, "d MMM"), row[0]) for week, row in zip(weeks, rows, strict=True)],
        expected=[row[1] for row in rows],
        band=[(0.0, max(row[2], 0.0)) for row in rows],
        marks=marks,
    )


@bp.post("/equipe/signaux/<signal_id>")
@staff(Verb.QUALIFY)
def qualify(signal_id: str) -> AnyResponse:
    """Move the signal at an expert's word, with the reason."""
    found = _signal_or_404(signal_id, Verb.QUALIFY)
    try:
        decision = Decision(
            SignalState(request.form.get("to_state", "")),
            request.form.get("reason", ""),
            request.form.get("sentence", ""),
            request.form.get("beneficial") == "yes",
        )
        qualification.qualify(found, decision, actor_of(current_user, Verb.QUALIFY), today())
    except ReasonNeeded:
        text = _("Écrivez la raison. Un état public demande aussi une phrase pour le public.")
        return _page(found, 422, text)
    except (ForbiddenQualification, ValueError):
        return _page(found, 422, _("Ce passage n’est pas possible depuis l’état actuel."))
    db.session.commit()
    return redirect(url_for("vigilance.signal", signal_id=signal_id), 303)
