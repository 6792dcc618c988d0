"""What a staff passphrase must be: long, and not made of what everybody knows; hashes nothing."""

from flask_babel import gettext as _

SHORTEST = 15  # characters: length is what resists guessing
LONGEST = 200
FEWEST_DIFFERENT = 6  # characters: "aaaaaaaaaaaaaaa" is long too
KNOWN = ("motdepasse", "password", "azertyuiop", "qwertyuiop", "1234567890", "boucle")


class WeakPassphrase(Exception):
    """The passphrase is too easy to guess; the message says why and what to do."""


def check_passphrase(passphrase: str, *known: str) -> str:
    """Return ``passphrase``; raise ``WeakPassphrase`` when it is short or made of known words.

    Args:
        known: what others know of the account: name, address.
    """
    if len(passphrase) < SHORTEST:
        raise WeakPassphrase(
            _("Écrivez au moins %(count)s caractères : quatre ou cinq mots.", count=SHORTEST)
        )
    if len(passphrase) > LONGEST:
        raise WeakPassphrase(_("Écrivez %(count)s caractères au plus.", count=LONGEST))
    if len(set(_rest(passphrase, known))) < FEWEST_DIFFERENT:
        raise WeakPassphrase(
            _("Cette phrase se devine : choisissez d’autres mots que votre nom ou une suite.")
        )
    return passphrase


def _rest(passphrase: str, known: tuple[str, ...]) -> str:
    """Return what is left of ``passphrase`` without the words that anybody would try first."""
    rest = passphrase.lower()
    parts = {part for text in known for part in text.lower().replace("@", " ").split()}
    for word in sorted({*KNOWN, *(p for p in parts if len(p) > 2)}, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest
