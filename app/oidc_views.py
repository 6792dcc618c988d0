"""The way out to an OpenID provider and back; on the blueprint of « mon compte »."""

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_security import login_user
from werkzeug.wrappers import Response as AnyResponse

from app import oidc
from app.access import public
from app.account_views import account
from app.db import db, start_writing
from app.sign_in import security


@account.get("/connexion/agent")
@public
def to_provider() -> AnyResponse:
    """Leave for the provider."""
    if oidc.provider() is None:
        abort(404)
    try:
        answer: AnyResponse = oidc.leave_for(url_for("account.from_provider", _external=True))
    except oidc.NotHim:
        return _refused()
    return answer


@account.get("/connexion/agent/retour")
@public
def from_provider() -> AnyResponse:
    """Let in whom the provider names; one proof there asks for a second one here."""
    if oidc.provider() is None:
        abort(404)
    start_writing()
    try:
        person, is_proved_twice = oidc.come_back()
    except oidc.NotHim:
        db.session.rollback()
        return _refused()
    db.session.commit()
    if not is_proved_twice:
        further = security.two_factor_plugins.tf_enter(person, None, "oidc", None)
        if further:
            return further  # type: ignore[return-value]
    login_user(person, authn_via=["oidc"])
    return redirect(url_for("desk.inbox"), 303)


def _refused() -> AnyResponse:
    flash(_("Ce compte n’a pas été reconnu. Entrez avec votre phrase de passe."), "error")
    return redirect(url_for("security.login"), 303)
