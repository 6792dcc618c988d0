"""Promising a dated change from the page of a retour, or joining it to an earlier promise.

Stands on the blueprint of ``desk_views.py``.
"""

from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access import Verb, staff
from app.days import today
from app.db import db
from feedback import commitments
from feedback.desk_forms import CommitmentForm
from feedback.desk_thread import themes_of
from feedback.desk_views import (
    Answered,
    addressed_or_404,
    back_to,
    blueprint,
    commitment_or_404,
    gone,
    show_thread,
)
from feedback.models import Commitment, Feedback
from feedback.states import ForbiddenMove


@blueprint.post("/equipe/retours/<feedback_id>/engagement")
@staff(Verb.ANSWER)
def commit(feedback_id: str) -> Answered:
    """Promise a dated change for this retour or its whole theme, or join an earlier promise."""
    feedback = addressed_or_404(feedback_id)
    if joined := request.form.get("engagement"):
        return gone(feedback) or _join(feedback, commitment_or_404(joined))
    form = CommitmentForm(request.form, day=today())
    if refused := gone(feedback, form.text.data, form.owner.data, request.form.get("due")):
        return refused
    if not form.validate():
        return show_thread(feedback, 422, commitment_form=form)
    theme = next(iter(themes_of(feedback)), None) if form.whole_theme.data else None
    made = commitments.promise(
        feedback.service, form.text.data, form.owner.data, form.due.data, [feedback], today(), theme
    )
    db.session.commit()
    count = len(made.links)
    flash(
        ngettext(
            "Engagement pris, lié à %(num)s retour.",
            "Engagement pris, lié à %(num)s retours.",
            count,
        )
    )
    return back_to(feedback)


def _join(feedback: Feedback, known: Commitment) -> Any:
    if known.service_id != feedback.service_id:
        abort(404)  # another service of the same team: its promises answer its own retours
    try:
        commitments.link(known, [feedback], today())
    except ForbiddenMove:
        db.session.rollback()
        flash(_("Cet engagement a changé d’état entre-temps. Rien n’a été modifié."), "alert")
        return back_to(feedback)
    db.session.commit()
    flash(_("Retour lié à l’engagement."))
    return back_to(feedback)
