"""A small corpus whose three subjects are plain to see, for tests of themes and signals."""

from datetime import date, timedelta
from itertools import product

from app.catalogue import Service
from feedback.models import Feedback
from tests import factories

SUBJECTS = {
    "carte": (
        ("La carte Vitale", "Ma carte Vitale", "Cette carte Vitale"),
        ("n’est plus lue", "reste illisible", "ne passe plus"),
        ("à la pharmacie", "chez le médecin", "au laboratoire", "à l’hôpital"),
    ),
    "rappel": (
        ("Le rappel de nuit", "Un rappel de nuit", "Chaque rappel de nuit"),
        ("sonne à trois heures", "me réveille à trois heures", "vibre à trois heures"),
        ("tous les jours", "le week-end", "en semaine", "depuis lundi"),
    ),
    "export": (
        ("L’export des mesures", "Mon export des mesures", "Un export des mesures"),
        ("arrive en double", "arrive coupé", "arrive vide"),
        ("dans le dossier", "par courriel", "sur mon ordinateur", "sur la tablette"),
    ),
}


def sentences(subject: str) -> list[str]:
    """Return the 36 sentences of one subject."""
    return [f"{' '.join(parts)}." for parts in product(*SUBJECTS[subject])]


# Said by fourteen different people: none is a near-copy of another.
BURST = (
    "Ma carte Vitale n’est plus lue depuis hier.",
    "Impossible, la carte Vitale reste illisible au cabinet.",
    "Carte Vitale plus lue chez mon médecin traitant.",
    "À la pharmacie, cette carte Vitale ne passe plus du tout.",
    "Carte Vitale illisible, j’ai payé le laboratoire.",
    "Deux fois ce mois la carte Vitale ne passe plus à l’hôpital.",
    "Plus lue non plus chez le médecin, ma carte Vitale.",
    "Le laboratoire dit que la carte Vitale est illisible.",
    "Cette carte Vitale n’est plus lue aux urgences.",
    "La pharmacie refuse : carte Vitale illisible.",
    "Pourquoi la carte Vitale ne passe plus à la pharmacie ?",
    "Ma carte Vitale illisible m’a coûté un trajet au laboratoire.",
    "Chez le médecin comme à l’hôpital, carte Vitale plus lue.",
    "La carte Vitale de mon fils reste illisible à la pharmacie.",
)


def fill(service: Service, day: date, each: int = 36, every_days: int = 3) -> list[Feedback]:
    """Return retours on the three subjects, one of each every ``every_days``, back from ``day``."""
    rows = []
    for subject in SUBJECTS:
        for number, text in enumerate(sentences(subject)[:each]):
            when = day - timedelta(days=1 + number * every_days)
            rows.append(factories.retour(service, text=text, day=when))
    return rows
