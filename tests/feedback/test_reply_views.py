"""Writing an answer: the draft, the preview, the questions before it goes, and nothing lost."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import privacy
from app.accounts import Role
from app.db import db
from feedback import threads
from feedback.answer_templates import save
from feedback.models import AnswerDraft, AnswerTemplate, Feedback, Message
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, post
from tests.feedback import citizen

ABOUT = "Nous regardons pourquoi vos mesures ne partent plus, avec votre modèle de téléphone."
LONG = "Nous " + "regardons vos mesures et nous " * 6 + "vous écrirons."
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that keeps no request open: two of them share nothing."""
    return app.test_client()


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """One retour of a service, and the first of two members of its team signed in on ``client``."""
    with writing(app):
        service = factories.service()
        retour = factories.retour(service, read_day=TODAY)
        first = factories.account(Role.PROMOTER, services=(service,))
        second = factories.account(
            Role.PROMOTER, services=(service,), organisation=service.organisation
        )
        factories.sign_in(client, first)
        return {
            "service": service.id,
            "retour": retour.id,
            "url": f"/equipe/retours/{retour.id}",
            "first": first.id,
            "second": second.id,
        }


def as_second(app: Flask, desk: dict[str, Any]) -> FlaskClient:
    """Return another browser, where the other member of the team is signed in."""
    other = app.test_client()
    with app.app_context():
        factories.sign_in(other, db.session.get_one(factories.Account, desk["second"]))
    return other


def sent(session: Session) -> list[str]:
    """Return the team's messages, as they were committed; the session lets go of the database."""
    found = list(session.scalars(select(Message.text).where(Message.sender == "team")))
    session.rollback()
    return found


def kept(session: Session) -> list[str]:
    """Return the drafts, as they were committed."""
    found = list(session.scalars(select(AnswerDraft.text)))
    session.rollback()
    return found


def field_of(answer: Any, name: str) -> str:
    page = BeautifulSoup(answer.text, "html.parser")
    found = page.select_one(f"form#answer [name={name}]")
    assert found is not None, name
    return str(found.get("value") or found.get_text().removeprefix("\n"))


def words(answer: Any) -> str:
    return citizen.words_of(answer)


# The draft.


def test_a_draft_is_kept_as_typed_and_comes_back_after_the_session(
    app: Flask, client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    typed = "  Bonjour,\n\n<b>je regarde</b> 🙂 et je reviens"
    answer = post(client, f"{desk['url']}/brouillon", {"text": typed})
    assert answer.status_code == 303
    assert answer.location.endswith(f"{desk['url']}#answer")
    assert "Brouillon enregistré. Vous seul le lisez." in words(client.get(desk["url"]))
    fresh = app.test_client()
    with app.app_context():
        factories.sign_in(fresh, db.session.get_one(factories.Account, desk["first"]))
    page = fresh.get(desk["url"])
    assert field_of(page, "text") == typed.strip()
    assert "<b>je regarde</b>" not in page.text
    assert kept(committed) == [typed.strip()]
    assert sent(committed) == []


def test_htmx_gets_the_part_that_says_so_and_which_sentence_is_long(
    client: FlaskClient, desk: dict[str, Any]
) -> None:
    answer = post(client, f"{desk['url']}/brouillon", {"text": LONG}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="draft-state-')
    assert "Brouillon enregistré le 23 novembre, pour vous seul." in words(answer)
    assert "Une phrase dépasse 25 mots." in words(answer)


def test_the_page_that_types_saves_by_itself_and_without_javascript(
    client: FlaskClient, desk: dict[str, Any]
) -> None:
    page = BeautifulSoup(client.get(desk["url"]).text, "html.parser")
    area = page.select_one("#answer textarea")
    assert area is not None
    assert area["data-hx-post"] == f"{desk['url']}/brouillon"
    assert "delay:2s" in str(area["data-hx-trigger"])
    assert page.select_one(str(area["data-hx-target"])) is not None
    button = page.find("button", string="Enregistrer le brouillon")
    assert button is not None
    assert button["formaction"] == f"{desk['url']}/brouillon"


def test_a_draft_is_its_writers_alone(
    app: Flask, client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    post(client, f"{desk['url']}/brouillon", {"text": "Un secret de rédaction."})
    other = as_second(app, desk)
    assert "secret de rédaction" not in other.get(desk["url"]).text
    post(other, f"{desk['url']}/brouillon", {"text": "Le mien."})
    assert sorted(kept(committed)) == ["Le mien.", "Un secret de rédaction."]
    moderator = app.test_client()
    with writing(app):
        factories.sign_in(moderator, factories.account(Role.MODERATOR))
        retour = db.session.get_one(Feedback, desk["retour"])
        assert "secret de rédaction" not in str(privacy.export(retour))
    assert "secret de rédaction" not in moderator.get(desk["url"]).text
    assert post(moderator, f"{desk['url']}/brouillon", {"text": "x"}).status_code == 403


def test_an_emptied_draft_goes_and_so_does_one_that_was_sent(
    client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    post(client, f"{desk['url']}/brouillon", {"text": "Un début."})
    post(client, f"{desk['url']}/brouillon", {"text": "  "})
    assert kept(committed) == []
    post(client, f"{desk['url']}/brouillon", {"text": ABOUT})
    assert post(client, f"{desk['url']}/reponse", {"text": ABOUT}).status_code == 303
    assert kept(committed) == []
    assert sent(committed) == [ABOUT]


def test_a_draft_goes_with_the_retour_and_with_its_writer(
    app: Flask, client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    post(client, f"{desk['url']}/brouillon", {"text": "Un début."})
    post(as_second(app, desk), f"{desk['url']}/brouillon", {"text": "Un autre."})
    with writing(app):
        db.session.delete(db.session.get_one(factories.Account, desk["second"]))
    assert kept(committed) == ["Un début."]
    with writing(app):
        privacy.erase(db.session.get_one(Feedback, desk["retour"]), TODAY)
    assert kept(committed) == []


# The preview.


def test_the_preview_is_what_the_author_reads_and_sends_nothing(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    slug = citizen.open_service(app)
    code = citizen.code_of(citizen.send(client, slug, text="Mes mesures ne partent plus."))
    with writing(app):
        retour = db.session.scalars(select(Feedback)).one()
        retour.service.organisation.name = "Réseau de la Loire"
        url = f"/equipe/retours/{retour.id}"
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(retour.service,)))
    client.get(url)
    shown = post(client, f"{url}/apercu", {"text": ABOUT})
    assert shown.status_code == 200
    assert sent(committed) == []
    previewed = BeautifulSoup(shown.text, "html.parser").select("#exchange .letter")
    hidden = {
        str(each["name"]): str(each.get("value", ""))
        for each in BeautifulSoup(shown.text, "html.parser").select("main form input[type=hidden]")
    }
    assert post(client, f"{url}/reponse", hidden).status_code == 303
    assert sent(committed) == [ABOUT]
    citizen.come_back(client, code)
    page = BeautifulSoup(client.get("/suivi/retour").text, "html.parser")
    read = page.select("#exchange .letter")
    for form in page.select("#exchange form"):
        form.decompose()  # the author alone says whether it is useful
    assert [" ".join(a.get_text(" ").split()) for a in previewed] == [
        " ".join(a.get_text(" ").split()) for a in read
    ]


def test_from_the_preview_the_text_goes_back_to_its_field(
    client: FlaskClient, desk: dict[str, Any]
) -> None:
    answer = post(client, f"{desk['url']}/apercu", {"text": ABOUT, "change": "yes"})
    assert answer.status_code == 200
    assert field_of(answer, "text") == ABOUT


# Questions before it goes.


def test_a_long_sentence_is_said_once_and_never_keeps_an_answer_back(
    client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    asked = post(client, f"{desk['url']}/reponse", {"text": LONG})
    assert asked.status_code == 422
    assert "C’est un conseil : vous pouvez envoyer ainsi." in words(asked)
    assert field_of(asked, "text") == LONG
    again = post(
        client,
        f"{desk['url']}/reponse",
        {"text": f"{LONG} {LONG}", "long_seen": field_of(asked, "long_seen")},
    )
    assert again.status_code == 303
    assert sent(committed) == [f"{LONG} {LONG}"]


def _send_to_others(app: Flask, desk: dict[str, Any], text: str, times: int) -> None:
    with writing(app):
        service = db.session.get_one(factories.Service, desk["service"])
        account = db.session.get_one(factories.Account, desk["second"])
        for _ in range(times):
            threads.answer(factories.retour(service), text, account, TODAY)


def test_a_copy_is_counted_shown_and_disclosed_to_the_author(
    app: Flask, client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    body = "Merci de nous avoir écrit au sujet de vos mesures, notre équipe technique les suit."
    _send_to_others(app, desk, body, 14)
    text = f"{body} Vous aussi !"
    refused = post(client, f"{desk['url']}/reponse", {"text": body, "canned_anyway": "y"})
    assert refused.status_code == 422
    assert "Vos phrases ont toutes déjà été envoyées." in words(refused)
    text = f"{body} Pour vous, avril."
    asked = post(client, f"{desk['url']}/reponse", {"text": text})
    assert asked.status_code == 422
    told = words(asked)
    assert "Vous avez déjà envoyé ceci 14 fois" in told
    assert body in told
    assert "14 fois, la dernière le 23 novembre 2026" in told
    assert field_of(asked, "text") == text
    assert post(client, f"{desk['url']}/reponse", {"text": text, "canned_anyway": "y"}).location
    last = committed.scalars(select(Message).where(Message.text == text)).one()
    assert last.canned
    assert "réponse type" in words(client.get(desk["url"]))


@pytest.mark.parametrize(
    "text",
    ["😀" * 40, "!!! ??? ... ---- ==== ++++ ////", "Merci. Merci. Merci. Merci. Merci."],
)
def test_signs_and_thanks_alone_are_no_answer(
    client: FlaskClient, desk: dict[str, Any], committed: Session, text: str
) -> None:
    answer = post(client, f"{desk['url']}/reponse", {"text": text})
    assert answer.status_code == 422
    assert "Écrivez au moins une phrase" in words(answer)
    assert field_of(answer, "text") == text
    assert sent(committed) == []
    assert kept(committed) == [text]


def test_an_answer_about_nothing_the_author_said_is_asked_about(
    client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    text = "Merci beaucoup, nous prenons bonne note de cela."
    asked = post(client, f"{desk['url']}/reponse", {"text": text})
    assert asked.status_code == 422
    assert "ne reprend aucun mot de ce retour" in words(asked)
    sure = {"text": text, "about_anyway": "y"}
    assert post(client, f"{desk['url']}/reponse", sure).status_code == 303
    assert sent(committed) == [text]


# Bad input, and two at once.


def test_ten_thousand_characters_come_back_whole_with_how_much_must_go(
    client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    text = ("Vos mesures sont lues. " * 500)[:10_000].strip()
    answer = post(client, f"{desk['url']}/reponse", {"text": text})
    assert answer.status_code == 422
    assert f"retirez-en {len(text) - 5000}" in words(answer)
    assert field_of(answer, "text") == text
    assert sent(committed) == []
    assert kept(committed) == [text]


def test_pasted_markup_is_kept_as_words_and_never_runs(
    client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    text = 'Vos mesures : <script>alert(1)</script> <img src=x onerror="alert(2)"> voyez ceci.'
    assert post(client, f"{desk['url']}/reponse", {"text": text}).status_code == 303
    assert sent(committed) == [text]
    page = client.get(desk["url"]).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_file_is_no_part_of_an_answer(
    client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    assert 'type="file"' not in client.get(desk["url"]).text
    data = {"text": ABOUT, "csrf_token": factories.csrf_token(client)}
    data["piece"] = (__import__("io").BytesIO(b"%PDF-1.7 secret"), "a.pdf")
    answer = client.post(f"{desk['url']}/reponse", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert sent(committed) == [ABOUT]


def test_the_second_of_two_reads_the_first_and_keeps_her_own(
    app: Flask, client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    other = as_second(app, desk)
    hers, his = client.get(desk["url"]), other.get(desk["url"])
    first = "Nous cherchons pourquoi les mesures restent sur le téléphone."
    form = {"text": first, "seen": field_of(his, "seen")}
    assert post(other, f"{desk['url']}/reponse", form).status_code == 303
    form = {"text": ABOUT, "seen": field_of(hers, "seen")}
    stopped = post(client, f"{desk['url']}/reponse", form)
    assert stopped.status_code == 422
    assert "Un message est arrivé pendant que vous écriviez." in words(stopped)
    assert first in words(stopped)
    assert field_of(stopped, "text") == ABOUT
    assert sent(committed) == [first]
    form = {"text": ABOUT, "seen": field_of(stopped, "seen")}
    assert post(client, f"{desk['url']}/reponse", form).status_code == 303
    assert sorted(sent(committed)) == sorted([first, ABOUT])


def test_what_the_author_wrote_meanwhile_is_shown_too(
    app: Flask, client: FlaskClient, desk: dict[str, Any]
) -> None:
    page = client.get(desk["url"])
    with writing(app):
        retour = db.session.get_one(Feedback, desk["retour"])
        threads.reply(retour, "Finalement, cela remarche.", TODAY)
    stopped = post(
        client, f"{desk['url']}/reponse", {"text": ABOUT, "seen": field_of(page, "seen")}
    )
    assert stopped.status_code == 422
    assert "Finalement, cela remarche." in words(stopped)


def test_a_double_tap_sends_once_and_asks_nothing(
    client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    form = {"text": ABOUT, "seen": field_of(client.get(desk["url"]), "seen")}
    for _ in range(2):
        assert post(client, f"{desk['url']}/reponse", form).status_code == 303
    assert sent(committed) == [ABOUT]


@pytest.mark.parametrize("action", ["reponse", "apercu", "brouillon"])
def test_an_answer_to_what_was_erased_comes_back_with_the_reason(
    app: Flask, client: FlaskClient, desk: dict[str, Any], committed: Session, action: str
) -> None:
    with writing(app):
        privacy.erase(db.session.get_one(Feedback, desk["retour"]), TODAY)
    answer = post(client, f"{desk['url']}/{action}", {"text": ABOUT})
    assert answer.status_code == 409
    assert "Ce retour a été retiré" in words(answer)
    assert ABOUT in answer.text
    assert (sent(committed), kept(committed)) == ([], [])


def test_an_answer_to_what_was_held_meanwhile_comes_back_too(
    app: Flask, client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    with writing(app):
        db.session.get_one(Feedback, desk["retour"]).state = "held"
    answer = post(client, f"{desk['url']}/reponse", {"text": ABOUT})
    assert answer.status_code == 409
    assert "repassé par la modération" in words(answer)
    assert ABOUT in answer.text
    assert "mesures." not in answer.text.replace(ABOUT, ""), "no word of what is held"
    with writing(app):
        db.session.get_one(Feedback, desk["retour"]).read_day = None
    assert post(client, f"{desk['url']}/reponse", {"text": ABOUT}).status_code == 404


def test_the_page_says_where_the_exchange_stands(
    app: Flask, client: FlaskClient, desk: dict[str, Any]
) -> None:
    assert "L’auteur attend une réponse" in words(client.get(desk["url"]))
    post(client, f"{desk['url']}/reponse", {"text": ABOUT})
    assert "Répondu" in words(client.get(desk["url"]))
    with writing(app):
        threads.reply(db.session.get_one(Feedback, desk["retour"]), "Toujours pas.", TODAY)
    assert "L’auteur a réécrit" in words(client.get(desk["url"]))


def test_a_template_is_added_to_what_is_typed_and_disclosed_while_it_is_most_of_it(
    app: Flask, client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    words = (
        "Bonjour, {service} regarde vos mesures avec les équipes de {organisation} cette semaine."
    )
    with writing(app):
        service = db.session.get_one(factories.Service, desk["service"])
        name = service.name
        save(service, None, "Accusé", words, TODAY)
        save(service, None, "Autre", "Tout autre chose, longuement dit pour un autre cas.", TODAY)
    number = committed.scalars(
        select(AnswerTemplate.id).where(AnswerTemplate.name == "Accusé")
    ).one()
    committed.rollback()
    page = post(client, f"{desk['url']}/modele", {"text": "Merci.", "modele": str(number)})
    typed = BeautifulSoup(page.text, "html.parser").select_one("#answer-text")
    assert page.status_code == 200
    assert typed is not None
    assert typed.get_text().strip().startswith(f"Merci.\n\nBonjour, {name} regarde")
    assert "{" not in typed.get_text()
    foreign = post(client, f"{desk['url']}/modele", {"text": ABOUT, "modele": "999"})
    assert ABOUT in foreign.text
    sent = post(client, f"{desk['url']}/reponse", {"text": typed.get_text().strip() + " " + ABOUT})
    assert sent.status_code == 303
    assert [m.canned for m in committed.scalars(select(Message))] == [True]


def test_a_rewritten_template_is_no_standard_answer(
    app: Flask, client: FlaskClient, desk: dict[str, Any], committed: Session
) -> None:
    with writing(app):
        service = db.session.get_one(factories.Service, desk["service"])
        save(service, None, "Accusé", "Nous avons bien lu vos mots et nous y répondrons.", TODAY)
    assert post(client, f"{desk['url']}/reponse", {"text": ABOUT}).status_code == 303
    assert [m.canned for m in committed.scalars(select(Message))] == [False]
