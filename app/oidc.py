"""Signing in through an OpenID provider, such as the State's for its agents; off without settings.

Authlib speaks the protocol: discovery, state, nonce, keys. An account must exist already; the
provider says who comes, ``app/access.py`` what they may do. Citizens never pass through here.
"""

import secrets
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException
from sqlalchemy import select

from app.accounts import Account
from app.db import db

SIGNATURES = ["RS256", "ES256"]
TWO_PROOFS = {"mfa", "otp", "hwk", "swk", "fpt", "pin+hwk"}  # amr values that say more than a word
SECONDS = 5  # to wait for the provider
LONG = 32  # bytes of state and nonce


class NotHim(Exception):
    """The provider did not say who comes, or nobody here has that address."""


def init_app(app: Flask) -> None:
    """Attach the provider that the settings name, if any."""
    settings = app.config["SETTINGS"]
    app.extensions["boucle.oidc"] = None
    if not settings.OIDC_ISSUER:
        return
    app.extensions["boucle.oidc"] = OAuth(app).register(
        "provider",
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "default_timeout": SECONDS, "leeway": 0},
    )


def provider() -> Any:
    """Return the provider, or None where none is set."""
    return current_app.extensions["boucle.oidc"]


def leave_for(back: str) -> Any:
    """Return the redirect to the provider, which leads back to ``back``; raise ``NotHim``."""
    try:
        return provider().authorize_redirect(
            back, state=secrets.token_urlsafe(LONG), nonce=secrets.token_urlsafe(LONG)
        )
    except (OAuthError, RequestException) as error:
        raise NotHim from error


def come_back() -> tuple[Account, bool]:
    """Return whose account the answer names, and whether two proofs were given there.

    Raises ``NotHim``. The first time, an account is found by its address, then by the provider's
    own name for the person: an address that changes hands opens nothing.
    """
    try:
        token = provider().authorize_access_token()
        claims = {**token["userinfo"], **_who(token)}
    except (OAuthError, RequestException, JoseError, KeyError, ValueError) as error:
        raise NotHim from error
    if claims.get("sub") != token["userinfo"]["sub"]:
        raise NotHim
    account = _account(claims)
    proofs = set(token["userinfo"].get("amr") or ())
    return account, bool(proofs & TWO_PROOFS)


def _who(token: dict[str, Any]) -> dict[str, Any]:
    """Return what the provider tells of the person: plain, or signed with its keys."""
    client = provider()
    answer = client.get(client.load_server_metadata()["userinfo_endpoint"], token=token)
    answer.raise_for_status()
    if "application/jwt" not in answer.headers.get("Content-Type", ""):
        told: dict[str, Any] = answer.json()
        return told
    keys = KeySet.import_key_set(client.fetch_jwk_set())
    signed: dict[str, Any] = jwt.decode(answer.text, keys, algorithms=SIGNATURES).claims
    return signed


def _account(claims: dict[str, Any]) -> Account:
    name = f"{current_app.config['OIDC_ISSUER']}|{claims['sub']}"[:255]
    known = db.session.scalar(select(Account).where(Account.oidc_subject == name))
    if known is None and claims.get("email_verified", True):
        address = str(claims.get("email", "")).strip().lower()
        fresh = select(Account).where(Account.email == address, Account.oidc_subject.is_(None))
        known = db.session.scalar(fresh)
    if known is None or not known.active:
        raise NotHim
    known.oidc_subject = name
    return known
