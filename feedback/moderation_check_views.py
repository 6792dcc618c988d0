"""A moderator's checks: an announced change, an answer that says one is made, a level."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from app.access import Verb, actor_of, staff
from app.days import today
from app.db import db
from feedback import commitments, contests, moderation_figures, second_looks, urgency
from feedback.appeals import Moderator, SameModerator, moderator_of
from feedback.models import Commitment, SecondLook
from feedback.moderation_forms import Checked, CheckForm, LevelForm
from feedback.moderation_items import asked_about, waited_for_look
from feedback.moderation_page import blueprint, checked_of, moved_meanwhile, show_queue
from feedback.moderation_views import feedback_or_404, form_of, show_item
from feedback.moderation_waits import waited_for_commitment
from feedback.second_looks import WriterGone
from feedback.states import ForbiddenMove
from feedback.urgency import Level

Answered = Response | Any


@blueprint.post("/equipe/moderation/engagements/<commitment_id>")
@staff(Verb.MODERATE)
def check_commitment(commitment_id: str) -> Answered:
    """Announce a claimed change or give it back; reopen a contested one, or answer its authors."""
    commitment = db.session.get(Commitment, commitment_id)
    if commitment is None:
        abort(404)
    form = CheckForm(request.form, checked=checked_of(commitment))
    if not form.validate():
        return show_queue(422, commitment_id, form)
    actor = actor_of(current_user, Verb.MODERATE)
    waited = waited_for_commitment(commitment, today())
    try:
        if form.decision.data == "reopen":
            commitments.reopen(commitment, form.words.data, today(), actor)
        elif form.decision.data == "uphold":
            contests.uphold(commitment, form.words.data, today(), actor)
        else:
            accepted = form.decision.data == "accept"
            commitments.check(commitment, accepted, form.words.data, today(), actor)
    except ForbiddenMove:
        return moved_meanwhile()
    moderation_figures.count(waited.why, form.decision.data, waited.days, today())
    db.session.commit()
    flash(_("Décision enregistrée."))
    return redirect(url_for("moderation.queue"), 303)


@blueprint.post("/equipe/moderation/reponses/<look_id>")
@staff(Verb.MODERATE)
def check_answer(look_id: str) -> Answered:
    """Send an answer that says a change is made, or give it back to its team with words."""
    look = db.session.get(SecondLook, look_id)
    if look is None or look.is_given_back:
        return moved_meanwhile()  # a colleague was faster, or the team took it back
    form = CheckForm(request.form, checked=Checked.ANSWER)
    if not form.validate():
        return show_queue(422, look_id, form)
    waited = waited_for_look(look, today())
    try:
        said = _look_at(look, form, moderator_of(current_user))
    except SameModerator:
        form.decision.errors = [
            _("Vous avez écrit cette réponse : un autre modérateur doit la relire.")
        ]
        return show_queue(409, look_id, form)
    except WriterGone:
        form.decision.errors = [
            _("Qui l’a écrite n’est plus dans l’équipe. Rendez-la : une collègue la reprendra.")
        ]
        return show_queue(409, look_id, form)
    except ForbiddenMove:
        return moved_meanwhile()
    moderation_figures.count(waited.why, form.decision.data, waited.days, today())
    db.session.commit()
    flash(said)
    return redirect(url_for("moderation.queue"), 303)


def _look_at(look: SecondLook, form: CheckForm, moderator: Moderator) -> str:
    """Carry out the decision and return what to say of it."""
    if form.decision.data == "back":
        second_looks.give_back(look, form.words.data, moderator, today())
        return str(_("Réponse rendue à l’équipe, avec vos mots. Aucun auteur ne l’a lue."))
    sent = second_looks.accept(look, moderator, today())
    if not sent:
        return str(_("Plus aucun retour n’attend cette réponse. Elle n’est partie à personne."))
    words = ngettext(
        "Réponse envoyée à %(num)s auteur.", "Réponse envoyée à %(num)s auteurs.", sent
    )
    return str(words)


@blueprint.post("/equipe/moderation/<feedback_id>/urgence")
@staff(Verb.MODERATE)
def set_level(feedback_id: str) -> Answered:
    """Decide how pressing a retour is; its author reads the reason."""
    feedback, form = feedback_or_404(feedback_id), LevelForm(request.form)
    if not form.validate():
        return show_item(feedback, form_of(feedback), 422, level_form=form)
    row = urgency.urgency_of(feedback)
    asked = asked_about(row, today()) if row and row.wanted else None
    moderator = moderator_of(current_user)
    try:
        urgency.decide(feedback, Level(form.level.data), form.reason.data, moderator, today())
    except SameModerator:
        form.level.errors = [
            _("L’auteur conteste votre décision : un autre modérateur doit décider.")
        ]
        return show_item(feedback, form_of(feedback), 409, level_form=form)
    if asked:
        moderation_figures.count(asked.why, form.level.data, asked.days, today())
    db.session.commit()
    flash(_("Niveau enregistré. L’auteur le lit avec son code, et pourquoi."))
    return redirect(url_for("moderation.item", feedback_id=feedback.id), 303)
