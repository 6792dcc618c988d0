"""The words around a name: titles, roles, greetings, "je m'appelle", closings of a letter."""

import re
from dataclasses import dataclass

TITLE = re.compile(
    r"(?<![a-z])(?:(?:m|mr|mm|mme|mmes|mlle|mlles|mde|dr|drs|dre|pr|prof|me)\b\.?|madame|"
    r"mesdames|monsieur|messieurs|"
    r"mademoiselle|docteure?|docteurs|professeure?|maitre|doc|soeur|frere|abbe|veuve|nee|"
    r"tonton|tata)(?![a-z]) {0,2}"
)
ROLE = re.compile(
    r"\b(?:infirmi(?:er|ere)|ide|kine|kinesitherapeute|osteopathe|sage-femme|interne|"
    r"externe|aide-soignante?|assistante?(?: sociale| social| maternelle)?|"
    r"auxiliaire(?: de vie)?|aide a domicile|conseill(?:er|ere)|psychologue|psy|"
    r"psychiatre|medecin(?: traitant| conseil)?|generaliste|chirurgien(?:ne)?|dentiste|"
    r"pharmacien(?:ne)?|orthophoniste|cardiologue|dermatologue|dermato|gynecologue|gyneco|"
    r"pediatre|ophtalmo(?:logue)?|neurologue|oncologue|"
    r"radiologue|anesthesiste|secretaire|directeur|directrice|agente?|referente?|"
    r"educat(?:eur|rice)|mediat(?:eur|rice)|curat(?:eur|rice)|"
    r"tut(?:eur|rice)|collegue|voisine?|fils|fille|enfant|mari|femme|epoux|epouse|mere|"
    r"pere|maman|papa|frere|soeur|conjointe?|"
    r"compagnon|compagne|amie?|copine?|copain|oncle|tante|cousine?|neveu|niece|"
    r"beau-? ?(?:frere|pere|fils)|belle-? ?(?:soeur|mere|fille)|"
    r"petite?-? ?(?:fils|fille)|grand-? ?(?:mere|pere)|mamie|papi|bebe|patiente?|"
    r"beneficiaire|usager|prenomm?ee?s?)(?![a-z]),? {0,2}"
)
PRESENT = re.compile(
    r"(?:m'? ?appell?e?|s'? ?appell?e?|mon (?:nom|prenom) (?:est|c'est)|\bnom ?:|"
    r"prenom ?:|\bnom et prenom ?:|nommee?|denommee?|au nom de|soussignee?|"
    r"\bsignee?|signature|le nom de|\bpatiente? ?:|contact ?:|a l'attention de|se nomme|"
    r"me nomme)(?![a-z])[ :,\-]{0,4}(?:par )?"
)
GREET = re.compile(
    r"(?:\bje suis|\bjsuis|\bjsui|\bje sui|\bc'? ?est|\bc|\bmoi(?: c'est)?|\bbonjour|"
    r"\bbonsoir|\bsalut|\bcoucou|\bhello|\bbjr|\bcher|\bchere|\bmerci a|"
    r"\bmerci|\bavec|\bpar|\bde la part de|\bchez|\bselon)[ ,:]{1,2}"
)
CLOSING = re.compile(
    r"(?:cordialement|cdlt|cdt|salutations(?: distinguees)?|bien a vous|respectueusement|"
    r"amicalement|merci d'avance|d'avance merci|"
    r"bonne journee|sinceres salutations|sentiments distingues|bises?|"
    r"bisous)(?![a-z])[ .,!\-]{0,4}\s{0,4}"
)


@dataclass(frozen=True)
class Cues:
    """The places of the view where a context ends, so that a name may start there."""

    titles: dict[int, str]  # the title by its place
    roles: frozenset[int]  # roles and greetings
    presents: frozenset[int]
    closings: frozenset[int]


def read_cues(lower: str) -> Cues:
    """Read every context of the text once."""
    return Cues(
        {m.end(): m[0].strip(" .") for m in TITLE.finditer(lower)},
        frozenset(m.end() for pattern in (ROLE, GREET) for m in pattern.finditer(lower)),
        frozenset(m.end() for m in PRESENT.finditer(lower)),
        frozenset(m.end() for m in CLOSING.finditer(lower)),
    )
