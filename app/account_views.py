"""« Mon compte »: open sessions, passphrase, second proofs; and the one-time PIN at the way in."""

from flask import Blueprint, Response, abort, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user, hash_password, verify_password
from flask_security.tf_plugin import tf_check_state
from werkzeug.wrappers import Response as AnyResponse

from app import pins, staff_sessions
from app.access import public, staff
from app.accounts import Account
from app.db import db
from app.passphrases import WeakPassphrase, check_passphrase
from app.sign_in import datastore, security
from app.staff_sessions import StaffSession, current_key, open_sessions
from app.web import render

account = Blueprint("account", __name__)


@account.get("/equipe/compte")
@staff()
def mine() -> Response:
    """Show where the account is open and what protects it."""
    return _page()


def _page(refused: dict[str, str] | None = None) -> Response:
    return render(
        "account/mine.html",
        status=422 if refused else 200,
        refused=refused or {},
        sessions=open_sessions(current_user),
        current=current_key(),
        recovery_left=len(security.mf_recovery_codes_util.get_recovery_codes(current_user)),
    )


@account.post("/equipe/compte/phrase")
@staff()
def change_passphrase() -> AnyResponse:
    """Change the passphrase of who knows the present one; every other session ends."""
    normal = security.password_util.normalize
    former, new = request.form.get("former", ""), request.form.get("new", "")
    known = current_user.password
    if not known or not verify_password(normal(former), known):
        return _page({"former": _("Cette phrase de passe n’est pas la bonne.")})
    try:
        check_passphrase(new, current_user.email, current_user.name)
    except WeakPassphrase as weak:
        return _page({"new": str(weak)})
    current_user.password = hash_password(normal(new))
    _keep_only_this()
    flash(_("Votre phrase de passe est changée. Les autres sessions sont fermées."))
    return redirect(url_for("account.mine"), 303)


@account.post("/equipe/compte/sessions/<session_id>/fermer")
@staff()
def end_session(session_id: str) -> AnyResponse:
    """End one of the account's own sessions."""
    row = db.session.get(StaffSession, session_id)
    if row is None or row.account_id != current_user.id:
        abort(404)
    db.session.delete(row)
    db.session.commit()
    flash(_("La session est fermée."))
    return redirect(url_for("account.mine"), 303)


@account.post("/equipe/compte/sessions/fermer")
@staff()
def end_others() -> AnyResponse:
    """End every session but this one, and forget the devices that were trusted."""
    _keep_only_this()
    flash(_("Les autres sessions sont fermées, et aucun appareil n’est plus reconnu."))
    return redirect(url_for("account.mine"), 303)


def _keep_only_this() -> None:
    """End what is open elsewhere; this session goes on under the account's new mark. Commits."""
    who: Account = current_user._get_current_object()
    staff_sessions.end(who, current_key())
    datastore.set_uniquifier(who)
    db.session.commit()
    session["_user_id"] = who.fs_uniquifier


@account.route("/connexion/pin", methods=["GET", "POST"])
@public
def pin() -> AnyResponse:
    """Ask for the PIN that a facilitator gave to a colleague; it opens once."""
    who = tf_check_state(["ready"])
    if not isinstance(who, Account):
        return redirect(url_for("security.login"), 303)
    if request.method == "POST":
        right = pins.opens(who, request.form.get("code", ""))
        db.session.commit()
        if right:
            security.two_factor_plugins.tf_complete(who, True)
            return redirect(url_for("workshops_desk.index"), 303)
    refused = request.method == "POST"
    return render("account/pin.html", refused=refused, status=422 if refused else 200)
