"""The public pages of published messages: what is on them, what never is, their queries."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.db import db
from feedback import commitments, published, search, threads
from feedback.models import Feedback, State
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.feedback import citizen, readers
from tests.statements import counted

IN_A_MONTH = TODAY + timedelta(days=30)


def test_only_published_masked_texts_are_listed_newest_first(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    readers.publish(app, slug, text="Le plus ancien.", day=TODAY - timedelta(days=40))
    readers.publish(app, slug, text="Le plus récent.")
    for number, state in enumerate(s for s in State if s is not State.PUBLISHED):
        readers.publish(app, slug, text=f"Secret {number}.", state=state.value)
    readers.publish(app, slug, text="Nom en clair.", names_masked=False)
    readers.publish(app, citizen.open_service(app), text="D’un autre service.")
    page = citizen.words_of(client.get(f"/s/{slug}/messages"))
    assert page.index("Le plus récent.") < page.index("Le plus ancien.")
    for absent in ("Secret", "Nom en clair", "D’un autre service"):
        assert absent not in page


def test_no_message_says_why_and_what_to_do(client: FlaskClient, slug: str) -> None:
    page = citizen.words_of(client.get(f"/s/{slug}/messages"))
    assert "Aucun message n’est encore publié." in page
    assert "Écrire un retour" in page
    none = citizen.words_of(client.get(f"/s/{slug}/messages?mots=zanzibar"))
    assert "Aucun message publié ne contient ces mots." in none


def test_pages_follow_each_other_without_loss(app: Flask, client: FlaskClient, slug: str) -> None:
    with writing(app):
        service = db.session.get_one(Feedback, readers.publish(app, slug, text="mot00")).service
        for number in range(1, 45):
            day = TODAY - timedelta(days=number // 7)  # several on one day
            values = {"state": "published", "text": f"mot{number:02}", "day": day}
            factories.retour(service, **values)
    seen: list[str] = []
    path = f"/s/{slug}/messages"
    for _ in range(5):
        answer = client.get(path)
        soup = citizen.soup_of(answer)
        seen += [quote.get_text(strip=True) for quote in soup.select("blockquote.quote")]
        following = soup.find("a", rel="next")
        if following is None:
            break
        path = str(following["href"])
    assert sorted(seen) == [f"mot{number:02}" for number in range(45)]


def test_a_place_that_is_none_shows_the_first_page(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    readers.publish(app, slug)
    for after in ("x", "99999999ABC", "20261332", "é" * 40):
        assert readers.SAID in citizen.words_of(client.get(f"/s/{slug}/messages?apres={after}"))


def test_words_are_looked_for_among_published_messages_alone(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    with writing(app):
        told = db.session.get_one(Feedback, readers.publish(app, slug))
        secret = factories.retour(told.service, text="La courbe secrète.")
        for each in (told, secret):
            search.index(each)
    page = citizen.words_of(client.get(f"/s/{slug}/messages?mots=COURBÉ"))
    assert readers.SAID in page
    assert "secrète" not in page


def test_the_page_of_a_message_shows_what_was_written_to_be_public(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    public_id = readers.publish(app, slug, thread_state="waiting", text="J’ai vu [PERSONNE_1].")
    with writing(app):
        message = db.session.get_one(Feedback, public_id)
        team = factories.account(Role.PROMOTER, services=(message.service,))
        threads.answer(message, "La courbe reste, nous l’agrandissons.", team, TODAY)
        threads.reply(message, "Ma fille Zoé est malade.", TODAY)
        threads.answer(message, "Courage pour votre fille.", team, TODAY)
        commitments.promise(
            message.service, "Agrandir la courbe.", "Équipe", IN_A_MONTH, [message], TODAY
        )
    answer = client.get(readers.address(slug, public_id))
    page = citizen.words_of(answer)
    assert "La courbe reste, nous l’agrandissons." in page
    assert "Agrandir la courbe." in page
    assert "[PERSONNE_1]" not in page
    assert "Personne" in page
    for private in ("Zoé", "Courage"):
        assert private not in page, "what the author wrote later was not offered to the public"
    quote = citizen.soup_of(answer).find("blockquote")
    assert quote is not None
    assert quote["dir"] == "auto"  # and no language but the page’s own: tests/app/test_said.py
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, "L’équipe n’a pas encore répondu."),
        (1, "L’équipe n’a pas répondu dans le délai promis."),
    ],
)
def test_a_missed_delay_is_told_without_the_day_that_would_tell_when_it_was_written(
    app: Flask, client: FlaskClient, slug: str, days: int, told: str
) -> None:
    due = TODAY - timedelta(days=days)
    said = readers.publish(app, slug, text="Rien ne sonne.", reply_due=due)
    page = citizen.words_of(client.get(f"/s/{slug}/messages/{said}"))
    assert told in page
    assert f"{due.day} " not in page.split(told)[0].split("Rien ne sonne.")[1]


@pytest.mark.parametrize(
    ("state", "told"), [("dropped", True), ("reopened", True), ("late", False)]
)
def test_why_a_promise_was_dropped_or_reopened_is_told_to_everybody(
    app: Flask, client: FlaskClient, slug: str, state: str, told: bool
) -> None:
    public_id = readers.publish(app, slug)
    with writing(app):
        message = db.session.get_one(Feedback, public_id)
        made = commitments.promise(
            message.service, "Agrandir.", "Équipe", IN_A_MONTH, [message], TODAY
        )
        made.state, made.reason = state, "Le lecteur n’est plus fabriqué."
    page = citizen.words_of(client.get(readers.address(slug, public_id)))
    assert "Agrandir." in page
    assert ("Raison : Le lecteur n’est plus fabriqué." in " ".join(page.split())) is told


def test_an_unchecked_announcement_stays_a_promise(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    public_id = readers.publish(app, slug)
    with writing(app):
        message = db.session.get_one(Feedback, public_id)
        made = commitments.promise(
            message.service, "Agrandir.", "Équipe", IN_A_MONTH, [message], TODAY - timedelta(days=1)
        )
        commitments.announce(made, "Fait hier, essai mené.", TODAY)
    page = citizen.words_of(client.get(readers.address(slug, public_id)))
    assert "Promis" in page
    assert "Annonce à vérifier" not in page


@pytest.mark.parametrize("state", [s.value for s in State if s is not State.PUBLISHED])
def test_what_is_not_published_has_no_page(
    app: Flask, client: FlaskClient, slug: str, state: str
) -> None:
    hidden = readers.publish(app, slug, state=state)
    assert client.get(readers.address(slug, hidden)).status_code == 404
    assert client.get(readers.address(slug, hidden, "signaler")).status_code == 404


def test_another_services_message_is_not_found_here(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    other = readers.publish(app, citizen.open_service(app))
    assert client.get(readers.address(slug, other)).status_code == 404


def _queries(app: Flask, client: FlaskClient, path: str) -> int:
    with counted(app) as statements:
        assert client.get(path).status_code == 200
    return len(statements)


def test_queries_do_not_grow_with_the_messages(app: Flask, client: FlaskClient, slug: str) -> None:
    first = readers.publish(app, slug)
    paths = (f"/s/{slug}/messages", readers.address(slug, first), f"/s/{slug}/ce-qui-change")
    before = [_queries(app, client, path) for path in paths]
    with writing(app):
        message = db.session.get_one(Feedback, first)
        for _ in range(60):
            told = factories.retour(message.service, state="published", text=readers.SAID)
            peer = factories.retour(message.service, state="shown", channel="peer", face=None)
            db.session.add(published.PeerAnswer(feedback_id=peer.id, parent_id=message.id))
            search.index(told)
    assert [_queries(app, client, path) for path in paths] == before


def test_service_page_and_board_lead_to_the_messages(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    public_id = readers.publish(app, slug)
    for path in (f"/s/{slug}", f"/s/{slug}/ce-qui-change"):
        page = client.get(path).text
        assert f"/s/{slug}/messages/{public_id}" in page
        assert f'"/s/{slug}/messages"' in page
