"""Names that only the words around them give away: everyday words that are also first names,
pet names, a family's surname, an initial."""

import re

from nlp.lexicons import ENDING
from nlp.word_judge import VERY_OFTEN, Judge, is_typo
from nlp.words import Word

DETERMINERS = frozenset({
    "un", "une", "le", "la", "les", "des", "du", "au", "aux", "ce", "cet", "cette", "ces", "mon",
    "ma", "mes", "ton", "ta", "tes", "son", "sa", "ses", "notre", "nos", "votre", "vos", "leur",
    "leurs", "chaque", "quel", "quelle", "vrai", "vraie", "petit", "petite", "bon", "bonne", "d",
    "l", "aucun", "aucune", "plusieurs", "de", "en", "sans", "grand", "grande", "gros", "grosse",
})  # fmt: skip
# After a subject's name: "Florence m'a aidée", "Pierre du CCAS". A folded text of a few words.
ACTS = re.compile(
    r" (?:m'a(?:vait|i)?|nous a(?:vait)?|vous a|lui a|leur a|l'a|s'est|n'a|m'aide|me |"
    r"a (?:dit|ete|fait|repondu|promis|appele|rappele|ferme|perdu|pris|eu|refuse|oublie|change|"
    r"envoye|recu|rempli|signe|explique|essaye|tout|bien|su|pu|raccroche)|"
    r"(?:ma|ma bien|ma tout|ma tres bien) (?:dit|aide|explique|repondu|rappele|recu|appele|fait)|"
    r"j'ai |j'habite|maman (?:de|solo)|papa (?:de|solo)|est (?:(?:tres|trop|super|vraiment|si) )?"
    r"(?:venu|parti|passe|mort|malade|gentil|adorable|debord|formidable|sympa|la |absent|present|"
    r"arrive|toujours|desagreable|competent|a l'ecoute|en (?:arret|conge|vacances|fauteuil))[a-z]*|"
    r"vient |va |attend |veut |travaille |dort |pleure |demande |pense |refuse |vit |habite |dit |"
    r"comprend |parle |repond |"
    r"qui (?:m'|me |nous |s'|suit|gere|travaille|est (?:a|au|tres|super))|"
    r"(?:du|de la|de l'|au|a la|a l'|des) ?(?:accueil|ccas|caf|cpam|secretariat|mission|service|"
    r"mairie|pharmacie|maison|plateforme|standard|guichet|msa|mdph|pole|centre|social|asso|"
    r"hopital|labo|clinique|csapa|caarud|chrs|cms|pmi|cmp|foyer|telephone|plateau|point|"
    r"numero vert|bureau|restos?|epicerie|bout du fil|borne|rdc|\d)|"
    r" ?\(?\d{1,2} (?:ans|mois))(?![a-z])"
)
THINGS = frozenset({
    "jean", "charlotte", "madeleine", "oscar", "cesar", "marcel", "jules", "robin", "tanguy",
    "benjamin", "jack", "jade", "catherine", "carmen", "victor", "marie", "guy", "louis",
})  # fmt: skip
TOWN_LINKS = frozenset({
    "de", "du", "des", "la", "le", "les", "l", "sur", "sous", "en", "aux", "d", "et", "saint",
})  # fmt: skip
AFTER_CALL = frozenset({
    "", "pour", "de", "du", "qui", "et", "on", "car", "a", "m", "j", "je", "elle", "il", "pr", "d",
})  # fmt: skip
CALLED_OFTEN = 40_000  # births that make an everyday word in lower case a name after "avec"
HEARD_ABROAD = 200  # births of a word that no French dictionary holds, even when one edit away
OFTEN = 2000  # births that make a capitalised everyday word a likely name


def is_acting(lower: str, words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether a word that is also a name acts as a person does."""
    word = words[index]
    if word.allowed or judge.is_barred(word) or follows_determiner(words, index):
        return False
    if is_town_like(word.folded):
        return False
    if not judge.is_plain(word):
        known = (
            judge.lexicons.births(word.folded) >= 30 or judge.lexicons.bearers(word.folded) >= 50
        )
        heard = known or (judge.is_nickname(word) and len(word.folded) > 3)
        return (
            heard
            and (word.capital or not is_typo(word.folded, judge))
            and bool(ACTS.match(lower, word.end))
        )
    least = OFTEN if word.capital else VERY_OFTEN
    return judge.lexicons.births(word.folded) >= least and bool(ACTS.match(lower, word.end))


def follows_determiner(words: list[Word], index: int) -> bool:
    """Tell whether an article or the like stands right before: "un roman", "la rose"."""
    if not index or words[index].opens:
        return False
    before = words[index - 1]
    return before.folded in DETERMINERS and before.link in (" ", "'", "  ")


def is_relative(word: Word, judge: Judge) -> bool:
    """Tell whether a word right after "mon fils", "ma voisine" and the like is a name."""
    if judge.may_stay(word) or judge.is_barred(word) or word.folded in judge.lexicons.roles:
        return False
    births = judge.lexicons.births(word.folded)
    if judge.is_plain(word):
        return births >= (300 if word.capital else VERY_OFTEN)
    known = births >= 30 or judge.lexicons.bearers(word.folded) >= 5
    if word.capital:
        return known or not word.acronym
    return (known and not is_typo(word.folded, judge)) or judge.is_foreign(word)


def is_called(words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether a word after "demandez", "merci", "avec" is a name."""
    word = words[index]
    if word.allowed or judge.is_barred(word) or word.folded in judge.lexicons.roles:
        return False
    if is_town_like(word.folded):
        return False
    births = judge.lexicons.births(word.folded)
    if not word.capital:
        if judge.is_plain(word):
            following = words[index + 1].folded if index + 1 < len(words) else ""
            ends = word.link not in (" ", "  ") or following in AFTER_CALL
            return births >= CALLED_OFTEN and ends
        foreign = not judge.lexicons.is_french(word.folded)
        if foreign and births >= HEARD_ABROAD:
            return True
        known = births >= (30 if foreign else 300)
        return judge.is_nickname(word) or (known and not is_typo(word.folded, judge))
    if judge.is_plain(word):
        return births >= OFTEN and not word.shouted
    return births >= 30 or judge.lexicons.bearers(word.folded) >= 3


def is_family(word: Word, judge: Judge) -> bool:
    """Tell whether a capitalised word after "les" is a surname."""
    if not word.capital or word.allowed or judge.is_plain(word) or word.acronym:
        return False
    return judge.lexicons.bearers(word.folded) >= 100 and not ENDING.search(word.folded)


def is_household(word: Word, judge: Judge) -> bool:
    """Tell whether a word after "la famille" or "le couple" is a surname, in whatever case."""
    if word.allowed or judge.is_barred(word) or word.folded in judge.lexicons.roles:
        return False
    bearers = judge.lexicons.bearers(word.folded)
    if word.capital:
        return bearers > 0 or not (judge.is_plain(word) or word.acronym)
    if judge.is_plain(word):
        return bearers >= 60
    known = bearers >= 3 and not judge.lexicons.is_french(word.folded)
    return bearers >= 50 or known or judge.is_foreign(word)


def is_town_like(folded: str) -> bool:
    """Tell whether a compound is built as a town's name is: Saint-Martin, Fort-de-France."""
    if "-" not in folded:
        return False
    parts = folded.split("-")
    saint = parts[0] in ("saint", "sainte", "st", "ste")
    return saint or not TOWN_LINKS.isdisjoint(parts[1:-1])


def is_feast_with_surname(words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether an allowed word is the Noël of "Noël Garnier"."""
    word, following = words[index], words[index + 1 : index + 2]
    if not (word.allowed and word.capital and word.joins and following and following[0].capital):
        return False
    surname = following[0]
    often = judge.lexicons.births(word.folded) >= 5000
    rare = surname.allowed or judge.is_plain(surname) or judge.lexicons.bearers(surname.folded) < 20
    return often and not rare


def is_a_thing(words: list[Word], index: int) -> bool:
    """Tell whether an article makes a thing of a first name: "le jean", "une charlotte"."""
    word = words[index]
    return word.folded in THINGS and not word.capital and follows_determiner(words, index)
