"""The ethics grid that the site publishes: practices, data, algorithms against four principles.

One sentence a cell, true of this version; change the sentence when the behaviour changes.
"""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class GridRow:
    """One line of the grid: a field, then one sentence for each principle."""

    field: str
    cells: tuple[str, str, str, str]


def principles() -> tuple[str, str, str, str]:
    """Return the names of the four principles, in the order of the cells."""
    return _("Autonomie"), _("Bienfaisance"), _("Ne pas nuire"), _("Justice")


def grid() -> tuple[GridRow, GridRow, GridRow]:
    """Return the twelve cells."""
    return _practices(), _data(), _algorithms()


def _practices() -> GridRow:
    return GridRow(
        _("Pratiques"),
        (
            _("Vous parlez sans compte, et votre code suffit pour corriger ou effacer."),
            _("Chaque équipe se donne un délai pour répondre, et la page montre s’il est tenu."),
            _("Les mots de danger font d’abord apparaître les numéros d’urgence."),
            _("Tout ce qui se fait en ligne se fait aussi par téléphone ou sur papier."),
        ),
    )


def _data() -> GridRow:
    return GridRow(
        _("Données"),
        (
            _("Le journal vous dit quel rôle a ouvert votre retour, et quel jour."),
            _("Seul le texte utile à la réponse est gardé."),
            _("Noms, numéros et adresses sont masqués avant d’être gardés."),
            _("Aucun chiffre sur un petit groupe n’est montré : personne n’y est reconnu."),
        ),
    )


def _algorithms() -> GridRow:
    return GridRow(
        _("Algorithmes"),
        (
            _("« Pourquoi ? » montre la raison d’un classement, et vous pouvez le contester."),
            _("Les groupes servent à voir ce que plusieurs personnes ont dit."),
            _("Un modèle ne publie, ne refuse et ne ferme rien : une personne décide."),
            _("Personne n’est noté ni classé, et le code du site est ouvert."),
        ),
    )
