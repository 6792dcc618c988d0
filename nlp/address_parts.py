"""The pieces of a French postal address: numbers, ways, flats, boxes, postcodes, words of home."""

import re

from nlp.spoken import NUMBER_WORD

SURE_WAY = (
    r"rue|r\.|r(?= (?:d|de|du|des|l|la|le|st|saint)\b)|av|ave|avenue|bd|bld|bvd|blvd|boulevard|"
    r"boulvard|chemin|chem|che|chm|impasse|imp|all|allees?|quai|lotissement|lot|hameau|sentier|"
    r"sente|esplanade|faubourg|fbg|fg|montee|promenade|rond-point|lieu-dit|lieudit|lieu dit|"
    r"venelle|ruelle|traverse|chaussee|zac|za|mail|coron|rampe|escaliers?|porte d'"
)
VAGUE_WAY = (
    r"place|pl|cours|crs|square|sq|route|rte|passage|pass|villa|voie|cite|residence|res|clos|parc|"
    r"ch|cour|hlm|galerie|domaine|quartier|val|côte|cote|carrefour|parvis|levee|digue"
)
GRAND_WAY = r"(?:grande?s?|petite|vieille|ancienne|basse|haute)[ \-](?:rue|route)"
WORDS = rf"{NUMBER_WORD}(?:[ \-](?:et[ \-])?{NUMBER_WORD}){{0,3}}"
UNIT = (
    r"(?:(?:bat(?:iment)?|bt|esc(?:alier)?|appt?|apt|apart|app|appart(?:ement)?|porte|pte|"
    r"chambre|chbre|entree|hall|tour|bloc|studio|logement|log|boite|bal|interphone|digicode|"
    r"code(?! postal)|batterie|pavillon|pav|lot|villa)\.? ?(?:n°|no|numero)? ?"
    r"(?:[a-z]{0,2}-?\d{1,5}[a-z]?|[a-h](?![a-z']))|"
    r"\d{1,2} ?(?:e|er|eme|ieme|°)? ?(?:etage|etg|et\.)(?: (?:gauche|droite|face|porte \w{1,3}))?|"
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
    r"emplacement|peniche|hlm)(?![a-z])|ld(?![a-z]))\.?"
)
BOX = re.compile(
    r"(?<![a-z0-9])(?:b\.?p\.?|boite postale) ?(?:n°)? ?\d{2,6}(?!\d)|"
    r"(?<![a-z0-9])(?:cs|tsa) ?\d{5}(?!\d)"
)
AFTER_NUMBER = re.compile(r",? (?:au )?(?:n°|no|numero) ?\d{1,4}(?: ?(?:bis|ter))?(?![\d])")
UNIT_AFTER = re.compile(rf"[ ,\n\-(]{{1,3}}(?:au )?{UNIT}\)?")
DATED_WAY = re.compile(
    r" (?:du |de la |des )?(?:\d{1,2}(?:er)?|onze|huit|quatre|dix-neuf|quatorze|premier)[ \-]"
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
    r"(?:[ \-]\d{4}(?!\d))?"
)
HOME = re.compile(
    r"(?:\bj? ?h?abite|\badresse\b|\badr\b|\bdomicil|\bdemeur|\bloge[es]*\b|\blogeons|\breside|"
    r"\bvis\b|\bvit\b|\bvivons|\bdemenag|\bdomicile\b|\bchez (?:moi|nous|ma|mon|mes)\b|\bheberge|"
    r"\blivr(?:er|ez|aison|e)\b|\bcourriers? |\bmaison (?:est )?au\b|\bdomicilie)[^.!?\n]{0,25}$"
)
WORD = re.compile(r"[ ,'\-]{0,2}([^\W_]+)")
TOWN = re.compile(r"[ ,\n\-(]{0,4}(?:a )?(?:f-?)?(\d{2} ?\d{3})(?!\d)")
TOWN_WORD = re.compile(r"[ \-']{1,2}([^\W\d_]{1,30})(?: cedex(?: \d{1,2})?)?", re.I)
TOWN_BY_PLACE = re.compile(r",? (?:a |au )?([^\W\d_]{2,30}(?:-[^\W\d_]{1,20}){0,5})(?![^\W_])")
LINKS = frozenset({
    "de", "du", "des", "la", "le", "les", "l", "d", "saint", "sainte", "st", "ste", "et", "aux",
    "au", "en", "sur", "sous", "general", "docteur", "dr",
})  # fmt: skip
MAX_WORDS = 6
