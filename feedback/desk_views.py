"""The team's pages of a retour and of the commitments: read, announce, drop.

Each view parses, calls one verb, commits and answers. A moderator reads here, and writes nothing.
Answering is ``reply_views.py``, promising ``promise_views.py``.
"""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select

from app.access import Verb, actor_of, limit, may, staff
from app.days import today
from app.db import db
from app.web import render
from feedback import commitments, threads
from feedback.commitment_list import commitment_list
from feedback.desk_forms import AnswerForm, CommitmentForm, EvidenceForm, ReasonForm
from feedback.desk_thread import ThreadPage, thread_page
from feedback.list_parts import asked_for
from feedback.models import Commitment, Feedback, State
from feedback.readings import mark
from feedback.states import ForbiddenMove
from feedback.why_here import severity_name, why_here
from feedback.words import COMMITMENT_NAMES, THREAD_NAMES, VERDICT_NAMES

blueprint = Blueprint("feedback_desk", __name__)
PAGE, PARTIAL = "feedback/desk/thread.html", "feedback/desk/_thread.html"
Answered = Response | Any


def feedback_or_404(feedback_id: str, verb: Verb) -> Feedback:
    """Return the retour when ``verb`` on it is held and its state lets the team read it."""
    reach = limit(Feedback.service_id, current_user, verb)
    feedback = db.session.scalar(select(Feedback).where(Feedback.id == feedback_id, reach))
    if feedback is None or not (feedback.is_readable_by_team or feedback.state == State.WITHDRAWN):
        abort(404)
    return feedback


def addressed_or_404(feedback_id: str) -> Feedback:
    """Return the retour that words are for, whatever became of it since the team read it."""
    reach = limit(Feedback.service_id, current_user, Verb.ANSWER)
    feedback = db.session.scalar(select(Feedback).where(Feedback.id == feedback_id, reach))
    if feedback is None:
        abort(404)
    was_read = feedback.read_day is not None or feedback.state == State.WITHDRAWN
    if not feedback.is_readable_by_team and not was_read:
        abort(404)
    return feedback


def gone(feedback: Feedback, *typed: str | None) -> Response | None:
    """Return the page that says why nothing more goes there, with what was typed; None: it does."""
    if feedback.is_readable_by_team:
        return None
    page = "withdrawn" if feedback.state == State.WITHDRAWN else "not_now"
    text = "\n".join(each for each in typed if each)
    return render(f"feedback/desk/{page}.html", None, 409, feedback=feedback, text=text)


def open_thread(feedback: Feedback) -> ThreadPage:
    """Write the opening into the journal and return what the page shows. Commits."""
    threads.mark_read(feedback, actor_of(current_user, Verb.READ), today())
    mark(current_user.id, [feedback.id], is_read=True)
    db.session.commit()
    return thread_page(feedback, current_user, today())


def forms_of(page: ThreadPage, **filled: Any) -> dict[str, Any]:
    """Return the forms of the page, fresh unless one is given back with its errors."""
    fresh = {"answer_form": _answer_form(page), "commitment_form": CommitmentForm(day=today())}
    names = {
        "COMMITMENT_NAMES": COMMITMENT_NAMES,
        "THREAD_NAMES": THREAD_NAMES,
        "severity_name": severity_name,
    }
    told = {"advice": None, "news": (), "here": why_here(page.feedback, today())}
    return {"thread": page, **told, **names, **fresh, **filled}


def _answer_form(page: ThreadPage) -> AnswerForm:
    """Return the form with what its writer left unfinished, and what stood on the page."""
    text = page.draft.text if page.draft else ""
    return AnswerForm(data={"text": text, "seen": page.seen})


def show_thread(feedback: Feedback, status: int = 200, **filled: Any) -> Response:
    """Return the page of ``feedback``; ``filled`` are the forms that hold something typed.

    A refused form shows the words as well: it is an opening like any other. Commits.
    """
    return render(PAGE, PARTIAL, status, **forms_of(open_thread(feedback), **filled))


def back_to(feedback: Feedback) -> Any:
    """Lead back to the page of ``feedback``."""
    return redirect(url_for("feedback_desk.thread", feedback_id=feedback.id), 303)


@blueprint.get("/equipe/retours/<feedback_id>")
@staff(Verb.READ, writes=True)
def thread(feedback_id: str) -> Answered:
    """One retour: its words, its journal, the exchange and what was promised."""
    known = db.session.get(Feedback, feedback_id)
    if known and known.state == State.HELD and may(current_user, Verb.MODERATE):
        return redirect(url_for("moderation.item", feedback_id=feedback_id), 303)
    feedback = feedback_or_404(feedback_id, Verb.READ)
    if feedback.state == State.WITHDRAWN:
        return render("feedback/desk/withdrawn.html", feedback=feedback)
    return render(PAGE, PARTIAL, **forms_of(open_thread(feedback)))


def commitment_or_404(commitment_id: str) -> Commitment:
    """Return the commitment when the account answers for its service."""
    reach = limit(Commitment.service_id, current_user, Verb.ANSWER)
    found = db.session.scalar(select(Commitment).where(Commitment.id == commitment_id, reach))
    if found is None:
        abort(404)
    return found


@blueprint.get("/equipe/engagements", endpoint="commitments")
@staff(Verb.ANSWER)
def every_commitment() -> Answered:
    """Every commitment of the team's services, the pressing ones first."""
    return _show_commitments()


def _show_commitments(status: int = 200, failed: str = "", form: Any = None) -> Response:
    reach = limit(Commitment.service_id, current_user, Verb.ANSWER)
    asked = asked_for(request.args.get("partie", ""), request.args.get("page", ""))
    groups = commitment_list(reach, today(), asked)
    return render(
        "feedback/desk/commitments.html",
        None,
        status,
        groups=groups,
        part_url="feedback_desk.commitments",
        forms={
            line.commitment.id: _line_forms(line.commitment.id, failed, form)
            for group in groups
            for line in group.lines
        },
        VERDICT_NAMES=VERDICT_NAMES,
    )


def _line_forms(commitment_id: str, failed: str, form: Any) -> dict[str, Any]:
    """Return the two forms of one line; the one that failed keeps its words and its errors."""
    forms = {"evidence": EvidenceForm(), "reason": ReasonForm()}
    if failed == commitment_id:
        forms["evidence" if isinstance(form, EvidenceForm) else "reason"] = form
    return {name: each.apart(commitment_id) for name, each in forms.items()}


@blueprint.post("/equipe/engagements/<commitment_id>/annonce")
@staff(Verb.ANSWER)
def announce(commitment_id: str) -> Answered:
    """Say that the change is made, with what shows it."""
    commitment = commitment_or_404(commitment_id)
    form = EvidenceForm(request.form)
    if not form.validate():
        return _show_commitments(422, failed=commitment_id, form=form)
    return _move(
        commitment,
        commitments.announce,
        form.evidence.data,
        _("Annonce transmise à la modération. Une fois vérifiée, elle paraît."),
    )


@blueprint.post("/equipe/engagements/<commitment_id>/abandon")
@staff(Verb.ANSWER)
def drop(commitment_id: str) -> Answered:
    """Give a promise up, with the reason that everybody reads."""
    commitment = commitment_or_404(commitment_id)
    form = ReasonForm(request.form)
    if not form.validate():
        return _show_commitments(422, failed=commitment_id, form=form)
    return _move(
        commitment,
        commitments.drop,
        form.reason.data,
        _("Engagement abandonné. La raison est publique."),
    )


def _move(commitment: Commitment, verb: Any, words: str, done: str) -> Any:
    try:
        verb(commitment, words, today())
    except ForbiddenMove:
        db.session.rollback()
        page = "feedback/desk/commitment_moved.html"
        return render(page, None, 409, commitment=commitment, text=words)
    db.session.commit()
    flash(done)
    return redirect(url_for("feedback_desk.commitments"), 303)
