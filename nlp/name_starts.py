"""Where a name starts: after a title, a role or "je m'appelle", or a first name by itself."""

from nlp.lexicons import ENDING
from nlp.name_contexts import is_a_thing, is_feast_with_surname, is_town_like
from nlp.titled_names import PARTICLES
from nlp.word_judge import Judge
from nlp.words import Word

DESCRIBING = frozenset({  # between an institution and the name it bears: "centre médical Pasteur"
    "medical", "medicale", "social", "sociale", "hospitalier", "hospitaliere", "communal",
    "communale", "municipal", "municipale", "public", "publique", "dentaire", "culturel",
    "scolaire", "primaire", "maternelle", "elementaire", "sportif", "sportive", "universitaire",
    "departemental", "regional", "prive", "privee", "socioculturel", "polyvalent", "polyvalente",
})  # fmt: skip


def starts_presented(word: Word, judge: Judge) -> bool:
    """Tell whether a name follows "je m'appelle", "signé" and the like."""
    if judge.is_barred(word) or judge.may_stay(word) or word.folded in judge.lexicons.roles:
        return False
    if judge.is_foreign(word):
        return True
    births, bearers = judge.lexicons.births(word.folded), judge.lexicons.bearers(word.folded)
    if births >= 1000 or bearers >= 100:
        return True
    return word.capital or judge.is_nickname(word) or knows(word, judge)


def knows(word: Word, judge: Judge) -> bool:
    """Tell whether a lower-case word is in a name lexicon and no everyday word."""
    if judge.is_barred(word) or word.allowed or judge.is_plain(word):
        return False
    return judge.lexicons.births(word.folded) > 0 or judge.lexicons.bearers(word.folded) > 2


def starts_after_role(words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether a name follows a role or a greeting: a known one, or two capitals."""
    word = words[index]
    if judge.may_stay(word) or judge.is_barred(word) or word.folded in judge.lexicons.roles:
        return False
    if judge.is_plain(word):
        return word.capital and judge.is_first_name(word, 20000)
    if judge.is_nickname(word) and len(word.folded) > 3:
        return True
    foreign = word.capital or not judge.lexicons.is_french(word.folded)
    if word.allowed or judge.is_first_name(word, 100 if foreign else 1500):
        return True
    following = words[index + 1 : index + 2]
    two_capitals = word.capital and word.joins and bool(following) and following[0].capital
    if not judge.is_known(word) and (word.acronym or ENDING.search(word.folded)):
        return False
    return two_capitals and judge.could_be_surname(following[0])


def starts_alone(words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether a first name stands by itself or beside a surname, with no context."""
    word = words[index]
    if is_initial(words, index, judge):
        return True
    if is_feast_with_surname(words, index, judge):
        return True
    if word.allowed or judge.is_barred(word) or follows_institution(words, index, judge):
        return False
    if is_a_thing(words, index) or is_town_like(word.folded):
        return False
    if word.capital and len(word.folded) > 3 and judge.is_nickname(word):
        return True
    if judge.is_clear_first_name(word):
        return True
    if leads_couple(words, index, judge) or leads_reversed(words, index, judge):
        return True
    if not (word.joins and index + 1 < len(words)):
        return False
    following = words[index + 1]
    if not judge.could_be_surname(following):
        return False
    first, plain = judge.is_first_name(word, 30), judge.is_plain(word)
    if word.capital and following.capital:
        if plain and judge.is_plain(following) and judge.lexicons.bearers(following.folded) < 20:
            return False
        return judge.is_first_name(word, 5000 if plain else 30)
    return first and not plain and not judge.is_plain(following)


def is_initial(words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether the word is the A of "A. Morel"."""
    word, following = words[index], words[index + 1 : index + 2]
    if len(word.folded) > 1 or word.link not in (". ", ".") or not following:
        return False
    if word.folded == "m" and word.capital and word.link == ". ":  # a title
        return False
    surname = following[0]
    if judge.is_plain(surname) or surname.allowed or len(surname.folded) < 3:
        return False
    return judge.lexicons.bearers(surname.folded) >= (3 if surname.capital else 20)


def leads_reversed(words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether the word is the surname of "DUPONT Martine"."""
    word, following = words[index], words[index + 1 : index + 2]
    if not (word.joins and following and word.capital == following[0].capital):
        return False
    if judge.is_plain(word) or not judge.is_clear_first_name(following[0]):
        return False
    return judge.lexicons.bearers(word.folded) >= 5 or judge.is_foreign(word)


def leads_couple(words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether the word is the Rose of "Rose et Jules": two capitalised first names."""
    if len(words) < index + 3 or words[index + 1].folded not in ("et", "ou"):
        return False
    word, partner = words[index], words[index + 2]
    if word.folded in judge.lexicons.places or not (word.capital and partner.capital):
        return False
    return judge.is_first_name(word, 5000) and judge.is_first_name(partner, 1000)


def follows_institution(words: list[Word], index: int, judge: Judge) -> bool:
    """Tell whether "hôpital", "rue", "maladie (de)" … stands before the word."""
    place = index - 1
    if words[index].opens:
        return False
    while place >= 0 and words[place].joins and words[place].folded in PARTICLES | {"l"}:
        if words[place].folded in ("saint", "st"):
            return True
        place -= 1
    if place < 0 or not words[place].joins:
        return False
    before = words[place]
    institutions = judge.lexicons.institutions
    if before.folded in institutions:
        return True
    described = before.capital or before.folded in DESCRIBING
    return described and place > 0 and words[place - 1].folded in institutions
