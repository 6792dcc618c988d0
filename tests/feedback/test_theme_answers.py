"""One reply to a whole theme: reaches every open concern once, says so, and asks before it goes."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import traces
from app.accounts import Role
from app.db import db
from feedback import theme_answers
from feedback.models import AnswerDraft, Feedback, Message, SecondLook, Theme, ThemeEvent
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback.placed import place, said, theme

REPLY = "Nous cherchons pourquoi le transfert des mesures s’arrête, et nous vous écrirons."
CHANGED = "Nous avons corrigé le transfert des mesures dans la version 6.3."
LONG = "Nous " + "avons vu et revu " * 12 + "vos mesures."


@pytest.fixture
def world(app: Flask, client: FlaskClient) -> dict[str, Any]:
    """A theme with 3 waiting, 1 who wrote again, 5 whom no reply may reach; a team signed in."""
    with writing(app):
        service = factories.service()
        row = theme(service)
        waiting = said(row, 3, TODAY - timedelta(days=4))
        again = said(row, 1, TODAY - timedelta(days=6), thread_state="replied")
        place(waiting[0], row, start=3)  # a second sentence of one message
        said(row, 1, thread_state="answered")
        said(row, 1, state="held")
        said(row, 1, face=10, thread_state="none")
        contested = factories.retour(service)
        place(contested, row, contested=True)
        said(theme(factories.service()), 1)
        account = factories.account(Role.PROMOTER, services=(service,))
        factories.sign_in(client, account)
        return {
            "url": f"/equipe/themes/{row.id}/reponse",
            "theme": row.id,
            "account": account.id,
            "open": {each.id for each in (*waiting, *again)},
        }


def post(client: FlaskClient, world: dict[str, Any], **form: str) -> Any:
    return factories.post(client, world["url"], {"text": REPLY, **form})


def sent(session: Session) -> list[Message]:
    found = list(session.scalars(select(Message).where(Message.sender == "team")))
    _let_go(session)
    return found


def _let_go(session: Session) -> None:
    """End the reading, which would keep the next page from writing its journal."""
    session.expunge_all()
    session.rollback()


def words(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


def test_the_reply_reaches_every_open_concern_once_and_nobody_else(
    client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    answer = post(client, world, confirmed="yes", reaches="4")
    assert (answer.status_code, answer.location) == (303, f"/equipe/themes/{world['theme']}")
    messages = sent(committed)
    assert len(messages) == 4
    assert {message.feedback_id for message in messages} == world["open"]
    for feedback in committed.scalars(select(Feedback).where(Feedback.id.in_(world["open"]))):
        assert feedback.thread_state == "answered"
        assert feedback.first_answer_day == TODAY
        assert feedback.waiting_since is None


def test_each_author_reads_that_it_went_to_all_of_the_subject(
    client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    post(client, world, confirmed="yes", reaches="4")
    first = "Cette réponse s’adresse à tous les retours sur le même sujet que le vôtre."
    for message in sent(committed):
        assert message.text == f"{first}\n\n{REPLY}"
        assert message.canned
        assert message.role == "promoter"
        assert "Mesures" not in message.text, "a title may be the words of a few"


def test_nothing_goes_before_the_number_was_shown_and_confirmed(
    client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    answer = post(client, world)
    assert answer.status_code == 200
    assert sent(committed) == []
    told = words(answer)
    assert "Cette réponse part à 4 retours" in told
    assert "1 retour du thème a déjà sa réponse" in told
    assert "1 retour est retenu par la modération" in told
    assert "1 auteur vous a réécrit" in told
    assert REPLY in told


def test_a_second_tap_reaches_nobody_twice(
    client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    for _ in range(2):
        answer = post(client, world, confirmed="yes", reaches="4")
        assert answer.status_code == 303
    assert len(sent(committed)) == 4
    told = words(client.get(answer.location))
    assert "Plus aucun retour de ce thème n’attend de réponse." in told


def test_the_same_words_do_not_go_again_to_who_wrote_back(
    app: Flask, world: dict[str, Any], committed: Session
) -> None:
    with writing(app):
        row = db.session.get_one(Theme, world["theme"])
        account = db.session.get_one(factories.Account, world["account"])
        assert theme_answers.answer_all(row, REPLY, account, TODAY) == 4
        for feedback in db.session.scalars(select(Feedback).where(Feedback.id.in_(world["open"]))):
            feedback.thread_state = "replied"
        late = said(row, 1)[0].id
        assert theme_answers.answer_all(row, REPLY, account, TODAY + timedelta(days=1)) == 1
    assert [m.feedback_id for m in sent(committed) if m.feedback_id not in world["open"]] == [late]


def test_a_number_that_changed_while_reading_is_shown_again(
    app: Flask, client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    with writing(app):
        said(db.session.get_one(Theme, world["theme"]), 1)
    answer = post(client, world, confirmed="yes", reaches="4")
    assert "Cette réponse part à 5 retours" in words(answer)
    assert "Le nombre a changé pendant que vous relisiez." in words(answer)
    assert sent(committed) == []


def test_a_copy_of_an_earlier_answer_is_asked_about_first(
    app: Flask, client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    with writing(app):
        service = db.session.get_one(Theme, world["theme"]).service
        old = factories.retour(service, thread_state="answered")
        db.session.add(Message(feedback=old, position=1, sender="team", text=REPLY, day=TODAY))
    answer = post(client, world)
    assert answer.status_code == 422
    assert "Vous avez déjà envoyé ceci 1 fois" in words(answer)
    assert REPLY in answer.text
    accepted = post(client, world, canned_anyway="y")
    assert accepted.status_code == 200
    hidden = BeautifulSoup(accepted.text, "html.parser").select_one("input[name=canned_anyway]")
    assert hidden, "the second step carries the word given in the first"
    assert len(sent(committed)) == 1


def test_a_long_sentence_and_a_short_text_are_refused_with_what_was_typed(
    client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    long = post(client, world, text=LONG)
    assert long.status_code == 422
    assert "Une phrase dépasse 25 mots." in words(long)
    assert LONG in long.text
    short = post(client, world, text="Merci !")
    assert short.status_code == 422
    assert "Merci !" in short.text
    assert sent(committed) == []


def test_changing_the_text_gives_it_back(client: FlaskClient, world: dict[str, Any]) -> None:
    answer = post(client, world, change="yes")
    page = BeautifulSoup(answer.text, "html.parser")
    field = page.select_one("textarea")
    assert field
    assert field.get_text().strip() == REPLY


def test_without_an_open_concern_the_page_says_so_and_keeps_the_text(
    app: Flask, client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    post(client, world, confirmed="yes", reaches="4")
    page = client.get(world["url"])
    assert page.status_code == 200
    assert "Aucun retour de ce thème n’attend de réponse." in words(page)
    assert "textarea" not in page.text
    late = post(client, world, text=REPLY + " Merci.")
    assert late.status_code == 422
    assert REPLY in late.text
    assert len(sent(committed)) == 4


def test_the_journal_of_each_retour_and_the_history_of_the_theme_hold_it(
    app: Flask, client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    post(client, world, confirmed="yes", reaches="4")
    with app.app_context():
        for feedback_id in world["open"]:
            assert [entry["verb"] for entry in traces.journal(feedback_id)] == ["answered"]
    (event,) = committed.scalars(select(ThemeEvent))
    assert (event.kind, event.detail, event.by) == ("answered", "4", "promoter")
    _let_go(committed)
    told = words(client.get(f"/equipe/themes/{world['theme']}"))
    assert "Une réponse part à tout le thème : 4 retours (Équipe)" in told


def test_only_the_team_of_the_service_may_answer(
    app: Flask, client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    for role, status in ((Role.MODERATOR, 403), (Role.EXPERT, 403), (Role.PROMOTER, 404)):
        with writing(app):
            factories.sign_in(client, factories.account(role))
        assert client.get(world["url"]).status_code == status
        assert post(client, world, confirmed="yes", reaches="4").status_code == status
    assert sent(committed) == []


def test_the_page_of_the_theme_leads_there_with_the_number(
    client: FlaskClient, world: dict[str, Any]
) -> None:
    page = BeautifulSoup(client.get(f"/equipe/themes/{world['theme']}").text, "html.parser")
    link = page.select_one(f"a[href='{world['url']}']")
    assert link
    assert link.get_text() == "Répondre aux 4 retours qui attendent"


# What is typed and not sent.


def drafts(session: Session) -> list[str]:
    found = list(session.scalars(select(AnswerDraft.text)))
    _let_go(session)
    return found


def area(answer: Any) -> str:
    found = BeautifulSoup(answer.text, "html.parser").select_one("textarea[name=text]")
    assert found is not None
    return found.get_text().removeprefix("\r\n").replace("\r\n", "\n")


def test_a_draft_is_kept_as_typed_for_its_writer_alone(
    app: Flask, client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    typed = "Bonjour à tous,\n\n<b>nous cherchons</b> 🙂"
    answer = factories.post(client, f"{world['url']}/brouillon", {"text": typed})
    assert (answer.status_code, answer.location) == (303, world["url"])
    page = client.get(world["url"])
    assert area(page) == typed
    assert "Brouillon enregistré le 23 novembre, pour vous seul." in words(page)
    with writing(app):
        service = db.session.get_one(Theme, world["theme"]).service
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
    assert "nous cherchons" not in client.get(world["url"]).text
    assert drafts(committed) == [typed]
    assert sent(committed) == []


def test_the_page_saves_by_itself_and_htmx_gets_the_part(
    client: FlaskClient, world: dict[str, Any]
) -> None:
    page = BeautifulSoup(client.get(world["url"]).text, "html.parser")
    field = page.select_one("textarea")
    assert field is not None
    assert field["data-hx-post"] == f"{world['url']}/brouillon"
    assert page.select_one(str(field["data-hx-target"])) is not None
    htmx = {"HX-Request": "true"}
    part = factories.post(client, f"{world['url']}/brouillon", {"text": LONG}, headers=htmx)
    assert part.text.lstrip().startswith('<div id="draft-state-')
    assert "Une phrase dépasse 25 mots." in words(part)


def test_a_text_too_long_is_refused_with_how_much_and_kept_whole(
    client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    field = BeautifulSoup(client.get(world["url"]).text, "html.parser").select_one("textarea")
    assert field is not None
    assert not field.has_attr("maxlength"), "a browser would cut a paste and say nothing"
    typed = "Nous cherchons. " * 320
    answer = post(client, world, text=typed)
    assert answer.status_code == 422
    assert "Votre texte dépasse 5 000 caractères : retirez-en 119." in words(answer)
    assert area(answer) == typed.strip()
    assert drafts(committed) == [typed.strip()]


def test_a_draft_stays_while_one_reads_again_and_goes_with_the_sending(
    client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    post(client, world)
    assert drafts(committed) == [REPLY]
    post(client, world, confirmed="yes", reaches="4")
    assert drafts(committed) == []
    post(client, world, confirmed="yes", reaches="4")  # a second tap
    assert drafts(committed) == []


def test_a_draft_goes_once_a_moderator_has_the_reply(
    client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    post(client, world, text=CHANGED)
    post(client, world, text=CHANGED, confirmed="yes", reaches="4")
    assert drafts(committed) == []
    taken = factories.post(client, f"{world['url']}/reprise")
    assert area(taken) == CHANGED
    assert drafts(committed) == [CHANGED]
    assert list(committed.scalars(select(SecondLook))) == []


def test_who_was_slower_than_a_colleague_finds_her_words_again(
    app: Flask, client: FlaskClient, world: dict[str, Any], committed: Session
) -> None:
    post(client, world)
    with writing(app):
        row = db.session.get_one(Theme, world["theme"])
        colleague = factories.account(Role.PROMOTER, services=(row.service,))
        theme_answers.answer_all(row, f"{REPLY} C’est promis.", colleague, TODAY)
    late = post(client, world, confirmed="yes", reaches="4")
    assert late.status_code == 303
    assert area(client.get(world["url"])) == REPLY
