"""The settings of a service's team: who has a seat in it."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.accounts import Account, Role, team_of
from app.days import today
from app.db import db
from app.settings_forms import MemberForm
from app.settings_views import own_service, saved, service_page, settings
from app.sign_in import join_team, leave_team
from app.subscriptions import ensure_team_subscriptions
from feedback.assignments import forget_seat


@settings.post("/reglages/<slug>/equipe")
@staff(Verb.CONFIGURE)
def member(slug: str) -> AnyResponse:
    """Seat an account in the team."""
    configured = own_service(slug)
    form = MemberForm(request.form)
    found = None
    if form.validate():
        query = select(Account).where(Account.email == form.email.data, Account.active)
        found = db.session.scalar(query)
        if found is None:
            form.email.errors = [
                _("Aucun compte ouvert à cette adresse. L’administration le crée.")
            ]
        elif not found.holds(Role.PROMOTER):
            form.email.errors = [_("Ce compte n’a pas le rôle « équipe d’un service ».")]
    if found is None or form.email.errors:
        return service_page(configured, 422, member_form=form)
    join_team(found, configured)
    ensure_team_subscriptions(configured, today())
    return saved(configured, _("%(name)s rejoint l’équipe.", name=found.name), "equipe")


@settings.post("/reglages/<slug>/equipe/<int:account_id>/retirer")
@staff(Verb.CONFIGURE)
def remove_member(slug: str, account_id: int) -> AnyResponse:
    """Take an account out of the team."""
    configured = own_service(slug)
    leaving = next((a for a in team_of(configured) if a.id == account_id), None)
    if leaving is None:  # a second tap
        return saved(configured, _("Cette personne n’est pas dans l’équipe."), "equipe")
    is_me = leaving.id == current_user.id
    if is_me and len(team_of(configured)) == 1:
        flash(_("Personne d’autre n’est dans l’équipe. Ajoutez d’abord quelqu’un."), "alert")
        return redirect(url_for("settings.service", slug=slug, _anchor="equipe"), 303)
    leave_team(leaving, configured)
    forget_seat(leaving.id, configured.id)
    done = saved(configured, _("%(name)s quitte l’équipe.", name=leaving.name), "equipe")
    return redirect(url_for("settings.services"), 303) if is_me else done
