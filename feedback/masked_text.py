"""Cuts a masked text into pieces so that a page can draw what was masked; finds nothing itself."""

from flask_babel import lazy_gettext as _

from nlp.redact import TOKEN

TOKEN_NAMES = {
    "PERSONNE": _("Personne"),
    "EMAIL": _("Adresse de courriel"),
    "TELEPHONE": _("Téléphone"),
    "NIR": _("Numéro de sécurité sociale"),
    "IBAN": _("Compte bancaire"),
    "NAISSANCE": _("Date de naissance"),
    "ADRESSE": _("Adresse"),
    "RPPS": _("Numéro de soignant (RPPS)"),
    "CARTE": _("Carte bancaire"),
    "PLAQUE": _("Plaque"),
    "CAF": _("Numéro d’allocataire"),
    "IP": _("Adresse réseau"),
    "LIEN": _("Lien"),
    "NUMERO": _("Numéro"),
}
EXCERPT = 140  # characters: two lines of a phone, more than one of a desk


def pieces(text: str | None) -> list[tuple[str, str | None]]:
    """Return ``text`` as (words, kind) pairs; kind is None for words as they were written."""
    found: list[tuple[str, str | None]] = []
    text, end = text or "", 0
    for token in TOKEN.finditer(text):
        if token.start() > end:
            found.append((text[end : token.start()], None))
        found.append((str(TOKEN_NAMES[token[1]]), token[1]))
        end = token.end()
    if end < len(text):
        found.append((text[end:], None))
    return found


def excerpt(text: str | None, length: int = EXCERPT) -> list[tuple[str, str | None]]:
    """Return the first words of ``text`` on one line, as pieces; an ellipsis tells of the rest."""
    line = " ".join((text or "").split())
    if len(line) <= length:
        return pieces(line)
    cut = line[:length].rsplit(" ", 1)[0].rstrip(",.;: ")
    return [*pieces(cut), ("…", None)]
