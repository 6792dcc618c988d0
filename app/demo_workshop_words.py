"""What people wrote and decided in the demonstration's sessions: all of it invented."""

from dataclasses import dataclass

from workshops.models import Phase, ProposalState

S = ProposalState
WHOLE = (  # the phases of a session that is over
    Phase.WRITE,
    Phase.REVEAL,
    Phase.GROUP,
    Phase.VOTE,
    Phase.DISCUSS,
    Phase.DECIDE,
    Phase.CLOSED,
)


@dataclass(frozen=True)
class Told:
    """What the team answered to a proposal, by days before the demonstration."""

    state: ProposalState
    words: str
    ago: int
    owner: str = ""
    due_ago: int = 0  # negative: still to come


@dataclass(frozen=True)
class Gathered:
    """Cards that the room put together; ``weight`` draws votes."""

    title: str
    cards: tuple[str, ...]
    weight: int = 1
    is_proposed: bool = False
    is_shown: bool = False  # in the public record
    told: Told | None = None


@dataclass(frozen=True)
class Meeting:
    """One invented session."""

    slug: str
    functionality: str
    title: str
    prompts: tuple[str, ...]
    ago: int
    people: int
    groups: tuple[Gathered, ...]
    singles: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = WHOLE


STEPS = "Voir les étapes de son dossier"
FOLLOWED = Meeting(
    "demarches-simples",
    "Dépôt de dossier",
    "Savoir où en est son dossier",
    (
        "Qu’est-ce qui vous a manqué après l’envoi de votre dossier ?",
        "Que devrait montrer le site ?",
    ),
    ago=168,
    people=16,
    groups=(
        Gathered(
            STEPS,
            (
                "Une ligne avec les étapes : reçu, complet, étudié, décidé.",
                "Savoir si quelqu’un a ouvert mon dossier.",
                "La date de chaque étape, pas seulement « en cours ».",
                "Voir ce qui bloque, avec des mots simples.",
                "Le même état au guichet et sur le site.",
            ),
            weight=6,
            is_proposed=True,
            is_shown=True,
            told=Told(
                S.ACCEPTED,
                "Le dossier montre ses étapes et leur date : reçu, complet, étudié, décidé.",
                ago=148,
                owner="Responsable des dossiers",
                due_ago=70,
            ),
        ),
        Gathered(
            "Être prévenu quand une pièce manque",
            (
                "Un message le jour où il manque un papier.",
                "Ne pas découvrir le refus au bout de deux mois.",
                "Pouvoir choisir : lettre, message ou téléphone.",
            ),
            weight=4,
            is_proposed=True,
            is_shown=True,
            told=Told(
                S.ACCEPTED,
                "Une pièce qui manque est signalée dans les trois jours, par la voie choisie.",
                ago=30,
                owner="Responsable des dossiers",
                due_ago=-45,
            ),
        ),
        Gathered(
            "",
            (
                "Un numéro où l’on me répond avec mon dossier sous les yeux.",
                "Rappeler la personne qui suit.",
            ),
            weight=2,
            is_proposed=True,
            told=Told(
                S.NEEDS_INFORMATION,
                "Le jour, ou aussi le soir ? La question revient au prochain atelier.",
                ago=140,
            ),
        ),
        Gathered(
            "Garder une trace de l’envoi",
            ("Un reçu à imprimer après l’envoi.", "La liste des pièces que j’ai données."),
            weight=1,
        ),
    ),
    singles=("Écrire plus gros.", "Moins de mots de passe."),
)
CARD = Meeting(
    "mes-remboursements",
    "Carte Vitale sur téléphone",
    "La carte Vitale sur le téléphone",
    ("Qu’est-ce qui se passe quand la carte n’est pas lue ?",),
    ago=9,
    people=12,
    groups=(
        Gathered(
            "Dire pourquoi la carte n’est pas lue",
            (
                "L’écran dit « erreur » et rien d’autre.",
                "Savoir si c’est mon téléphone ou ma carte.",
                "Dire quoi faire tout de suite à la pharmacie.",
            ),
            weight=4,
            is_proposed=True,
        ),
        Gathered(
            "Garder la carte en plastique",
            ("Pouvoir montrer les deux.", "Mon père n’a pas de téléphone récent."),
            weight=2,
            is_proposed=True,
        ),
    ),
    singles=("Essayer sur de vieux téléphones.",),
)
TODAY = Meeting(
    "retour-a-l-emploi",
    "Rendez-vous",
    "Préparer son rendez-vous",
    ("Que vous faut-il avant un rendez-vous ?",),
    ago=0,
    people=9,
    groups=(
        Gathered(
            "Savoir de quoi on va parler",
            (
                "Recevoir les questions la veille.",
                "Dire moi-même ce que je veux aborder.",
                "La durée prévue.",
            ),
        ),
    ),
    singles=(
        "Un rappel la veille avec l’adresse.",
        "Le nom du bâtiment, pas seulement la rue.",
        "Pouvoir changer l’heure sans téléphoner.",
        "Savoir quels papiers apporter.",
        "Essayer la visio avant le jour dit.",
    ),
    phases=(Phase.WRITE, Phase.REVEAL, Phase.GROUP),
)
MEETINGS = (FOLLOWED, CARD, TODAY)
EVIDENCE = "Version 2.5 en ligne. Six personnes de l’atelier l’ont essayée avec leur dossier."
RELEASE = "2.5"  # of the followed session's service: brings the steps
