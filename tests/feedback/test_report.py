"""The one-page report: what it says, what it must not say, and what a screen reader finds in it."""

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from pypdf import PdfReader

from app.db import db, will_write
from app.traces import Actor
from feedback import authorities, routing
from feedback.models import Feedback, Signal, SignalNote, State
from feedback.report import Report, report_of
from feedback.report_pdf import pdf_of
from feedback.routing import About, Reporter, Situation
from tests import factories
from tests.feedback.signal_rows import link, signal
from tests.tagged import tagged

EXPERT = Actor("expert", "Centre d’expertise")
SECRET = "Le camphre de ma grand-mère ne marche plus."
PUBLIC = "La courbe m’aide à parler avec mon médecin."


@pytest.fixture
def row(app: Flask, in_app: None) -> Signal:
    will_write()
    service = factories.service(name="Mon suivi œdème")
    found = signal(service, (SECRET,), release=factories.release(service))
    factories.functionality(service, name="Avis", kind="diagnosis")
    link(found, factories.retour(service, text=PUBLIC, state=State.PUBLISHED.value))
    db.session.refresh(service)
    return found


def words(report: Report) -> str:
    said = [report.title, report.service, report.notice, *report.blanks]
    for part in report.parts:
        said += [part.title, *(f"{name} : {value}" for name, value in part.facts)]
        said += [*part.sentences, *part.quotes]
    return "\n".join(said)


def test_it_says_what_was_observed_expected_and_how_sure(row: Signal, today: date) -> None:
    said = words(report_of(row, today))
    assert "Observé : 14 retours" in said
    assert "Période : du 2 novembre 2026 au 22 novembre 2026" in said
    assert "Attendu : 2,4 en 3 semaines" in said
    assert "environ 61 fois plus vraisemblables" in said
    assert "Ce n’est pas la probabilité" in said
    assert "Version : 6.2, du 2 novembre 2026" in said
    assert "n’est pas un canal de vigilance" in said


def test_counts_under_the_floor_and_words_kept_private_stay_out(row: Signal, today: date) -> None:
    row.observed, row.e_value = 4, 20000.0
    said = words(report_of(row, today))
    assert "Observé : moins de 11 retours" in said
    assert "plus de 10 000 fois" in said
    assert "camphre" not in said
    assert PUBLIC in said
    for retour in db.session.query(Feedback):
        assert retour.id not in said


def test_a_rule_is_said_to_be_one(row: Signal, today: date) -> None:
    row.kind, row.e_value, row.history, row.first_week = "serious", None, [], None
    said = words(report_of(row, today))
    assert "vient d’une règle, pas d’une statistique" in said
    assert "du 2 novembre 2026 au 23 novembre 2026" in said


def test_a_silence_and_a_release_watch_say_what_they_rest_on(row: Signal, today: date) -> None:
    row.kind, row.e_value, row.history = "silence", None, []
    row.proof = {"quarters": [{"start": "2026-04-01", "end": "2026-07-01"}]}
    said = words(report_of(row, today))
    assert "Période : du 1 avril 2026 au 30 juin 2026" in said
    assert "C’est une règle sur des comptes, pas une statistique." in said
    row.kind, row.proof = "growing", {"watch": "X", "from": "2026-11-02", "to": "2026-11-15"}
    said = words(report_of(row, today))
    assert "Période : du 2 novembre 2026 au 15 novembre 2026" in said
    assert "Une question posée d’avance a dépassé sa limite" in said
    assert "Attendu : 2,4 en 3 semaines" in said


def test_before_any_choice_the_door_is_a_proposal(row: Signal, today: date) -> None:
    said = words(report_of(row, today))
    assert "Proposée par la machine ; aucune personne ne l’a encore choisie." in said
    assert "L’exploitant de ce site ne l’a pas encore confirmé." in said
    assert "Aucun expert ne l’a encore qualifié." in said


def test_the_chosen_door_its_duty_and_terms_are_printed(row: Signal, today: date) -> None:
    device = Situation(About.DEVICE, Reporter.MANUFACTURER, True)
    routing.choose(row, "ansm", device, "Un diagnostic faux.", EXPERT, today)
    authorities.confirm(Actor("administrator", "Exploitant"), today)
    said = words(report_of(row, today))
    assert "Choisie par Centre d’expertise, le 23 novembre 2026 : Un diagnostic faux." in said
    assert "le fabricant ou l’éditeur doit le faire" in said
    assert "Délai : 2 jours : Menace grave" in said
    assert "Délai : 10 jours : Décès" in said
    assert "Confirmé par l’exploitant le 23 novembre 2026." in said
    assert "Aucun expert" in said  # a door is no qualification


@pytest.mark.parametrize(
    ("answers", "beneficial", "effect"),
    [
        ({"effect": "harmful"}, False, "nuisible"),
        ({}, True, "bénéfique"),
        ({}, False, "pas encore"),
    ],
)
def test_what_experts_said_is_printed(
    row: Signal, today: date, answers: dict[str, Any], beneficial: bool, effect: str
) -> None:
    row.state, row.link, row.unexpected, row.beneficial = "confirmed", "probable", True, beneficial
    row.sentence = "Des mesures se perdent."
    note = SignalNote(
        signal_id=row.id,
        day=today,
        role="expert",
        organisation="Centre d’expertise",
        from_state="candidate",
        to_state="confirmed",
        reason="Reproduit sur deux téléphones.",
        answers=answers,
    )
    db.session.add(note)
    db.session.flush()
    said = words(report_of(row, today))
    assert "État : confirmé" in said
    assert "Inattendu : oui" in said
    assert "Lien avec le service : probable" in said
    assert f"Effet : {effect}" in said
    assert "Des mesures se perdent." in said
    assert "Centre d’expertise, le 23 novembre 2026 : Reproduit sur deux téléphones." in said


def test_a_group_and_a_signal_of_all_services_are_named(row: Signal, today: date) -> None:
    row.facet, row.facet_value = "channel", "poster"
    assert "Pour : " in words(report_of(row, today))
    row.service = None
    assert report_of(row, today).service == "tous les services"


def test_the_pdf_is_one_tagged_page_with_its_title_and_language(row: Signal, today: date) -> None:
    row.sentence = "Des mesures se perdent. " * 90
    link(row, factories.retour(row.service, text=PUBLIC * 90, state=State.PUBLISHED.value))
    device = Situation(About.DEVICE, Reporter.MANUFACTURER, True)
    routing.choose(row, "ansm", device, "Un diagnostic faux. " * 90, EXPERT, today)
    row.title = "Mesures #strong[perdues] « à l’œil »"
    read = tagged(pdf_of(report_of(row, today), today))
    assert len(read.pages) == 1
    assert read.metadata
    assert read.metadata.title == row.title
    text = " ".join(read.pages[0].extract_text().split())
    assert "#strong[perdues]" in text  # printed, never run as markup
    assert "Ce qui a été observé" in text
    assert "14 retours" in text


def test_the_pdf_is_in_the_readers_language_and_the_same_each_time(
    row: Signal, today: date
) -> None:
    with force_locale("en"):
        made = pdf_of(report_of(row, today), today)
        assert made == pdf_of(report_of(row, today), today)
    root: Any = PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert root["/Lang"] == "en"


def test_the_pdf_says_what_the_page_says(row: Signal, today: date) -> None:
    report = report_of(row, today)
    page = PdfReader(io.BytesIO(pdf_of(report, today))).pages[0]
    read = "".join(page.extract_text().split())
    for part in report.parts:
        for said in (part.title, *(each for fact in part.facts for each in fact), *part.sentences):
            assert "".join(said.split()) in read
    assert all("".join(text.split()) in read for text in (report.notice, report.service))
