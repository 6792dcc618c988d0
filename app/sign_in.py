"""Staff sign-in through Flask-Security, in our own pages: passphrase, then a second proof.

What guards the way in is ``app/sign_in_guards.py``, the second proof ``app/second_factor.py`` and
``app/passkeys.py``; registration, recovery, tokens and the rest of the library stay shut. Who may
do what is ``app/access.py``; creating accounts is ``create_account`` below.
"""

import secrets
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_login import user_logged_in, user_logged_out
from flask_security import (
    LoginForm,
    Security,
    SQLAlchemyUserDatastore,
    hash_password,
    user_authenticated,
)
from sqlalchemy import select
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from app import passkeys, second_factor, sign_in_guards, sign_in_words, staff_sessions
from app.accounts import Account, Membership, Passkey, Role, RoleRow
from app.catalogue import Organisation, Service
from app.cookies import name_of
from app.db import db
from app.passphrases import SHORTEST, check_passphrase

REAUTHENTICATE = timedelta(hours=1)  # before keys and codes are changed

security = Security(totp_cls=second_factor.OurTotp, webauthn_util_cls=passkeys.OurKeys)
datastore = SQLAlchemyUserDatastore(db, Account, RoleRow, Passkey)


def _as_stored(address: str | None) -> str | None:
    return address.strip().lower() if address else address


class SignInForm(LoginForm):
    """Address and passphrase; no « remember me »."""

    email = EmailField(_("Adresse électronique"), [InputRequired()], filters=[_as_stored])
    password = PasswordField(_("Phrase de passe"), [InputRequired()])
    remember = None


def _options(app: Flask) -> dict[str, Any]:
    secure = app.config["SESSION_COOKIE_SECURE"]
    return {
        "SECURITY_PASSWORD_SALT": app.config["PASSWORD_SALT"],
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
        "SECURITY_LOGIN_URL": "/connexion",
        "SECURITY_LOGOUT_URL": "/deconnexion",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_VERIFY_URL": "/equipe/compte/confirmer",
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
        "SECURITY_FRESHNESS": REAUTHENTICATE,
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_LOGIN_USER_TEMPLATE": "security/login_user.html",
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
        "SECURITY_ANONYMOUS_USER_DISABLED": False,
        "SECURITY_TWO_FACTOR_VALIDITY_COOKIE_NAME": name_of("appareil", secure),
        "SECURITY_TWO_FACTOR_VALIDITY_COOKIE": {
            "httponly": True,
            "secure": secure,
            "samesite": "Strict",
        },
        **second_factor.options(app),
        **passkeys.options(app),
        **sign_in_words.options(),
    }


def init_app(app: Flask) -> None:
    """Attach Flask-Security to ``app``, with our addresses, words and limits."""
    app.config |= _options(app)
    app.session_interface = staff_sessions.Sessions(app)
    for guard in sign_in_guards.BEFORE:  # before the library loads the account
        app.before_request(guard)
    security.init_app(app, datastore, login_form=SignInForm)
    security.want_json(lambda _request: False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined] # no tokens
    app.after_request(sign_in_guards.say_refused)
    user_logged_in.connect(sign_in_guards.start_afresh, app)
    user_logged_out.connect(sign_in_guards.leave_nothing, app)
    user_authenticated.connect(sign_in_guards.trust_device, app)
    user_authenticated.connect(sign_in_guards.know_device, app)


def create_account(
    email: str, name: str, passphrase: str | None, organisation: Organisation, created: date
) -> Account:
    """Return a new member of staff without role; add roles with ``grant``.

    Without ``passphrase`` nothing opens the account but an invitation. Raises ``WeakPassphrase``.
    """
    if passphrase is not None:
        check_passphrase(passphrase, email, name)
        passphrase = hash_password(security.password_util.normalize(passphrase))
    account = Account(
        email=email.strip().lower(),
        name=name,
        password=passphrase,
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
    end_everywhere(account)


def end_everywhere(account: Account) -> None:
    """End every session of ``account``, here too, and forget the devices that it trusted."""
    datastore.set_uniquifier(account)
    staff_sessions.end(account)
    db.session.flush()
