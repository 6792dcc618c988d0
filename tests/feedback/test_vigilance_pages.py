"""The page of a signal: evidence that a person can check, in words that do not say too much."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.db import db
from app.territories import load_territories
from app.traces import Trace
from feedback import signal_evidence, signal_facets
from feedback.models import Signal, WatchCheck
from feedback.proof_words import proof_words
from feedback.routing_words import HARM_NAMES
from feedback.signal_odds import likelihood
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback import watched


@pytest.fixture
def expert(app: Flask, client: FlaskClient) -> FlaskClient:
    with writing(app):
        factories.sign_in(client, factories.account(Role.EXPERT))
    return client


def words_of(client: FlaskClient, address: str) -> str:
    """The words of a page, each space a plain one."""
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


def made(app: Flask, **values: Any) -> str:
    """The address of a signal with one retour."""
    with writing(app):
        service = factories.service()
        signal = watched.signal(service, **values)
        watched.evidence(signal)
        return f"/equipe/signaux/{signal.id}"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (40.4, "environ 40 fois plus vraisemblables"),
        (12_000.0, "plus de 10 000 fois plus vraisemblables"),
        (0.3, "ne sont pas plus vraisemblables"),
        (1.4, "ne sont pas plus vraisemblables"),
    ],
)
def test_an_e_value_is_told_as_a_likelihood_never_as_a_probability(
    app: Flask, value: float, said: str
) -> None:
    with app.test_request_context():
        words = likelihood(value)
        assert said in words.replace("\u202f", " ").replace("\xa0", " ")
        assert "probab" not in words
        assert likelihood(None) == ""


def test_the_page_shows_everything_that_the_proof_holds(app: Flask, expert: FlaskClient) -> None:
    shown = words_of(expert, made(app))
    for words in (
        "12 en 3 semaines, pour 3 attendus",
        "environ 60 fois plus vraisemblables",
        "Ce n’est pas la probabilité que la hausse soit réelle.",
        "Seuil : 48, celui du rang 1 parmi 31 séries de ce service",
        "au plus 10 % des candidats soient de fausses alertes",
        "12 pour 2,5 attendus : environ 4 fois autant, entre 2 et 6 fois.",
        "Même la borne basse dépasse 1",
        "même mois, même canal",
        "IC (base 2) : 2, de 1 à 2,58.",
        "520 semaines",
        "700 semaines",
        "Entre 540 et 990 semaines",
        "4 copies presque identiques",
        "1 retour que son auteur dit mal rangé",
        "une campagne : 7 textes presque identiques entre le 2 novembre et le 5 novembre",
        "Avec 0,5 attendu par semaine, une hausse se voit en 8 semaines à partir d’environ 4 fois",
        "Méthode : e-detector 2",
        "tout le service",
        "rappel nuit",
        "pas encore comparé",
    ):
        assert words in shown, words


def test_the_table_gives_here_and_elsewhere_with_shares(app: Flask, expert: FlaskClient) -> None:
    page = BeautifulSoup(expert.get(made(app)).text, "html.parser")
    [table] = [t for t in page.select("table") if "Partout ailleurs" in t.text]
    rows = [[cell.text for cell in row.select("td")] for row in table.select("tbody tr")]
    assert rows == [["12", "88", "12 %"], ["40", "1960", "2 %"]]


def test_an_old_signal_without_proof_says_so_and_opens(app: Flask, expert: FlaskClient) -> None:
    shown = words_of(expert, made(app, proof={}))
    assert "date d’avant le relevé de preuve" in shown
    assert "Seuil : 48." in shown
    assert "Partout ailleurs" not in shown


@pytest.mark.parametrize("missing", sorted(watched.PROOF))
def test_any_part_of_the_proof_may_be_missing(
    app: Flask, expert: FlaskClient, missing: str
) -> None:
    proof = {key: value for key, value in watched.PROOF.items() if key != missing}
    assert "12 en 3 semaines" in words_of(expert, made(app, proof=proof))


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("recurrence", None, "pas encore mesuré"),
        (
            "recurrence",
            {"mean_weeks": None, "low": None, "high": None, "weeks": 400},
            "Rien ne s’est déclenché en 400 semaines",
        ),
        (
            "recurrence",
            {"mean_weeks": None, "low": 108.4, "high": None, "weeks": 400},
            "au moins 108 semaines entre deux",
        ),
        (
            "recurrence",
            {"mean_weeks": 700, "low": 300, "high": None, "weeks": 900},
            "Au moins 300 semaines",
        ),
        (
            "detectable",
            {"expected_per_week": 0.02, "weeks": 8, "ratio": None},
            "aucune hausse ne se verrait en 8 semaines",
        ),
        ("excluded", {"copies": 0, "batches": 2, "contested": 0}, "un lot d’un jour compte"),
        ("table", {**watched.PROOF["table"], "ic025": -0.2}, "L’intervalle contient 1"),
        (
            "table",
            {**watched.PROOF["table"], "ic": -2.0, "ic025": -3.0, "ic975": -1.0},
            "plus rare ici qu’ailleurs",
        ),
        (
            "family",
            {"streams": 9, "rank": 2, "alpha": 0.1, "budget": "group"},
            "rang 2 parmi 9 séries de groupes",
        ),
        (
            "family",
            {"streams": 9, "rank": 2, "alpha": 0.1, "budget": "platform"},
            "9 séries de sujets",
        ),
    ],
)
def test_each_form_of_the_proof_has_its_words(
    app: Flask, expert: FlaskClient, part: str, value: Any, said: str
) -> None:
    assert said in words_of(expert, made(app, proof={**watched.PROOF, part: value}))


def test_a_proof_older_than_the_first_check_reads_the_services_last_one(
    app: Flask, expert: FlaskClient
) -> None:
    with writing(app):
        service = factories.service()
        check = WatchCheck(service_id=service.id, day=TODAY, promised_weeks=520, streams=3)
        check.weeks, check.alarms, check.mean_weeks = 9000, 15, 600.0
        check.low_weeks, check.high_weeks = 363.0, 1072.0
        db.session.add(check)
        proof = {**watched.PROOF, "recurrence": None}
        address = f"/equipe/signaux/{watched.signal(service, proof=proof).id}"
    shown = words_of(expert, address).replace("\u202f", " ")
    assert "600 semaines" in shown
    assert "Entre 363 et 1 072 semaines" in shown


def test_nothing_left_out_is_said_too(app: Flask) -> None:
    calm = {"excluded": {"copies": 0, "batches": 0, "contested": 0}, "campaigns": []}
    with app.test_request_context():
        assert proof_words(Signal(proof=calm)).excluded == (
            "Rien : tous les retours de ces semaines comptent.",
        )


def test_each_facet_is_named_in_words(app: Flask) -> None:
    with writing(app), app.test_request_context():
        service = factories.service()
        part = factories.functionality(service, name="Rappels de mesure")
        release = factories.release(service, "6.2")
        load_territories()
        said = {
            (facet, value): signal_facets.facet_words(
                Signal(service_id=service.id, facet=facet, facet_value=value)
            )
            for facet, value in (
                ("", ""),
                ("functionality", str(part.id)),
                ("functionality", "Partage"),
                ("release", str(release.id)),
                ("region", "R84"),
                ("channel", "mediator"),
                ("role", "relative"),
                ("age", "75+"),
                ("overseas", "yes"),
                ("later", "unknown"),
            )
        }
        platform = signal_facets.facet_words(Signal(facet="", facet_value=""))
    assert list(said.values()) == [
        "tout le service",
        "fonctionnalité « Rappels de mesure »",
        "fonctionnalité « Partage »",
        "version 6.2",
        "région Auvergne-Rhône-Alpes",
        "canal : avec un médiateur",
        "qui parle : Proche",
        said["age", "75+"],
        "retours d’outre-mer",
        "unknown",
    ]
    assert said["age", "75+"].startswith("âge : ")
    assert platform == "tous les services"


def test_the_rise_is_set_against_the_release_that_the_signal_names(
    app: Flask, expert: FlaskClient
) -> None:
    with writing(app):
        service = factories.service()
        release = factories.release(service, "6.2", TODAY - timedelta(days=20))
        address = f"/equipe/signaux/{watched.signal(service, release=release).id}"
    assert "Depuis la version 6.2" in words_of(expert, address)


@pytest.mark.parametrize("number", ["", "6.2"])
def test_a_rise_in_a_part_names_that_part(app: Flask, expert: FlaskClient, number: str) -> None:
    with writing(app):
        service = factories.service()
        release = factories.release(service, number) if number else None
        part = {"facet": "channel", "facet_value": "mediator"}
        address = f"/equipe/signaux/{watched.signal(service, release=release, **part).id}"
    shown = words_of(expert, address)
    assert "« Rappels la nuit » (canal : avec un médiateur) sont plus fréquents" in shown
    assert ("Depuis la version 6.2" in shown) == bool(number)


RULE = {"rule": "danger words", "kinds": ["hospital", "other"]}


def test_a_single_case_shows_its_rule_and_no_statistic(app: Flask, expert: FlaskClient) -> None:
    serious = {"kind": "serious", "theme": None, "e_value": None, "threshold": None}
    address = made(app, **serious, history=[], first_week=None, proof=RULE)
    shown = words_of(expert, address)
    assert "C’est une règle sur des mots, pas une statistique" in shown
    assert "vraisemblables" not in shown
    assert f"{HARM_NAMES['hospital']}, other" in shown
    assert str(HARM_NAMES["hospital"]) in words_of(expert, "/equipe/signaux")


def test_messages_come_by_pages_and_each_opening_is_written_down(
    app: Flask, expert: FlaskClient, committed: Session
) -> None:
    with writing(app):
        signal = watched.signal(factories.service())
        for number in range(signal_evidence.PER_PAGE + 3):
            watched.evidence(signal, f"Le rappel numéro {number} sonne la nuit.")
        address = f"/equipe/signaux/{signal.id}"
    first = expert.get(address)
    assert "Les 23 retours" in first.text
    assert first.text.count("blockquote class") == signal_evidence.PER_PAGE
    rest = expert.get(f"{address}?page=2", headers={"HX-Request": "true"})
    assert rest.text.lstrip().startswith('<div id="signal-messages-2"')
    assert rest.text.count("blockquote class") == 3
    opened = committed.scalars(select(Trace).where(Trace.feedback_id.is_not(None))).all()
    assert len(opened) == 23
    assert {row.payload["detail"] for row in opened if row.payload} == {"signal"}


def test_a_refused_decision_writes_down_who_read_too(
    app: Flask, expert: FlaskClient, committed: Session
) -> None:
    assert factories.post(expert, made(app), {"to_state": "refuted"}).status_code == 422
    opened = committed.scalars(select(Trace).where(Trace.feedback_id.is_not(None))).all()
    assert len(opened) == 1


def test_held_and_erased_retours_are_counted_and_not_shown(app: Flask, expert: FlaskClient) -> None:
    with writing(app):
        signal = watched.signal(factories.service(), erased_since=2)
        watched.evidence(signal, "Je garde ceci.", state="held")
        address = f"/equipe/signaux/{signal.id}"
    shown = words_of(expert, address)
    assert "Je garde ceci." not in shown
    assert "1 retour n’est pas montré : la modération le relit." in shown
    assert "2 retours effacés depuis." in shown


def test_a_merged_signal_leads_to_its_target_and_back(app: Flask, expert: FlaskClient) -> None:
    with writing(app):
        service = factories.service()
        target = watched.signal(service, theme=watched.theme(service, "Réveils"))
        signal = watched.signal(service, state="merged", merged_into=target.id)
        there, here = (f"/equipe/signaux/{each.id}" for each in (target, signal))
    assert there in expert.get(here).text
    shown = expert.get(there).text
    assert here in shown
    assert "Réuni ici" in shown


def test_a_good_surprise_is_shown_as_one(app: Flask, expert: FlaskClient) -> None:
    assert "bonne surprise" in words_of(expert, made(app, tone="good"))
    assert "bonne surprise" not in words_of(expert, made(app, tone="bad"))
