"""Tells whether a sentence goes on with the point of the one before it: it points back, draws a
consequence, goes on with the author's own story, or only greets, thanks or cries out."""

import re

OUTCRY = 6  # words: « Vous vous moquez de nous ??? » belongs to what it is about

# Words that open another point, wherever they stand.
TURN = re.compile(
    r"(?:et\s+|and\s+)?(?:mais|par contre|en revanche|et aussi|et puis|et ensuite|en plus(?!\s+d)|"
    r"but|and also|on the other hand)\b",
    re.IGNORECASE,
)
# Words that do so only where a clause begins: « je déplore toutefois » is one point.
ADDITION = re.compile(
    r"(?:et\s+|and\s+)?(?:cependant|toutefois|néanmoins|par ailleurs|d['’]autre part|en outre|"
    r"de plus|autre (?:chose|point|souci|problème)|à part (?:ça|cela)|sinon|dommage|"
    r"(?:je|j['’]|il|on|elle)\s?(?:\w+\s){1,3}(?:aussi|également)|"
    r"however|besides|also|apart from that|another thing)\b",
    re.IGNORECASE,
)
# What only judges the thing just named: « Bonne idée, mais trop compliqué. »
MERE_JUDGEMENT = re.compile(
    r"mais\s+(?:aussi|également|surtout|plutôt|pas|trop|très|assez|un peu|peu|encore|toujours|"
    r"c['’]est|c['’]était|sans)\b|but\s+(?:also|not|too|very|a bit|a little|it['’]?s|still)\b",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"\b(?:aussi|également|toutefois|cependant|en outre|en revanche|par contre|also|however)\b",
    re.IGNORECASE,
)
_ABOUT_ME = re.compile(
    r"(?:bonjour,?\s+)?(?:je suis (?:suivi|diabétique|atteint|patient|retraité|maman|mère|père|"
    r"papa|aidant|malvoyant|sourd|en fauteuil|âgé|handicapé|enceinte|utilisat|abonné|client)|"
    r"j['’]ai \d+ ans|i am an?\b|i['’]m an?\b)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:[-–•*+]|\d{1,2}[).])\s")
_WISH = re.compile(
    r"\b(?:voudrais|voudrai|aimerais|aimerai|souhaite|souhaiterais|propose|suggère|tiens|would)\b",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    r"(?:bonjour|bonsoir|bjr|madame|monsieur|merci|cordialement|bien à vous|"
    r"bonne (?:journée|soirée)|"
    r"je vous (?:prie|remercie d|souhaite)|veuillez|dans l['’]attente|en vous remerciant|"
    r"hello|hi|dear|thanks|thank you|kind regards|best regards)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:donc|du coup|résultat|car|parce qu|en effet|c['’]est pourquoi|alors|pourtant|même|"
    r"rien|personne|malgré|ensuite|après (?:ça|cela)|par exemple|à savoir|ainsi|voilà|bref|"
    r"nobody|no one|so|because|therefore|even|then|still|for example)\b",
    re.IGNORECASE,
)
_IMPERSONAL = re.compile(
    r"(?:il|y)\s+(?:n['’]\s*)?(?:ne\s+)?(?:y\s+a|n['’]y|a\b|faut|fau|fodr|manque|serait|suffi|convien|"
    r"est\s+\w+\s+(?:de|d['’]|que|qu['’])|existe|reste|me\s+(?:faut|manque|semble))",
    re.IGNORECASE,
)
_IMPERSONAL_EN = re.compile(r"it\s+would|there\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    r"(?:il|elle|ils|elles|ça|cela|ceci|ce|celui-ci|celle-ci|it|this|that|they|he|she)\b|c['’]",
    re.IGNORECASE,
)
_SELF = re.compile(r"(?:je|nous|on|i|we)\b|j['’]", re.IGNORECASE)
_SELF_BACK = re.compile(
    r"(?:(?:je|nous|on|vous)\s+(?:ne\s+|n['’]\s*)?|j['’]\s*)(?:l['’]|(?:le|la|les|en|y)\s)",
    re.IGNORECASE,
)


def is_turn(piece: str) -> bool:
    """Tell whether ``piece`` opens with a word that announces another point."""
    if MERE_JUDGEMENT.match(piece):
        return False
    opening = " ".join(piece.split()[:5])
    return bool(TURN.match(piece) or ADDITION.match(piece) or _ADDS.search(opening))


def opens_list(piece: str) -> bool:
    """Tell whether ``piece`` announces what follows: « Ce que j'aime : »."""
    return piece.endswith(":")


def same_point(before: str, piece: str) -> bool:
    """Tell whether ``piece`` belongs to the point of the sentence ``before`` it."""
    if opens_list(before) or MERE_JUDGEMENT.match(piece):
        return True
    if opens_list(piece) or _ITEM.match(piece) or is_turn(piece):
        return False
    if _cries(piece) or _cries(before) or _FORMULA.match(piece) or _GOES_ON.match(piece):
        return True
    return bool(_ABOUT_ME.match(before)) or _points_back(piece) or _tells_on(before, piece)


def _cries(piece: str) -> bool:
    return piece.rstrip(' "»')[-1:] in ("!", "?") and len(piece.split()) <= OUTCRY


def _points_back(piece: str) -> bool:
    """Tell whether the subject or the object is a pronoun for something said before."""
    if _IMPERSONAL.match(piece) or _IMPERSONAL_EN.match(piece):
        return False
    return bool(_POINTS_BACK.match(piece) or _SELF_BACK.match(piece))


def _tells_on(before: str, piece: str) -> bool:
    """Tell whether both sentences are the author's own story, without a wish or an addition."""
    if not (_SELF.match(before) and _SELF.match(piece)):
        return False
    opening = " ".join(piece.split()[:8])
    return not (_ADDS.search(opening) or _WISH.search(opening))
