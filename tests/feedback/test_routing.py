"""Which authority is competent: three answers decide, the machine proposes, an expert chooses."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.traces import Actor
from feedback import routing
from feedback.answer_safety import HARM_QUESTION
from feedback.door_suggestion import suggest
from feedback.models import Answer, AnswerStatus, Feedback, SignalEvidence, SignalState
from feedback.routing import About, Duty, Reporter, Situation, UnknownDoor, WhyNeeded, ways
from feedback.routing_words import reasons_of, why_of
from feedback.watch_entries import entries_of
from tests import factories
from tests.feedback.signal_rows import signal

EXPERT = Actor("expert", "Centre d’expertise")


def doors(about: About, reporter: Reporter = Reporter.USER, device: bool = False) -> list[str]:
    return [way.door.key for way in ways(Situation(about, reporter, device))]


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        (About.EVENT, "portal"),
        (About.MEDICINE, "portal"),
        (About.DEVICE, "ansm"),
        (About.SECURITY, "cert"),
        (About.DATA, "data"),
        (About.RIGHTS, "rights"),
        (About.COMMERCE, "consumer"),
        (About.STAY, "hospital"),
        (About.OTHER, "team"),
    ],
)
def test_each_subject_leads_to_its_door(about: About, expected: str) -> None:
    assert doors(about) == [expected]


def test_diagnosis_behind_an_event_of_health_leads_to_the_agency_of_devices_first() -> None:
    assert doors(About.EVENT, device=True) == ["ansm", "portal"]
    assert doors(About.DEVICE, device=True) == ["ansm"]
    assert doors(About.COMMERCE, device=True) == ["consumer"]


@pytest.mark.parametrize(
    ("about", "reporter", "duty"),
    [
        (About.DEVICE, Reporter.MANUFACTURER, Duty.MUST),
        (About.DEVICE, Reporter.USER, Duty.MAY),
        (About.MEDICINE, Reporter.PROFESSIONAL, Duty.MUST),
        (About.SECURITY, Reporter.ESTABLISHMENT, Duty.MUST),
        (About.SECURITY, Reporter.USER, Duty.CLOSED),
        (About.RIGHTS, Reporter.USER, Duty.MAY),
        (About.STAY, Reporter.MANUFACTURER, Duty.CLOSED),
    ],
)
def test_who_must_who_may_and_who_does_not(about: About, reporter: Reporter, duty: Duty) -> None:
    assert ways(Situation(about, reporter, False))[0].duty is duty


def test_terms_of_the_reporter_stand_apart_from_those_of_others() -> None:
    [way] = ways(Situation(About.DEVICE, Reporter.MANUFACTURER, True))
    assert [each.limit.fr for each in way.deadlines] == ["2 jours", "10 jours", "15 jours"]
    assert {each.who for each in way.others} == {"professional", "establishment"}


def test_the_name_and_the_harms_of_a_signal_propose_its_subject(app: Flask, in_app: None) -> None:
    service = factories.service()
    row = signal(service, title="Ma facture et mon abonnement")
    found = suggest(row)
    assert found.about is About.COMMERCE
    assert found.words == ("facture", "abonnement")
    fell = signal(service, ("J’ai fait une chute dans l’escalier.", "Rien."), title="Rappels")
    assert suggest(fell).about is About.EVENT
    assert suggest(fell).harms == {"injury": 1}
    assert "1 retour nomme une blessure." in reasons_of(suggest(fell))


def ticked(value: str) -> Answer:
    return Answer(question=HARM_QUESTION, status=AnswerStatus.GIVEN.value, value=value)


def test_a_harm_that_was_only_ticked_proposes_an_event_unless_words_say_more(
    app: Flask, in_app: None
) -> None:
    service = factories.service()
    row = signal(service, ("Rien de neuf.", "Rien non plus."), title="Rappels")
    first = db.session.scalars(select(Feedback).join(SignalEvidence)).first()
    assert first is not None
    first.answers.append(ticked("no"))
    db.session.flush()
    assert suggest(row).about is About.OTHER
    first.answers[0].value = "some"
    db.session.flush()
    assert suggest(row).about is About.EVENT
    assert reasons_of(suggest(row)) == ["1 retour nomme un tort déclaré."]
    row.title = "Ma facture"
    assert suggest(row).about is About.COMMERCE


@pytest.mark.parametrize(
    ("said", "leaning"),
    [({}, 1), ({"M5": "no"}, 1), ({"M5": "some"}, -1), ({"M5": "serious", "G5.kind": "good"}, -1)],
)
def test_a_harm_outweighs_the_face_and_the_surprise_in_the_watch(
    in_app: None, said: dict[str, str], leaning: int
) -> None:
    service = factories.service()
    row = factories.retour(service, face=10)
    for question, value in said.items():
        row.answers.append(Answer(question=question, status="given", value=value))
    db.session.flush()
    assert [entry.leaning for entry in entries_of(service)] == [leaning]


def test_a_functionality_that_helps_to_decide_proposes_a_device(app: Flask, in_app: None) -> None:
    service = factories.service()
    row = signal(service, title="Rappels")
    assert not suggest(row).device
    assert reasons_of(suggest(row)) == ["Aucun mot connu ne désigne une porte."]
    assert suggest(row).about is About.OTHER
    factories.functionality(service, name="Avis", kind="decision_support")
    db.session.refresh(service)
    assert suggest(row).device
    [reason] = reasons_of(suggest(row))
    assert reason == "La fonctionnalité « Avis » est de la classe « aide à la décision »."


def test_why_a_door_is_shown_is_said(app: Flask, in_app: None) -> None:
    said = Situation(About.EVENT, Reporter.USER, True)
    ansm, portal = ways(said)
    assert "peut-être un dispositif médical" in why_of(ansm, said.about)
    assert "un événement de santé" in why_of(portal, said.about)


def test_an_expert_chooses_and_the_state_stays(app: Flask, in_app: None, today: date) -> None:
    row = signal(factories.service())
    said = Situation(About.DATA, Reporter.USER, False)
    assert routing.chosen(row) is None
    routing.choose(row, "data", said, " Un dossier a été lu. ", EXPERT, today)
    note = routing.chosen(row)
    assert note
    assert (note.from_state, note.to_state) == (SignalState.CANDIDATE, SignalState.CANDIDATE)
    assert note.answers["door"] == "data"
    assert note.reason == "Un dossier a été lu."
    assert routing.situation_of(note) == said
    assert row.state == SignalState.CANDIDATE
    routing.choose(row, "rights", said, "Finalement un refus.", EXPERT, today)
    later = routing.chosen(row)
    assert later
    assert later.answers["door"] == "rights"


def test_a_choice_names_a_known_door_and_says_why(app: Flask, in_app: None, today: date) -> None:
    row = signal(factories.service())
    said = Situation(About.DATA, Reporter.USER, False)
    with pytest.raises(UnknownDoor):
        routing.choose(row, "nulle-part", said, "Parce que.", EXPERT, today)
    with pytest.raises(WhyNeeded):
        routing.choose(row, "data", said, "  ", EXPERT, today)
    assert routing.chosen(row) is None


def test_a_door_that_the_answers_do_not_lead_to_may_be_chosen() -> None:
    way = routing.way_to("rights", Situation(About.DATA, Reporter.USER, False))
    assert way.door.key == "rights"
    assert way.duty is Duty.MAY
