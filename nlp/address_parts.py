"""The pieces of a French postal address: numbers, ways, flats, boxes, postcodes, words of home."""

import re

from nlp.spoken import NUMBER_WORD

SURE_WAY = (
    r"rue|r\.|r(?= (?:d|de|du|des|l|la|le|st|saint)\b)|av|ave|avenue|bd|bld|bvd|blvd|boulevard|"
    r"boulvard|chemin|chem|che|chm|impasse|imp|all|allees?|quai|lotissement|lot|hameau|sentier|"
    r"sente|esplanade|faubourg|fbg|fg|montee|promenade|rond-point|lieu-dit|lieudit|lieu dit|"
    r"venelle|ruelle|traverse|chaussee|zac|za|mail|residence|clos|square|sq|"
    r"coron|rampe|escaliers?|porte d'"
)
VAGUE_WAY = (
    r"place|pl|cours|crs|route|rte|passage|pass|villa|voie|cite|res|parc|"
    r"ch|cour|hlm|galerie|domaine|quartier|val|côte|cote|carrefour|parvis|levee|digue"
)
GRAND_WAY = r"(?:grande?s?|petite|vieille|ancienne|basse|haute)[ \-](?:rue|route)"
WORDS = rf"{NUMBER_WORD}(?:[ \-](?:et[ \-])?{NUMBER_WORD}){{0,3}}"
UNIT = (
    r"(?:(?:bat(?:iment)?|bt|esc(?:alier)?|appt?|apt|apart|app|appart(?:ement)?|porte|pte|"
    r"chambre|chbre|entree|hall|tour|bloc|studio|logement|logt|lgt|log|boite|bal|interphone|"
    r"digicode|code(?! postal)|batterie|pavillon|pav|lot|villa|cage|aile|palier|"
    r"local)\.? ?(?:n°|no|numero)? ?"
    r"(?:[a-z]{0,2}-?\d{1,5}[a-z]?|[a-h](?![a-z']))|"
    r"\d{1,2} ?(?:e|er|eme|ieme|°)? ?(?:etage|etg|et\.)(?: (?:gauche|droite|face|porte \w{1,3}))?|"
    r"\d{1,2} ?(?:e|er|eme|ieme|°) ?(?:droite|gauche|face|dte|gche|dr\b|g\b)|"
    r"(?:premier|deuxieme|troisieme|quatrieme|cinquieme|dernier) etage|etage \d{1,2}|"
    r"r\.?d\.?c\.?|rez[ \-]de[ \-]chaussee|(?:gauche|droite)(?= |,|$))(?![a-z0-9])"
)
DIGITS = r"(?<![\d.,/])\d{1,4}(?: ?(?:bis|ter|quater|[a-d])\b)?(?: ?[-/&] ?\d{1,4}\b)?"
NUMBER = rf"(?:{DIGITS}|(?<![a-z]){WORDS}(?: (?:bis|ter))?),? {{0,2}}"
START = re.compile(
    rf"(?:(?<![a-z0-9]){UNIT}[ ,\-]{{1,3}}){{0,3}}{NUMBER}"
    rf"(?:(?P<grand>{GRAND_WAY})|(?P<sure>{SURE_WAY})|(?P<vague>{VAGUE_WAY}))(?![a-z])\.?"
)
UNNUMBERED = re.compile(rf"(?<![a-z])(?:{SURE_WAY}|{VAGUE_WAY})(?![a-z])\.?")
HOUSE = re.compile(
    r"(?<![a-z])(?:(?:residence|res|immeuble|lotissement|hameau|lieu-?dit|lieu dit|ferme|domaine|"
    r"villa|cite|quartier|mas|chalet|chateau|moulin|zone|cour|tour|camping|pavillon|chez|"
    r"emplacement|peniche|hlm|morne|section|habitation|bourg|foyer|ehpad|plateau|ravine|anse|ilet|"
    r"fond|pk \d{1,3})(?![a-z])|ld(?![a-z]))\.?"
)
NAMED_HOUSE = re.compile(  # right before a number and its way: "Résidence du Parc, 12 avenue Foch"
    r"(?<![a-z])(?:residence|res|immeuble|imm|lotissement|lot|hameau|lieu-?dit|lieu dit|ferme|"
    r"domaine|villa|cite|quartier|quart|mas|chalet|foyer|hlm|ehpad|tour|bourg|le clos|parc)\.?"
    r"(?:[ '\-]{1,2}[^\W_]{1,20}){1,6}[ ,\n\-]{1,3}$"
)
HOUSE_TO_CODE = re.compile(  # all that leads from a house to its postcode
    r"(?:[ '\-]{1,2}[^\W\d_]{1,20}){1,6}[ ,\n\-]{1,3}(?=(?:f-)?\d{2} ?\d{3}(?!\d))"
)
NUMBERED_HOUSE = re.compile(r"(?<![a-z])(?:villa|maison|lot|cd|immeuble|bungalow) $")
BOURG = re.compile(r"(?<![a-z])(?:le |au )?bourg(?=[ ,\n\-]{1,3}\d{2} ?\d{3}(?!\d))")
PLACED = re.compile(  # a named place and a postcode where somebody lives: "j'habite Kerhuon, 29480"
    r"(?:habite|adresse|domicile|domiciliee?|logee?|reside|je vis|demeurant)(?: postale)?"
    r"(?:(?: est| c'est| c est| a| au| dans| en|,| :| est le)(?![a-z]))*[ :]{1,3}"
    r"((?:[^\W\d_]{2,20}[ ,'\-]{1,3}){1,5})(?=\d{2} ?\d{3}(?!\d))"
)
BOX = re.compile(
    r"(?<![a-z0-9])(?:b\.?p\.?|boite postale) ?(?:n°)? ?\d{2,6}(?!\d)|"
    r"(?<![a-z0-9])(?:cs|tsa) ?\d{2} ?\d{3}(?!\d)|(?<![a-z])poste restante(?=[ ,\n\-]{1,3}\d{5})"
)
AFTER_NUMBER = re.compile(r",? (?:au )?(?:n°|no|numero) ?\d{1,4}(?: ?(?:bis|ter))?(?![\d])")
UNIT_AFTER = re.compile(rf"[ ,\n\-(]{{1,3}}(?:au )?{UNIT}\)?")
DATED_WAY = re.compile(
    r" (?:du |de la |des )?(?:\d{1,2}(?:er)?|onze|huit|quatre|dix-neuf|quatorze|premier)[ \-]"
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
    r"(?:[ \-]\d{4}(?!\d))?|"
    r" (?:nationale|departementale|n|d|rn|rd) ?\d{1,4}(?!\d)"
)
HOME = re.compile(
    r"(?:\bj? ?h?abite|\badresse\b|\badr\b|\bdomicil|\bdemeur|\bloge[es]*\b|\blogeons|\breside|"
    r"\bvis\b|\bvit\b|\bvivons|\bdemenag|\bdomicile\b|\bchez (?:moi|nous|ma|mon|mes)\b|\bheberge|"
    r"\blivr(?:er|ez|aison|e)\b|\bcourriers? |\bmaison (?:est )?au\b|\bdomicilie)[^.!?\n]{0,25}$"
)
WORD = re.compile(r"[ ,'\-]{0,2}([^\W_]+)")
TOWN = re.compile(
    r"[ ,\n\-(]{0,4}(?:a )?(?:f-?)?(\d{2} ?\d{3})(?!\d)"
    r"(?! ?(?:€|eur|euros?|habitants?|personnes?|patients?|usagers?|pas|km|fois|francs?)(?![a-z]))"
)
TOWN_WORD = re.compile(r"[ \-']{1,2}([^\W\d_]{1,30})(?: cedex(?: \d{1,2})?)?", re.I)
TOWN_BY_PLACE = re.compile(r",? (?:a |au )?([^\W\d_]{2,30}(?:-[^\W\d_]{1,20}){0,5})(?![^\W_])")
CEDEX = re.compile(r"[a-z '\-]{2,40}?\bcedex(?: \d{1,2}(?!\d))?(?![a-z])")
LINKS = frozenset({
    "de", "du", "des", "la", "le", "les", "l", "d", "saint", "sainte", "st", "ste", "et", "aux",
    "au", "en", "sur", "sous", "general", "docteur", "dr",
})  # fmt: skip
MAX_WORDS = 6
