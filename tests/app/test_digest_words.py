"""The sentences of both editions, from stored content alone."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from app.digest_items import Section
from app.floors import FLOOR
from app.public_words import public_sections, tally_words
from app.team_words import count_in_words, team_sections, team_title
from app.theme_words import growth, theme_item

TEAM: dict[str, Any] = {
    "decisions": 0,
    "waits": {"waiting": 0, "late": 0, "oldest": 0},
    "signals": [],
    "to_review": [],
    "commitments": [],
    "due": [],
    "contested": 0,
    "themes": [],
    "retours": 0,
    "before": 0,
    "answers": 0,
    "score": None,
}
PUBLIC: dict[str, Any] = {
    "retours": None,
    "answers": None,
    "themes": [],
    "promised": [],
    "announced": [],
    "confirmed": [],
    "unanswered": [],
    "signals": [],
}
TALLY = {"confirmed": 0, "partly": 0, "not": 0, "no_longer": 0}


@pytest.fixture(autouse=True)
def _in_french(app: Flask) -> Iterator[None]:
    with app.app_context(), force_locale("fr"):
        yield


def plain(words: str) -> str:
    """Return ``words`` with plain spaces: which of them may break a line is not told here."""
    return re.sub(r"\s", " ", words)


def said(sections: list[Section]) -> dict[str, list[str]]:
    """Return the lines of each section."""
    return {
        section.title: [plain(f"{item.lead} {item.words}").strip() for item in section.items]
        for section in sections
    }


def team(**values: Any) -> dict[str, list[str]]:
    return said(team_sections({**TEAM, **values}, "suivi"))


def public(**values: Any) -> dict[str, list[str]]:
    return said(public_sections({**PUBLIC, **values}, FLOOR))


def theme(name: str = "Connexion", retours: int | None = 0, before: int = 0, **values: Any) -> Any:
    defaults = {"id": name, "name": name, "concerns": 0, "severity": 0.0}
    return {**defaults, "retours": retours, "before": before, **values}


def promise(state: str, links: int = 0, **values: Any) -> dict[str, Any]:
    line = {"id": "C1", "text": "Version 6.3.", "state": state, "due": "2026-12-10"}
    return {**line, "links": links, "announced": "2026-11-18", "tally": TALLY, **values}


@pytest.mark.parametrize(
    ("decisions", "title"),
    [
        (0, "Rien n’attend de décision"),
        (1, "Une chose attend une décision"),
        (6, "Six choses attendent une décision"),
        (7, "7 choses attendent une décision"),
    ],
)
def test_the_title_says_what_is_asked(decisions: int, title: str) -> None:
    assert team_title({**TEAM, "decisions": decisions}) == title


def test_a_count_that_has_no_word_stays_a_number() -> None:
    assert [count_in_words(n) for n in (0, 3, 12)] == ["0", "Trois", "12"]


def test_a_week_without_retours_says_so() -> None:
    assert team() == {"Ce qui a changé": ["Aucun retour dans la période."]}


def test_one_of_each_is_written_in_the_singular() -> None:
    lines = team(
        waits={"waiting": 1, "late": 1, "oldest": 1}, contested=1, retours=1, before=1, answers=1
    )
    assert lines["À décider"] == [
        "1 retour attend une réponse au-delà du délai. Le plus ancien : 1 jour ouvré.",
        "1 retour conteste un changement annoncé.",
    ]
    assert lines["Ce qui a changé"] == [
        "1 retour dans la période (1 dans la précédente). 1 réponse envoyée."
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (promise("promised"), "Engagement à tenir le 10 décembre. Version 6.3."),
        (
            promise("late", 1),
            "Engagement en retard depuis le 10 décembre. Version 6.3. Lié à 1 retour.",
        ),
        (
            promise("reopened", 3),
            "Engagement rouvert : ses auteurs le contestent. Version 6.3. Lié à 3 retours.",
        ),
    ],
)
def test_a_commitment_to_decide_on_says_how_it_stands(line: dict[str, Any], words: str) -> None:
    assert team(commitments=[line], due=["C1"])["À décider"] == [words]


def signal(**values: Any) -> dict[str, Any]:
    line = {"id": "S1", "title": "Rappels", "kind": "growing", "sentence": "", "release": ""}
    return {**line, "observed": 12, "expected": 3.04, "weeks": 3, **values}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (signal(), "« Rappels » : 12 retours en 3 semaines, pour 3 attendus."),
        (
            signal(release="6.2", expected=2.5),
            "« Rappels », depuis la version 6.2 : 12 retours en 3 semaines, pour 2,5 attendus.",
        ),
        (signal(kind="serious"), "Un retour parle d’un dommage : une personne doit le lire."),
        (signal(sentence="Des rappels sonnent."), "Des rappels sonnent."),
    ],
)
def test_a_followed_signal_says_its_numbers_or_the_experts_sentence(
    line: dict[str, Any], words: str
) -> None:
    assert team(signals=[line])["Signaux suivis"] == [words]


def test_beyond_five_themes_the_rest_is_counted() -> None:
    lines = team(retours=9, themes=[theme(f"T{n}", 1) for n in range(7)])["Ce qui a changé"]
    assert len(lines) == 1 + 5 + 1
    assert lines[-1] == "et 2 autres thèmes."


def test_the_score_stands_with_its_interval_and_n() -> None:
    score = {"mean": 6.25, "low": 5.5, "high": 7.0, "n": 48}
    assert team(score=score)["Ce qui a changé"][-1] == (
        "Note : 6,2 sur 10 (n = 48, entre 5,5 et 7,0), sur douze mois."
    )


@pytest.mark.parametrize(
    ("retours", "before", "words"),
    [
        (24, 12, "« Connexion » a au moins doublé : 12 → 24."),
        (13, 12, "« Connexion » monte : 12 → 13."),
        (5, 0, "« Connexion » monte : 0 → 5."),
        (9, 12, "« Connexion » recule : 12 → 9."),
        (12, 12, "« Connexion » reste à 12."),
    ],
)
def test_a_theme_says_how_it_moved(retours: int, before: int, words: str) -> None:
    assert plain(growth(theme(retours=retours, before=before))) == words


def test_a_share_is_given_from_thirty_retours_on() -> None:
    line = theme(retours=15, before=10, concerns=4, severity=1.75)
    few = plain(theme_item(line, {"retours": 29, "before": 40}).words)
    enough = plain(theme_item(line, {"retours": 30, "before": 40}).words)
    assert "Sur 100 retours" not in few
    assert "Sur 100 retours : 25 avant, 50 maintenant." in enough
    assert few.endswith("4 disent une difficulté, gravité moyenne 1,8 sur 3.")


def test_under_the_floor_the_public_reads_words() -> None:
    assert public()["Vous avez dit"] == ["Moins de 11 retours : nous ne montrons pas de nombre."]
    assert public()["L’équipe a fait"] == ["Aucun engagement en cours."]


def test_the_public_reads_themes_with_and_without_their_count() -> None:
    themes = [theme("A", 24), theme("B", None), *(theme(f"C{n}", 11) for n in range(4))]
    assert public(retours=40, themes=themes)["Vous avez dit"] == [
        "40 retours dans la période.",
        "« A » (24 retours)",
        "« B »",
        "« C0 » (11 retours)",
        "« C1 » (11 retours)",
        "« C2 » (11 retours)",
        "et 1 autre thème.",
    ]


def test_the_public_reads_what_was_promised_and_how_it_stands() -> None:
    states = ("promised", "late", "reopened")
    confirmed = promise("confirmed", tally={**TALLY, "confirmed": 3, "not": 1})
    lines = public(promised=[promise(state) for state in states], confirmed=[confirmed], answers=12)
    assert lines["L’équipe a fait"] == [
        "Promis pour le 10 décembre 2026. Version 6.3.",
        "Promis pour le 10 décembre 2026, en retard. Version 6.3.",
        "Engagement rouvert : des auteurs disent que le changement manque. Version 6.3.",
        "Confirmé. Version 6.3. 3 retours le confirment, 1 le conteste.",
        "12 réponses envoyées.",
    ]


def test_the_public_is_asked_to_verify_what_was_announced() -> None:
    assert public(announced=[promise("announced")])["À vérifier par vous"] == [
        "Annoncé le 18 novembre. Version 6.3. Aucun auteur n’a encore dit si cela l’aide."
    ]


def test_the_public_reads_what_has_no_answer_yet() -> None:
    lines = public(unanswered=[theme("Affichage", 18)])
    assert lines["Encore sans réponse"] == ["« Affichage » (18 retours)"]


def test_a_tally_counts_retours_and_never_people() -> None:
    words = plain(tally_words({**TALLY, "confirmed": 1, "partly": 2, "not": 3}))
    assert words == "1 retour le confirme, 2 disent « en partie », 3 le contestent."
