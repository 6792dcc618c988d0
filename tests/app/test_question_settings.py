"""The settings page of questions: the core locked, local ones added, changed and ended, counts."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import service_by_slug
from app.matrix import Risk
from app.territories import load_territories
from feedback.models import Answer, LocalQuestion, LocalWording, State
from feedback.question_shapes import Kind
from feedback.questions import NOW
from tests import factories
from tests.conftest import writing
from tests.factories import post, sign_in
from tests.feedback.question_town import WORDS, local, slug_with

SENT = {"words": WORDS, "kind": "one", "choices": "Oui\n\n Non \nOui", "from_risk": "low"}
SENT |= {"functionality": "", "position": "1", "ended": "", "reach": ""}
Enter = Callable[..., FlaskClient]


@pytest.fixture
def slug(app: Flask) -> str:
    """The address of a service in the Loire with a low and a high functionality."""
    with writing(app):
        load_territories()
    return slug_with(app, Risk.LOW, Risk.HIGH, territory_code="42")


@pytest.fixture
def enter(app: Flask, client: FlaskClient, slug: str) -> Enter:
    """Sign in as a role; a promoter has a seat in the service's team."""

    def as_role(role: Role) -> FlaskClient:
        with writing(app):
            seats = (service_by_slug(slug),) if role is Role.PROMOTER else ()
            sign_in(client, factories.account(role, services=seats))  # type: ignore[arg-type]
        return client

    return as_role


def wordings(committed: Session) -> list[tuple[int, str, list[str]]]:
    """Return version, words and choices of every wording."""
    committed.rollback()
    query = select(LocalWording).order_by(LocalWording.question_id, LocalWording.version)
    found = [(row.version, row.words, row.choices) for row in committed.scalars(query)]
    committed.rollback()
    return found


def page_of(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def add(app: Flask, slug: str, *args: Any, **values: Any) -> str:
    """Return the code of a local question of the service at ``slug``."""
    with writing(app):
        return local(service_by_slug(slug), *args, **values).code  # type: ignore[arg-type]


def test_the_page_shows_the_core_locked_and_no_way_to_change_it(enter: Enter, slug: str) -> None:
    page = page_of(enter(Role.PROMOTER).get(f"/equipe/reglages/{slug}/questions"))
    core = page.select_one("#socle")
    assert core is not None
    assert all(str(question.words) in core.get_text() for question in NOW.values())
    assert "verrouillé" in core.get_text()
    assert not core.select("form, button, a")
    assert "Aucune pour l’instant" in page.get_text()


@pytest.mark.parametrize("code", ["G1", "G5.kind", "G9", "M5"])
@pytest.mark.parametrize("act", ["", "/retirer"])
@pytest.mark.parametrize("role", [Role.PROMOTER, Role.ADMINISTRATOR])
def test_a_forged_change_or_removal_of_a_core_question_is_refused_with_a_sentence(
    enter: Enter, slug: str, committed: Session, code: str, act: str, role: Role
) -> None:
    url = f"/equipe/reglages/{slug}/questions/{code}{act}"
    answer = post(enter(role), url, {**SENT, "words": "Autre ?"})
    assert answer.status_code == 403
    assert "Elle ne peut être ni changée ni retirée." in answer.text
    assert page_of(answer).select_one("#problem[autofocus]")
    assert wordings(committed) == []


def test_a_local_question_is_added_shown_to_the_citizen_and_previewed(
    enter: Enter, slug: str, committed: Session
) -> None:
    client = enter(Role.PROMOTER)
    answer = post(client, f"/equipe/reglages/{slug}/questions", SENT)
    assert answer.status_code == 303
    assert wordings(committed) == [(1, WORDS, ["Oui", "Non"])]
    page = page_of(client.get(f"/equipe/reglages/{slug}/questions"))
    preview = page.select_one("#apercu")
    assert preview is not None
    assert WORDS in preview.get_text()
    assert "évaluation clinique" in preview.get_text()
    assert not preview.select("form[method=post]")
    assert WORDS in client.get(f"/s/{slug}/formulaire").text


def test_the_preview_follows_the_functionality(app: Flask, enter: Enter, slug: str) -> None:
    with app.app_context():
        service = service_by_slug(slug)
        assert service is not None
        low = next(f.id for f in service.functionalities if f.individual_risk == "low")
    page = page_of(enter(Role.PROMOTER).get(f"/equipe/reglages/{slug}/questions?fonction={low}"))
    preview = page.select_one("#apercu")
    assert preview is not None
    assert "évaluation clinique" not in preview.get_text()
    assert not preview.select('[name="M5"]')


@pytest.mark.parametrize(
    ("change", "name", "message"),
    [
        ({"words": " "}, "words", "Écrivez la question."),
        ({"words": "a" * 121}, "words", "120 caractères au plus."),
        ({"words": "Quel est votre nom ?"}, "words", "qui est la personne"),
        ({"choices": "Oui"}, "choices", "de 2 à 8 choix"),
        ({"choices": "\n".join("abcdefghi")}, "choices", "de 2 à 8 choix"),
        ({"choices": "Oui\n" + "b" * 61}, "choices", "60 caractères au plus"),
        ({"kind": "scale", "choices": "Oui"}, "choices", "deux lignes"),
        ({"kind": "place"}, "kind", ""),
        ({"from_risk": "none"}, "from_risk", ""),
        ({"functionality": "99999"}, "functionality", ""),
        ({"position": "0"}, "position", "de 1 à 99"),
        ({"position": "x"}, "position", ""),
        ({"ended": "demain"}, "ended", ""),
        ({"reach": "42"}, "reach", ""),
    ],
)
def test_a_question_that_cannot_be_asked_is_told_at_its_field_and_kept(
    enter: Enter, slug: str, committed: Session, change: Any, name: str, message: str
) -> None:
    typed = {**SENT, **change}
    answer = post(enter(Role.PROMOTER), f"/equipe/reglages/{slug}/questions", typed)
    assert answer.status_code == 422
    soup = page_of(answer)
    error = soup.select_one(f"#{name}-error") or soup.select_one("#problem")
    assert error is not None
    assert message in error.get_text()
    assert soup.select_one("#problem[autofocus]")
    area = soup.select_one("#choices")
    assert area is not None
    assert area.get_text().split() == typed["choices"].split()
    assert wordings(committed) == []


def test_an_anonymous_service_is_told_why_it_may_not_ask_for_a_place(
    app: Flask, enter: Enter, slug: str, committed: Session
) -> None:
    with writing(app):
        service_by_slug(slug).anonymous_by_law = True  # type: ignore[union-attr]
    client = enter(Role.ADMINISTRATOR)
    sent = {**SENT, "kind": "text", "words": "Dans quelle ville venez-vous ?"}
    for reach in ("", "42", "R84"):
        answer = post(client, f"/equipe/reglages/{slug}/questions", {**sent, "reach": reach})
        assert answer.status_code == 422
        assert "aucun lieu plus fin que la région" in answer.text
    assert wordings(committed) == []


def test_a_sixth_question_is_refused_and_an_ended_one_makes_room(
    app: Flask, enter: Enter, slug: str
) -> None:
    codes = [add(app, slug) for _ in range(5)]
    client = enter(Role.PROMOTER)
    url = f"/equipe/reglages/{slug}/questions"
    full = post(client, url, SENT)
    assert full.status_code == 422
    assert "déjà 5 questions locales" in full.text
    assert post(client, f"{url}/{codes[0]}/retirer").status_code == 303
    assert post(client, url, SENT).status_code == 303
    assert post(client, f"{url}/{codes[0]}/retirer").status_code == 404, "a second tap"


def test_new_words_make_a_version_and_an_answered_question_is_ended_not_deleted(
    app: Flask, enter: Enter, slug: str, committed: Session
) -> None:
    code = add(app, slug, Kind.ONE)
    with writing(app):
        retour = factories.retour(service_by_slug(slug))  # type: ignore[arg-type]
        retour.answers.append(Answer(question=code, version=1, status="given", value="3"))
    client = enter(Role.PROMOTER)
    url = f"/equipe/reglages/{slug}/questions/{code}"
    form = page_of(client.get(url))
    assert "Des personnes ont répondu." in form.get_text()
    words = form.select_one("#words")
    assert words is not None
    assert words["value"] == WORDS
    assert post(client, url, {**SENT, "words": "Et la notice ?"}).status_code == 303
    assert [version for version, _words, _choices in wordings(committed)] == [1, 2]
    assert post(client, f"{url}/retirer").status_code == 303
    page = page_of(client.get(f"/equipe/reglages/{slug}/questions"))
    assert "plus posée depuis" in page.get_text()
    counts = page.select_one("#reponses")
    assert counts is not None
    assert WORDS in counts.get_text()
    assert "En partie : 1" in counts.get_text()
    assert post(client, url, {**SENT, "words": " "}).status_code == 422


def test_an_administrator_asks_a_whole_territory_and_a_team_may_not_change_it(
    app: Flask, enter: Enter, slug: str, committed: Session
) -> None:
    url = f"/equipe/reglages/{slug}/questions"
    assert post(enter(Role.ADMINISTRATOR), url, {**SENT, "reach": "R84"}).status_code == 303
    neighbour = slug_with(app, Risk.LOW, territory_code="69")
    client = enter(Role.PROMOTER)
    assert WORDS in client.get(f"/s/{neighbour}/formulaire").text
    committed.rollback()
    code = committed.scalars(select(LocalQuestion)).one().code
    committed.rollback()
    page = page_of(client.get(url))
    assert "l’administration la pose à tout le territoire" in page.get_text()
    assert not page.select(f'form[action$="{code}/retirer"]')
    for act in ("", "/retirer"):
        refused = post(client, f"{url}/{code}{act}", SENT)
        assert refused.status_code == 403
        assert "tout le territoire" in refused.text
    changed = post(enter(Role.ADMINISTRATOR), f"{url}/{code}", {**SENT, "words": "Et là ?"})
    assert changed.status_code == 303
    assert [words for _version, words, _choices in wordings(committed)] == [WORDS, "Et là ?"]


def test_another_team_finds_no_page_and_no_question(app: Flask, enter: Enter, slug: str) -> None:
    other = slug_with(app, Risk.LOW)
    code = add(app, other)
    client = enter(Role.PROMOTER)
    assert client.get(f"/equipe/reglages/{other}/questions").status_code == 404
    assert post(client, f"/equipe/reglages/{other}/questions", SENT).status_code == 404
    for act in ("", "/retirer"):
        url = f"/equipe/reglages/{slug}/questions/{code}{act}"
        assert post(client, url, SENT).status_code == 404


def test_the_team_counts_each_way_of_answering_and_nobody_else_does(
    app: Flask, enter: Enter, slug: str
) -> None:
    with writing(app):
        service = service_by_slug(slug)
        assert service is not None
        said = [("M1", "given", "phone close"), ("M1", "given", "phone"), ("M1", "refused", "")]
        said += [("G5", "given", "SECRET"), ("G3", "unknown", ""), ("G3", "not_applicable", "")]
        for code, status, value in said:
            row = factories.retour(service)
            row.answers.append(Answer(question=code, status=status, value=value))
        held = factories.retour(service, state=State.HELD.value)
        held.answers.append(Answer(question="M1", status="given", value="chat"))
        elsewhere = factories.retour(factories.service())
        elsewhere.answers.append(Answer(question="M1", status="given", value="chat"))
    url = f"/equipe/reglages/{slug}/questions"
    page = page_of(enter(Role.PROMOTER).get(url))
    table = page.select_one("#reponses table")
    assert table is not None
    rows = {r.th.get_text(" ", strip=True): r for r in table.select("tbody tr") if r.th}
    help_found = next(row for words, row in rows.items() if words.startswith("Avez-vous cherché"))
    assert "Par téléphone : 2" in help_found.get_text()
    assert "messagerie" not in help_found.get_text()
    assert [cell.get_text() for cell in help_found.select("td.num")] == ["2", "0", "0", "1"]
    clarity = next(row for words, row in rows.items() if words.startswith("Qu’avez-vous"))
    assert [cell.get_text() for cell in clarity.select("td.num")] == ["0", "1", "1", "0"]
    assert "SECRET" not in page.get_text()
    admin = enter(Role.ADMINISTRATOR).get(url)
    assert "dans l’équipe du service seulement" in admin.text
    assert not page_of(admin).select("#reponses table")


def test_a_raised_risk_names_the_questions_that_it_adds(
    app: Flask, enter: Enter, slug: str
) -> None:
    with app.app_context():
        service = service_by_slug(slug)
        assert service is not None
        low = next(f for f in service.functionalities if f.individual_risk == "low")
        sent = {"number": low.id, "name": low.name, "kind": low.kind}
    sent |= {"individual_risk": "high", "collective_risk": "low"}
    page = page_of(post(enter(Role.PROMOTER), f"/equipe/reglages/{slug}/fonctionnalites", sent))
    row = next(r for r in page.select("tr") if "Questions en plus" in r.get_text())
    before, after = row.select("td")
    assert (before.get_text(), after.get_text()) == ("0", "5")
    named = page.find("h2", string="Questions posées en plus")
    assert named is not None
    shown = [item.get_text() for item in named.find_next("ul").select("li")]  # type: ignore[union-attr]
    assert shown == [str(NOW[code].words) for code in ("M5", "M1", "M2", "M3", "M4")]
    assert "ne seront plus posées" not in page.get_text()


NAMES = st.sampled_from([*SENT, "csrf", ""])
TYPED = st.dictionaries(NAMES, st.one_of(st.text(max_size=130), st.just("9" * 30)), max_size=8)


def test_whatever_a_team_types_there_is_no_error_and_a_message_at_a_field(
    enter: Enter, slug: str
) -> None:
    client = enter(Role.PROMOTER)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(TYPED)
    def sent(typed: dict[str, str]) -> None:
        answer = post(client, f"/equipe/reglages/{slug}/questions", {**SENT, **typed})
        assert answer.status_code in (303, 422)
        if answer.status_code == 422:
            assert page_of(answer).select("#problem li, .error")

    sent()
