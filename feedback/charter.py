"""What a mediator keeps to, what is read to the person, what it takes: versioned words.

The version that a mediator had before them stands on the retour beside the day of consent.
"""

from flask_babel import lazy_gettext as _

VERSION = 1

# Read aloud before anything is written: consent means having heard this.
TO_READ = (
    _("J’écris vos mots, comme vous les dites. Je n’écris pas votre nom."),
    _("L’équipe du service va lire ce texte. Elle peut y répondre."),
    _("Vous recevrez un code. Lui seul ouvre la réponse. Je ne le vois pas."),
    _("Vous pouvez vous arrêter quand vous voulez. Rien n’est alors envoyé."),
)
CHARTER = (
    _("J’écris à la première personne, avec les mots de la personne."),
    _("Je relis à voix haute avant d’envoyer. La personne corrige."),
    _("Je ne conseille ni visage ni réponse."),
    _("Je n’écris aucun nom, ni le sien ni un autre."),
    _("Je n’ouvre pas la feuille du code. Je ne scanne pas le QR à sa place."),
    _("Après l’envoi, je ne lis plus rien et je ne raconte pas."),
)
# Not a diploma: what anybody can learn, and should be able to do before sitting down.
COMPETENCE = (
    _("savoir lire à voix haute, sans hâte, dans une langue que la personne comprend"),
    _("savoir écrire sans arranger ce qui est dit"),
    _("connaître les numéros d’aide, et les donner si la personne est en danger"),
    _("savoir passer la main quand on connaît trop bien la personne ou le service"),
)
CONSENT = _("La personne est d’accord. Je lui ai lu ces phrases.")
