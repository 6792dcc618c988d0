"""What is said in the demonstration, by people and by the team: all of it invented."""

from feedback.models import Face

CANNED = (
    "Merci de l’avoir écrit. Nous avons transmis ce point précis à la personne qui s’en occupe ; "
    "la page du service dira ce qui en est fait.",
    "Vous décrivez bien le problème. Nous le connaissons et nous ne l’avons pas encore corrigé ; "
    "vous verrez ici la date dès que nous en aurons une.",
    "Nous avons lu votre retour en équipe. Il nous manque un exemple récent pour agir : "
    "si cela vous arrive encore, répondez ici en deux mots.",
)
PROMISED = "Nous nous engageons sur ce point : l’engagement et sa date sont écrits plus bas."
ANSWERS = (
    "Nous l’avons lu en équipe lundi et nous en parlons avec l’accueil du public.",
    "Vous avez raison, c’est trop compliqué aujourd’hui. Nous cherchons une voie plus courte.",
    "Merci. Plusieurs personnes le disent, et cela pèse dans le choix de nos prochains travaux.",
    "Ce point ne dépend pas de nous seuls ; nous l’avons porté à l’organisme qui en décide.",
)
VOICES = (
    (
        "mes-remboursements",
        Face.MIDDLING,
        "Depuis la nouvelle version, ma carte Vitale n’est plus lue par l’application et "
        "madame Delorme, ma conseillère, ne voit pas mes soins.",
        3,
    ),
    (
        "mes-remboursements",
        Face.GOOD,
        "La messagerie m’a évité deux heures d’attente au guichet, on m’a répondu le lendemain.",
        40,
    ),
    (
        "demarches-simples",
        Face.BAD,
        "J’ai envoyé trois fois la même attestation, le site dit toujours qu’elle manque.",
        35,
    ),
)
