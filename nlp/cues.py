"""The words around a name: titles, roles, greetings, "je m'appelle", closings of a letter."""

import re
from dataclasses import dataclass
from functools import cached_property

TITLE = re.compile(
    r"(?<![a-z0-9])(?<!\d )(?:(?:m|mr|mm|ep|vve|mme|mmes|mlle|mlles|mde|dr|drs|dre|pr|prof|me)"
    r"\b\.?|madame|mesdames|monsieur|messieurs|"
    r"mademoiselle|docteure?|docteurs|professeure?|maitre|doc|s(?:oe|œ)ur|frere|abbe|veuve|nee|"
    r"epouse|"
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
    r"pere|maman|papa|frere|s(?:oe|œ)ur|conjointe?|"
    r"compagnon|compagne|amie?|copine?|copain|oncle|tante|cousine?|neveu|niece|"
    r"beau-? ?(?:frere|pere|fils)|belle-? ?(?:s(?:oe|œ)ur|mere|fille)|"
    r"petite?-? ?(?:fils|fille)|grand-? ?(?:mere|pere)|mamie|papi|bebe|patiente?|"
    r"beneficiaire|usager|prenomm?ee?s?)(?![a-z]),? {0,2}"
)
RELATIVE = re.compile(
    r"\b(?:mon|ma|mes|notre|nos|son|sa|ses|leurs?|votre|le|la|une?|d'une?|d') ?(?:\w{1,12}[ \-])?"
    r"(?:fils|fille|filles|garcons?|fillette|enfants?|ados?|mari|femme|epoux|epouse|mere|pere|"
    r"maman|papa|freres?|frangine?|s(?:oe|œ)urs?|frere|conjointe?|compagnon|compagne|copine?|"
    r"copain|"
    r"amie?|pote|coloc(?:ataire)?|cherie?|oncle|tante|tonton|tata|tatie|cousine?s?|neveux?|neuveu|"
    r"niece|beau-? ?(?:frere|pere|fils)|belle-? ?(?:s(?:oe|œ)ur|mere|fille)|parrain|marraine|"
    r"filleule?|"
    r"petite?s?-? ?(?:fils|fille|enfants)|grand-? ?(?:mere|pere)|mamie|mamy|mami|papi|papy|meme|"
    r"pepe|"
    r"bebe|voisine?s?|collegue|nounou|ex(?:-mari|-femme)?|binome|aidante?|jumeaux|jumelles|"
    r"referente?|educ(?:ateur|atrice)?(?: spe)?|animat(?:eur|rice)|benevole|stagiaire|tut(?:eur|"
    r"rice)|"
    r"chauffeur|gestionnaire|interlocut(?:eur|rice)|remplacante?|aesh|avs|nommee?|dite?)"
    r"(?![a-z])(?:,| :| \(|,? c'?est| est| s'?appelle| se nomme| prenommee?)? {0,2}"
)
CALLED = re.compile(
    r"(?<![a-z])(?:demand(?:ez|er|e) a|demand(?:ez|er)|appel(?:ez|er)|rappel(?:ez|er)|voir avec|"
    r"voyez|vu|eu|rencontre|contact(?:ez|er|e)|joindre|remerci(?:e|ez|er|ements a)|aidez|"
    r"felicit(?:e|ez|er)|dire a|dit a|dites a|bonjour a|parle[rz]? a|parle[rz]? avec|"
    r"discute avec|ecri(?:t|re|s|vez) a|grace a|heureusement que|passe par|oriente[es]* par|"
    r"recue? par|aidee? par|suivie? par|signe[es]* par|envoye[es]* par|accueillie? par|avec|chez|"
    r"merci a|merci|bravo a|bravo|salut|coucou|hello|bonjour|bonsoir|bjr|slt|chere?|bises? a|"
    r"signee?|par|selon|d'apres|de la part de|pour|parce que?|que fait|c'etait|sauf|quand|"
    r"depuis qu[e']|depart de|depart d'|prenom(?: est)?|dossier(?: de)?|affaire|nom de|"
    r"compte(?: de)?|message de|mail de|telephone de|"
    r"appel de|cas de|lettre de|attestation de|ici|moi)[ ,:]{1,2}(?:d'|de )?(?:(?:chere?|pauvre|"
    r"petite?|gentille?) )?"
)
OWNED = re.compile(  # "la carte de Minh", "la maman d'Enora"
    r"(?<![a-z])(?:cartes?|maman|papa|mere|pere|mari|femme|fils|fille|freres?|s(?:oe|œ)urs?|rdv|"
    r"rendez-vous|resultats?|bilan|ordonnances?|courriers?|demandes?|accompagnement|suivi|visites?|"
    r"aide|chambre|situation|accompagnante?|enfants?|tutelle|prise en charge|vaccins?|traitement|"
    r"operation|deces|anniversaire|arrivee|absence|accouchement|adresse|voisine?|amie?|nom|"
    r"prenom|compte|dossier|compte rendu|fauteuil|lit|retraite|aah|rsa|apl|pension|place|"
    r"signature|identite|passeport|factures?|medecin|infirmi(?:er|ere)|kine) (?:de |d')"
)
FAMILY = re.compile(r"(?<![a-z])(?:les|chez les|fils|s(?:oe|œ)urs|freres) ")
HOUSEHOLD = re.compile(r"(?<![a-z])(?:familles?|consorts|couple|epoux|menage|succession) ")
# What a match may begin with stands first: elsewhere one look is enough, where \b took one each.
PRESENT = re.compile(
    r"(?=[a-eg-iklmnprstu ])"
    r"(?:\bnom(?= (?:[^\s:]{2,30} ){1,3}pre?nom\b)|\bprenom(?= [^\s:]{2,30} nom\b)|"
    r"(?<=[a-z]) prenom(?= [^\s:]{2,30}(?:$|[,.\n]))|nom (?:de naissance|d'usage|marital)|"
    r"nom de (?:jeune )?fille|m'? ?appell?e?|s'? ?appell?e?|mon (?:nom|prenom) (?:est|c'est)|"
    r"\bnom ?:|prenom ?:|\bnom et prenom ?:|nommee?|denommee?|au nom de|soussignee?|"
    r"\bsignee?|signature|le nom de|\b(?:pre)?noms? (?:d[eu']|des|de l') ?(?:l[ '])?[a-z]{3,14}|"
    r"\bm ?'? ?apel+e?|\bm'? ?appel\b|prenom (?:de|du) mon [a-z]{3,8} est|\bpatiente? ?:|"
    r"contact ?:|a l'attention de|\b(?:agente?|interlocut(?:eur|rice)|"
    r"conseill(?:er|ere)|referente?|medecin(?: traitant)?|infirmi(?:er|ere)|kine|responsable|"
    r"gestionnaire|assistante?(?: sociale?)?|usagere?|beneficiaire|destinataire|expediteur|"
    r"demandeur|titulaire|enfant|pere|mere|conjointe?|adherente?|tut(?:eur|rice)|"
    r"curat(?:eur|rice)|interphone) ?:|\binterphone|se nomme|"
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
    relatives: frozenset[int]
    called: frozenset[int]  # after a verb or a preposition that people stand after
    families: frozenset[int]
    households: frozenset[int]
    posts: frozenset[int]  # after a role alone, not after a greeting

    @cached_property
    def places(self) -> frozenset[int]:
        """Return the places of every context."""
        return frozenset(self.titles).union(
            self.roles, self.presents, self.closings, self.relatives, self.called, self.families,
            self.households,
        )  # fmt: skip


def read_cues(lower: str) -> Cues:
    """Read every context of the text once."""
    posts = frozenset(m.end() for m in ROLE.finditer(lower))
    return Cues(
        {
            m.end(): m[0].strip() if m[0][:2] == "m." else m[0].strip(" .")
            for m in TITLE.finditer(lower)
        },
        posts | {m.end() for m in GREET.finditer(lower)},
        frozenset(m.end() for m in PRESENT.finditer(lower)),
        frozenset(m.end() for m in CLOSING.finditer(lower)),
        frozenset(m.end() for m in RELATIVE.finditer(lower)),
        frozenset(m.end() for pattern in (CALLED, OWNED) for m in pattern.finditer(lower)),
        frozenset(m.end() for m in FAMILY.finditer(lower)),
        frozenset(m.end() for m in HOUSEHOLD.finditer(lower)),
        posts,
    )
