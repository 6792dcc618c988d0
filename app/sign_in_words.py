"""What signing in says, in place of the library's own words."""

from typing import Any

from flask_babel import lazy_gettext as _

_UNKNOWN = _("Adresse ou phrase de passe inconnue.")
_AGAIN = _("Recommencez depuis le début.")
_KEY = _("Cette clé n’a pas été reconnue. Essayez-en une autre.")
_CODE = _("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant.")
_RECOVERY = _("Ce code de secours n’est pas le bon, ou il a déjà servi.")
_NAME = _("Donnez un nom court à cette clé, que vous n’avez pas encore pris.")

WORDS: dict[str, tuple[Any, str]] = {
    "GENERIC_AUTHN_FAILED": (_UNKNOWN, "error"),
    "INVALID_EMAIL_ADDRESS": (_UNKNOWN, "error"),
    "TWO_FACTOR_INVALID_TOKEN": (_CODE, "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (_("Vous êtes dans l’espace équipe."), "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (_("Votre téléphone est changé."), "success"),
    "TWO_FACTOR_PERMISSION_DENIED": (_AGAIN, "error"),
    "TWO_FACTOR_SETUP_EXPIRED": (_AGAIN, "error"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (_AGAIN, "error"),
    "INVALID_CODE": (_CODE, "error"),
    "INVALID_RECOVERY_CODE": (_RECOVERY, "error"),
    "INVALID_PASSWORD": (_("Cette phrase de passe n’est pas la bonne."), "error"),
    "PASSWORD_NOT_PROVIDED": (_("Remplissez ce champ."), "error"),
    "REAUTHENTICATION_SUCCESSFUL": (_("C’est bien vous : continuez."), "success"),
    "ANONYMOUS_USER_REQUIRED": (_("Vous êtes dans l’espace équipe."), "info"),
    "API_ERROR": (_AGAIN, "error"),
    "WEBAUTHN_EXPIRED": (_AGAIN, "error"),
    "WEBAUTHN_NAME_REQUIRED": (_NAME, "error"),
    "WEBAUTHN_NAME_INUSE": (_NAME, "error"),
    "WEBAUTHN_NAME_NOT_FOUND": (_NAME, "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (_NAME, "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": (_("La clé est retirée."), "success"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (_("La clé est enregistrée."), "success"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (_("Cette clé est déjà enregistrée."), "error"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (_KEY, "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (_KEY, "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (_KEY, "error"),
    "WEBAUTHN_NO_VERIFY": (_KEY, "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (_KEY, "error"),
    "DISABLED_ACCOUNT": (_KEY, "error"),
    "REQUIRED": (_("Remplissez ce champ."), "error"),
}


def options() -> dict[str, tuple[Any, str]]:
    """Return the words as settings of the library."""
    return {f"SECURITY_MSG_{name}": value for name, value in WORDS.items()}
