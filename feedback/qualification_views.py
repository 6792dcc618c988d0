"""What experts send from the page of a signal: a decision, a question, an answer to one."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, actor_of, staff
from app.catalogue import Release
from app.days import today
from app.db import db
from app.runtime import runtime
from feedback import qualification, signal_questions
from feedback.known_effects import EffectExists, standing
from feedback.models import KnownEffect, Signal, SignalLink, SignalQuestion, SignalState
from feedback.qualification import Decision, ForbiddenQualification, Incomplete
from feedback.qualification_forms import (
    NEEDED,
    AnswerForm,
    QualificationForm,
    QuestionForm,
    qualification_form,
)
from feedback.signal_merges import targets_of
from feedback.signal_questions import NothingSaid
from feedback.vigilance_views import bp, signal_or_404, signal_response
from nlp.redact import redact


@bp.post("/equipe/signaux/<signal_id>")
@staff(Verb.QUALIFY)
def qualify(signal_id: str) -> AnyResponse:
    """Move the signal at an expert's word, with the reason; what was typed stays on a refusal."""
    found = signal_or_404(signal_id, Verb.QUALIFY)
    form = qualification_form(found, request.form)
    if not form.validate():
        return _refused(found, form)
    try:
        decision = _decision(found, form)
        qualification.qualify(found, decision, actor_of(current_user, Verb.QUALIFY), today())
    except Incomplete as lacking:
        form.refuse(lacking.field)
        return _refused(found, form)
    except EffectExists:
        form.new_effect.errors = [_("Le service annonce déjà un effet de ce nom : choisissez-le.")]
        return _refused(found, form)
    except (ForbiddenQualification, ValueError):
        form.to_state.errors = [_("Ce passage n’est pas possible depuis l’état actuel.")]
        return _refused(found, form)
    return _back(found, _("La décision est enregistrée."))


def _refused(found: Signal, form: QualificationForm) -> Response:
    db.session.rollback()
    return signal_response(signal_or_404(found.id, Verb.QUALIFY), 422, form=form)


def _decision(found: Signal, form: QualificationForm) -> Decision:
    if not form.to_state.data:
        raise Incomplete("to_state")
    return Decision(
        SignalState(form.to_state.data),
        form.reason.data,
        form.sentence.data,
        form.done.data,
        unexpected=form.unexpected.data,
        effect=form.effect.data,
        link=SignalLink(form.link.data),
        how_many=form.how_many.data,
        release=_release(found, form.release.data),
        no_release=not form.release.data,
        target=next((each for each in targets_of(found) if each.id == form.target.data), None),
        known_effect=_effect(found, form.known_effect.data),
        new_effect=_masked(found, form.new_effect.data),
    )


def _release(found: Signal, chosen: str) -> Release | None:
    releases = found.service.releases if found.service else []
    return next((each for each in releases if str(each.id) == chosen), None)


def _effect(found: Signal, chosen: str) -> KnownEffect | None:
    effects = standing(found.service) if found.service else []
    return next((each for each in effects if str(each.id) == chosen), None)


def _masked(found: Signal, words: str) -> str:
    allowed = found.service.allowed_words if found.service else []
    return redact(words, runtime().name_finder, allowed).text if words else ""


def _back(found: Signal, said: str, part: str = "") -> AnyResponse:
    db.session.commit()
    flash(said)
    return redirect(url_for("vigilance.signal", signal_id=found.id, _anchor=part or None), 303)


@bp.post("/equipe/signaux/<signal_id>/questions")
@staff(Verb.QUALIFY)
def ask(signal_id: str) -> AnyResponse:
    """Ask another expert something about the signal."""
    found = signal_or_404(signal_id, Verb.QUALIFY)
    form = QuestionForm(request.form)
    organisation = actor_of(current_user, Verb.QUALIFY).organisation
    if not form.validate():
        return signal_response(found, 422, question_form=form)
    try:
        signal_questions.ask(found, form.field.data, form.question.data, organisation, today())
    except NothingSaid as lacking:
        form[lacking.field].errors = [str(NEEDED[lacking.field])]
        return signal_response(found, 422, question_form=form)
    return _back(found, _("La question attend sa réponse."), "questions")


@bp.post("/equipe/signaux/<signal_id>/questions/<int:question_id>")
@staff(Verb.QUALIFY)
def answer(signal_id: str, question_id: int) -> AnyResponse:
    """Answer a question about the signal."""
    found = signal_or_404(signal_id, Verb.QUALIFY)
    asked = select(SignalQuestion).where(
        SignalQuestion.id == question_id, SignalQuestion.signal_id == found.id
    )
    row = db.session.scalar(asked) or abort(404)
    form = AnswerForm(request.form)
    refused: dict[str, Any] = {"answer_form": form, "answering": row.id}
    if not form.validate():
        return signal_response(found, 422, **refused)
    organisation = actor_of(current_user, Verb.QUALIFY).organisation
    try:
        signal_questions.answer(row, form.answer.data, organisation, today())
    except NothingSaid as lacking:
        form.answer.errors = [str(NEEDED[lacking.field])]
        return signal_response(found, 422, **refused)
    return _back(found, _("La réponse est enregistrée."), "questions")
