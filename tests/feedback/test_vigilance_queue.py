"""The list of signals: its order, its sections, its filters, and who sees the platform's."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import true

from app.accounts import Role
from app.catalogue import Service
from feedback import signal_queue
from feedback.signal_queue import Asked, Part
from tests import factories
from tests.conftest import writing
from tests.feedback import watched


@pytest.fixture
def service(app: Flask, in_app: None) -> Service:
    return factories.service()


EVERYTHING = Asked()


def ids(asked: Asked = EVERYTHING) -> dict[Part, list[str]]:
    """The signals of each section, by id."""
    found = signal_queue.sections(true(), asked)
    return {section.part: [each.id for each in section.signals] for section in found}


def test_the_order_is_the_priority_then_the_e_value(service: Service) -> None:
    weak = watched.signal(service, priority=0.2, e_value=900.0)
    strong = watched.signal(service, priority=0.9, e_value=50.0)
    stronger = watched.signal(service, priority=0.9, e_value=70.0)
    silent = watched.signal(service, priority=0.2, e_value=None)
    assert ids()[Part.EXAMINE] == [stronger.id, strong.id, weak.id, silent.id]


def test_each_signal_stands_in_one_section(service: Service) -> None:
    examine = watched.signal(service, tone="bad")
    serious = watched.signal(service, kind="serious", theme=None, e_value=None)
    good = watched.signal(service, tone="good")
    said_good = watched.signal(service, state="confirmed", beneficial=True)
    unsaid = watched.signal(service, tone="good", state="confirmed")
    refuted = watched.signal(service, tone="good", state="refuted", beneficial=True)
    found = ids()
    assert found[Part.EXAMINE] == [examine.id]
    assert found[Part.SERIOUS] == [serious.id]
    assert set(found[Part.GOOD]) == {good.id, said_good.id}
    assert set(found[Part.QUALIFIED]) == {unsaid.id, refuted.id}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (Asked(service="autre"), ["new"]),
        (Asked(service="-"), ["platform"]),
        (Asked(kind="new"), ["new"]),
        (Asked(state="under_review"), ["review"]),
        (Asked(facet="region"), ["review"]),
        (Asked(facet=""), ["new", "platform"]),
        (Asked(good=True), []),
        (Asked(part=Part.QUALIFIED), []),
    ],
)
def test_filters_keep_what_they_say(service: Service, asked: Asked, kept: list[str]) -> None:
    other = factories.service(slug="autre")
    made = {
        "new": watched.signal(other, kind="new"),
        "review": watched.signal(service, state="under_review", facet="region", facet_value="R84"),
        "platform": watched.signal(None),
    }
    names = {row.id: name for name, row in made.items()}
    found = [names[each] for part in ids(asked).values() for each in part]
    assert sorted(found) == kept


def test_only_what_exists_can_be_chosen(service: Service) -> None:
    watched.signal(service, kind="new", state="known", facet="region")
    found = signal_queue.choices(true())
    assert found.services == (service,)
    assert (found.kinds, found.states, found.facets) == (("new",), ("known",), ("region",))
    assert not found.platform
    assert not found.good


def test_a_section_of_more_than_fifty_is_paged(service: Service) -> None:
    for number in range(signal_queue.PER_PAGE + 2):
        watched.signal(service, theme=None, priority=number / 100)
    [whole] = [s for s in signal_queue.sections(true(), Asked()) if s.part is Part.EXAMINE]
    assert (len(whole.signals), whole.count, whole.pages) == (50, 52, 2)
    [second] = signal_queue.sections(true(), Asked(part=Part.EXAMINE, page=2))
    assert len(second.signals) == 2
    [beyond] = signal_queue.sections(true(), Asked(part=Part.EXAMINE, page=99))
    assert beyond.page == 2


def test_the_page_pages_filters_and_names_the_platform(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service(slug="tension", name="Mon suivi tension")
        for _ in range(51):
            watched.signal(service, tone="bad")
        watched.signal(None, priority=1.0)
        watched.signal(service, kind="serious", theme=None, e_value=None)
        factories.sign_in(client, factories.account(Role.EXPERT))
    page = client.get("/equipe/signaux")
    for words in ("tous les services", "Un seul retour suffit", "Voir les 52 signaux"):
        assert words in page.text
    assert "Bonnes surprises" not in page.text
    second = client.get("/equipe/signaux?partie=a-examiner&page=2")
    assert "Page 2 sur 2" in second.text
    links = BeautifulSoup(page.text, "html.parser").select("#filtres a")
    found = [link["href"] for link in links]
    assert "/equipe/signaux?service=tension" in found
    assert "/equipe/signaux?service=-" in found
    narrowed = client.get("/equipe/signaux?service=tension&etat=closed").text
    assert "Retirer les filtres" in narrowed
    assert "Aucun signal de cette liste ne répond à ces choix." in narrowed


def test_an_empty_list_says_why(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        factories.sign_in(client, factories.account(Role.EXPERT))
    assert "Aucun signal à examiner." in client.get("/equipe/signaux").text
    assert "Aucun signal dans cette liste." in client.get("/equipe/signaux?partie=qualifies").text


def test_a_team_sees_its_own_signals_and_neither_others_nor_the_platforms(
    app: Flask, client: FlaskClient
) -> None:
    with writing(app):
        own = factories.service()
        mine = watched.signal(own).id
        others = [watched.signal(factories.service()).id, watched.signal(None).id]
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(own,)))
    page = client.get("/equipe/signaux").text
    assert mine in page
    assert not [each for each in others if each in page]
    assert client.get(f"/equipe/signaux/{others[1]}").status_code == 404
