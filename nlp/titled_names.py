"""Names after a title: "Dr Le Bris", "m. coulibaly", "Mme T.", "M. Lê"."""

from nlp.word_judge import Judge
from nlp.words import Word

WEAK_TITLES = frozenset({
    "me", "pr", "doc", "maitre", "soeur", "frere", "abbe", "veuve", "nee", "tonton", "tata", "m",
    "ep", "vve", "epouse",
})  # fmt: skip
KIN_TITLES = frozenset({"maitre", "soeur", "frere", "abbe", "veuve", "nee", "vve", "epouse"})
PARTICLES = frozenset({
    "de", "du", "des", "la", "le", "les", "da", "dos", "di", "el", "al", "ben", "bel", "ait",
    "van", "von", "der", "den", "d", "st", "saint", "bin", "abou", "abu",
})  # fmt: skip
ABROAD = frozenset({"van", "von", "ben", "el", "da", "dos", "di", "ait", "bel", "abou", "bin"})
SHORT_TITLES = frozenset({"mr", "mme", "mlle", "dr", "mmes", "mlles"})
SHORT_TITLE_BEARERS = 3  # "mme bon": few everyday words follow a shortened title
SHOUTED_BEARERS = 20  # of the PETIT of "M. PETIT"
OFTEN_BORNE = 60  # bearers that make an everyday word in lower case a surname
STREETS = frozenset({
    "rue", "avenue", "boulevard", "place", "quai", "allee", "impasse", "ecole", "college", "lycee",
    "hopital", "square", "gymnase", "creche", "stade",
})  # fmt: skip
AFTER_SHORT = frozenset({"a", "est", "n", "m", "ne", "et", "qui", "nous", "vous", "dit", "du"})


def starts_titled(words: list[Word], index: int, judge: Judge, title: str) -> bool:
    """Tell whether a name follows a title; a particle is looked through."""
    word = words[index]
    if len(word.folded) == 1 and (word.capital or word.folded not in "ay"):
        return starts_initial(words, index, judge, title)
    if is_short_name(words, index, title):
        return True
    if word.folded in PARTICLES and word.joins and index + 1 < len(words):
        return (title != "m" or word.capital) and looks_through(words, index, judge)
    if judge.is_barred(word) or word.folded in judge.lexicons.roles:
        return False
    known = judge.lexicons.bearers(word.folded) + judge.lexicons.births(word.folded) // 100
    if word.allowed and known < 5:
        return False
    if title == "me" and not word.capital:
        return False
    if title == "m.":
        return follows_dot(word, known, judge)
    if title in WEAK_TITLES:
        heard = known > 0 or (title in KIN_TITLES and (word.capital or judge.is_foreign(word)))
        heard = heard or (title == "m" and judge.is_foreign(word))
        return heard and (word.capital or not judge.is_plain(word))
    if word.capital or not judge.is_plain(word):
        return word.capital or known >= 3 or not judge.lexicons.is_french(word.folded)
    return known >= (SHORT_TITLE_BEARERS if title in SHORT_TITLES else 50)


def names_a_street(words: list[Word], index: int) -> bool:
    """Tell whether the title before the word is of the name of a street or a school."""
    before = [word.folded for word in words[max(0, index - 3) : index]]
    return len(before) == 3 and before[1] in ("du", "de") and before[0] in STREETS


def looks_through(words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether the word is the particle of a name: "de Villepin", "El Amrani"."""
    word = words[index]
    if not (word.folded in PARTICLES and word.joins):
        return False
    ahead = next((w for w in words[index + 1 : index + 3] if w.folded not in PARTICLES), None)
    if ahead is None or ahead.folded in judge.lexicons.roles:
        return False
    capital = ahead.capital and not ahead.allowed and not judge.is_plain(ahead)
    abroad = word.folded in ABROAD and judge.is_unheard_of(ahead)
    return capital or abroad or is_heard_of(ahead, judge)


def follows_dot(word: Word, known: int, judge: Judge) -> bool:
    """Tell whether a name follows "M.": without a capital, the dot may end a sentence."""
    if word.capital:
        return known > 0 or not judge.is_plain(word)
    if judge.is_plain(word):
        return known >= (SHOUTED_BEARERS if word.shouted else OFTEN_BORNE)
    heard = known >= SHORT_TITLE_BEARERS and not judge.lexicons.is_french(word.folded)
    return heard or known >= SHOUTED_BEARERS or judge.is_foreign(word)


def is_short_name(words: list[Word], index: int, title: str) -> bool:
    """Tell whether the word is the Lê or Ho of "M. Lê, 54 ans": a capital, then no name."""
    word, following = words[index], words[index + 1 : index + 2]
    if title in WEAK_TITLES or not word.capital or len(word.folded) not in (2, 3):
        return False
    ends = not word.joins or not following
    return ends or (not following[0].capital and following[0].folded in AFTER_SHORT)


def is_heard_of(word: Word, judge: Judge) -> bool:
    """Tell whether a lower-case word after a title and a particle is some name."""
    if word.allowed:
        return False
    bearers = judge.lexicons.bearers(word.folded)
    if bearers >= 50 or judge.is_foreign(word):
        return True
    return not judge.is_plain(word) and bearers + judge.lexicons.births(word.folded) >= 3


def starts_initial(words: list[Word], index: int, judge: Judge, title: str) -> bool:
    """Tell whether a title stands before "D." or before the M of "m'barek"."""
    word, following = words[index], words[index + 1 : index + 2]
    if following and word.link == "'" and word.folded in "dlmnot":
        return not judge.is_plain(following[0]) and not judge.is_barred(following[0])
    if title in WEAK_TITLES:
        return False
    named = bool(following) and word.link in (". ", ".", " ") and judge.is_known(following[0])
    return word.capital or word.link.startswith(".") or (named and not judge.is_plain(following[0]))
