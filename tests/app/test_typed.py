"""An error page gives back what was typed, to send again where that may help."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.accounts import Role
from app.factory import create_app
from tests import factories
from tests.conftest import settings, writing
from tests.fakes import FakeRuntime, StandingClock
from tests.feedback.citizen import code_of, come_back, open_service, send, soup_of, words_of

WORDS = "Je tape longtemps."
FAULTS = {
    500: RuntimeError("a fault of our own"),
    503: OperationalError("BEGIN", None, Exception("locked")),
}


@pytest.fixture
def stumbling(tmp_path: Path, app: Flask) -> FlaskClient:
    """The application as it is served, with a form for citizens and one for staff that fail."""
    served = create_app(settings(BOUCLE_ENV="production"), tmp_path, runtime=FakeRuntime())  # type: ignore[arg-type]

    def stumble(status: int) -> None:
        raise FAULTS[status]

    def stumble_at_the_desk(status: int) -> None:
        raise FAULTS[status]

    stumble.access = served.view_functions["pages.home"].access  # type: ignore[attr-defined]
    desk = served.view_functions["desk.inbox"].access  # type: ignore[attr-defined]
    stumble_at_the_desk.access = desk  # type: ignore[attr-defined]
    stumble_at_the_desk.one_click = True  # type: ignore[attr-defined]  # no token to be had here
    served.add_url_rule("/essai/<int:status>", "stumble", stumble, methods=["POST"])
    served.add_url_rule("/equipe/essai/<int:status>", "desk", stumble_at_the_desk, methods=["POST"])
    return served.test_client()


def form_of(answer: Any) -> tuple[str, dict[str, str]]:
    """Return the address and the fields of the one form of the page's task."""
    (form,) = soup_of(answer).select("main form")
    fields = {str(i["name"]): str(i["value"]) for i in form.select("input[type=hidden]")}
    areas = {str(a["name"]): a.text.removeprefix("\n") for a in form.select("textarea")}
    return str(form["action"]), fields | areas


@pytest.mark.parametrize("status", FAULTS)
def test_a_fault_of_our_own_gives_the_form_back_with_its_key(
    stumbling: FlaskClient, status: int
) -> None:
    typed = {"text": WORDS, "face": "5", "key": "abc.def"}
    answer = stumbling.post(f"/essai/{status}?par=poster", data=typed)
    assert answer.status_code == status
    assert form_of(answer) == (f"/essai/{status}?par=poster", typed)
    assert "Renvoyer" in words_of(answer)
    assert soup_of(answer).select_one("[data-fault]") is not None


def test_one_word_is_kept_and_markup_stays_text(stumbling: FlaskClient) -> None:
    _, fields = form_of(stumbling.post("/essai/500", data={"text": "</textarea><b>Nul"}))
    assert fields == {"text": "</textarea><b>Nul"}


def test_a_post_without_words_gets_the_plain_page(stumbling: FlaskClient) -> None:
    answer = stumbling.post("/essai/500", data={"face": "5"})
    assert soup_of(answer).select("main form") == []
    assert "Revenir à l’accueil" in words_of(answer)


def test_another_site_and_the_desk_get_nothing_back(stumbling: FlaskClient) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert WORDS not in stumbling.post("/essai/500", data={"text": WORDS}, headers=foreign).text
    assert WORDS not in stumbling.post("/equipe/essai/500", data={"text": WORDS}).text


def test_what_cannot_be_done_gives_the_words_to_copy(app: Flask, client: FlaskClient) -> None:
    slug = open_service(app)
    page = come_back(client, code_of(send(client, slug)))
    token = soup_of(page).select_one("main [name=csrf_token]")
    assert token is not None
    values = {"appeal": WORDS, "csrf_token": token["value"]}
    answer = client.post("/suivi/retour/recours", data=values)  # nobody refused this retour
    assert answer.status_code == 409
    area = soup_of(answer).select_one("main textarea[readonly]")
    assert area is not None
    assert area.text.strip() == WORDS


def test_after_half_an_hour_the_words_come_back_in_their_field(
    app: Flask, client: FlaskClient, clock: StandingClock
) -> None:
    code = code_of(send(client, open_service(app)))
    come_back(client, code)
    clock.forward(minutes=31)
    answer = client.post("/suivi/retour/repondre", data={"reply": WORDS})
    assert answer.status_code == 401
    address, fields = form_of(answer)
    assert (address, fields["kept"]) == ("/suivi", WORDS)
    wrong = client.post(address, data={**fields, "code": "ABCD"})
    assert wrong.status_code == 422
    assert form_of(wrong)[1]["kept"] == WORDS
    back = client.post(address, data={**fields, "code": code})
    area = soup_of(back).select_one("textarea[name=reply]")
    assert area is not None
    assert area.text.strip() == WORDS


def test_after_half_an_hour_a_button_leads_to_the_code(
    app: Flask, client: FlaskClient, clock: StandingClock
) -> None:
    come_back(client, code_of(send(client, open_service(app))))
    clock.forward(minutes=31)
    answer = client.post("/suivi/retour/regle")
    assert (answer.status_code, answer.location) == (303, "/suivi")


def test_a_text_sixty_times_too_long_comes_back_in_its_field(
    app: Flask, client: FlaskClient
) -> None:
    slug = open_service(app)
    words = "mot " * 75_000
    answer = send(client, slug, text=words)
    assert answer.status_code == 422
    area = soup_of(answer).find("textarea", {"name": "text"})
    assert area is not None
    assert area.get_text().strip() == words.strip()
    assert "retirez-en" in words_of(answer)


def test_staff_forms_are_not_given_back(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        factories.sign_in(client, factories.account(Role.PROMOTER))
    answer = client.post("/equipe/syntheses/frequence", data={"text": WORDS})
    assert answer.status_code == 400
    assert WORDS not in answer.text
