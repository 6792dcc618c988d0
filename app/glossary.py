"""The site's own words, each with what it means here: one truth for the glossary page."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _


@dataclass(frozen=True)
class Term:
    """A word of the site: its anchor on the page, the word, what it means."""

    code: str
    word: Any
    meaning: Any


TERMS = (
    Term("retour", _("Retour"), _("Ce que vous envoyez : un visage, un texte, ou les deux.")),
    Term(
        "code-de-suivi",
        _("Code de suivi"),
        _("16 lettres et chiffres. Il ouvre votre retour. Personne d’autre ne l’a."),
    ),
    Term(
        "masque",
        _("Masqué"),
        _("Un nom, un numéro ou une adresse est caché avant d’être gardé."),
    ),
    Term("equipe", _("Équipe"), _("Les personnes qui tiennent le service. Elles vous répondent.")),
    Term(
        "moderateur",
        _("Modérateur"),
        _("Une personne qui relit ce qui sera public, ou ce qui parle d’un danger."),
    ),
    Term(
        "mediateur",
        _("Médiateur"),
        _("Une personne qui écrit votre retour avec vous, si vous le voulez."),
    ),
    Term(
        "message-publie",
        _("Message publié"),
        _("Un texte masqué que son auteur veut rendre public. Un modérateur l’a relu."),
    ),
    Term(
        "moi-aussi",
        _("Moi aussi"),
        _("Un clic sur un message publié : cela vous arrive aussi. Ce n’est pas un retour."),
    ),
    Term(
        "engagement",
        _("Engagement"),
        _("Ce que l’équipe promet de changer, avec une date. Vous dites si c’est fait."),
    ),
    Term("theme", _("Thème"), _("Des retours qui parlent de la même chose, mis ensemble.")),
    Term(
        "signal",
        _("Signal"),
        _("Un effet inattendu que plusieurs retours décrivent. Un expert l’examine."),
    ),
    Term(
        "synthese",
        _("Synthèse"),
        _("Un résumé : ce qui est dit, ce que l’équipe a fait, ce qui vient."),
    ),
    Term(
        "atelier",
        _("Atelier"),
        _("Une séance où des usagers et l’équipe cherchent ensemble quoi changer."),
    ),
    Term(
        "score",
        _("Score"),
        _("La moyenne des visages, sur 10. Il paraît si assez de retours sont là."),
    ),
    Term(
        "seuil",
        _("Seuil"),
        _("Un nombre paraît à partir de 11 retours, ou plus. Ainsi personne n’est reconnu."),
    ),
    Term(
        "cnil",
        _("CNIL"),
        _("La Commission nationale de l’informatique et des libertés. Elle protège vos données."),
    ),
    Term(
        "signalement",
        _("Signalement"),
        _("Vous dites qu’un texte public pose problème. Un modérateur le relit."),
    ),
)
