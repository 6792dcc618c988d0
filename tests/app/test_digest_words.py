"""The sentences of both editions, from stored content alone."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from app.digest_items import Item, Section
from app.digest_mails import written
from app.floors import FLOOR
from app.periods import containing
from app.public_words import public_sections, tally_words
from app.role_words import role_title
from app.subscriptions import ROLE_AUDIENCES
from app.team_words import count_in_words, team_sections, team_title
from app.theme_words import growth, theme_item
from feedback.models import SignalState

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


def public(page: Item | None = None, **values: Any) -> dict[str, list[str]]:
    return said(public_sections({**PUBLIC, **values}, "suivi", FLOOR, page))


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


@pytest.mark.parametrize("frequency", ["daily", "weekly", "monthly"])
def test_no_subject_is_longer_than_sixty_signs_in_any_period(frequency: str) -> None:
    examined = {"signals": [{"state": SignalState.CANDIDATE}] * 999}
    roles = [role_title(each, examined) for each in ROLE_AUDIENCES]
    subjects = {"public": [""], "role": roles, "team": [team_title({**TEAM, "decisions": 999})]}
    days = (date(2026, 1, 1) + timedelta(days=each) for each in range(3 * 365))
    for period in {containing(frequency, day) for day in days}:
        for kind, titles in subjects.items():
            for title in titles:
                shown = {"title": title, "short_period": period.short_words()}
                assert len(written(f"mail/{kind}.subject.txt", shown).strip()) <= 60, shown


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
    assert lines[-1] == "et 2 autres."


def test_no_list_of_decisions_or_signals_goes_on_beyond_five() -> None:
    signals = [signal(id=f"S{n}") for n in range(14)]
    promises = [promise("late") | {"id": f"C{n}"} for n in range(9)]
    lines = team(
        signals=signals,
        to_review=[f"S{n}" for n in range(7)],
        commitments=promises,
        due=[f"C{n}" for n in range(9)],
    )
    assert [len(lines[title]) for title in ("À décider", "Signaux suivis")] == [6 + 6, 6]
    assert lines["À décider"][5::6] == ["et 2 autres.", "et 4 autres."]
    assert lines["Signaux suivis"][-1] == "et 2 autres."


LOOP = {"clocks": 0, "in_time": 0, "median_days": None, "promised": 0, "kept": 0}
LOOP |= {"changes": 0, "confirmed": 0, "reopened": 0}


@pytest.mark.parametrize(
    ("loop", "words"),
    [
        ({}, None),
        ({"clocks": 40, "in_time": 34}, "Réponses dans le délai : 34 sur 40, soit 85 sur 100."),
        ({"clocks": 4, "in_time": 3}, "Réponses dans le délai : 3 sur 4."),
        ({"promised": 5, "kept": 1}, "Engagements tenus à leur date : 1 sur 5."),
        (
            {"changes": 3, "confirmed": 2, "reopened": 1},
            "Changements confirmés par les auteurs : 2 sur 3. 1 rouvert.",
        ),
        (
            {"median_days": 6.0},
            "Première réponse : 6 jours ou moins, pour la moitié des retours.",
        ),
    ],
)
def test_the_loop_is_told_in_parts_of_a_whole(loop: dict[str, Any], words: str | None) -> None:
    told = team(loop=LOOP | loop).get("La boucle, sur douze mois")
    assert told == ([words] if words else None)


def test_what_is_late_on_the_site_is_told_in_minutes_then_in_hours() -> None:
    lines = team(late={"look": 300, "digest": 1, "mails": 119})
    assert lines["En retard sur ce site\xa0: des nombres peuvent manquer"] == [
        "« Chercher des signaux » : 5 heures de retard.",
        "« Composer les synthèses » : 1 minute de retard.",
        "Courriels qui attendent : 119 minutes de retard.",
    ]


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
        "« C3 » (11 retours)",
    ]
    page = Item(endpoint="digests.edition", values={"edition_id": "E"}, label="Lire")
    assert public(page, retours=40, themes=themes)["Vous avez dit"][-2:] == [
        "« C2 » (11 retours)",
        "et 1 autre.",
    ]


def test_a_public_mail_leads_to_where_the_rest_is_read() -> None:
    content: dict[str, Any] = {
        **PUBLIC,
        "retours": 90,
        "themes": [theme(f"T{n}", 11) for n in range(8)],
        "unanswered": [theme(f"U{n}", 11) for n in range(8)],
        "promised": [promise("promised")] * 8,
        "announced": [promise("announced")] * 8,
        "confirmed": [promise("confirmed")] * 8,
        "signals": [{"id": f"S{n}", "sentence": "Des rappels sonnent."} for n in range(8)],
    }
    page = Item(endpoint="digests.edition", values={"edition_id": "E"}, label="Lire")
    sections = public_sections(content, "suivi", FLOOR, page)
    rest = [
        (section.title, item.endpoint, plain(item.words))
        for section in sections
        for item in section.items
        if item.words.startswith("et ")
    ]
    assert rest == [
        ("Vous avez dit", "digests.edition", "et 3 autres."),
        ("L’équipe a fait", "record.board", "et 3 autres."),
        ("L’équipe a fait", "record.board", "et 3 autres."),
        ("À vérifier par vous", "record.board", "et 3 autres."),
        ("Effets inattendus", "feedback.told_signals", "et 3 autres."),
        ("Encore sans réponse", "digests.edition", "et 3 autres."),
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
