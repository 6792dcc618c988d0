"""Texts by which a team could recognise their author, written before the list; halves frozen.

Nothing is changed in ``nlp/data/recognised_words.txt`` because of a sentence of a frozen half.
"""

RECOGNISED = (
    "Je suis la seule patiente en fauteuil de ce centre.",
    "J’ai peur qu’on me reconnaisse.",
    "Ils vont savoir que c’est moi qui ai écrit.",
    "Ne dites pas à l’équipe que ça vient de moi, je crains des représailles.",
    "Nous sommes la seule famille sourde du quartier, donc facile à identifier.",
    "Je travaille dans ce service et je risque ma place.",
    "Si ma chef lit ça elle saura tout de suite qui a parlé.",
    "Je suis le seul homme du groupe du mardi.",
    "Merci de garder mon anonymat, mon médecin me suit depuis 10 ans.",
    "On n’est que deux à utiliser cette machine ici.",
    "Je ne veux pas que l’infirmière sache que je me plains.",
    "j ai peur des consequences pour mon fils si vous dites que c est nous",
)
RECOGNISED_FROZEN = (
    "Je suis l’unique patient dialysé du village.",
    "J’aimerais rester anonyme, sinon on va me le faire payer.",
    "Le kiné va deviner que c’est moi.",
    "Je suis salarié de l’établissement, je ne peux pas parler ouvertement.",
    "Peur des représailles si je donne mon avis.",
    "Je suis la seule à venir le samedi, ils me reconnaîtront.",
    "Que l’équipe ne sache pas qui je suis svp.",
    "On est trois parents seulement dans cet atelier.",
    "mon employeur ne doit pas savoir que j ai écrit",
    "Je ne veux pas être identifiée par le personnel.",
    "Ils sauront forcément qui a fait la remarque.",
    "J’habite dans l’immeuble du centre et tout le monde me connaît.",
)
UNRECOGNISED = (
    "Le seul bouton qui marche est caché.",
    "C’est la seule application que je sais utiliser.",
    "Je ne reconnais plus l’écran d’accueil.",
    "L’application ne reconnaît pas ma carte.",
    "J’ai peur de me tromper de bouton.",
    "Le personnel est connu pour sa gentillesse.",
    "Je suis seule chez moi et je ne sais pas l’installer.",
    "La consultation est anonyme et gratuite, c’est très bien.",
    "Je travaille la nuit, le rappel sonne trop tôt.",
    "Il faut s’identifier deux fois, c’est pénible.",
    "Mon médecin ne sait pas que l’application existe.",
    "Nous étions deux dans la salle d’attente.",
)
UNRECOGNISED_FROZEN = (
    "Le seul horaire proposé est le matin.",
    "J’ai reconnu l’infirmière du bâtiment B, très gentille.",
    "La reconnaissance vocale ne marche pas.",
    "Mon identifiant ne fonctionne plus.",
    "J’ai peur que mes mesures soient perdues.",
    "Seule la page d’accueil est traduite.",
    "Je vis seul, sans voiture, et le centre est loin.",
    "Tout le monde connaît ce numéro sauf moi.",
    "Mon employeur demande une attestation que l’appli ne donne pas.",
    "On est trois à partager le même téléphone.",
    "Je ne sais pas qui appeler quand ça tombe en panne.",
    "L’équipe ne sait pas répondre sur les remboursements.",
)
