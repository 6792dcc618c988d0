"""Acts on the retours that are ticked in the inbox, and undoing the last one."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from app.access import Verb, may, staff
from app.days import now, today
from app.db import ID_LENGTH, db
from app.desk_page_views import show_inbox
from app.desk_views import blueprint
from app.saved_views import KEPT
from feedback.assignments import NotOfTheTeam
from feedback.bulk_placing import NothingMoved, Stayed, told_stayed
from feedback.desk_acts import (
    MOST_AT_ONCE,
    UNDONE_WITHIN,
    Act,
    NothingTicked,
    OutOfReach,
    Wanted,
    do,
    gone,
)
from feedback.desk_undo import act_of, undo
from feedback.states import ForbiddenMove
from feedback.theme_refusals import Refused

Answered = Response | Any
TARGETS = {
    Act.GIVE: "a",
    Act.LINK: "engagement",
    Act.PLACE: "theme",
}  # the field that names whom, or what
REFUSALS = (NothingTicked, OutOfReach, NotOfTheTeam, ForbiddenMove, Refused, NothingMoved)


@blueprint.post("/equipe/lot", endpoint="act")
@staff(Verb.READ)
def act_on_ticked() -> Answered:
    """Do one thing with every ticked retour, or with none."""
    wanted = _wanted()
    if not may(current_user, wanted.verb):
        abort(403)
    try:
        act = do(wanted, current_user, now(), today())
    except REFUSALS as problem:
        db.session.rollback()
        said = {"bulk_problem": _said(problem, wanted), "stayed": _stayed(problem)}
        return show_inbox(422, **said, ticked=wanted.ids, ticked_target=wanted.target)
    changed, key = len(act.rows), act.id
    db.session.commit()
    if not changed:
        flash(_("Rien à changer : c’était déjà ainsi."))
    if missing := gone(wanted, current_user):
        flash(_gone(missing), "alert")
    return redirect(_back(fait=key), 303)


@blueprint.post("/equipe/lot/<act_id>/annuler", endpoint="undo")
@staff(Verb.READ)
def undo_act(act_id: str) -> Answered:
    """Give back what stood before an act of one's own."""
    act = act_of(current_user, act_id)
    if act is None or act.made < now() - UNDONE_WITHIN:
        abort(404)
    if act.undone:
        flash(_("C’était déjà annulé."))
        return redirect(_back(), 303)
    done = undo(act, current_user, today())
    db.session.commit()
    if done.why:
        flash(done.why, "alert")
        return redirect(_back(), 303)
    flash(ngettext("Annulé pour %(num)s retour.", "Annulé pour %(num)s retours.", done.back))
    if done.kept:
        kept = ngettext(
            "%(num)s retour a changé entre-temps : nous l’avons laissé ainsi.",
            "%(num)s retours ont changé entre-temps : nous les avons laissés ainsi.",
            done.kept,
        )
        flash(kept, "alert")
    return redirect(_back(), 303)


def _wanted() -> Wanted:
    kind, key = request.form.get("acte", ""), request.form.get("cle", "")
    if kind not in set(Act) or len(key) != ID_LENGTH or not key.isalnum():
        abort(400)
    ids = tuple(dict.fromkeys(request.form.getlist("retours")))
    target = request.form.get(TARGETS.get(Act(kind), ""), "")
    return Wanted(Act(kind), ids, key, target)


def _back(**more: Any) -> str:
    kept: dict[str, Any] = {
        name: request.args[name] for name in (*KEPT, "page") if request.args.get(name)
    }
    return url_for("desk.inbox", **kept, **more)


def _gone(count: int) -> str:
    return ngettext(
        "%(num)s retour coché est effacé, retenu, ou n’est pas de vos services.",
        "%(num)s retours cochés sont effacés, retenus, ou ne sont pas de vos services.",
        count,
    )


def _stayed(problem: Exception) -> tuple[Stayed, ...]:
    return tuple(told_stayed(problem.stayed)) if isinstance(problem, NothingMoved) else ()


def _said(problem: Exception, wanted: Wanted) -> str:
    if isinstance(problem, NothingTicked):
        return _("Cochez au moins un retour.")
    if isinstance(problem, NotOfTheTeam):
        return _("Choisissez une personne de l’équipe de chaque service coché. Rien n’a changé.")
    if isinstance(problem, Refused):
        return _("%(why)s Rien n’a changé.", why=problem.sentence)
    if isinstance(problem, NothingMoved):
        return _("Aucun retour coché ne peut aller dans ce thème. Rien n’a changé.")
    if len(wanted.ids) > MOST_AT_ONCE:
        return _("Cochez cent retours au plus. Rien n’a changé.")
    if wanted.kind is Act.PLACE:
        return _("Choisissez un thème du même service. Rien n’a changé.")
    if wanted.kind is Act.LINK:
        return _("Choisissez un engagement du même service. Rien n’a changé.")
    return _("Un de ces retours n’est pas de vos services. Rien n’a changé.")
