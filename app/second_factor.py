"""The second factor of every member of staff: six figures of a phone, a passkey, a recovery code.

Flask-Security asks for it; here stand our clock, codes that open once, the keys that encrypt what
is stored, and the one fixed secret of the demonstration, which production refuses.
"""

import base64
import hashlib
import hmac
import io
from datetime import datetime, timedelta
from typing import Any

import segno
from flask import Flask, current_app, has_app_context
from flask_security import Totp
from passlib.totp import TOTP, TokenError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import Account
from app.config import BadSetting
from app.days import now, utc_now
from app.db import db

TRUSTED_HOURS = 12  # how long a device that gave a code is not asked again
CODE_WINDOW = 30  # seconds that a phone's clock may be off
RECOVERY_CODES = 8
AUTHENTICATOR = "authenticator"
IMPLEMENTATIONS = {  # by their names: the library loads them itself
    "code": "flask_security.twofactor.CodeTfPlugin",
    "webauthn": "flask_security.webauthn.WebAuthnTfPlugin",
    "pin": "app.pins.PinFactor",
}
# Written plainly on purpose: it opens the invented accounts of the demonstration and nothing else.
DEMO_SECRET = TOTP(key="BOUCLEDEMONSTRATIONBOUCLE2345", issuer="Boucle").to_json(encrypt=False)


def derived_key(salt: str, purpose: str) -> bytes:
    """Return 32 bytes for one purpose, drawn from the installation's secret ``salt``."""
    return hmac.new(salt.encode(), purpose.encode(), hashlib.sha256).digest()


def _clock() -> float:
    """Return the application's time; passlib asks once before there is an application."""
    return (now() if has_app_context() else utc_now()).timestamp()


class OurTotp(Totp):
    """Codes by the application's clock; each opens once."""

    def __init__(self, secrets: dict[str, str] | dict[int, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        self._totp = TOTP.using(issuer=issuer, secrets=secrets, now=_clock)

    def generate_qrcode(self, username: str, totp: str) -> str:
        """Return the code to photograph as the address of an image."""
        drawn = io.BytesIO()
        address = self.get_totp_uri(username, totp)
        segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=4, light="#fff")
        return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        """Say whether ``token`` is right now, and was not used before."""
        if is_demo(totp_secret) and current_app.config["BOUCLE_ENV"] == "production":
            return False
        try:
            right: bool = super().verify_totp(token, totp_secret, user, window)
        except (TokenError, ValueError):  # letters, too many figures
            return False
        return right

    def get_last_counter(self, user: Any) -> int | None:
        """Return the counter of the last code; the demonstration's may come again."""
        return None if is_demo(user.tf_totp_secret) else user.totp_counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Keep the counter of a code that was right."""
        user.totp_counter = tmatch.counter


def is_demo(secret: str | None) -> bool:
    """Say whether ``secret`` is the one of the demonstration."""
    return secret == DEMO_SECRET


def give_demo_factor(account: Account) -> None:
    """Let ``account`` use the fixed secret of the demonstration."""
    account.tf_primary_method, account.tf_totp_secret = AUTHENTICATOR, DEMO_SECRET


def demo_code(moment: datetime | None = None) -> str:
    """Return the code that every invented account gives at ``moment``, else now."""
    code: str = TOTP.from_source(DEMO_SECRET).generate((moment or now()).timestamp()).token
    return code


def refuse_demo_accounts(app: Flask) -> None:
    """Raise ``BadSetting`` when an account of a production database uses the fixed secret."""
    with app.app_context():
        try:
            query = select(Account.id).where(Account.tf_totp_secret == DEMO_SECRET).limit(1)
            found = db.session.scalar(query)
        except SQLAlchemyError:  # not migrated yet: it has no second factor at all
            found = None
        finally:
            db.session.remove()
    if found is not None:
        raise BadSetting(
            "The database holds accounts of the demonstration, whose second factor everybody "
            "knows: start with a database of your own."
        )


def forget(account: Account) -> None:
    """Take every second factor from ``account``; it chooses a new one at the next entry."""
    account.tf_primary_method = account.tf_totp_secret = account.totp_counter = None
    account.mf_recovery_codes = None
    account.webauthn.clear()


def options(app: Flask) -> dict[str, Any]:
    """Return what Flask-Security must know."""
    salt = app.config["PASSWORD_SALT"]
    recovery = base64.urlsafe_b64encode(derived_key(salt, "recovery codes"))
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_REQUIRED": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": [AUTHENTICATOR],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": CODE_WINDOW,
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": False,
        "SECURITY_TWO_FACTOR_LOGIN_VALIDITY": timedelta(hours=TRUSTED_HOURS),
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": IMPLEMENTATIONS,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_SETUP_URL": "/connexion/premier-code",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/connexion/code",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/connexion/moyen",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/connexion/aide",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/equipe/compte",
        "SECURITY_TOTP_SECRETS": {"1": derived_key(salt, "phone codes").hex()},
        "SECURITY_TOTP_ISSUER": "Boucle",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [recovery],
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/equipe/compte/secours",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/connexion/secours",
    }
