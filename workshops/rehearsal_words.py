"""What pretend people write in a dry run: all of it invented, near-copies among it to group."""

IDEAS = (
    "Prévenir par SMS la veille du rendez-vous",
    "Un SMS de rappel avant le rendez-vous",
    "Ouvrir le guichet le samedi matin",
    "Dire combien de temps il faudra attendre",
    "Parler à une personne au téléphone",
    "Des courriers écrits en mots simples",
    "Pouvoir prendre rendez-vous le soir",
    "Un guichet ouvert le samedi",
    "Afficher le temps d’attente",
    "Garder la même personne d’un rendez-vous à l’autre",
    "Avoir quelqu’un au téléphone sans attendre",
    "Des mots simples dans les courriers",
    "Une notice avec des images",
    "Savoir où en est sa demande",
    "Suivre sa demande étape par étape",
    "Un lieu plus facile à trouver",
)
