"""The moderator's pages: what waits, one retour with its reasons, a decision.

Nobody else opens them: neither a team nor an administrator. Checks of what a team says it has done
are ``moderation_check_views.py``.
"""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select

from app import traces
from app.access import Verb, actor_of, staff
from app.days import today
from app.db import db
from app.runtime import runtime
from app.web import render
from feedback import (
    appeals,
    hold_windows,
    moderation,
    moderation_figures,
    peers,
    threads,
    urgency,
)
from feedback.appeals import SameModerator, moderator_of
from feedback.desk_thread import journal_lines
from feedback.list_parts import asked_for
from feedback.masked_text import excerpt, pieces
from feedback.models import Feedback, Message, State
from feedback.moderation import Decision, may_decide, seal_of
from feedback.moderation_forms import DecisionForm, LevelForm
from feedback.moderation_items import WhyHeld, waited_for, why_held
from feedback.moderation_page import blueprint, moved_meanwhile, show_queue
from feedback.moderation_waits import waited_for_message
from feedback.rows import face_name, mood_of
from feedback.rules import RULES, reason_text
from feedback.states import ForbiddenMove
from feedback.suggested_rules import hold_hints, suggested_rules
from feedback.told_answers import told_answers
from feedback.urgency import Level
from feedback.urgency_words import CRITERIA, LEVEL_NAMES
from feedback.words import DANGER_NAMES, WHY_HELD_NAMES
from nlp.redact import redact

Answered = Response | Any


def form_of(feedback: Feedback, data: Any = None) -> DecisionForm:
    """Return the form with what may be decided about ``feedback``."""
    return DecisionForm(data, allowed=may_decide(feedback))


def feedback_or_404(feedback_id: str) -> Feedback:
    """Return the retour, whatever its state; 404 once it is erased."""
    found = db.session.get(Feedback, feedback_id)
    if found is None or found.state == State.WITHDRAWN:
        abort(404)
    return found


@blueprint.get("/equipe/moderation", endpoint="queue")
@staff(Verb.MODERATE, writes=True)
def waiting() -> Answered:
    """Everything that waits for a moderator."""
    actor = actor_of(current_user, Verb.MODERATE)
    traces.record_once("listed", actor, today(), None, "modération")
    db.session.commit()
    part, page = request.args.get("partie", ""), request.args.get("page", "")
    return show_queue(asked=asked_for(part, page))


@blueprint.get("/equipe/moderation/<feedback_id>")
@staff(Verb.MODERATE, writes=True)
def item(feedback_id: str) -> Answered:
    """One retour: its masked text, why it waits, and what may be decided."""
    feedback = feedback_or_404(feedback_id)
    actor = actor_of(current_user, Verb.MODERATE)
    threads.mark_read(feedback, actor, today())
    db.session.commit()
    return show_item(feedback, form_of(feedback))


def show_item(feedback: Feedback, form: DecisionForm, status: int = 200, **told: Any) -> Response:
    """Return the page of one retour; ``told`` is what it says or keeps beside the decision."""
    row = urgency.urgency_of(feedback)
    level = urgency.level_of(feedback, row)
    return render(
        "moderation/item.html",
        None,
        status,
        level=LEVEL_NAMES[level],
        contested=row if row and row.wanted else None,
        wanted=LEVEL_NAMES[Level(row.wanted)] if row and row.wanted else "",
        window=hold_windows.window_of(feedback),
        hints=hold_hints(feedback, today()),
        criterion=CRITERIA[level],
        level_reason=row.reason if row else "",
        seal=seal_of(feedback),
        feedback=feedback,
        form=form,
        errors=[(each, message) for each in form for message in each.errors],
        rules=RULES,
        suggested=suggested_rules(feedback),
        may_judge=appeals.may_judge(feedback, moderator_of(current_user)),
        DANGER_NAMES=DANGER_NAMES,
        pieces=pieces(feedback.text),
        answers=told_answers(feedback.answers),
        why=WHY_HELD_NAMES[why_held(feedback)] if feedback.state == State.HELD else "",
        parent=_answered(feedback),
        beneath=peers.answers_to(feedback) if feedback.wants_publication else (),
        unpublished=appeals.publication_refusal(feedback),
        is_appeal=why_held(feedback) is WhyHeld.APPEAL,
        face=face_name(feedback),
        mood=mood_of(feedback),
        held=[(m, pieces(m.text)) for m in threads.messages(feedback) if m.held],
        journal=journal_lines(feedback.id),
        **{"level_form": LevelForm(data={"level": level.value}), "has_changed": False, **told},
    )


def _answered(feedback: Feedback) -> Any:
    """Return the first words of the message that a reader's answer stands under, if any."""
    parent = peers.parent_of(feedback) if feedback.is_peer else None
    return excerpt(parent.text) if parent else []


@blueprint.post("/equipe/moderation/<feedback_id>")
@staff(Verb.MODERATE)
def decide(feedback_id: str) -> Answered:
    """Carry out the decision, or release an author's message that was held."""
    feedback = feedback_or_404(feedback_id)
    if message_id := request.form.get("message"):
        return _release(feedback, message_id)
    form = form_of(feedback, request.form)
    if request.form.get("read", seal_of(feedback)) != seal_of(feedback):
        return show_item(feedback, form, 409, has_changed=True)
    if not form.validate():
        return show_item(feedback, form, 422)
    reason = reason_text(form.rule.data, form.words.data) if form.rule.data else form.words.data
    decision = Decision(form.decision.data)
    waited = waited_for(feedback, today())
    try:
        if decision is Decision.WAIT:
            length = form.length.data
            moderation.give_time(feedback, length, moderator_of(current_user), today())
        else:
            moderation.decide(feedback, decision, reason, moderator_of(current_user), today())
    except hold_windows.TooLong:
        form.length.errors = [_("10 jours ouvrés au plus en tout : décidez, ou laissez moins.")]
        return show_item(feedback, form, 422)
    except SameModerator:
        return show_item(feedback, form, 409)
    except ForbiddenMove:
        return moved_meanwhile()
    moderation_figures.count(waited.why, decision.value, waited.days, today())
    db.session.commit()
    flash(_("Décision enregistrée. L’auteur la lit avec son code."))
    return redirect(url_for("moderation.queue"), 303)


def _release(feedback: Feedback, message_id: str) -> Any:
    message = db.session.scalar(
        select(Message).where(
            Message.id == message_id, Message.feedback_id == feedback.id, Message.held
        )
    )
    if message is None:
        abort(404)
    masked = redact(message.text, runtime().name_finder, feedback.service.allowed_words)
    if not masked.names_masked:  # it came without the name pipeline, perhaps
        flash(_("Nous ne pouvons pas masquer les noms en ce moment. Réessayez dans une minute."))
        return redirect(url_for("moderation.item", feedback_id=feedback.id), 303)
    message.text = masked.text
    waited = waited_for_message(message, today())
    threads.release(message, today())
    moderation_figures.count(waited.why, "release", waited.days, today())
    traces.record("moderated", actor_of(current_user, Verb.MODERATE), today(), feedback.id)
    db.session.commit()
    flash(_("Message transmis à l’équipe."))
    return redirect(url_for("moderation.queue"), 303)
