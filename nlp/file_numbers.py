"""Numbers of files, allowances, papers and accounts, found by the words before them or their shape.

All patterns read a view; quantifiers are bounded.
"""

import re
from collections.abc import Iterator

from nlp.birth_dates import DATE
from nlp.checksums import passes_luhn
from nlp.identifiers import BY_CONTEXT, CHECKED, SERVICE, Find, bare
from nlp.textview import OPAQUE, View

MARKER = r"n°|nº|numeros?|num\b|no\b|nr\b|code dossier|matricule|immatriculation"
LABEL = re.compile(
    rf"(?<![a-z])(?:{MARKER}|dossiers?|demandes?|references?|ref\b|tickets?|identifiants?|"
    r"passeports?|cni\b|carte (?:nationale )?(?:d'? ?)?identite|(?:titre|carte) de sejour|sejour|"
    r"permis|ipp\b|nda\b|nip\b|ine\b|bea\b|adherente?|adhesion|clients?|cliente|contrat|police|"
    r"(?:non )?assuree?|patiente?|usagere?|adeli|siccrf|mdph|dalo|recepisse|recommande|suivi|"
    r"colis|sinistre|reclamation|plainte|mutuelle|compte|facture|commande|convention|"
    r"signalement|requete|beneficiaire|detenu|ecrou|numen|agrement|procedure|quittance|"
    r"fiscal|login|pole emploi|france travail|agdref|etranger|convocation|badge|"
    r"carte vitale|invariant|siren perso|volet|nss)"
)  # fmt: skip
CODE = re.compile(
    r"(?<![a-z0-9])(?:[a-z]{1,8}[\-/_.]?(?:[a-z]{1,5}[\-/_])?)?\d[a-z0-9]{0,24}"
    r"(?:(?:[\-/._]| ?[\-/._]{1,2} ?(?=[a-z]{0,4}\d))(?:[a-z0-9]{1,14})|"
    r"[ ]\d[a-z0-9]{0,8}(?=[ ,.;:!?)\n]|$)){0,7}(?![a-z0-9])"
)
REACH = 42  # characters between a label and its number
STOP = re.compile(
    rf"[.!?;\n{OPAQUE}]|postal|cerfa|euro|version|erreur|siret|siren\b|"
    r"finess|article|depuis|\btel|telephone|portable|appel|vert\b|\ble \d|chambre|guichet|loi\b"
)
LAW = re.compile(r"decret|\bloi|arrete|circulaire|directive|reglement|cerfa|article|formulaire")
PREFIX = re.compile(r"(?<![A-Za-z])[A-Z]{2,5} $|#$")
SUFFIX = re.compile(r" ?[A-Z](?![\w'])")  # the key letter of "069 1220 33445 A"
MARKED = re.compile(rf"(?:{MARKER})|[:#=]|\best\b|c'est|\bc\b")
UNITS = re.compile(
    r" ?(?:€|%|euros?|eur\b|ans?\b|jours?|mois|heures?|h\b|min|km|kg|mg|ml|personnes?|"
    r"patients?|habitants?|fois|pages?|mots|signes|pas\b|mo\b|go\b)"
)
LOGIN = re.compile(
    r"(?:identifiants?|login|pseudo(?:nyme)?|username|nom d'utilisateur|utilisateur)"
    r"(?![a-z])(?:[ :=]{1,3}(?:c'?est|c|est|le|mon|moi|suivant)(?![a-z])){0,3}[ :=«\"]{1,3}"
    r"(?=[a-z0-9._\-]{0,40}[0-9._])([a-z0-9][a-z0-9_\-]{0,40}(?:[._][a-z0-9_\-]{1,30}){0,4})"
)
CAF = re.compile(
    r"(?:(?<![a-z])allocataires?|\bcaf|\balloc)(?![a-z])[^\d.!?;\n]{0,30}(?:(?<=\bn)\. ?)?"
    r"(?<![a-z0-9])(\d(?:[ .\-]?\d){6} ?(?:[a-z](?![a-z]))?)(?![a-z0-9])"
)
STUDENT = re.compile(r"(?<![a-z0-9])(?:\d{10}[a-z]|\d{9}[a-z]{2})(?![a-z0-9])")
PAPER = re.compile(r"(?<![a-z0-9])\d\d ?[a-z]{2} ?\d{5}(?![a-z0-9])")
PAPER_WORD = re.compile(r"passeport|passport|permis")
ADELI = re.compile(r"adeli[^\d.!?;\n]{0,25}(\d(?:[ .\-]?\d){8})(?!\d)")
LONG = re.compile(r"(?<![\w.,+])\d{10,24}(?![\w.,]\d|\w)")
CODED = re.compile(r"(?<![\w\-/.])[A-Z]{1,5}-?\d{6,14}[A-Z]?(?![\w\-/])")
CODED_STOP = re.compile(r"erreur|version|modele|cerfa|article|code\b[^\d]{0,9}$")


def find_labelled(view: View) -> Iterator[Find]:
    """Find a number after a word such as "dossier", "référence" or "numéro"."""
    for label in LABEL.finditer(view.lower):
        code = CODE.search(view.lower, label.end(), label.end() + REACH + 60)
        if not code or code.start() - label.end() > REACH:
            continue
        gap = view.lower[label.end() : code.start()].removeprefix(".")
        law = LAW.search(view.lower, max(0, label.start() - 20), label.start())
        if is_bridge(label[0], gap) and is_code(view, code) and not law:
            letters = PREFIX.search(view.plain[label.end() : code.start()])
            start = code.start() - (len(letters[0]) if letters else 0)
            last = SUFFIX.match(view.plain, code.end())
            yield Find(start, last.end() if last else code.end(), "ID", BY_CONTEXT)


def is_bridge(label: str, gap: str) -> bool:
    """Tell whether what stands between a label and a number lets one belong to the other."""
    words = len(gap.split())
    marked = bool(MARKED.search(label) or MARKED.search(gap))
    return not STOP.search(gap) and words <= (6 if marked else 2)


def is_code(view: View, code: re.Match[str]) -> bool:
    """Tell whether the surface is a file number rather than a date, an amount or a help line."""
    surface = code[0]
    digits = sum(c.isdigit() for c in surface)
    mixed = len(surface) >= 7 and digits >= 2 and bool(re.search(r"\d[a-z]", surface))
    enough = digits >= 5 or (digits >= 4 and len(surface) >= 6) or mixed
    if not enough or DATE.match(surface) or UNITS.match(view.lower, code.end()):
        return False
    return not (bare(surface).startswith(SERVICE) and digits == 10)


def find_logins(view: View) -> Iterator[Find]:
    """Find the name under which somebody signs in: letters with a digit, a dot or a low line."""
    for match in LOGIN.finditer(view.lower):
        if re.search(r"[a-z]", match[1]) and re.search(r"\d|[a-z0-9][._][a-z0-9]", match[1]):
            yield Find(match.start(1), match.end(1), "ID", BY_CONTEXT)


def find_by_context(view: View) -> Iterator[Find]:
    """Find numbers of allowances, of professionals and of papers by the word before them."""
    for match in CAF.finditer(view.lower):
        yield Find(match.start(1), match.end(1), "CAF_ID", BY_CONTEXT)
    for match in ADELI.finditer(view.lower):
        yield Find(match.start(1), match.end(1), "RPPS", BY_CONTEXT)
    for match in PAPER.finditer(view.lower):
        if PAPER_WORD.search(view.lower, max(0, match.start() - 60), match.start()):
            yield Find(match.start(), match.end(), "ID", BY_CONTEXT)


def find_by_shape(view: View) -> Iterator[Find]:
    """Find student numbers, long runs of digits that nothing public explains, coded numbers."""
    for match in STUDENT.finditer(view.lower):
        yield Find(match.start(), match.end(), "ID", CHECKED)
    for match in LONG.finditer(view.lower):
        if not is_public_number(match[0]):
            yield Find(match.start(), match.end(), "ID", BY_CONTEXT)
    for match in CODED.finditer(view.plain):
        if not CODED_STOP.search(view.lower, max(0, match.start() - 20), match.start()):
            yield Find(match.start(), match.end(), "ID", BY_CONTEXT)


def is_public_number(digits: str) -> bool:
    """Tell whether digits are a company's SIRET, an article's bar code or a paid phone line."""
    if len(digits) == 13:
        total = sum(int(c) * (3 if place % 2 else 1) for place, c in enumerate(digits))
        return total % 10 == 0
    return (len(digits) == 14 and passes_luhn(digits)) or (
        len(digits) == 10 and digits.startswith(SERVICE)
    )


FINDERS = (find_by_context, find_labelled, find_logins, find_by_shape)
