"""The team's page of one commitment: its retours, theme, release, who follows it, its history.

Stands on the blueprint of ``desk_views.py``, which holds the list and the moves.
"""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select

from app import traces
from app.access import Verb, actor_of, staff
from app.accounts import team_of
from app.catalogue import Release
from app.days import today
from app.db import db
from app.web import render
from feedback import commitment_follow_up, commitments
from feedback.commitment_page import commitment_page
from feedback.desk_forms import EvidenceForm, FollowUpForm, ReasonForm
from feedback.desk_views import Answered, blueprint, commitment_or_404
from feedback.models import Commitment, Feedback, Theme
from feedback.states import ForbiddenMove
from feedback.words import COMMITMENT_NAMES, COMMITMENT_RINGS, VERDICT_NAMES


@blueprint.get("/equipe/engagements/<commitment_id>")
@staff(Verb.ANSWER, writes=True)
def commitment(commitment_id: str) -> Answered:
    """Show one commitment with everything around it."""
    return _show(commitment_or_404(commitment_id))


def _show(found: Commitment, status: int = 200, form: FollowUpForm | None = None) -> Response:
    page = commitment_page(found, today())
    actor = actor_of(current_user, Verb.READ)
    traces.record_once("listed", actor, today(), detail=f"commitment {found.id}")
    moves = {"evidence": EvidenceForm(), "reason": ReasonForm()}
    response = render(
        "feedback/desk/commitment.html",
        None,
        status,
        shown=page,
        line=page.line,
        forms={found.id: moves},
        follow_up=form or _form(found),
        day=today(),
        VERDICT_NAMES=VERDICT_NAMES,
        COMMITMENT_NAMES=COMMITMENT_NAMES,
        COMMITMENT_RINGS=COMMITMENT_RINGS,
    )
    db.session.commit()
    return response


def _form(found: Commitment, typed: Any = None) -> FollowUpForm:
    standing = {
        "owner": found.owner,
        "colleague": str(found.colleague.id) if found.colleague else "",
        "theme": found.theme_id or "",
        "release": str(found.release.id) if found.release else "",
    }
    form = FollowUpForm(typed, data=standing)
    page = commitment_page(found, today())
    return form.offer(page.colleagues, page.themes, page.releases)


@blueprint.post("/equipe/engagements/<commitment_id>/suivi")
@staff(Verb.ANSWER)
def follow_up(commitment_id: str) -> Answered:
    """Keep who follows the commitment, what theme it is about and which release delivers it."""
    found = commitment_or_404(commitment_id)
    form = _form(found, request.form)
    if not form.validate():
        return _show(found, 422, form)
    day = today()
    by_id = {str(account.id): account for account in team_of(found.service)}
    commitment_follow_up.set_owner(found, form.owner.data, by_id.get(form.colleague.data), day)
    commitment_follow_up.set_theme(found, _get(Theme, form.theme.data), day)
    commitment_follow_up.set_release(found, _get(Release, form.release.data), day)
    db.session.commit()
    flash(_("Enregistré."))
    return _back(found)


def _get(table: Any, key: str) -> Any:
    return db.session.get(table, key) if key else None


@blueprint.post("/equipe/engagements/<commitment_id>/retours")
@staff(Verb.ANSWER)
def retours(commitment_id: str) -> Answered:
    """Link the chosen retours, or take one away."""
    found = commitment_or_404(commitment_id)
    chosen = request.form.getlist("lier") or request.form.getlist("delier")
    if not chosen:
        flash(_("Choisissez au moins un retour."), "alert")
        return _back(found)
    rows = _of_service(found, chosen)
    if len(rows) < len(set(chosen)):
        abort(404)
    if not all(each.is_readable_by_team for each in rows):
        flash(_("Un de ces retours a été retiré ou retenu entre-temps. Rien n’a changé."), "alert")
        return _back(found)
    try:
        if request.form.get("delier"):
            commitment_follow_up.unlink(found, rows[0], today())
        else:
            commitments.link(found, rows, today())
    except ForbiddenMove:
        db.session.rollback()
        flash(
            _("Le changement est annoncé : ses auteurs en jugent. Rien n’a été modifié."), "alert"
        )
        return _back(found)
    db.session.commit()
    flash(_("Retours de l’engagement mis à jour."))
    return _back(found)


def _of_service(found: Commitment, ids: list[str]) -> list[Feedback]:
    query = select(Feedback).where(Feedback.id.in_(ids), Feedback.service_id == found.service_id)
    return list(db.session.scalars(query))


def _back(found: Commitment) -> Any:
    return redirect(url_for("feedback_desk.commitment", commitment_id=found.id), 303)
