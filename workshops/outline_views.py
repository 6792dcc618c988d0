"""Templates of one's own: kept from a session, dropped from the page of a new one."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.db import db
from workshops import outlines, sessions
from workshops.desk_views import workshops_desk
from workshops.report_views import report_page, to_report


@workshops_desk.post("/equipe/ateliers/<workshop_id>/modele")
@staff(Verb.RUN_SESSIONS)
def keep_outline(workshop_id: str) -> AnyResponse:
    """Keep the questions and votes of one's session as a template."""
    workshop = sessions.run_by(current_user, workshop_id) or abort(404)
    name = " ".join(request.form.get("name", "").split())
    try:
        if not 0 < len(name) <= outlines.LONGEST_NAME:
            raise ValueError(name)
        outlines.keep(workshop, current_user, name)
    except (ValueError, outlines.NameTaken, outlines.TooManyOutlines) as error:
        return report_page(workshop, None, 422, outline_problem=_explain(error), outline_name=name)
    db.session.commit()
    flash(_("Le modèle est gardé. Vous le retrouvez en préparant une séance."))
    return to_report(workshop, "outline-title")


def _explain(error: Exception) -> str:
    if isinstance(error, outlines.NameTaken):
        return _("Un de vos modèles porte déjà ce nom. Choisissez-en un autre.")
    if isinstance(error, outlines.TooManyOutlines):
        return _("Vous gardez déjà beaucoup de modèles. Supprimez-en un d’abord.")
    return _("Donnez un nom de 80 caractères au plus.")


@workshops_desk.post("/equipe/ateliers/modeles/<outline_id>/supprimer")
@staff(Verb.RUN_SESSIONS)
def drop_outline(outline_id: str) -> AnyResponse:
    """Delete a template of one's own; sessions made from it stay as they are."""
    if not outlines.drop(current_user, outline_id):
        abort(404)
    db.session.commit()
    flash(_("Le modèle est supprimé."))
    return redirect(url_for("workshops_desk.create"), 303)
