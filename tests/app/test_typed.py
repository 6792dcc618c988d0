"""An error page gives back what was typed, to send again where that may help."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.accounts import Account, Role
from app.db import db
from app.factory import create_app
from app.typed import SECRET
from feedback.models import TeamNote
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


@pytest.mark.parametrize("path", ["/essai/500", "/equipe/essai/500"])
def test_another_site_gets_nothing_back(stumbling: FlaskClient, path: str) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert WORDS not in stumbling.post(path, data={"text": WORDS}, headers=foreign).text


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


# The desk.

DESK = "/equipe/syntheses/frequence"
OURS = {"Sec-Fetch-Site": "same-origin"}


def signed_in(app: Flask, client: FlaskClient) -> Account:
    with writing(app):
        account = factories.account(Role.PROMOTER)
        factories.sign_in(client, account)
    return account


def way_in(answer: Any) -> str:
    (link,) = soup_of(answer).select("main a[target=_blank]")
    return str(link["href"])


def test_after_thirty_idle_minutes_the_desk_gives_words_and_the_way_in_and_back(
    app: Flask, client: FlaskClient, clock: StandingClock
) -> None:
    with writing(app):
        service = factories.service()
        at = f"/equipe/retours/{factories.retour(service).id}"
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
    clock.forward(minutes=31)
    typed = {"note": "Voir avec Nadia.", "a": "7"}
    answer = factories.post(client, f"{at}/notes", typed, headers=OURS)
    assert answer.status_code == 401
    assert "Votre session s’est fermée" in words_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert parse_qs(urlsplit(way_in(answer)).query) == {"next": [at]}
    address, fields = form_of(answer)
    assert (address, fields["note"], fields["a"]) == (f"{at}/notes", typed["note"], "7")
    assert WORDS not in client.get("/connexion").text


def test_once_signed_in_elsewhere_two_taps_send_what_was_typed(
    app: Flask, client: FlaskClient, clock: StandingClock, committed: Session
) -> None:
    with writing(app):
        service = factories.service()
        at = f"/equipe/retours/{factories.retour(service).id}"
        account = factories.account(Role.PROMOTER, services=(service,))
        factories.sign_in(client, account)
        who = account.id
    clock.forward(minutes=31)
    answer = factories.post(client, f"{at}/notes", {"note": WORDS}, headers=OURS)
    with app.app_context():
        factories.sign_in(client, db.session.get_one(Account, who))
    address, fields = form_of(answer)
    again = client.post(address, data=fields, headers=OURS)
    assert (again.status_code, "Renvoyer" in words_of(again)) == (400, True)
    address, fields = form_of(again)
    assert client.post(address, data=fields, headers=OURS).status_code == 303
    assert list(committed.scalars(select(TeamNote.text))) == [WORDS]


def test_a_token_of_another_session_is_asked_about_with_the_words(
    app: Flask, client: FlaskClient
) -> None:
    signed_in(app, client)
    answer = client.post(DESK, data={"text": WORDS, "csrf_token": "old"}, headers=OURS)
    assert answer.status_code == 400
    address, fields = form_of(answer)
    assert (address, fields["text"]) == (DESK, WORDS)
    assert fields["csrf_token"] != "old"


def test_a_post_that_may_be_another_sites_gets_words_to_copy_and_no_button(
    app: Flask, client: FlaskClient
) -> None:
    """A browser too old to say where a form stood may be led by anybody: no token for it."""
    signed_in(app, client)
    answer = client.post(DESK, data={"text": WORDS})
    assert answer.status_code == 400
    assert soup_of(answer).select("main form") == []
    area = soup_of(answer).select_one("main textarea[readonly]")
    assert area is not None
    assert area.text.strip() == WORDS


def test_without_words_the_closed_desk_leads_to_the_door(
    app: Flask, client: FlaskClient, clock: StandingClock
) -> None:
    signed_in(app, client)
    clock.forward(minutes=31)
    answer = factories.post(client, "/equipe/vues/1/supprimer", headers=OURS)
    assert (answer.status_code, answer.location) == (303, "/connexion?next=/equipe/vues")
    never_in = app.test_client().post("/equipe/vues/1/supprimer", headers=OURS)
    assert never_in.status_code == 400
    link = soup_of(never_in).select_one("main a.btn")
    assert link is not None
    assert link["href"] == "/connexion?next=/equipe/vues"


def test_a_field_that_saves_itself_gets_a_line_and_not_a_page(
    app: Flask, client: FlaskClient, clock: StandingClock
) -> None:
    with writing(app):
        service = factories.service()
        at = f"/equipe/retours/{factories.retour(service).id}"
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
    clock.forward(minutes=31)
    headers = {**OURS, "HX-Request": "true"}
    answer = factories.post(client, f"{at}/brouillon", {"text": WORDS}, headers=headers)
    assert answer.status_code == 400
    assert answer.text.startswith("<div")
    assert "Le brouillon n’est plus enregistré. Votre texte reste dans son champ." in words_of(
        answer
    )


@pytest.mark.parametrize("name", ["password", "passphrase", "former", "new"])
def test_a_secret_never_stands_on_a_page(app: Flask, client: FlaskClient, name: str) -> None:
    signed_in(app, client)
    secret = "cheval agrafe pile correcte"
    answer = client.post(DESK, data={name: secret, "text": WORDS}, headers=OURS)
    assert WORDS in answer.text
    assert secret not in answer.text


def test_every_field_of_a_passphrase_is_known_as_secret(app: Flask) -> None:
    names = set()
    for path in Path("templates").rglob("*.html"):
        names |= set(re.findall(r'type="password"[^>]* name="([^"{]+)"', path.read_text("utf-8")))
    assert names
    assert names <= set(SECRET)
