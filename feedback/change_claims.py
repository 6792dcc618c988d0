"""Hears that an answer says a change is made, so that a moderator looks before the author reads it.

A written rule: it holds nothing against anybody, and a person decides. What is promised for later
is a commitment, and is left alone.
"""

import re

from feedback.plain_language import sentences
from nlp.lexicons import fold

# What a team does with a message, or thinks of it, changes nothing in the service.
_ONLY_SAID = frozenset(
    [
        "analyse",
        "appele",
        "appris",
        "attendu",
        "compris",
        "constate",
        "contacte",
        "decide",
        "demande",
        "discute",
        "dit",
        "ecoute",
        "entendu",
        "envoye",
        "espere",
        "essaye",
        "etudie",
        "evoque",
        "examine",
        "fait",
        "identifie",
        "interroge",
        "invite",
        "lu",
        "note",
        "partage",
        "parle",
        "pense",
        "pose",
        "prevenu",
        "prevu",
        "pris",
        "programme",
        "propose",
        "recu",
        "regrette",
        "relu",
        "rencontre",
        "repondu",
        "reproduit",
        "retrouve",
        "reuni",
        "saisi",
        "signale",
        "souhaite",
        "su",
        "tente",
        "transmis",
        "trouve",
        "verifie",
        "vu",
        "voulu",
        "eu",
        "ete",
    ]
)
_DONE = (
    "corrige|repare|resolu|regle|retabli|remplace|modifie|change|ameliore|simplifie|supprime|ajoute|"
    "installe|revu|refait|raccourci|agrandi|traduit|active|desactive|debloque|fait|termine|"
    "mise? a jour|mise? en (?:place|service|ligne)|remise? en (?:service|marche)|"
    "en (?:ligne|place|service)|disponible|rentre dans l ordre"
)
_PARTICIPLE = r"(?P<verb>[a-z]+?(?:e|i|u|is|it|ert|eint|aint)(?:e|s|es)?)"
_WE = (
    r"nous (?:l |les |la |le |y |lui )?avons|on (?:l |les |y )?a|l equipe (?:\w+ ){0,2}?a|"
    r"notre \w+ (?:l |les )?a|je l ai|j ai|(?:a|ont) ete"
)
_SINCE = (
    "hier|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|ce matin|la version|la mise a jour|"
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
)
_ANY_VERB = re.compile(rf"\b(?:{_WE}) (?:\w+ ){{0,2}}?{_PARTICIPLE}\b")
_CLAIMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{_WE}) (?:\w+ ){{0,2}}?(?:{_DONE})(?:e|s|es)?\b(?! (?:etudier|part|le point))",
        rf"\b(?:est|sont|c est) (?:\w+ ){{0,2}}?(?:{_DONE})(?:e|s|es)?\b",
        r"\b(?:viens|vient|venons|viennent) de [a-z]+(?:er|ir|re)\b",
        r"\b(?:fonctionne|marche)(?:nt)? (?:de nouveau|a nouveau|maintenant|desormais)\b",
        r"\b(?:desormais|est maintenant)\b",
        rf"\bdepuis (?:\w+ )?(?:{_SINCE})\b",
        r"\b(?:a|ont) disparu\b",
    )
)
_NOT_YET = re.compile(
    r"\b(?:pas|plus|sera|seront|serait|va|vont|allons|pourrait|devrait|si|quand|lorsque|des que|"
    r"une fois|avant|jamais|rien|bientot|prochainement|ne pourrons)\b"
)
_NO_MORE = re.compile(r"\bne (?:se )?[a-z]+ plus\b")  # what went wrong does so no more
_RESTATED = re.compile(  # the author's own complaint, said again
    r"\b(?:pourquoi|comment|vous (?:nous )?(?:dites|ecrivez|signalez|racontez|expliquez|"
    r"avez (?:dit|ecrit|signale|raconte|explique)))\b"
)


def claims(text: str) -> list[str]:
    """Return the sentences of ``text`` that say that a change is made."""
    return [each for each in sentences(text) if _claims(each)]


def _claims(sentence: str) -> bool:
    if sentence.rstrip().endswith("?"):
        return False
    plain = " ".join(re.findall(r"[a-z0-9]+", fold(sentence)))
    found = [match for pattern in _CLAIMS if (match := pattern.search(plain))]
    found += [match for match in _ANY_VERB.finditer(plain) if not _is_only_said(match["verb"])]
    return any(
        not (_NOT_YET.search(_clause(plain, match)) or _is_restated(plain, match))
        for match in found
    )


def _is_only_said(participle: str) -> bool:
    return any(form in _ONLY_SAID for form in (participle, participle[:-1], participle[:-2]))


def _clause(plain: str, found: re.Match[str]) -> str:
    """Return the claim with the few words before it, where a « not yet » would stand."""
    before = plain[: found.start()].split()[-4:]
    return _NO_MORE.sub("", " ".join([*before, found[0]]))


def _is_restated(plain: str, found: re.Match[str]) -> bool:
    return bool(_RESTATED.search(plain[: found.start()]))
