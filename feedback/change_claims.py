"""Hears that an answer says a change is made, so that a moderator looks before the author reads it.

A written rule: it holds nothing against anybody, and a person decides. What is promised for later
is a commitment, and is left alone.
"""

import re

from feedback.plain_language import sentences
from nlp.lexicons import fold

_DONE = (
    "corrige|repare|resolu|regle|retabli|remplace|modifie|change|ameliore|simplifie|supprime|ajoute|"
    "installe|revu|refait|raccourci|agrandi|traduit|active|desactive|debloque|fait|"
    "mise? a jour|mise? en (?:place|service|ligne)|remise? en (?:service|marche)"
)
_WE = (
    "nous (?:l |les |la |le |y )?avons|on (?:l |les )?a|l equipe (?:l |les )?a|"
    r"notre \w+ a|je l ai|j ai"
)
_TO_DO = "corriger|reparer|resoudre|regler|retablir|remplacer|modifier|changer|ajouter|supprimer"
_DAYS = "hier|lundi|mardi|mercredi|jeudi|vendredi|ce matin"
_CLAIMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{_WE}) (?:\w+ ){{0,2}}?(?:{_DONE})(?:e|s|es)?\b",
        rf"\b(?:est|sont|a ete|ont ete|c est) (?:\w+ ){{0,2}}?(?:{_DONE})(?:e|s|es)?\b",
        rf"\bnous venons de (?:{_TO_DO}|mettre)\b",
        r"\b(?:fonctionne|marche)(?:nt)? (?:de nouveau|a nouveau|maintenant|desormais)\b",
        rf"\b(?:desormais|depuis (?:{_DAYS})) (?:\w+ ){{0,6}}?"
        r"(?:est|sont|pouvez|peut|fonctionne|marche|affiche|propose)\b",
    )
)
_NOT_YET = re.compile(
    r"\b(?:pas|plus|sera|seront|serait|va|vont|allons|pourrait|si|quand|lorsque|des que|une fois|"
    r"avant|jamais|bientot|prochainement)\b"
)


def claims(text: str) -> list[str]:
    """Return the sentences of ``text`` that say that a change is made."""
    return [each for each in sentences(text) if _claims(each)]


def _claims(sentence: str) -> bool:
    plain = " ".join(re.findall(r"[a-z0-9]+", fold(sentence)))
    for pattern in _CLAIMS:
        if (found := pattern.search(plain)) and not _NOT_YET.search(_clause(plain, found)):
            return True
    return False


def _clause(plain: str, found: re.Match[str]) -> str:
    """Return the claim with the few words before it, where a « not yet » would stand."""
    before = plain[: found.start()].split()[-4:]
    return " ".join([*before, found[0]])
