"""Staff sign-in through Flask-Security, in our own pages. Who may do what is ``app/access.py``."""

import secrets
from datetime import date, timedelta

from flask import Flask
from flask_babel import lazy_gettext as _
from flask_security import Security, SQLAlchemyUserDatastore, hash_password
from sqlalchemy import select

from app.accounts import Account, Membership, Role, RoleRow
from app.catalogue import Organisation, Service
from app.db import db

SHORTEST_PASSPHRASE = 15

security = Security()
datastore = SQLAlchemyUserDatastore(db, Account, RoleRow)


def init_app(app: Flask) -> None:
    """Attach Flask-Security to ``app``, with our addresses, words and passphrase rule."""
    app.config |= {
        "SECURITY_PASSWORD_SALT": app.config["PASSWORD_SALT"],
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST_PASSPHRASE,
        "SECURITY_LOGIN_URL": "/connexion",
        "SECURITY_LOGOUT_URL": "/deconnexion",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/equipe",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_UNAUTHORIZED_VIEW": None,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_LOGIN_USER_TEMPLATE": "security/login_user.html",
        "SECURITY_MSG_INVALID_EMAIL_ADDRESS": (_("Adresse ou phrase de passe inconnue."), "error"),
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": (_("Adresse ou phrase de passe inconnue."), "error"),
        "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
        "SECURITY_ANONYMOUS_USER_DISABLED": False,
        "REMEMBER_COOKIE_DURATION": timedelta(hours=0),
    }
    security.init_app(app, datastore)


def create_account(
    email: str, name: str, passphrase: str, organisation: Organisation, created: date
) -> Account:
    """Return a new member of staff without role; add roles with ``grant``."""
    account = Account(
        email=email.strip().lower(),
        name=name,
        password=hash_password(passphrase),
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
