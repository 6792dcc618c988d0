"""What relays of territories did and learnt in the demonstration: all of it invented."""

from dataclasses import dataclass

from app.matrix import FunctionalityClass as K
from feedback.visits import VisitKind


@dataclass(frozen=True)
class Trip:
    """A visit or session of the relay, by days before the demonstration."""

    ago: int
    kind: VisitKind
    place: str
    met: int
    note: str
    slugs: tuple[str, ...]


@dataclass(frozen=True)
class Learnt:
    """A lesson of a relay; ``slugs`` name the services that it is about."""

    relay: str
    ago: int
    title: str
    tried: str
    outcome: str
    audience: str
    kinds: tuple[K, ...]
    tags: tuple[str, ...]
    slugs: tuple[str, ...] = ()
    is_public: bool = False


TRIPS = (
    Trip(
        4,
        VisitKind.STAND,
        "Médiathèque de Firminy",
        11,
        "Quatre personnes venaient pour la carte Vitale sur le téléphone. Deux ont renoncé : "
        "leur téléphone est trop ancien.",
        ("mes-remboursements",),
    ),
    Trip(
        19,
        VisitKind.CLUB,
        "Maison France Services, Saint-Étienne",
        8,
        "Club d’usagers. Lecture des étapes d’un dossier : « étudié » n’est pas compris.",
        ("demarches-simples",),
    ),
    Trip(
        33,
        VisitKind.TRAINING,
        "Centre social de Roanne",
        14,
        "Formation des aidants numériques : saisir un retour à deux, remettre le code plié.",
        ("demarches-simples", "mes-remboursements"),
    ),
    Trip(
        61,
        VisitKind.VISIT,
        "Agence de l’emploi, Montbrison",
        5,
        "L’affiche était derrière une porte. Elle est maintenant à l’entrée.",
        ("retour-a-l-emploi",),
    ),
    Trip(
        96,
        VisitKind.STAND,
        "Marché de Feurs",
        23,
        "Beaucoup de questions sur les papiers demandés deux fois. Six retours écrits sur place.",
        ("demarches-simples",),
    ),
    Trip(
        168,
        VisitKind.CLUB,
        "Maison France Services, Saint-Étienne",
        16,
        "Atelier « Savoir où en est son dossier », avec l’équipe du service.",
        ("demarches-simples",),
    ),
)
LESSONS = (
    Learnt(
        "relais",
        15,
        "Une tablette à l’accueil, oui, mais avec quelqu’un à côté",
        "Une tablette ouverte sur la page du service, à l’accueil de deux maisons France Services, "
        "pendant six semaines.",
        "Seule, elle a servi trois fois. Avec quelqu’un assis à côté le mardi, quarante retours. "
        "Les gens parlent d’abord, puis écrivent.",
        "Personnes qui viennent pour une autre démarche",
        (K.ADMINISTRATION, K.RIGHTS),
        ("tablette", "accueil"),
        ("demarches-simples",),
        True,
    ),
    Learnt(
        "relais",
        70,
        "Lire les étapes d’un dossier à voix haute",
        "En club d’usagers, chacun dit avec ses mots ce que veut dire chaque étape affichée.",
        "Deux mots sur quatre n’étaient pas compris. L’équipe en a changé un. "
        "La même lecture est refaite à chaque version.",
        "Équipes qui écrivent des messages d’attente",
        (K.ADMINISTRATION,),
        ("club", "langage simple"),
        ("demarches-simples",),
        True,
    ),
    Learnt(
        "relais",
        110,
        "Un stand au marché, sans table",
        "Deux matins de marché avec des feuilles et des crayons, debout, sans table ni barnum.",
        "On nous parle plus volontiers debout. Un matin sur deux sous la pluie : prévoir un hall.",
        "Personnes qui ne viennent jamais au guichet",
        (),
        ("marché", "papier"),
    ),
    Learnt(
        "autre-relais",
        27,
        "Remettre le code plié, et le dire à voix haute",
        "Nous montrons la feuille pliée et disons : ce code est à vous, je ne l’ai pas vu.",
        "Une personne sur trois revient lire la réponse, contre une sur dix quand le code était "
        "seulement imprimé.",
        "Médiation numérique",
        (K.ADMINISTRATION, K.INFORMATION),
        ("code", "médiation"),
        (),
        True,
    ),
    Learnt(
        "autre-relais",
        140,
        "La visio de groupe n’a pas pris",
        "Trois rendez-vous à distance proposés à un club de huit personnes.",
        "Deux personnes, puis une, puis aucune. Le bruit et les coupures ont découragé. "
        "Nous sommes revenus au téléphone.",
        "Clubs d’usagers âgés",
        (K.COMMUNICATION,),
        ("visio", "club"),
    ),
)
ELSEWHERE = "Réseau de démonstration du Rhône (chiffres inventés)"
