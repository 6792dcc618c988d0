"""The signal pages: what moved beyond its usual course, its evidence, and its qualification.

What experts send from them is ``feedback/qualification_views.py``.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select

from app import traces
from app.access import Verb, actor_of, limit, may, reaches, staff
from app.days import today
from app.db import db
from app.floors import TEAM_FLOOR
from app.web import render
from feedback import signal_questions
from feedback.models import Signal
from feedback.qualification import moves_from
from feedback.qualification_forms import AnswerForm, QuestionForm, qualification_form
from feedback.representativeness_words import panel_of
from feedback.routing_words import HARM_NAMES
from feedback.signal_evidence import Evidence, evidence_page
from feedback.signal_facets import FACET_NAMES, parts_of
from feedback.signal_feed_keys import feed_key
from feedback.signal_page import signal_page
from feedback.signal_queue import Asked, Part, choices, sections
from feedback.signal_words import (
    KIND_NAMES,
    LINK_NAMES,
    PART_NAMES,
    STATE_NAMES,
    TONE_NAMES,
    UNEXPECTED_NAMES,
)
from feedback.voices import of_signal

bp = Blueprint("vigilance", __name__)


def signal_or_404(signal_id: str, verb: Verb) -> Signal:
    """Return the signal when ``verb`` on its service is held."""
    reach = limit(Signal.service_id, current_user, verb)
    signal = db.session.scalar(select(Signal).where(Signal.id == signal_id, reach))
    if signal is None:
        abort(404)
    return signal


def asked_signals() -> Asked:
    """Return what the address asks for."""
    wanted = request.args
    return Asked(
        part=next((each for each in Part if each == wanted.get("partie")), None),
        service=wanted.get("service", "")[:60],
        kind=wanted.get("genre", "")[:16],
        state=wanted.get("etat", "")[:12],
        facet=wanted["ou"][:16] if "ou" in wanted else None,
        good=wanted.get("bon") == "oui",
        page=wanted.get("page", 1, type=int),
    )


def _query(asked: Asked, **changes: Any) -> dict[str, Any]:
    """Return ``asked`` as the address says it, with ``changes``; what is empty is left out."""
    query = {
        "partie": asked.part.value if asked.part else None,
        "service": asked.service or None,
        "genre": asked.kind or None,
        "etat": asked.state or None,
        "ou": asked.facet,
        "bon": "oui" if asked.good else None,
    }
    return {key: value for key, value in {**query, **changes}.items() if value is not None}


@bp.get("/equipe/signaux")
@staff(Verb.READ_SIGNALS)
def signals() -> Response:
    """List the signals within the reader's reach: those to examine first."""
    reach = limit(Signal.service_id, current_user, Verb.READ_SIGNALS)
    asked, is_expert = asked_signals(), may(current_user, Verb.QUALIFY)
    offered, shown = choices(reach), sections(reach, asked)
    return render(
        "feedback/signals.html",
        asked=asked,
        sections=shown,
        parts=parts_of(each for part in shown for each in part.signals),
        choices=offered,
        kind_options=_options(offered.kinds, KIND_NAMES),
        state_options=_options(offered.states, STATE_NAMES),
        facet_options=_options(offered.facets, FACET_NAMES),
        questions=signal_questions.waiting(reach) if is_expert else [],
        feed=feed_key(current_user) if is_expert else "",
        link=lambda **changes: url_for("vigilance.signals", **_query(asked, **changes)),
        files=[
            (form.upper(), url_for("vigilance.register_file", form=form, **_query(asked)))
            for form in ("csv", "json")
        ],
        Part=Part,
        PART_NAMES=PART_NAMES,
        HARM_NAMES=HARM_NAMES,
        state_names=STATE_NAMES,
        kind_names=KIND_NAMES,
    )


def _options(values: tuple[str, ...], names: Mapping[Any, Any]) -> list[tuple[str | None, Any]]:
    """Return the links of one filter: all of them first."""
    return [(None, _("tous")), *((value, names.get(value, value)) for value in values)]


@bp.get("/equipe/signaux/<signal_id>")
@staff(Verb.READ_SIGNALS, writes=True)
def signal(signal_id: str) -> Response:
    """Show one signal: the sentence, the chart, the evidence, the retours and the history."""
    return signal_response(signal_or_404(signal_id, Verb.READ_SIGNALS))


def signal_response(found: Signal, status: int = 200, **forms: Any) -> Response:
    """Return the page of ``found``; forms that were refused replace the fresh ones. Commits."""
    is_expert = may(current_user, Verb.QUALIFY)
    fresh: dict[str, Any] = {
        "form": qualification_form(found) if is_expert and moves_from(found) else None,
        "question_form": QuestionForm() if is_expert else None,
        "answer_form": AnswerForm(),
    }
    response = render(
        "feedback/signal.html",
        "feedback/_signal_messages.html" if status == 200 and "page" in request.args else None,
        status=status,
        signal=found,
        shown=signal_page(found),
        evidence=_evidence(found),
        voices=panel_of(of_signal(found), found.service, _floor(found)),
        is_expert=is_expert,
        moves=[move.value for move in moves_from(found)],
        may_open=may(current_user, Verb.READ),
        may_announce=_inside(found) and may(current_user, Verb.CONFIGURE),
        organisation=current_user.organisation.name,
        HARM_NAMES=HARM_NAMES,
        state_names=STATE_NAMES,
        kind_names=KIND_NAMES,
        LINK_NAMES=LINK_NAMES,
        TONE_NAMES=TONE_NAMES,
        UNEXPECTED_NAMES=UNEXPECTED_NAMES,
        **{**fresh, **forms},
    )
    db.session.commit()  # the openings that ``_evidence`` wrote down
    return response


def _inside(found: Signal) -> bool:
    return found.service is not None and reaches(found.service, current_user, Verb.READ)


def _floor(found: Signal) -> int:
    """Return the floor of traits within the signal: lower for those who read the messages."""
    return TEAM_FLOOR if _inside(found) else int(current_app.config["FLOOR"])


def _evidence(found: Signal) -> Evidence:
    """Return a page of it; experts read feedback in signals, so each opening is written down."""
    shown = evidence_page(found, request.args.get("page", 1, type=int))
    actor = actor_of(current_user, Verb.READ_SIGNALS)
    for each in shown.retours:
        traces.record_once("opened", actor, today(), each.id, "signal")
    return shown
