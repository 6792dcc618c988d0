"""The demonstration's sessions and relays: a whole chain, chains with missing steps, lessons."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app import demo_catalogue, demo_process, demo_relays, demo_workshops
from app.accounts import Account
from app.catalogue import Service
from app.co_record import public_record, team_record
from app.co_record_words import ToldChain, told_chains
from app.db import db
from app.demo_workshop_words import FOLLOWED, MEETINGS, STEPS
from app.floors import FLOOR
from app.territories import load_territories
from feedback import lessons, visits
from feedback.evaluation_page import pools
from feedback.evaluations import own_rows
from feedback.models import Feedback, Placement, Segment, Theme
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from workshops import diaries, processes
from workshops.models import Phase, Workshop
from workshops.process_models import Process

RELEASED = TODAY - timedelta(days=75)
AROUND = (-90, -7, 7)  # days of the retours, around the release
Told = tuple[dict[str, Service], dict[str, Account]]


@pytest.fixture
def told(app: Flask) -> Iterator[Told]:
    """The demonstration's services and staff, its sessions held."""
    with writing(app), force_locale("fr"):
        load_territories()
        services = {each.slug: each for each in demo_catalogue.make_services(TODAY)}
        accounts = demo_catalogue.make_staff(list(services.values()), TODAY)
        for number in range(120):
            day = RELEASED + timedelta(days=AROUND[number % 3])
            text = f"Mon dossier {number} sur internet."
            factories.retour(services["demarches-simples"], text=text, day=day)
        demo_workshops.hold(services, accounts["animation"], TODAY, None)
        yield services, accounts


def chain_of(title: str, chains: tuple[ToldChain, ...]) -> ToldChain:
    """Return the chain with ``title``."""
    return next(each for each in chains if each.title == title)


def the_machine_finds_a_theme(service: Service) -> None:
    """Put each retour of ``service`` in one theme, as a run of the machine would."""
    theme = Theme(service=service, name="Internet", born=TODAY)
    for row in db.session.scalars(select(Feedback).where(Feedback.service_id == service.id)):
        segment = Segment(feedback=row, start=0, end=9, vector=b"", model="m")
        placed = {"score": 0.9, "threshold": 0.5, "model": "m", "placed": TODAY}
        db.session.add(Placement(segment=segment, theme=theme, **placed))
    db.session.flush()


def test_one_chain_is_whole_from_the_cards_to_the_effect_and_public(told: Told) -> None:
    service = told[0][FOLLOWED.slug]
    before = chain_of(STEPS, told_chains(team_record(service, TODAY), FLOOR))
    assert [each.key for each in before.steps if each.missing] == ["effect"]
    the_machine_finds_a_theme(service)
    demo_workshops.measure(TODAY)
    for record in (team_record(service, TODAY), public_record(service, TODAY, FLOOR)):
        chain = chain_of(STEPS, told_chains(record, FLOOR))
        assert chain.missing == 0
        steps = {each.key: " ".join(each.lines) for each in chain.steps}
        assert "Confirmé" in steps["commitment"]
        assert "Version 2.5" in steps["release"]
        assert "Part du thème" in steps["effect"]
        assert "votes de" in steps["votes"]


def test_other_chains_lack_steps_and_a_kept_group_waits(told: Told) -> None:
    record = team_record(told[0][FOLLOWED.slug], TODAY)
    lacking = {each.title: each.missing for each in told_chains(record, FLOOR) if each.missing}
    assert lacking["Être prévenu quand une pièce manque"] == 2
    assert max(lacking.values()) == 4
    assert [group.title for _room, group in record.loose.groups] == ["Garder une trace de l’envoi"]


@pytest.mark.usefixtures("told")
def test_nobody_sits_in_a_session_that_is_over_and_one_goes_on() -> None:
    phases = {each.title: each.phase for each in db.session.scalars(select(Workshop))}
    assert sorted(phases) == sorted(each.title for each in MEETINGS)
    assert sorted(phases.values()) == [Phase.CLOSED, Phase.CLOSED, Phase.GROUP]


def test_the_followed_session_stands_in_a_process_whose_panel_wrote_at_home(told: Told) -> None:
    process = db.session.scalars(select(Process)).one()
    keeper = told[1]["animation"]
    rooms = processes.sessions_of(process, keeper)
    assert [each.title for each in rooms] == [FOLLOWED.title]
    panel = processes.panel_of(process, rooms)
    assert (panel.codes, panel.wrote) == (demo_process.CODES, 5)
    trial = processes.trials_of(process)[0]
    assert sum(len(each) for _question, each in diaries.entries_of(trial)) == len(
        demo_process.DIARY
    )
    made = processes.delivered(processes.proposals_of(rooms), TODAY)
    assert [each.release.number for each in made] == ["2.5"]


def test_the_relay_has_a_log_and_finds_lessons_of_another_territory(told: Told) -> None:
    demo_relays.keep_log(*told, TODAY)
    assert told[1]["relais"].territory_code == "42"
    assert len(visits.log_of("42")) == 6
    assert {each.territory_code for each in lessons.search(lessons.Asked())} == {"42", "69"}
    assert all(each.is_public for each in lessons.search(lessons.Asked(), public_only=True))
    assert {seen.service.slug: seen.visits for seen in visits.seen("42", TODAY, FLOOR)}[
        "demarches-simples"
    ]


@pytest.mark.usefixtures("told")
def test_the_evaluations_of_an_invented_instance_are_counted_once() -> None:
    demo_relays.import_evaluations(TODAY)
    found = [
        source for pool in pools(own_rows(TODAY)) for source in pool.sources if source.instance
    ]
    assert {source.name for source in found} == {
        "Réseau de démonstration du Rhône (chiffres inventés)"
    }
    assert {source.first for source in found} == {"2025-S1"}
    assert {source.last for source in found} == {"2026-S1"}
