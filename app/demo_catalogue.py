"""The invented part of the demonstration: organisations, services, versions and accounts."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.accounts import Account, Role
from app.catalogue import Functionality, Organisation, Release, Service
from app.db import db
from app.matrix import FunctionalityClass, Risk
from app.second_factor import give_demo_factor
from app.sign_in import create_account, grant, join_team
from app.subscriptions import Audience, Subscription

PASSPHRASE = "boucle de demonstration"  # printed by `make run`; only a demonstration has it
K = FunctionalityClass


@dataclass(frozen=True)
class Plan:
    """One invented service and the questions of the debate whose answers it receives."""

    slug: str
    name: str
    purpose: str
    questions: tuple[str, ...]
    functionalities: tuple[tuple[str, FunctionalityClass, Risk], ...]
    releases: tuple[tuple[str, int, str], ...]  # number, days ago, note


PLANS = (
    Plan(
        "mes-remboursements",
        "Mes remboursements",
        "Suivre ses remboursements de soins et poser une question à un conseiller.",
        ("remboursement_soins",),
        (
            ("Suivi des remboursements", K.INFORMATION, Risk.LOW),
            ("Carte Vitale sur téléphone", K.RIGHTS, Risk.MEDIUM),
            ("Messagerie avec un conseiller", K.COMMUNICATION, Risk.MEDIUM),
        ),
        (
            ("6.0", 330, "Nouvelle page d’accueil."),
            ("6.1", 160, "Messagerie avec un conseiller."),
            ("6.2", 30, "La carte Vitale se lit avec le téléphone."),
        ),
    ),
    Plan(
        "demarches-simples",
        "Démarches simples",
        "Déposer un dossier social en ligne et savoir où il en est.",
        ("demarches_internet", "regles_complexes"),
        (
            ("Dépôt de dossier", K.ADMINISTRATION, Risk.LOW),
            ("Pièces justificatives", K.VAULT, Risk.MEDIUM),
        ),
        (("2.4", 210, "Dépôt de pièces par photo."), ("2.5", 75, "Suivi du dossier par étape.")),
    ),
    Plan(
        "retour-a-l-emploi",
        "Retour à l’emploi",
        "Chercher un emploi, préparer un rendez-vous avec son conseiller.",
        ("recherche_emploi",),
        (
            ("Recherche d’offres", K.INFORMATION, Risk.LOW),
            ("Rendez-vous", K.APPOINTMENT, Risk.LOW),
        ),
        (("11", 120, "Rendez-vous en visioconférence."),),
    ),
    Plan(
        "se-former",
        "Se former",
        "Trouver une formation et la faire financer.",
        ("recherche_formation",),
        (("Financement", K.RIGHTS, Risk.MEDIUM),),
        (("4.1", 190, "Simulateur de droits."),),
    ),
)
QUIET = Plan(
    "point-ecoute",
    "Point écoute",
    "Parler de sa consommation, sans donner son nom. Anonymat garanti par la loi.",
    (),
    (("Prendre rendez-vous", K.APPOINTMENT, Risk.LOW),),
    (),
)
STAFF = (
    ("equipe", "Équipe des services", (Role.PROMOTER,)),
    ("autre-equipe", "Équipe d’un autre service", (Role.PROMOTER,)),
    ("moderation", "Modération", (Role.MODERATOR,)),
    ("expert", "Expert des signaux", (Role.EXPERT,)),
    ("animation", "Animation des ateliers", (Role.FACILITATOR,)),
    ("mediation", "Médiation numérique", (Role.MEDIATOR,)),
    ("relais", "Relais de la Loire", (Role.RELAY,)),
    ("autre-relais", "Relais du Rhône", (Role.RELAY,)),
    ("admin", "Administration", (Role.ADMINISTRATOR,)),
)
TERRITORIES = {"relais": "42", "autre-relais": "69"}  # of those who have one
ORGANISATIONS = {"autre-relais": "Réseau de démonstration du Rhône"}  # of those elsewhere


def address(name: str) -> str:
    """Return the invented address of one member of staff."""
    return f"{name}@demo.example"


def make_services(today: date) -> list[Service]:
    """Return the invented services, added and flushed."""
    network = Organisation(name="Réseau de démonstration de la Loire")
    centre = Organisation(name="Centre d’écoute de démonstration")
    db.session.add_all([network, centre])
    made = [_service(plan, network, today) for plan in PLANS]
    quiet = _service(QUIET, centre, today)
    quiet.anonymous_by_law, quiet.moderate_first = True, True
    db.session.flush()
    return [*made, quiet]


def _service(plan: Plan, organisation: Organisation, today: date) -> Service:
    service = Service(
        slug=plan.slug,
        name=plan.name,
        purpose=plan.purpose,
        organisation=organisation,
        territory_code="42",
        created=today - timedelta(days=450),
        phone="04 00 00 00 00",
        place="Maison France Services, 2 place du Marché, 42000 Saint-Étienne",
        hours="du lundi au vendredi, 9 h – 17 h",
        functionalities=[
            Functionality(name=name, kind=kind.value, individual_risk=risk.value)
            for name, kind, risk in plan.functionalities
        ],
        releases=[
            Release(number=number, day=today - timedelta(days=ago), note=note)
            for number, ago, note in plan.releases
        ],
    )
    db.session.add(service)
    return service


def make_staff(services: list[Service], today: date) -> dict[str, Account]:
    """Return the invented members of staff by short name, seated in their teams."""
    accounts = {}
    for name, full_name, roles in STAFF:
        elsewhere = ORGANISATIONS.get(name)
        organisation = Organisation(name=elsewhere) if elsewhere else services[0].organisation
        account = create_account(address(name), full_name, PASSPHRASE, organisation, today)
        grant(account, *roles)
        give_demo_factor(account)
        account.territory_code = TERRITORIES.get(name)
        accounts[name] = account
    for service in services[:-1]:
        join_team(accounts["equipe"], service)
    join_team(accounts["autre-equipe"], services[-1])
    return accounts


def make_followers(services: list[Service], today: date) -> None:
    """Have two people follow services, so that the public's edition leaves by mail too."""
    for name, service in (("abonnee", services[0]), ("voisin", services[1])):
        follower = Subscription(
            audience=Audience.PUBLIC.value,
            service=service,
            address=address(name),
            confirmed=True,
            created=today - timedelta(days=30),
        )
        db.session.add(follower)
