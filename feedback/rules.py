"""The rules that a moderator may invoke, as data: an author is told the exact one (model.md §4)."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _


@dataclass(frozen=True)
class Rule:
    """A rule: its code, its name on the desk and the sentence that the author reads."""

    code: str
    name: Any
    text: Any


RULES = (
    Rule(
        "others",
        _("Données d’une autre personne"),
        _("Votre texte permet de reconnaître une autre personne. Retirez ce qui la désigne."),
    ),
    Rule(
        "insult",
        _("Insulte ou menace"),
        _("Votre texte insulte ou menace quelqu’un. Dites ce qui s’est passé, sans ces mots."),
    ),
    Rule(
        "scope",
        _("Autre sujet"),
        _("Votre texte ne parle pas de ce service. L’équipe ne peut pas y répondre."),
    ),
    Rule(
        "advertising",
        _("Publicité"),
        _("Votre texte fait la publicité d’un produit ou d’une personne."),
    ),
    Rule(
        "unreadable",
        _("Illisible"),
        _("Nous n’arrivons pas à comprendre votre texte. Écrivez-le autrement, ou appelez."),
    ),
    Rule(
        "danger",
        _("Danger pris en charge"),
        _("Votre texte parle d’un danger. Les numéros d’aide sont sur votre page."),
    ),
)
BY_CODE = {rule.code: rule for rule in RULES}


def reason_text(code: str, words: str) -> str:
    """Return what the author reads: the sentence of the rule, then the moderator's own words.

    Raises ``KeyError`` for a rule that does not exist.
    """
    return " ".join(part for part in (str(BY_CODE[code].text), words.strip()) if part)
