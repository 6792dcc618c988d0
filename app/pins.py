"""A PIN that stands once for the second proof of a co-facilitator who came without a phone.

The facilitator of a running session draws it and says it aloud; the passphrase is still asked for.
It opens only accounts that facilitate and nothing else: no message of anybody is behind it.
"""

import secrets
from datetime import timedelta
from typing import Any

from flask import current_app, redirect, session, url_for
from flask_babel import lazy_gettext as _
from flask_security.tf_plugin import TfPluginBase
from werkzeug.wrappers import Response

from app import staff_tokens
from app.accounts import Account, Role
from app.days import now
from app.staff_tokens import Door

FIGURES = 8
VALID = timedelta(minutes=30)
TRIES = 5  # then it is withdrawn


class NotOnlyAFacilitator(Exception):
    """The account may do more than facilitate, or is closed: a PIN must not open it."""


def draw(account: Account | None) -> str:
    """Return a new PIN for ``account``; raise ``NotOnlyAFacilitator``."""
    if account is None or not account.active or account.role_names != {Role.FACILITATOR}:
        raise NotOnlyAFacilitator
    pin = f"{secrets.randbelow(10**FIGURES):0{FIGURES}}"
    staff_tokens.issue(account, Door.PIN, _seal(account, pin), now() + VALID)
    return pin


def opens(account: Account, typed: str) -> bool:
    """Say whether ``typed`` is the PIN of ``account``; it is spent then, and after five tries."""
    token = staff_tokens.standing(account, Door.PIN)
    if token is None:
        return False
    figures = "".join(each for each in typed if each.isdigit())
    right = secrets.compare_digest(token.digest, _seal(account, figures))
    token.tries += 1
    if right or token.tries >= TRIES:
        staff_tokens.withdraw(account, Door.PIN)
    return right


def _seal(account: Account, pin: str) -> str:
    return staff_tokens.seal(current_app.config["SECRET_KEY"], Door.PIN, f"{account.id}:{pin}")


class PinFactor(TfPluginBase):
    """Tells Flask-Security of a PIN that waits."""

    def create_blueprint(self, _app: Any, _bp: Any, _state: Any) -> None:
        """Add nothing: the page is ``app/account_views.py``."""

    def get_setup_methods(self, user: Any) -> list[tuple[str, Any]]:
        """Return the PIN as a second proof while one waits."""
        waits = staff_tokens.standing(user, Door.PIN)
        return [("pin", _("le code à usage unique que l’on m’a donné"))] if waits else []

    def tf_login(self, _user: Any, _payload: Any, _next: str | None) -> Response:
        """Lead to the page that asks for it."""
        session["tf_state"] = "ready"
        return redirect(url_for("account.pin"), 303)
