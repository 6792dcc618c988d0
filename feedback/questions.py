"""The national questions, locked and versioned (model.md §6): the same words and codes everywhere.

G1 to G9 are the core; M1 to M5 come with a medium or a high risk. A released wording never changes:
a new one gets a new version beside it, and old answers are told in the words that they answered.
``docs/questions.md`` lists them; a test holds a seal of each.
"""

from dataclasses import replace

from flask_babel import lazy_gettext as _

from app.matrix import Risk
from feedback.models import AnswerStatus, Face
from feedback.question_shapes import Choices, Kind, Question, When

VERSION = 1  # of the core: demonstration rows answer it
_REFUSED = (AnswerStatus.REFUSED,)

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
_SERVICE_HELP: Choices = (
    ("counter", _("À un guichet")),
    ("phone", _("Par téléphone")),
    ("mail", _("Par courriel")),
    ("chat", _("Par messagerie en ligne")),
)
_OTHER_HELP: Choices = (
    ("close", _("Auprès d’un proche")),
    ("association", _("Auprès d’une association")),
    ("web", _("Sur des sites internet")),
    ("other", _("Autrement")),
    ("none", _("Je n’ai pas eu besoin d’aide")),
)


def scale(lowest: object, highest: object) -> Choices:
    """Return the five steps from ``lowest`` to ``highest``, in words at both ends."""
    return (("1", lowest), ("2", _("2")), ("3", _("3")), ("4", _("4")), ("5", highest))


G1 = Question("G1", _("De façon générale, comment ça s’est passé ?"), FACES, ())
G2 = Question("G2", _("Racontez"), (), (), Kind.TEXT)
G3 = Question(
    "G3",
    _("Qu’avez-vous pensé des informations et des instructions fournies ?"),
    scale(_("1 – Pas clair du tout"), _("5 – Très clair")),
    kind=Kind.SCALE,
)
G4 = Question(
    "G4",
    _("Avez-vous pu faire ce que vous vouliez ?"),
    (("alone", _("Oui, seul ou seule")), ("helped", _("Oui, avec de l’aide")), ("no", _("Non"))),
)
G5 = Question("G5", _("Qu’est-ce qui vous a surpris, en bien ou en mal ?"), kind=Kind.TEXT)
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
    _REFUSED,
)
G7 = Question("G7", _("Votre âge"), _AGES, _REFUSED)
G8 = Question(
    "G8",
    _("Votre département"),
    (),
    (AnswerStatus.UNKNOWN, AnswerStatus.REFUSED),
    Kind.PLACE,
)
G9 = Question(
    "G9",
    _("Publier mon texte masqué sur la page du service ?"),
    (("no", _("Non")), ("yes", _("Oui"))),
    (),
)

_MEDIUM, _HIGH = When(Risk.MEDIUM), When(Risk.HIGH)
_CALLED = replace(_MEDIUM, question="M1", values=tuple(code for code, _words in _SERVICE_HELP))

M1 = Question(
    "M1",
    _("Avez-vous cherché de l’aide, et comment ?"),
    (*_SERVICE_HELP, *_OTHER_HELP),
    (AnswerStatus.UNKNOWN, AnswerStatus.REFUSED),
    Kind.SEVERAL,
    alone="none",
    hint=_("Plusieurs réponses sont possibles."),
    when=_MEDIUM,
)
M2 = Question(
    "M2",
    _("Avez-vous réussi à joindre quelqu’un du service ?"),
    (("yes", _("Oui")), ("no", _("Non"))),
    hint=_("Si vous avez cherché de l’aide au guichet, au téléphone ou en ligne."),
    when=_CALLED,
)
M3 = Question(
    "M3",
    _("Comment était l’aide du service ?"),
    scale(_("1 – Très mauvaise"), _("5 – Excellente")),
    kind=Kind.SCALE,
    when=_CALLED,
)
M4 = Question(
    "M4",
    _("Avez-vous des craintes pour vos données personnelles ?"),
    (("no", _("Non")), ("some", _("Un peu")), ("many", _("Beaucoup"))),
    when=_MEDIUM,
)
M5 = Question(
    "M5",
    _("Le service a-t-il fait du tort à quelqu’un ?"),
    (
        ("no", _("Non")),
        ("some", _("Oui, sans gravité")),
        ("serious", _("Oui, c’est grave")),
    ),
    hint=_("À la santé, à l’argent, aux droits : les vôtres ou ceux d’un proche."),
    when=_HIGH,
)

CORE = {q.code: q for q in (G1, G2, G3, G4, G5, G5_KIND, G6, G7, G8, G9)}
MATRIX = (M5, M1, M2, M3, M4)
LATER = (G3, G4, G5, G5_KIND, G6, G7, G8)  # kept as answers; G9 is the author's wish to publish
NOW = {**CORE, **{q.code: q for q in MATRIX}}  # the version that is asked today
# Every version that was ever asked: `replace(G3, version=1, words=…)` joins when G3 becomes 2.
RELEASED: dict[tuple[str, int], Question] = {(q.code, q.version): q for q in NOW.values()}
