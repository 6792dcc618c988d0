"""The pages of one's own views and keys: keep, rename, delete a view; the list of keys."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from app.access import Verb, staff
from app.days import today
from app.db import db
from app.desk_page_views import show_inbox
from app.desk_views import blueprint
from app.said import as_said
from app.saved_views import (
    BadName,
    NameTaken,
    TooManyViews,
    keep_view,
    rename_view,
    view_of,
    views_of,
)
from app.web import render
from feedback.models import SavedView
from feedback.readings import visit_of

Answered = Response | Any


@blueprint.get("/equipe/vues", endpoint="views")
@staff(Verb.READ)
def own_views() -> Answered:
    """The views that one keeps."""
    return _show_views()


@blueprint.post("/equipe/vues", endpoint="keep_view")
@staff(Verb.READ)
def keep() -> Answered:
    """Keep the filters of the address under a name."""
    name = request.form.get("nom", "")
    try:
        view = keep_view(current_user, name, request.args)
    except (BadName, NameTaken, TooManyViews) as problem:
        return show_inbox(422, view_problem={"name": name[:200], "error": _said(problem)})
    db.session.commit()
    flash(_("Vue gardée : « %(name)s ».", name=as_said(view.name)))
    query: dict[str, Any] = view.query
    return redirect(url_for("desk.inbox", **query), 303)


@blueprint.post("/equipe/vues/<view_id>/nom", endpoint="rename_view")
@staff(Verb.READ)
def rename(view_id: str) -> Answered:
    """Give a view another name."""
    view, name = _own(view_id), request.form.get("nom", "")
    try:
        rename_view(current_user, view, name)
    except (BadName, NameTaken) as problem:
        return _show_views(422, {"id": view.id, "name": name[:200], "error": _said(problem)})
    db.session.commit()
    flash(_("Nouveau nom gardé."))
    return redirect(url_for("desk.views"), 303)


@blueprint.post("/equipe/vues/<view_id>/supprimer", endpoint="delete_view")
@staff(Verb.READ)
def delete(view_id: str) -> Answered:
    """Delete a view; the retours stay where they are."""
    db.session.delete(_own(view_id))
    db.session.commit()
    flash(_("Vue supprimée. Aucun retour n’a changé."))
    return redirect(url_for("desk.views"), 303)


@blueprint.get("/equipe/raccourcis", endpoint="shortcuts")
@staff(Verb.READ, writes=True)
def keys() -> Answered:
    """The list of keys, and their switch."""
    is_on = visit_of(current_user, today()).shortcuts
    db.session.commit()
    return render("desk/shortcuts.html", shortcuts=is_on)


@blueprint.post("/equipe/raccourcis", endpoint="switch_shortcuts")
@staff(Verb.READ)
def switch() -> Answered:
    """Switch the keys on or off for this account."""
    visit_of(current_user, today()).shortcuts = request.form.get("raccourcis") == "oui"
    db.session.commit()
    flash(_("C’est noté."))
    return redirect(url_for("desk.shortcuts"), 303)


def _own(view_id: str) -> SavedView:
    return view_of(current_user, view_id) or abort(404)


def _show_views(status: int = 200, problem: dict[str, str] | None = None) -> Response:
    return render("desk/views.html", None, status, saved=views_of(current_user), problem=problem)


def _said(problem: Exception) -> str:
    if isinstance(problem, NameTaken):
        return _("Une de vos vues porte déjà ce nom.")
    if isinstance(problem, TooManyViews):
        return _("Vous gardez déjà vingt vues. Supprimez-en une d’abord.")
    return _("Donnez un nom à la vue : 60 caractères au plus.")
