"""Adding a message to the list of known effects: which sentences show which effect."""

from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse
from wtforms.fields.choices import SelectChoice

from app import traces
from app.access import Verb, actor_of, reaches, service_or_404, staff
from app.catalogue import Service
from app.days import today
from app.db import db
from app.said import attributes
from app.web import render
from feedback import known_effects
from feedback.known_effect_forms import ChoiceForm
from feedback.known_effect_views import back_to, bp, masked_words
from feedback.known_effects import EffectExists
from feedback.models import Feedback, KnownEffect


@bp.get("/<slug>/messages/<feedback_id>")
@staff(Verb.CONFIGURE, writes=True)
def choose(slug: str, feedback_id: str) -> Response:
    """Show the sentences of a message, to say which effect they show."""
    service, message = _message(slug, feedback_id)
    return _page(service, message, _form(service, message))


@bp.post("/<slug>/messages/<feedback_id>")
@staff(Verb.CONFIGURE)
def add(slug: str, feedback_id: str) -> AnyResponse:
    """Add the chosen sentences to an effect, by reference: they are erased with their message."""
    service, message = _message(slug, feedback_id)
    form = _form(service, message, request.form)
    if not form.validate():
        return _page(service, message, form, 422)
    effect = _effect(service, form)
    if effect is None:
        return _page(service, message, form, 422)
    count = known_effects.add_segments(effect, form.segments.data)
    said = ngettext("%(num)d phrase ajoutée.", "%(num)d phrases ajoutées.", count)
    return back_to(service, said)


def _message(slug: str, feedback_id: str) -> tuple[Service, Feedback]:
    """Return a message that the reader both reads and may add to the list of its service."""
    service = service_or_404(slug, Verb.CONFIGURE)
    found = db.session.get(Feedback, feedback_id)
    if found is None or found.service_id != service.id:
        abort(404)
    may_read = reaches(service, current_user, Verb.READ) and found.is_readable_by_team
    if not may_read or found.objects_to_analysis:
        abort(404)
    return service, found


def _form(service: Service, message: Feedback, sent: Any = None) -> ChoiceForm:
    form = ChoiceForm(sent)
    sentences = known_effects.sentences_of(message)
    form.segments.choices = [SelectChoice(each.id, each.text) for each in sentences]
    standing = known_effects.standing(service)
    choices = [SelectChoice(str(each.id), each.name, attributes()) for each in standing]
    form.effect.choices = [SelectChoice("", _("choisir")), *choices]
    return form


def _effect(service: Service, form: ChoiceForm) -> KnownEffect | None:
    """Return the effect that was chosen or named; None, with the error said, without one."""
    standing = known_effects.standing(service)
    chosen = next((each for each in standing if str(each.id) == form.effect.data), None)
    if chosen is not None:
        return chosen
    if not form.name.data:
        form.effect.errors = [_("Choisissez un effet, ou nommez-en un.")]
        return None
    try:
        return known_effects.announce(service, masked_words(service, form.name.data), today())
    except EffectExists:
        form.name.errors = [_("Le service annonce déjà un effet de ce nom : choisissez-le.")]
        return None


def _page(service: Service, message: Feedback, form: ChoiceForm, status: int = 200) -> Response:
    traces.record_once("opened", actor_of(current_user, Verb.READ), today(), message.id)
    db.session.commit()
    return render(
        "feedback/known_effect_choice.html",
        status=status,
        configured=service,
        message=message,
        form=form,
    )
