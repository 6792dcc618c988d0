"""Staff sign-in through Flask-Security, in our own pages: sessions end and guesses slow down.

Only signing in and out are open; registration, recovery, tokens and the rest of the library stay
shut. Who may do what is ``app/access.py``; creating accounts is ``create_account`` below.
"""

import secrets
from datetime import date, timedelta
from typing import Any

from flask import Flask, Response, abort, current_app, g, request, session
from flask_babel import lazy_gettext as _
from flask_login import user_logged_in, user_logged_out
from flask_security import LoginForm, Security, SQLAlchemyUserDatastore, hash_password
from sqlalchemy import select
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from app import limits
from app.accounts import Account, Membership, Role, RoleRow
from app.catalogue import Organisation, Service
from app.days import now
from app.db import db
from app.passphrases import SHORTEST, check_passphrase
from workshops.sessions import is_running_one

IDLE = timedelta(minutes=30)  # without a request
LONGEST = timedelta(hours=12)  # a working day
TRIES = 10  # for each network and for each address
TRIES_WINDOW = timedelta(minutes=15)
OWN_KEYS = {"_user_id", "_fresh", "_id"}  # what Flask-Login itself keeps in the session

security = Security()
datastore = SQLAlchemyUserDatastore(db, Account, RoleRow)


def _as_stored(address: str | None) -> str | None:
    return address.strip().lower() if address else address


class SignInForm(LoginForm):
    """Address and passphrase; no « remember me »."""

    email = EmailField(_("Adresse électronique"), [InputRequired()], filters=[_as_stored])
    password = PasswordField(_("Phrase de passe"), [InputRequired()])
    remember = None


def _options(app: Flask) -> dict[str, Any]:
    unknown = (_("Adresse ou phrase de passe inconnue."), "error")
    return {
        "SECURITY_PASSWORD_SALT": app.config["PASSWORD_SALT"],
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
        "SECURITY_LOGIN_URL": "/connexion",
        "SECURITY_LOGOUT_URL": "/deconnexion",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/equipe",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_UNAUTHORIZED_VIEW": None,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_REGISTERABLE": False,
        "SECURITY_RECOVERABLE": False,
        "SECURITY_CHANGEABLE": False,
        "SECURITY_CONFIRMABLE": False,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_TRACKABLE": False,  # it would keep addresses
        "SECURITY_FRESHNESS": timedelta(minutes=-1),  # no page that asks for the passphrase again
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_LOGIN_USER_TEMPLATE": "security/login_user.html",
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": unknown,
        "SECURITY_MSG_INVALID_EMAIL_ADDRESS": unknown,
        "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
        "SECURITY_ANONYMOUS_USER_DISABLED": False,
    }


def init_app(app: Flask) -> None:
    """Attach Flask-Security to ``app``, with our addresses, words and limits."""
    app.config |= _options(app)
    app.before_request(_end_old_session)  # before the library loads the account
    app.before_request(_slow_down_guesses)
    security.init_app(app, datastore, login_form=SignInForm)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined] # no tokens
    app.after_request(_say_refused)
    user_logged_in.connect(_start_afresh, app)
    user_logged_out.connect(_end_every_session, app)


def _end_old_session() -> None:
    """Forget a staff session that is idle or old; what follows then asks to sign in."""
    if request.endpoint == "static" or "_user_id" not in session:
        return
    moment = int(now().timestamp())
    began, seen = session.get("began", moment), session.get("seen", moment)
    idle = moment - seen > IDLE.total_seconds()
    if moment - began > LONGEST.total_seconds() or (idle and not _is_facilitating()):
        session.clear()
    elif "began" not in session or moment - seen >= 60:
        session["began"], session["seen"] = began, moment


def _is_facilitating() -> bool:
    """Say whether a live session keeps this member of staff signed in: a room waits for them."""
    return is_running_one(str(session["_user_id"]))


def _slow_down_guesses() -> None:
    """Answer 429 to a network, or about an address, that tried too often."""
    if request.endpoint != "security.login" or request.method != "POST":
        return
    address = request.form.get("email", "").strip().lower()
    secret = current_app.config["SECRET_KEY"]
    within = [
        limits.allow("sign in", who, TRIES, TRIES_WINDOW, now(), secret)
        for who in (limits.network_of(request.remote_addr), address)
    ]
    db.session.commit()
    if not all(within):
        abort(429)


def _say_refused(response: Response) -> Response:
    if request.endpoint == "security.login" and request.method == "POST":
        response.status_code = 422 if response.status_code == 200 else response.status_code
    return response


def _start_afresh(_app: Flask, **_event: Any) -> None:
    """Keep nothing of the visitor's session, token included, that somebody may have planted."""
    for key in set(session) - OWN_KEYS:
        session.pop(key)
    g.pop("csrf_token", None)
    session["began"] = session["seen"] = int(now().timestamp())


def _end_every_session(_app: Flask, user: Account, **_event: Any) -> None:
    """Make every cookie of ``user`` worthless, so that a copied one opens nothing."""
    if isinstance(user, Account):
        datastore.set_uniquifier(user)
        db.session.commit()


def create_account(
    email: str, name: str, passphrase: str, organisation: Organisation, created: date
) -> Account:
    """Return a new member of staff without role; add roles with ``grant``.

    Raises ``WeakPassphrase``.
    """
    check_passphrase(passphrase, email, name)
    account = Account(
        email=email.strip().lower(),
        name=name,
        password=hash_password(security.password_util.normalize(passphrase)),
        fs_uniquifier=secrets.token_hex(32),
        organisation=organisation,
        created=created,
    )
    db.session.add(account)
    db.session.flush()
    return account


def grant(account: Account, *roles: Role) -> None:
    """Add ``roles`` to ``account``."""
    for role in roles:
        row = db.session.scalar(select(RoleRow).where(RoleRow.name == role.value))
        if row is None:
            row = RoleRow(name=role.value)
            db.session.add(row)
        if row not in account.roles:
            account.roles.append(row)
    db.session.flush()


def join_team(account: Account, service: Service) -> None:
    """Seat ``account`` in the team of ``service``."""
    if service.id not in account.service_ids:
        account.memberships.append(Membership(service_id=service.id))
    db.session.flush()


def leave_team(account: Account, service: Service) -> None:
    """Take ``account`` out of the team of ``service``."""
    for membership in [m for m in account.memberships if m.service_id == service.id]:
        account.memberships.remove(membership)
    db.session.flush()


def deactivate(account: Account) -> None:
    """Close ``account``: nobody signs in with it, open sessions end, what it did stays."""
    account.active = False
    datastore.set_uniquifier(account)
    db.session.flush()
