"""Passkeys: what Flask-Security asks of a device that keeps a key for an account.

A key that enters alone must ask for a finger or a code of its own: it is two proofs in one. A key
that comes after the passphrase is one proof, and asks for nothing more.
"""

from typing import Any

from flask import Flask
from flask_security import WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

FIRST = "first"


class OurKeys(WebauthnUtil):
    """Asks for a proof of the person where the key is to enter alone."""

    def authenticator_selection(self, _user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """Return which devices may register a key; one built in is as good as one carried."""
        alone = usage == FIRST
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED
            if alone
            else ResidentKeyRequirement.DISCOURAGED,
            user_verification=_proof(alone),
        )

    def user_verification(self, _user: Any, usage: list[str]) -> UserVerificationRequirement:
        """Return whether the device must ask who holds it."""
        return _proof(FIRST in usage)


def _proof(alone: bool) -> UserVerificationRequirement:
    required, none = UserVerificationRequirement.REQUIRED, UserVerificationRequirement.DISCOURAGED
    return required if alone else none


def options(_app: Flask) -> dict[str, Any]:
    """Return what Flask-Security must know."""
    return {
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Boucle",
        "SECURITY_WAN_ALLOW_USER_HINTS": False,  # no address is told whether it has a key
        "SECURITY_WAN_ALLOW_AS_VERIFY": None,
        "SECURITY_WAN_REGISTER_URL": "/equipe/compte/cles",
        "SECURITY_WAN_DELETE_URL": "/equipe/compte/cles/retirer",
        "SECURITY_WAN_SIGNIN_URL": "/connexion/cle",
        "SECURITY_WAN_POST_REGISTER_VIEW": "/equipe/compte",
    }
