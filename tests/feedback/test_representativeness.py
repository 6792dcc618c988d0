"""The panel of who spoke: hand-made counts, floors, references, and weights kept out of signals."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.catalogue import Service
from app.db import db
from app.floors import FLOOR, TEAM_FLOOR
from feedback import margins
from feedback.margins_import import MarginLine
from feedback.models import Answer, AnswerStatus, Face, Feedback, State
from feedback.representativeness import WhoSpoke, who_spoke
from feedback.representativeness_words import Panel, panel
from feedback.voices import of_days, of_public_year
from tests import factories
from tests.factories import TODAY

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _in_french(app: Flask) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        yield


def speak(service: Service, times: int, face: Face = Face.MIDDLING, **said: str) -> None:
    """Add retours by ``channel``; the other names are answers, « ? » is a refusal."""
    channel = said.pop("channel", "web")
    for _ in range(times):
        row = factories.retour(service, channel=channel, face=face.value)
        for question, value in said.items():
            refused = value == "?"
            status = AnswerStatus.REFUSED if refused else AnswerStatus.GIVEN
            answer = Answer(question=question, status=status.value, value="" if refused else value)
            row.answers.append(answer)
    db.session.flush()


def refer(facet: str, **counts: float) -> None:
    lines = [MarginLine(facet, v, n, "Insee") for v, n in counts.items()]
    margins.replace(lines, None, TODAY)


def found(service: Service, floor: int = 1) -> WhoSpoke:
    return who_spoke(Feedback.service_id == service.id, service, floor)


def told(service: Service, floor: int = 1) -> Panel:
    return panel(found(service, floor))


def test_without_a_reference_it_says_who_spoke_and_that_none_is_loaded() -> None:
    service = factories.service()
    speak(service, 6, G7="75-")
    speak(service, 2, G7="?", channel="mediator")
    speak(service, 2, channel="paper")
    words = told(service)
    assert words.summary == "10 retours : site 60 %, avec un médiateur 20 %, papier 20 %."
    assert words.missing == "Aucune référence n’est chargée : le site ne sait pas qui manque."
    assert "leur âge 40 %" in words.unsaid
    assert "qui ils sont 100 %" in words.unsaid
    assert words.weighted == ""
    age = next(table for table in words.tables if table.title == "Âge")
    assert [(row.words, row.retours, row.share) for row in age.rows] == [
        ("75 ans et plus", 6, "100 % (61 à 100)")
    ]
    assert age.public == ""


def test_the_mediated_share_is_said_even_when_it_is_none() -> None:
    service = factories.service()
    speak(service, 3)
    assert told(service).summary == "3 retours : site 100 %, avec un médiateur 0 %."


def test_nobody_spoke_is_said_and_withdrawn_retours_are_gone() -> None:
    service = factories.service()
    factories.retour(service, state=State.WITHDRAWN.value, text=None)
    assert told(service).summary == "Aucun retour : personne n’a parlé."


def test_against_a_reference_it_says_who_is_missing_with_source_and_day() -> None:
    service = factories.service()
    speak(service, 50, G7="30-44")
    speak(service, 2, G7="75-")
    margins.replace(
        [
            MarginLine("G7", "30-44", 500, "Insee"),
            MarginLine("G7", "75-", 400, "Insee"),
            MarginLine("G7", "-18", 100, "Insee"),
        ],
        None,
        TODAY,
    )
    words = told(service)
    assert words.missing == (
        "Moins présents que dans le public : 75 ans et plus (4 % au lieu de 40 %), "
        "moins de 18 ans (0 % au lieu de 10 %)."
    )
    age = next(table for table in words.tables if table.title == "Âge")
    assert age.public == "Insee, importé le 23 novembre 2026"
    assert [(row.words, row.retours, row.is_apart) for row in age.rows] == [
        ("moins de 18 ans", 0, True),
        ("30 à 44 ans", 50, True),
        ("75 ans et plus", 2, True),
    ]
    assert age.note.startswith("Indice de représentativité : 0,0")


def test_a_faithful_group_is_said_to_be_one() -> None:
    service = factories.service()
    speak(service, 15, G6="user")
    speak(service, 15, G6="relative")
    refer("G6", user=1, relative=1)
    words = told(service)
    assert words.missing == "Aucun groupe n’est nettement moins présent que dans le public."
    who = next(table for table in words.tables if table.title == "Qui parle")
    assert who.note == "Indice de représentativité : 1 sur 1."


@pytest.mark.parametrize("answers", [0, 29])
def test_under_30_answers_nobody_is_said_to_be_there_in_full(answers: int) -> None:
    service = factories.service()
    speak(service, 4)
    speak(service, answers // 2, G6="user")
    speak(service, answers - answers // 2, G6="relative")
    refer("G6", user=1, relative=1)
    assert told(service).missing == "Trop peu de réponses pour dire qui manque."
    assert not any(table.note for table in told(service).tables)


@pytest.mark.parametrize(("web", "paper", "warned"), [(9, 2, True), (8, 3, False), (10, 0, False)])
def test_a_banner_stands_when_one_channel_passes_80_percent_of_11(
    web: int, paper: int, warned: bool
) -> None:
    service = factories.service()
    speak(service, web)
    speak(service, paper, channel="paper")
    words = told(service)
    assert bool(words.warning) is warned
    assert not warned or "site" in words.warning


def test_weights_bring_the_share_to_the_public() -> None:
    service = factories.service()
    speak(service, 30, Face.GOOD, G6="user")
    speak(service, 10, Face.BAD, G6="relative")
    refer("G6", user=1, relative=1)
    weighted = found(service).weighted
    assert weighted is not None
    assert (weighted.raw, weighted.n) == (0.75, 40)
    assert weighted.weighted == pytest.approx(0.5, abs=1e-6)
    assert weighted.effective == pytest.approx(30, abs=0.01)
    assert "75 %" in told(service).weighted
    assert "50 % une fois repondéré" in told(service).weighted


def test_a_cell_under_5_forbids_the_weights_and_is_named() -> None:
    service = factories.service()
    speak(service, 30, Face.GOOD, G6="user")
    speak(service, 4, Face.BAD, G6="relative")
    refer("G6", user=1, relative=1)
    assert told(service).weighted == "Pas de part repondérée : moins de 5 notes pour Proche."


def test_outside_the_team_nothing_is_said_under_30() -> None:
    service = factories.service()
    speak(service, 29, G7="75-")
    words = told(service, FLOOR)
    assert words.summary.startswith("Trop peu de retours")
    assert (words.tables, words.missing, words.unsaid, words.warning) == ((), "", "", "")


def test_outside_the_team_small_cells_and_one_more_are_hidden() -> None:
    service = factories.service()
    speak(service, 30, G7="30-44")
    speak(service, 14, G7="75-")
    speak(service, 3, G7="-18")
    speak(service, 20)
    refer("G7", **{"30-44": 2.0, "75-": 1.0, "-18": 1.0})
    words = told(service, FLOOR)
    age = next(table for table in words.tables if table.title == "Âge")
    # 3 are hidden, and the next smallest with them; shares would give both back.
    assert [(row.words, row.retours, row.share) for row in age.rows] == [("30 à 44 ans", 30, "")]
    assert age.public == ""
    assert age.note == "2 autres valeurs ne sont pas montrées."
    assert "leur âge 30 %" in words.unsaid
    assert words.weighted == ""


def test_outside_the_team_a_whole_table_is_compared() -> None:
    service = factories.service()
    speak(service, 30, G7="30-44")
    speak(service, 14, G7="75-")
    speak(service, 12)
    refer("G7", **{"30-44": 1.0, "75-": 1.0})
    words = told(service, FLOOR)
    assert words.missing.startswith("Moins présents que dans le public : 75 ans et plus (32 %")


def test_the_banner_tells_no_small_rest() -> None:
    service = factories.service()
    speak(service, 35)
    speak(service, 2, channel="paper")
    assert told(service).warning != ""
    assert told(service, FLOOR).warning == ""


def test_within_a_theme_the_team_reads_no_trait_of_fewer_than_5() -> None:
    service = factories.service()
    speak(service, 7, G6="user", channel="web")
    speak(service, 3, G6="relative", channel="paper")
    speak(service, 6)
    words = told(service, TEAM_FLOOR)
    who = next(table for table in words.tables if table.title == "Qui parle")
    # 3 are hidden, and with them the smallest shown, who say nothing.
    assert [(row.words, row.retours) for row in who.rows] == [("Usager ou usagère", 7)]
    assert "qui ils sont" not in words.unsaid
    channels = next(table for table in words.tables if table.title == "Canal")
    assert [(row.words, row.retours) for row in channels.rows] == [("site", 13), ("papier", 3)]


def test_a_service_anonymous_by_law_is_not_asked_for_places() -> None:
    service = factories.service(anonymous_by_law=True)
    speak(service, 3)
    assert "département" not in told(service).unsaid


def test_a_hundred_departements_are_cut_to_the_telling_ones() -> None:
    service = factories.service()
    for number in range(1, 19):
        speak(service, 1, G8=f"{number:02}")
    speak(service, 3, G8="42")
    place = next(t for t in told(service).tables if t.title == "Département")
    assert len(place.rows) == 12
    assert "Loire (42)" in [row.words for row in place.rows]
    assert place.note == "7 autres valeurs ne sont pas montrées."


def test_the_public_year_ends_with_a_month_so_that_no_day_is_subtracted() -> None:
    service = factories.service()
    factories.retour(service, day=TODAY)
    factories.retour(service, day=TODAY.replace(day=1))
    factories.retour(service, day=TODAY.replace(month=10))
    assert who_spoke(of_public_year(service, TODAY), service).n == 1
    assert who_spoke(of_days(service, TODAY.replace(day=1), TODAY), service).n == 1


def test_no_detector_reads_weights() -> None:
    """A rare group's signal counts in full: what raises signals never imports the weights."""
    files = ["nlp/edetector.py", "nlp/streams.py", "nlp/ebh.py", "nlp/disproportionality.py"]
    for name in [*files, "feedback/signals.py", "feedback/counts.py"]:
        tree = ast.parse((ROOT / name).read_text("utf-8"))
        imported = [
            ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)
        ]
        assert not any("representativeness" in each for each in imported), name
