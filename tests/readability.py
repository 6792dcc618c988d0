"""What plain French asks of a string of ours, and how far it is. Never for citizens' own texts.

Kandel and Moles (1958): 207 − 1.015 × words a sentence − 73.6 × syllables a word. LIX (Björnsson,
1968): words between stops, a colon being one, + words over six letters in a hundred. Both were made
for whole texts: in a string under ``SCORED`` words, one long word moves LIX by more than six, so
short strings are scored together, file by file, and alone by the length of their words. What takes
the place of a name or a number counts as one short word. No list of frequent words is used: the one
kept library, wordfreq, no longer grows.
"""

import re
from dataclasses import dataclass
from functools import cache

import pyphen


@dataclass(frozen=True)
class Floors:
    """How easy a text must be."""

    kandel_moles: int
    lix: int
    words: int  # in a sentence


EVERY_PAGE = Floors(70, 35, 18)
SIMPLE = Floors(80, 35, 12)
SCORED = 15  # words of a string that is scored alone
POOLED = 100  # words of a file whose strings are scored together: what both scores were made for
LONG_WORD = 12  # letters
# Longer words that are the plain ones: what the thing is called at the counter or by the law.
KNOWN_WORDS = {
    "accessibilité",
    "administration",
    "administrative",
    "communication",
    "démonstration",
    "professionnel",
    "professionnelle",
}
# Acronyms that a page may say: SMS, QR and PDF are everyday names, a page explains the rest.
ACRONYMS = {
    "SMS": "",
    "QR": "",
    "PDF": "",
    "RPPS": "Numéro de soignant (RPPS)",
    "SAMU": "Urgence médicale (SAMU)",
    "CNIL": "Commission nationale de l’informatique et des libertés",
    "RGAA": "règles françaises d’accessibilité",
    "WCAG": "règles du web dans le monde",
    "AA": "niveau AA",
    "HTML": "Techniques : HTML",
    "CSS": "Techniques : HTML",
    "JSON": "Télécharger tout (JSON)",
}
# One thing has one name: what the others are, and the one to use.
SYNONYMS = {
    r"feedbacks?|tickets?|réclamations?|contributions?|commentaires?|doléances?": "retour",
    r"(?:numéro|référence|identifiant)s? de suivi|codes? d’accès": "code de suivi",
    r"promesses?": "engagement",
    r"anonymisée?s?|caviardée?s?|occultée?s?": "masqué",
    r"e-mails?|emails?|mails?|mél": "courriel",
    r"utilisat(?:eurs?|rices?)|internautes?|administrés?": "usager, ou vous",
    r"thématiques?|clusters?": "thème",
    r"cliquez|clique[rz]? ici": "appuyez",
}
MARKS = {
    r"\S*[^\W\d]\S* .*%|% .*[^\W\d]": "a percent sign in a sentence: write « sur 100 »",
    r"\betc\b": "« etc. »: say what, or stop",
    r"&(?!\w+;)|§|[<>]=?(?= ?\d)": "a sign that is not read aloud: write a word",
    r"\b(?=[IVXLM]{2,}\b)[IVXLM]+\b": "a Roman numeral: write digits",
    r"\*|¹|²|\bcf\b|\bnota\b": "a note: put it in the text",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
MARKUP = re.compile(r"<[^>]+>|&\w+;")
WORD = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*|[^\W_]+(?:-[^\W_]+)*")
SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
STOP = re.compile(r"\s:\s|\s?;\s")
CAPITALS = re.compile(r"\b[A-ZÀ-ÖØ-Ý]{2,}\b")


def plain(words: str) -> str:
    """Return a message as it will be read: a short word where a value goes, no markup."""
    return MARKUP.sub(" ", PLACEHOLDER.sub("12", words)).replace("%%", "%")


def sentences(words: str) -> list[str]:
    """Return the sentences of a message."""
    return [each for each in SENTENCE.split(plain(words).strip()) if WORD.search(each)]


def count(words: str) -> int:
    """Return how many words a message has."""
    return len(WORD.findall(plain(words)))


@cache
def _hyphens() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="fr")


@cache
def syllables(word: str) -> int:
    """Return where a word may be broken, plus one: what these scores take for syllables."""
    return len(_hyphens().positions(word.lower())) + 1


def kandel_moles(words: str) -> float:
    """Return how easy a text is: about 100 is easy, under 50 hard. It must have a word."""
    read, said = WORD.findall(plain(words)), sentences(words)
    return 207 - 1.015 * len(read) / len(said) - 73.6 * sum(map(syllables, read)) / len(read)


def lix(words: str) -> float:
    """Return how heavy a text is: under 30 is easy, over 50 hard. It must have a word."""
    read = WORD.findall(plain(words))
    stopped = [part for each in sentences(words) for part in STOP.split(each) if WORD.search(part)]
    return len(read) / len(stopped) + 100 * sum(len(word) > 6 for word in read) / len(read)


def faults(words: str, floors: Floors = EVERY_PAGE) -> list[str]:
    """Return what keeps a string from being plain."""
    found = [
        f"{count(each)} words in « {each} », at most {floors.words}"
        for each in sentences(words)
        if count(each) > floors.words
    ]
    found += score_faults(words, floors) if count(words) >= SCORED else []
    return found + _word_faults(plain(words)) + _name_faults(plain(words))


def score_faults(words: str, floors: Floors = EVERY_PAGE) -> list[str]:
    """Return which scores of a text are not met."""
    easy, heavy = kandel_moles(words), lix(words)
    found = [f"Kandel-Moles {easy:.0f}, at least {floors.kandel_moles}: shorter words"]
    found = found if easy < floors.kandel_moles else []
    long = ", ".join(word for word in WORD.findall(plain(words)) if len(word) > 6)
    heavier = f"LIX {heavy:.0f}, at most {floors.lix}: fewer words over six letters ({long})"
    return [*found, heavier] if heavy > floors.lix else found


def _word_faults(read: str) -> list[str]:
    parts = {part.lower() for word in WORD.findall(read) for part in word.split("-")}
    long = sorted(part for part in parts - KNOWN_WORDS if len(part) > LONG_WORD)
    shouted = sorted(set(CAPITALS.findall(read)) - ACRONYMS.keys())
    return [f"« {word} » is longer than {LONG_WORD} letters" for word in long] + [
        f"« {word} »: no word in capitals but a known acronym" for word in shouted
    ]


def _name_faults(read: str) -> list[str]:
    signs = [why for sign, why in MARKS.items() if re.search(sign, read)]
    other = [(re.search(rf"\b(?:{names})\b", read, re.I), said) for names, said in SYNONYMS.items()]
    return signs + [f"« {met[0]} » has another name here: {said}" for met, said in other if met]
