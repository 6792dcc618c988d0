"""Brings the words of a text and those of a question to one form, so that a search finds both.

Without case, accent, ligature or elided article; French plurals as their singular, by rule and a
short list of exceptions. Exact on purpose: a family of words is `nlp.spellings`, not a search.
"""

import re
import unicodedata
from functools import cache

from nlp.tokens import TOKEN

SHORTEST_PLURAL = 4  # letters: « pas », « bus » and « des » stay as they are
_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")
# What is cut off before an apostrophe; « aujourd’hui » stays two words, side by side.
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)['’ʼ](?=\w)")
# Singular in -s and -x, or words that another one would swallow: « mois » is not « moi ».
_SAME_WORDS = """
acces ailleurs alors anglais apres avis bois bras bus cas chaos chaux choix concours corps cours
croix dans deces depens depuis dessous dessus deux devis discours dix doux exces faux fils fois
fonds frais francais gens gros hors jamais jus lors mais mauvais mieux moins mois noix nous obus
os paix parcours parfois paris pays permis plus poids prix proces progres puis puits quelquefois
recours relais repas roux sans secours six sous succes surplus tapis taux temps toujours tous
toux tres trois vers versus virus vis voix vous
"""
_SAME = frozenset(_SAME_WORDS.split())
_IRREGULAR = {
    "yeux": "oeil",
    "cieux": "ciel",
    "travaux": "travail",
    "vitraux": "vitrail",
    "coraux": "corail",
    "emaux": "email",
    "baux": "bail",
    "soupiraux": "soupirail",
    "vantaux": "vantail",
    "maux": "mal",
    "mesdames": "madame",
    "messieurs": "monsieur",
    "mesdemoiselles": "mademoiselle",
    "etaux": "etau",
    "landaus": "landau",
}
_SHORT_FORMS = {"rdv": ("rendez", "vous"), "rdvs": ("rendez", "vous")}


def search_words(text: str) -> list[str]:
    """Return the words of ``text`` in order, each in the one form under which it is searched.

    Each is of letters and digits alone. Masked words are left out: nobody searches « [EMAIL_1] ».
    """
    plain = _ELIDED.sub(" ", _folded(TOKEN.sub(" ", text)))
    words = _WORD.findall(plain)
    return [singular(form) for word in words for form in _SHORT_FORMS.get(word, (word,))]


def _folded(text: str) -> str:
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return plain.replace("œ", "oe").replace("æ", "ae")


@cache
def singular(word: str) -> str:
    """Return the singular of a folded French word: « journaux » is « journal »; else the word."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < SHORTEST_PLURAL or word in _SAME:
        return word
    if word.endswith("x"):
        return _without_x(word)
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _without_x(word: str) -> str:
    if word.endswith(("eaux", "yaux")):
        return word[:-1]
    if word.endswith("aux"):
        return f"{word[:-3]}al"
    return word[:-1] if word.endswith(("eux", "oux")) else word
