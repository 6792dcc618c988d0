"""The core questions, locked and versioned (model.md §6): the same words and codes everywhere.

G1 and G2 stand on the form; the others come after sending, each may be left out.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from feedback.models import AnswerStatus, Face

VERSION = 1
NOT_ANSWERS = (
    (AnswerStatus.NOT_APPLICABLE, _("Sans objet")),
    (AnswerStatus.UNKNOWN, _("Je ne sais pas")),
    (AnswerStatus.REFUSED, _("Je préfère ne pas dire")),
)
Choices = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Question:
    """One locked question: its code, its words, its choices; none means free text."""

    code: str
    words: Any
    choices: Choices = ()
    statuses: tuple[AnswerStatus, ...] = tuple(status for status, _words in NOT_ANSWERS)

    @property
    def options(self) -> Choices:
        """The choices, then the ways of not answering that this question offers."""
        ways = tuple((s.value, words) for s, words in NOT_ANSWERS if s in self.statuses)
        return (*self.choices, *ways)

    def read(self, value: str) -> tuple[AnswerStatus, str] | None:
        """Return the status and value that a chosen option stands for; None when it is none."""
        if value in {status.value for status in self.statuses}:
            return AnswerStatus(value), ""
        if value in {choice for choice, _words in self.choices}:
            return AnswerStatus.GIVEN, value
        return None


FACES: Choices = (
    (str(Face.BAD.value), _("Pas bien")),
    (str(Face.MIDDLING.value), _("Moyen")),
    (str(Face.GOOD.value), _("Très bien")),
)
_AGES: Choices = (
    ("-18", _("moins de 18 ans")),
    ("18-29", _("18 à 29 ans")),
    ("30-44", _("30 à 44 ans")),
    ("45-59", _("45 à 59 ans")),
    ("60-74", _("60 à 74 ans")),
    ("75-", _("75 ans et plus")),
)

G1 = Question("G1", _("De façon générale, comment ça s’est passé ?"), FACES, ())
G2 = Question("G2", _("Racontez"), (), ())
G3 = Question(
    "G3",
    _("Qu’avez-vous pensé des informations et des instructions fournies ?"),
    (
        ("1", _("1 – Pas clair du tout")),
        ("2", _("2")),
        ("3", _("3")),
        ("4", _("4")),
        ("5", _("5 – Très clair")),
    ),
)
G4 = Question(
    "G4",
    _("Avez-vous pu faire ce que vous vouliez ?"),
    (("alone", _("Oui, seul ou seule")), ("helped", _("Oui, avec de l’aide")), ("no", _("Non"))),
)
G5 = Question("G5", _("Qu’est-ce qui vous a surpris, en bien ou en mal ?"))
G5_KIND = Question(
    "G5.kind", _("Cette surprise était…"), (("good", _("en bien")), ("bad", _("en mal"))), ()
)
G6 = Question(
    "G6",
    _("Vous êtes…"),
    (
        ("user", _("Usager ou usagère")),
        ("relative", _("Proche")),
        ("professional", _("Professionnel ou professionnelle")),
    ),
    (AnswerStatus.REFUSED,),
)
G7 = Question("G7", _("Votre âge"), _AGES, (AnswerStatus.REFUSED,))
G8 = Question("G8", _("Votre département"), (), (AnswerStatus.UNKNOWN, AnswerStatus.REFUSED))
G9 = Question(
    "G9",
    _("Publier mon texte masqué sur la page du service ?"),
    (("no", _("Non")), ("yes", _("Oui"))),
    (),
)

CORE = {q.code: q for q in (G1, G2, G3, G4, G5, G5_KIND, G6, G7, G8, G9)}
LATER = (G3, G4, G5, G5_KIND, G6, G7, G8)  # kept as answers; G9 is the author's wish to publish
