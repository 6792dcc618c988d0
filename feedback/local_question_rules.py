"""What a local question may not ask: who the person is, and at an anonymous service, where.

Rules of words, told as such with their reason; a person rewrites the question. They hold again
whenever an anonymous service asks, so that no older question passes.
"""

import re
import unicodedata
from collections.abc import Iterable

from flask_babel import lazy_gettext as _

from app.catalogue import Service
from feedback.departements import DEPARTEMENTS
from feedback.models import LocalWording

ASKS_WHO = _(
    "Cette question demande qui est la personne : nom, naissance, adresse, téléphone ou courriel. "
    "Rien de cela n’est gardé ici. Demandez autre chose."
)
ASKS_WHERE = _(
    "L’anonymat est garanti ici : aucun lieu plus fin que la région. Retirez la question de lieu."
)
# Written without accents, as `plain` gives words. « Le nom du médicament » stays askable.
_WHO = re.compile(
    r"""\b(?:
      (?:vos|votre|ton|ses?|leurs?|son|quels?\ sont\ vos|quel\ est\ le)\ (?:pre)?noms?\b
        (?!\ (?:de\ famille\ de\ l|du\ medicament|de\ l.appli|du\ service))
      | prenoms? | nom\ de\ (?:famille|naissance|jeune\ fille) | nom\ et\ | noms?\ complets?
      | vous\ appelez[ -]vous | comment\ vous\ appel | identite | initiales
      | dates?\ de\ naissance | (?:jour|annee|lieu)\ de\ naissance | etes[ -]vous\ nee?
      | ne\(?e?\)?\ le | anniversaire | nees?\ (?:le|en)\b
      | (?:votre|vos|quelle?\ est\ l.)\ ?adresses? | adresse\ (?:postale|mail|e-?mail|electronique)
      | ou\ (?:habitez|vivez|logez)[ -]vous | domicile | numero\ de\ rue
      | (?:votre|un|quel)\ numero | numero\ de\ (?:tele)?phone | numero\ de\ portable
      | numero\ de\ securite\ sociale | numero\ de\ dossier | numero\ d.allocataire
      | nir\b | ins\b
      | (?:votre|vos|quel\ est\ le)\ (?:e-?mails?|mails?|mels?|courriels?)\b(?!\ (?:est|a|vous)\b)
      | vous\ (?:joindre|rappeler|recontacter|contacter) | coordonnees
      | (?:your|full|first|last|family|maiden)\ names? | (?:birth\ ?date|date\ of\ birth)
      | your\ (?:home\ )?address | (?:phone|telephone)\ number | your\ e-?mail
    )""",
    re.VERBOSE,
)
_WHERE = re.compile(
    r"""\b(?:
      communes?\b | villes?\b | villages?\b | quartiers?\b | code\ postal | arrondissements?\b
      | departements?\b | cantons?\b | rues?\b | adresses?\b | ou\ (?:habitez|vivez|etes)
      | residence | zip\ code | postcode | town | city | neighbou?rhood | street
    )""",
    re.VERBOSE,
)


def plain(words: str) -> str:
    """Return ``words`` in small letters without accents, spaces made single."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(letters.replace("’", "'").split())


_DEPARTEMENTS = {plain(label.rpartition(" (")[0]) for _code, label in DEPARTEMENTS}


def asks_who(words: Iterable[str]) -> bool:
    """Say whether a question's words or choices ask who the person is."""
    return any(_WHO.search(plain(each)) for each in words)


def asks_where(words: str, choices: Iterable[str]) -> bool:
    """Say whether a question asks for a place finer than the region."""
    names = {plain(choice) for choice in choices}
    return bool(_WHERE.search(plain(words))) or bool(names & _DEPARTEMENTS)


def refusal(words: str, choices: Iterable[str], anonymous: bool) -> str:
    """Return why the question may not be asked; empty when it may."""
    choices = list(choices)
    if asks_who([words, *choices]):
        return str(ASKS_WHO)
    return str(ASKS_WHERE) if anonymous and asks_where(words, choices) else ""


def is_allowed(wording: LocalWording, service: Service) -> bool:
    """Say whether ``service`` may ask in these words: what guards an anonymous one for good."""
    return not (service.anonymous_by_law and refusal(wording.words, wording.choices, True))
