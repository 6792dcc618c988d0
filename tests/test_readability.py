"""The gate of plain language: every French string that a citizen may read, found from the routes.

A failure says where, which string, and why. ``tests/readability.py`` says how strings are judged.
"""

from collections import defaultdict

import pytest

from tests.citizen_words import citizen_words, templates
from tests.readability import (
    ACRONYMS,
    KNOWN_WORDS,
    POOLED,
    WORD,
    count,
    faults,
    kandel_moles,
    lix,
    plain,
    score_faults,
)

# What cannot be said otherwise, and why.
ALLOWED = {
    "Cette question demande qui est la personne : nom, naissance, adresse, téléphone ou courriel. "
    "Rien de cela n’est gardé ici. Demandez autre chose.": "a team reads it, adding a question",
    "Indice de représentativité : %(figure)s sur 1.": "the published name of a statistic",
    "moins de %(share)s %%": "a cell of a table of shares",
    "disproportionné": "an expert reads it: public pages name no kind of signal",
}


def test_every_string_that_a_citizen_may_read_is_plain() -> None:
    judged = {(said.place, said.words): faults(said.words) for said in citizen_words()}
    bad = {key: found for key, found in judged.items() if found and key[1] not in ALLOWED}
    lines = [f"{place}: {words!r}: {'; '.join(found)}" for (place, words), found in bad.items()]
    assert not lines, "\n" + "\n".join(lines)


def test_the_short_strings_of_a_page_are_plain_together() -> None:
    by_place = defaultdict(list)
    for said in citizen_words():
        by_place[said.place].append(said.words)
    whole = {place: "\n".join(words) for place, words in by_place.items()}
    bad = {place: score_faults(text) for place, text in whole.items() if count(text) >= POOLED}
    assert {place: found for place, found in bad.items() if found} == {}
    every = "\n".join(whole.values())
    print(f"Kandel-Moles {kandel_moles(every):.0f}, LIX {lix(every):.0f}, {count(every)} words")


def test_the_gate_reads_the_pages_and_mails_of_citizens_and_no_desk() -> None:
    seen = {"pages/home.html", "feedback/service.html", "feedback/receipt.html", "error.html"}
    assert seen | {"mail/optin.txt", "mail/public.txt", "feedback/author.html"} <= templates()
    assert not {name for name in templates() if name.startswith(("settings/", "moderation/"))}
    places = {said.place for said in citizen_words()}
    assert {"app.errors", "app.glossary", "feedback.questions", "feedback.forms"} <= places


def test_what_is_allowed_is_still_said_and_still_needed() -> None:
    every = {said.words for said in citizen_words()}
    assert ALLOWED.keys() <= every
    assert all(faults(words) for words in ALLOWED)
    read = {word.lower() for words in every for word in WORD.findall(plain(words))}
    assert {word for word in KNOWN_WORDS if word not in read} == set()


def test_every_acronym_is_explained_on_the_site() -> None:
    every = "\n".join(plain(said.words) for said in citizen_words())
    assert {name for name, meaning in ACRONYMS.items() if meaning not in every} == set()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Mot " * 19 + ".", "19 words"),
        ("Regroupez les éléments mentionnés précédemment dans la rubrique afférente "
         "aux modalités applicables de votre situation.", "Kandel-Moles"),
        ("Envoyez votre message, corrigez votre message, publiez votre message, puis "
         "revenez ici lire encore votre réponse.", "LIX"),
        ("%(n)s %% des retours", "sur 100"),
        ("Noms, adresses, etc.", "etc."),
        ("Nom & adresse", "read aloud"),
        ("Article XII", "Roman"),
        ("ATTENTION au délai", "capitals"),
        ("Inconstitutionnel", "12 letters"),
        ("Votre ticket", "retour"),
        ("Une promesse", "engagement"),
    ],
)  # fmt: skip
def test_the_gate_refuses(words: str, why: str) -> None:
    assert why in "; ".join(faults(words))


@pytest.mark.parametrize(
    "words", ["%(n)s %%", "Vous avez un code ? Il ouvre votre page.", "%(name)s : %(n)d retours"]
)
def test_the_gate_lets_plain_words_through(words: str) -> None:
    assert faults(words) == []


def test_scores_are_those_worked_out_by_hand() -> None:
    # 8 words in 2 sentences, 10 syllables (par-ler, mai-son); 3 stops, one word of seven letters.
    text = "Le chat sait parler. Il dit : la maison."
    assert kandel_moles(text) == pytest.approx(207 - 1.015 * 4 - 73.6 * 10 / 8)
    assert lix("Le chat dort. Il voit : la caserne.") == pytest.approx(7 / 3 + 100 / 7)
