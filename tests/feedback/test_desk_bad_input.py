"""What goes wrong at the desk: two at once, what is gone meanwhile, words that are none.

Each is refused with its reason, or kept safely; nothing typed is lost.
"""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import privacy
from app.accounts import Account, Role
from app.db import db
from feedback import commitments, theme_edits
from feedback.models import (
    Assignment,
    Commitment,
    CommitmentLink,
    Feedback,
    Message,
    TeamNote,
    Theme,
    ThemeEvent,
)
from tests import factories
from tests.app.crowd import together
from tests.conftest import writing
from tests.factories import TODAY, csrf_token, post
from tests.feedback import theme_town

SOON = TODAY + timedelta(days=10)
PROMISE = {
    "text": "Une version qui corrige l’envoi des mesures au médecin.",
    "owner": "Équipe mobile",
    "due": SOON.isoformat(),
}
HTML = "Voici <script>alert(1)</script> <img src=x onerror=alert(2)> le changement en ligne."
Desk = dict[str, Any]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that keeps no request open: two of them share nothing."""
    return app.test_client()


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> Desk:
    """A team of two, one retour that was read, one promise that answers it."""
    with writing(app):
        service = factories.service()
        retour = factories.retour(service, read_day=TODAY)
        team = [factories.account(Role.PROMOTER, services=(service,)) for _ in range(2)]
        made = commitments.promise(service, "Réparer l’envoi.", "Équipe", SOON, [], TODAY)
        factories.sign_in(client, team[0])
        return {
            "service": service.id,
            "retour": retour.id,
            "team": [each.id for each in team],
            "promise": made.id,
            "url": f"/equipe/retours/{retour.id}",
        }


def browser_of(app: Flask, account_id: int) -> FlaskClient:
    found = app.test_client()
    with app.app_context():
        factories.sign_in(found, db.session.get_one(Account, account_id))
    return found


def count(session: Session, table: Any) -> int:
    number = session.scalar(select(func.count()).select_from(table)) or 0
    session.rollback()
    return number


def field_of(page: str, name: str) -> str:
    found = BeautifulSoup(page, "html.parser").select_one(f"main form [name={name}]")
    assert found is not None, name
    return str(found.get("value") or found.get_text().removeprefix("\n"))


# Two at once.


@pytest.mark.parametrize("turn", range(4))
def test_of_two_answers_posted_together_one_goes_and_the_other_comes_back(
    app: Flask, desk: Desk, committed: Session, turn: int
) -> None:
    words = [
        f"Nous cherchons pourquoi les mesures restent sur le téléphone, essai {turn}.",
        f"Vos mesures repartent si le téléphone reste allumé, essai {turn}.",
    ]
    browsers = [browser_of(app, each) for each in desk["team"]]
    seen = [field_of(each.get(desk["url"]).text, "seen") for each in browsers]
    assert seen == ["", ""], "both read the page before anybody answered"
    tokens = [csrf_token(each) for each in browsers]
    places, answers = iter((0, 1)), {}

    def send() -> None:
        mine = next(places)
        form = {"text": words[mine], "seen": seen[mine], "csrf_token": tokens[mine]}
        answers[mine] = browsers[mine].post(f"{desk['url']}/reponse", data=form)

    together(2, send)
    sent = list(committed.scalars(select(Message.text).where(Message.sender == "team")))
    committed.rollback()
    assert sorted(answer.status_code for answer in answers.values()) == [303, 422]
    late = 0 if answers[0].status_code == 422 else 1
    assert sent == [words[1 - late]]
    page = answers[late].text
    assert "Un message est arrivé pendant que vous écriviez." in page
    assert words[1 - late] in page
    assert field_of(page, "text") == words[late]
    drafted = browsers[late].get(desk["url"]).text
    assert field_of(drafted, "text") == words[late], "kept as a draft as well"


def test_one_answer_tapped_twice_at_once_goes_once(
    app: Flask, desk: Desk, committed: Session
) -> None:
    text = "Nous cherchons pourquoi les mesures restent sur le téléphone."
    browsers = [browser_of(app, desk["team"][0]) for _ in range(2)]
    tokens = [csrf_token(each) for each in browsers]
    places, answers = iter((0, 1)), []

    def send() -> None:
        mine = next(places)
        form = {"text": text, "seen": "", "csrf_token": tokens[mine]}
        answers.append(browsers[mine].post(f"{desk['url']}/reponse", data=form).status_code)

    together(2, send)
    assert answers == [303, 303]
    assert count(committed, Message) == 1


# What is gone, or held, meanwhile.


def _withdraw(app: Flask, desk: Desk) -> None:
    with writing(app):
        privacy.erase(db.session.get_one(Feedback, desk["retour"]), TODAY)


def _hold(app: Flask, desk: Desk) -> None:
    with writing(app):
        db.session.get_one(Feedback, desk["retour"]).state = "held"


@pytest.mark.parametrize(("act", "said"), [(_withdraw, "retiré"), (_hold, "modération")])
def test_a_promise_for_what_is_gone_comes_back_with_everything_typed(
    app: Flask, client: FlaskClient, desk: Desk, committed: Session, act: Any, said: str
) -> None:
    act(app, desk)
    answer = post(client, f"{desk['url']}/engagement", PROMISE)
    assert answer.status_code == 409
    assert said in answer.text
    for typed in PROMISE.values():
        assert typed in answer.text
    assert count(committed, Commitment) == 1
    assert count(committed, CommitmentLink) == 0


@pytest.mark.parametrize("act", [_withdraw, _hold])
def test_what_is_gone_joins_no_promise_takes_no_note_and_is_given_to_nobody(
    app: Flask, client: FlaskClient, desk: Desk, committed: Session, act: Any
) -> None:
    act(app, desk)
    joined = post(client, f"{desk['url']}/engagement", {"engagement": desk["promise"]})
    note = "Rappeler la personne du service avant jeudi."
    noted = post(client, f"{desk['url']}/notes", {"note": note})
    given = post(client, f"{desk['url']}/confier", {"a": str(desk["team"][1])})
    assert [each.status_code for each in (joined, noted, given)] == [409, 409, 409]
    assert note in noted.text
    for table in (CommitmentLink, TeamNote, Assignment):
        assert count(committed, table) == 0


def test_a_retour_withdrawn_meanwhile_is_linked_from_no_promise(
    app: Flask, client: FlaskClient, desk: Desk, committed: Session
) -> None:
    _withdraw(app, desk)
    url = f"/equipe/engagements/{desk['promise']}/retours"
    answer = post(client, url, {"lier": desk["retour"]}, follow_redirects=True)
    assert "a été retiré ou retenu entre-temps" in answer.text
    assert count(committed, CommitmentLink) == 0


def test_a_promise_given_up_meanwhile_is_joined_by_nobody(
    app: Flask, client: FlaskClient, desk: Desk, committed: Session
) -> None:
    with writing(app):
        kept = db.session.get_one(Commitment, desk["promise"])
        commitments.drop(kept, "Le fournisseur arrête.", TODAY)
    form = {"engagement": desk["promise"]}
    answer = post(client, f"{desk['url']}/engagement", form, follow_redirects=True)
    assert "Cet engagement a changé d’état entre-temps." in answer.text
    assert count(committed, CommitmentLink) == 0


@pytest.mark.parametrize(("move", "name"), [("annonce", "evidence"), ("abandon", "reason")])
def test_a_promise_that_a_colleague_moved_first_gives_the_words_back(
    app: Flask, client: FlaskClient, desk: Desk, move: str, name: str
) -> None:
    with writing(app):
        kept = db.session.get_one(Commitment, desk["promise"])
        commitments.announce(kept, "La version est en ligne.", TODAY)
    words = "La version 6.3 est en ligne depuis ce matin."
    answer = post(client, f"/equipe/engagements/{desk['promise']}/{move}", {name: words})
    assert answer.status_code == 409
    assert "a changé d’état entre-temps" in answer.text
    assert words in answer.text


# Words that are none, too many, or markup.

PLACES = {
    "promise": ("{url}/engagement", "text", PROMISE),
    "announcement": ("/equipe/engagements/{promise}/annonce", "evidence", {}),
    "drop": ("/equipe/engagements/{promise}/abandon", "reason", {}),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("😀" * 40, "Écrivez au moins une phrase, avec des mots."),
        ("!!! ??? ... ---- ==== ++++ ////", "Écrivez au moins une phrase, avec des mots."),
        ("Une phrase du texte. " * 476 + "Fin.", "retirez-en 5000"),
        ("Court.", "20 caractères au moins."),
        ("", "20 caractères au moins."),
    ],
    ids=["emoji", "signs", "10,000", "short", "empty"],
)
def test_what_cannot_be_read_by_everybody_is_refused_and_kept(
    client: FlaskClient, desk: Desk, committed: Session, place: str, typed: str, said: str
) -> None:
    url, name, others = PLACES[place]
    answer = post(client, url.format(**desk), {**others, name: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert typed in BeautifulSoup(answer.text, "html.parser").get_text()
    assert count(committed, Commitment) == 1
    assert committed.scalars(select(Commitment.state)).one() == "promised"


@pytest.mark.parametrize("place", PLACES)
def test_pasted_markup_is_kept_as_words_and_never_runs(
    client: FlaskClient, desk: Desk, place: str
) -> None:
    url, name, others = PLACES[place]
    assert post(client, url.format(**desk), {**others, name: HTML}).status_code == 303
    for page in ("/equipe/engagements", f"/equipe/engagements/{desk['promise']}", desk["url"]):
        shown = client.get(page).text
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
    assert "&lt;script&gt;alert(1)" in client.get("/equipe/engagements").text


def test_a_note_of_markup_and_smileys_is_kept_as_it_is(client: FlaskClient, desk: Desk) -> None:
    for note in (HTML, "😀👍🏽"):
        assert post(client, f"{desk['url']}/notes", {"note": note}).status_code == 303
    shown = client.get(desk["url"]).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "😀👍🏽" in shown


@pytest.mark.parametrize(
    "due", ["", "hier", "2026-02-30", "0000-00-00", "2026-11-22", "2026-11-23", "99999-01-01"]
)
def test_a_date_that_is_none_or_past_is_refused_and_everything_kept(
    client: FlaskClient, desk: Desk, committed: Session, due: str
) -> None:
    answer = post(client, f"{desk['url']}/engagement", {**PROMISE, "due": due})
    assert answer.status_code == 422
    assert 'id="due-error"' in answer.text or 'aria-describedby="due' in answer.text
    for typed in (PROMISE["text"], PROMISE["owner"]):
        assert typed in answer.text
    assert count(committed, Commitment) == 1


# A locked theme.


def test_a_locked_theme_is_named_by_its_team_alone_and_its_history_says_so(
    app: Flask, client: FlaskClient, desk: Desk, committed: Session
) -> None:
    with writing(app):
        service = db.session.get_one(Feedback, desk["retour"]).service
        town = theme_town.town(service)
        theme_edits.lock(town["Carte"], TODAY, theme_town.TEAM)
        url = f"/equipe/themes/{town['Carte'].id}"
        theme_id = town["Carte"].id
        far = factories.account(Role.PROMOTER, services=(factories.service(),)).id
    stranger = browser_of(app, far)
    assert post(stranger, f"{url}/renommer", {"name": "Volé"}).status_code == 404
    refused = post(client, f"{url}/renommer", {"name": "  "})
    assert refused.status_code == 422
    assert "Un nom est nécessaire" in refused.text
    assert post(client, f"{url}/renommer", {"name": "😀 <b>Carte</b>"}).status_code == 303
    assert "<b>Carte</b>" not in client.get(url).text
    found = committed.scalars(select(Theme).where(Theme.id == theme_id)).one()
    assert (found.name, found.locked) == ("😀 <b>Carte</b>", True)
    kinds = committed.scalars(select(ThemeEvent.kind).where(ThemeEvent.theme_id == theme_id))
    assert list(kinds) == ["locked", "renamed"]


def test_a_note_too_long_is_refused_with_the_reason_and_kept_whole(
    client: FlaskClient, desk: Desk, committed: Session
) -> None:
    page = BeautifulSoup(client.get(desk["url"]).text, "html.parser")
    field = page.select_one("#note")
    assert field is not None
    assert not field.has_attr("maxlength"), "a browser would cut a paste and say nothing"
    note = "Rappeler jeudi. " * 126
    answer = post(client, f"{desk['url']}/notes", {"note": note})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    error, area = page.select_one("#note-error"), page.select_one("#note")
    assert error is not None
    assert area is not None
    assert "2 000 caractères au plus" in error.get_text()
    assert area.get_text().strip() == note.strip()
    assert list(committed.scalars(select(TeamNote))) == []
