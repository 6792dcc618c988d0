"""The pages of known effects: what a service announces, with the sentences that show each.

The team writes, experts and moderators read. Words are masked before they are kept, as any.
"""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app import traces
from app.access import Verb, actor_of, limit, may, reaches, service_or_404, staff
from app.catalogue import Service
from app.days import today
from app.db import db
from app.runtime import runtime
from app.web import render
from feedback import known_effects
from feedback.known_effect_forms import NameForm, SentenceForm
from feedback.known_effect_page import Line, Shown, effect_lines
from feedback.known_effects import EffectExists
from feedback.models import KnownEffect
from nlp.redact import redact

bp = Blueprint("known_effects", __name__, url_prefix="/equipe/effets-connus")


def _service(slug: str, *verbs: Verb) -> Service:
    service = service_or_404(slug)
    if not any(reaches(service, current_user, verb) for verb in verbs):
        abort(404)
    return service


def _effect(service: Service, effect_id: int) -> KnownEffect:
    found = db.session.get(KnownEffect, effect_id)
    if found is None or found.service_id != service.id:
        abort(404)
    return found


def masked_words(service: Service, words: str) -> str:
    """Return ``words`` of the team as they may be kept."""
    return redact(words, runtime().name_finder, service.allowed_words).text


@bp.get("")
@staff(Verb.CONFIGURE, Verb.READ_SIGNALS)
def index() -> Response:
    """List the services whose known effects the reader may see."""
    verbs = Verb.CONFIGURE, Verb.READ_SIGNALS
    own, all_of_them = (limit(Service.id, current_user, verb) for verb in verbs)
    rows = list(db.session.scalars(select(Service).where(own | all_of_them).order_by(Service.name)))
    return render(
        "feedback/known_effect_services.html",
        services=rows,
        counts=known_effects.standing_counts(),
        reads_signals=may(current_user, Verb.READ_SIGNALS),
    )


@bp.get("/<slug>")
@staff(Verb.CONFIGURE, Verb.READ_SIGNALS, writes=True)
def of_service(slug: str) -> Response:
    """Show what the service announces; whose messages are shown is written into the journal."""
    return _page(_service(slug, Verb.CONFIGURE, Verb.READ_SIGNALS))


def _page(service: Service, status: int = 200, **forms: Any) -> Response:
    fresh: dict[str, Any] = {"name_form": NameForm(), "sentence_form": SentenceForm(), "at": 0}
    lines = effect_lines(service, _shown(service))
    _open(lines)
    shown = render(
        "feedback/known_effects.html",
        status=status,
        configured=service,
        lines=lines,
        empty_form=SentenceForm(),
        may_configure=reaches(service, current_user, Verb.CONFIGURE),
        **{**fresh, **forms},
    )
    db.session.commit()
    return shown


def _shown(service: Service) -> Shown:
    """Return whose sentences the reader may see: every message, those of signals, or none."""
    for shown, verb in ((Shown.ALL, Verb.READ), (Shown.IN_SIGNALS, Verb.QUALIFY)):
        if reaches(service, current_user, verb):
            return shown
    return Shown.NONE


def _open(lines: list[Line]) -> None:
    """Write into the journal whose messages are shown here."""
    actor = actor_of(current_user, Verb.READ_SIGNALS)
    for feedback_id in {each.feedback_id for line in lines for each in line.examples}:
        if feedback_id:
            traces.record_once("opened", actor, today(), feedback_id, "known effect")


@bp.post("/<slug>")
@staff(Verb.CONFIGURE)
def announce(slug: str) -> AnyResponse:
    """Add an effect to the list."""
    service = service_or_404(slug, Verb.CONFIGURE)
    form = NameForm(request.form)
    if not form.validate():
        return _page(service, 422, name_form=form)
    try:
        effect = known_effects.announce(service, masked_words(service, form.name.data), today())
    except EffectExists:
        form.name.errors = [_("Le service annonce déjà un effet de ce nom.")]
        return _page(service, 422, name_form=form)
    if form.text.data:
        known_effects.add_sentence(effect, masked_words(service, form.text.data))
    return back_to(service, _("L’effet est dans la liste."))


@bp.post("/<slug>/<int:effect_id>/exemples")
@staff(Verb.CONFIGURE)
def exemplify(slug: str, effect_id: int) -> AnyResponse:
    """Add a sentence of the team's own to an effect."""
    service = service_or_404(slug, Verb.CONFIGURE)
    effect = _effect(service, effect_id)
    form = SentenceForm(request.form)
    if not form.validate():
        return _page(service, 422, sentence_form=form, at=effect.id)
    known_effects.add_sentence(effect, masked_words(service, form.text.data))
    return back_to(service, _("L’exemple est ajouté."))


@bp.post("/<slug>/<int:effect_id>/exemples/<example_id>/retirer")
@staff(Verb.CONFIGURE)
def remove_example(slug: str, effect_id: int, example_id: str) -> AnyResponse:
    """Take an example out of an effect."""
    service = service_or_404(slug, Verb.CONFIGURE)
    if not known_effects.remove_example(_effect(service, effect_id), example_id):
        abort(404)
    return back_to(service, _("L’exemple est retiré."))


@bp.post("/<slug>/<int:effect_id>/fin")
@staff(Verb.CONFIGURE)
def end(slug: str, effect_id: int) -> AnyResponse:
    """Stop announcing an effect."""
    service = service_or_404(slug, Verb.CONFIGURE)
    known_effects.end(_effect(service, effect_id), today())
    return back_to(service, _("L’effet n’est plus annoncé. Sa trace reste dans la liste."))


def back_to(service: Service, said: str) -> AnyResponse:
    """Commit, say what was done and lead to the list of ``service``."""
    db.session.commit()
    flash(said)
    return redirect(url_for("known_effects.of_service", slug=service.slug), 303)
