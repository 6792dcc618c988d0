"""What a team says is done is heard, what it promises, doubts or asks is left alone."""

import pytest

from feedback.change_claims import claims

DONE = (
    "Nous avons corrigé l’envoi des mesures.",
    "C’est corrigé.",
    "Le problème est résolu depuis lundi.",
    "L’équipe a réparé la borne.",
    "La page a été simplifiée.",
    "Nous venons de mettre à jour l’application.",
    "Le bouton fonctionne à nouveau.",
    "Désormais, vous pouvez télécharger votre dossier.",
    "Les horaires ont été changés à votre demande.",
    "Nous l’avons ajouté à la version 6.3.",
    "Depuis hier, l’export PDF est là.",
    "On a remplacé le lecteur de carte.",
    "Notre prestataire a rétabli le service.",
    "Nous avons mis en place un numéro de téléphone.",
    "Votre dossier est débloqué.",
)
NOT_DONE = (
    "Nous corrigerons l’envoi des mesures.",
    "Nous la corrigeons cette semaine.",
    "Le problème n’est pas encore corrigé.",
    "Le bouton sera réparé en janvier.",
    "Une fois le lecteur réparé, nous vous écrirons.",
    "Merci d’avoir signalé la panne du lecteur.",
    "Pouvez-vous nous dire quel téléphone vous avez ?",
    "Nous n’avons pas encore changé les horaires.",
    "La page va être simplifiée.",
    "Nous avons bien lu votre message sur la carte.",
    "Nous avons transmis votre retour à l’équipe technique.",
    "Si le problème est résolu, dites-le nous.",
    "Nous ne pouvons pas modifier cette règle.",
    "Votre demande est étudiée par le service.",
    "Bonjour et merci.",
)


@pytest.mark.parametrize("sentence", DONE)
def test_a_change_said_to_be_made_is_heard(sentence: str) -> None:
    assert claims(f"Bonjour. {sentence} Merci.") == [sentence]


@pytest.mark.parametrize("sentence", NOT_DONE)
def test_what_is_promised_doubted_or_asked_is_left_alone(sentence: str) -> None:
    assert claims(sentence) == []
