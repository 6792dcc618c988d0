"""Following a service: a link that is asked for, a button that confirms, a button that leaves."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import following, suspended, tasks
from app.accounts import Account
from app.catalogue import Service
from app.db import db, will_write
from app.digest_mails import unsubscribe_token
from app.editions import Delivery
from app.mail import OutboxRow
from app.posting import deliver
from app.subscriptions import Subscription
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import NOON, writing
from tests.fakes import CaughtMail, StandingClock

ADDRESS = "lectrice@example.org"


@pytest.fixture
def slug(app: Flask) -> str:
    """The address of a service."""
    with writing(app):
        found: str = factories.service().slug
    return found


def ask(client: FlaskClient, slug: str, address: str = ADDRESS) -> TestResponse:
    answer: TestResponse = client.post(f"/s/{slug}/suivre", data={"address": address})
    return answer


def link(app: Flask) -> str:
    """Return the path of the newest link that waits in the outbox."""
    with app.app_context():
        query = select(OutboxRow.text).order_by(OutboxRow.id.desc()).limit(1)
        found = re.search(r"http://localhost(/d/c/\S+)", db.session.scalars(query).one())
    assert found
    return found[1]


def followers(session: Session) -> list[Subscription]:
    session.rollback()  # what was read before is an old picture
    found = list(session.scalars(select(Subscription).order_by(Subscription.address)))
    session.expunge_all()
    session.rollback()
    return found


def words(answer: TestResponse) -> str:
    return BeautifulSoup(answer.text, "html.parser").get_text(" ", strip=True)


def buttons(answer: TestResponse) -> list[str]:
    """Return the addresses that the page's own buttons post to."""
    forms = BeautifulSoup(answer.text, "html.parser").select("main form[method=post]")
    return [str(form["action"]) for form in forms]


def test_a_follower_confirms_then_reads_then_leaves(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    with writing(app):
        service = rows.busy_week()
        slug = service.slug
        db.session.execute(delete(Subscription))
    assert "Regardez votre courrier" in words(ask(client, slug))
    page = client.get(link(app))
    assert buttons(page) == [link(app)]
    assert not followers(committed)[0].confirmed  # a link scanner opened it, nobody tapped
    assert "Adresse confirmée" in words(client.post(link(app)))
    assert followers(committed)[0].confirmed
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
    post = CaughtMail()
    with app.app_context():
        will_write()
        while deliver(NOON, "b@example.fr", post, lambda key: None):
            pass
    (sent,) = [each for each in post.messages if each["List-Id"] and each["To"] == ADDRESS]
    leave = urlsplit(sent["List-Unsubscribe"].strip("<>")).path
    assert buttons(client.get(leave)) == [leave]
    assert len(followers(committed)) == 2  # the member and the follower
    assert "Vous ne recevrez plus ces messages." in words(client.post(leave))
    assert ADDRESS not in [row.address for row in followers(committed)]


def test_the_optin_mail_names_no_service_and_holds_one_link(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    ask(client, slug)
    with app.app_context():
        mail = db.session.scalars(select(OutboxRow)).one()
        name = db.session.scalars(select(Service.name)).one()
    assert (mail.to, mail.subject) == (ADDRESS, "Confirmez votre adresse")
    assert name not in mail.text
    assert slug not in mail.text
    assert len(re.findall("http", mail.text)) == 1


def test_the_link_is_stored_hashed(
    app: Flask, client: FlaskClient, slug: str, committed: Session
) -> None:
    ask(client, slug)
    (row,) = followers(committed)
    assert row.token_hash is not None
    assert re.fullmatch(r"[0-9a-f]{64}", row.token_hash)
    assert row.token_hash not in link(app)


def test_a_second_tap_is_harmless(
    app: Flask, client: FlaskClient, slug: str, committed: Session
) -> None:
    ask(client, slug)
    path = link(app)
    first, second = client.post(path), client.post(path)
    assert first.status_code == second.status_code == 200
    assert words(first) == words(second)
    assert "Adresse confirmée" in words(client.get(path))
    assert len(followers(committed)) == 1


def test_a_second_tap_the_next_week_moves_nothing(
    app: Flask, client: FlaskClient, slug: str, committed: Session, clock: StandingClock
) -> None:
    ask(client, slug)
    path = link(app)
    client.post(path)
    clock.forward(hours=23)
    client.post(path)
    assert followers(committed)[0].created == factories.TODAY


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_link_says_what_to_do(client: FlaskClient, method: str) -> None:
    answer = getattr(client, method)("/d/c/rien-de-tel-5f00")
    assert answer.status_code == 404
    assert "Ce lien ne vaut plus" in words(answer)
    assert "Redemandez-le sur la page du service." in words(answer)


def test_a_link_is_over_after_a_day(
    app: Flask, client: FlaskClient, slug: str, committed: Session, clock: StandingClock
) -> None:
    ask(client, slug)
    clock.forward(hours=24, seconds=1)
    assert client.get(link(app)).status_code == 404
    assert client.post(link(app)).status_code == 404
    assert not followers(committed)[0].confirmed


def test_asking_again_the_same_day_writes_no_second_mail_and_says_the_same(
    app: Flask, client: FlaskClient, slug: str, clock: StandingClock
) -> None:
    first, second = ask(client, slug), ask(client, slug, " Lectrice@Example.org ")
    assert words(first) == words(second)
    with app.app_context():
        assert len(list(db.session.scalars(select(OutboxRow)))) == 1
    old = link(app)
    clock.forward(days=2)
    ask(client, slug)
    assert link(app) != old
    assert client.get(link(app)).status_code == 200
    assert client.get(old).status_code == 404


def test_who_follows_already_is_not_written_to_and_the_page_does_not_tell(
    app: Flask, client: FlaskClient, slug: str, clock: StandingClock
) -> None:
    with writing(app):
        rows.follower(db.session.scalars(select(Service)).one(), ADDRESS)
    assert words(ask(client, slug)) == words(ask(client, slug, "autre@example.org"))
    with app.app_context():
        assert db.session.scalars(select(OutboxRow.to)).all() == ["autre@example.org"]


def test_an_address_that_nobody_confirms_is_forgotten(
    app: Flask, client: FlaskClient, slug: str, committed: Session
) -> None:
    ask(client, slug)
    with writing(app):
        rows.follower(db.session.scalars(select(Service)).one(), "fidele@example.org")
    with writing(app):
        assert following.purge(NOON + timedelta(days=2)) == 0
        assert following.purge(NOON + timedelta(days=3)) == 1
    assert [row.address for row in followers(committed)] == ["fidele@example.org"]


def test_no_address_is_left_once_mails_are_gone_and_readers_have_left(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    ask(client, slug)
    client.post(link(app))
    with app.app_context():
        will_write()
        assert deliver(NOON, "b@example.fr", CaughtMail(), lambda key: None)
        token = unsubscribe_token(db.session.scalars(select(Subscription)).one())
    client.post(f"/d/u/{token}")
    with app.app_context():
        dump = "\n".join(db.session.connection().connection.driver_connection.iterdump())
    assert slug in dump
    assert ADDRESS not in dump


@pytest.mark.parametrize("address", ["", "lectrice", "a@b", "a b@example.org", "a@exa\nmple.org"])
def test_a_wrong_address_is_shown_again_with_what_to_do(
    client: FlaskClient, slug: str, committed: Session, address: str
) -> None:
    answer = ask(client, slug, address)
    assert answer.status_code == 422
    field = BeautifulSoup(answer.text, "html.parser").select_one("#address")
    assert field is not None
    assert field["value"] == address
    assert field["aria-describedby"] == "address-error"
    assert "il y faut un @ et un point" in words(answer)
    assert followers(committed) == []


def test_one_network_asks_for_ten_links_in_ten_minutes(client: FlaskClient, slug: str) -> None:
    answers = [ask(client, slug, f"l{n}@example.org") for n in range(11)]
    assert [each.status_code for each in answers] == [200] * 10 + [429]
    field = BeautifulSoup(answers[-1].text, "html.parser").select_one("#address")
    assert field is not None
    assert field["value"] == "l10@example.org"


def test_nobody_follows_where_the_law_guarantees_anonymity(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        slug = factories.service(anonymous_by_law=True).slug
    assert client.get(f"/s/{slug}/suivre").status_code == 404
    assert ask(client, slug).status_code == 404
    assert "/suivre" not in client.get(f"/s/{slug}/syntheses").text


def test_a_link_sent_before_the_law_applied_confirms_nothing(
    app: Flask, client: FlaskClient, slug: str
) -> None:
    ask(client, slug)
    path = link(app)
    with writing(app):
        db.session.scalars(select(Service)).one().anonymous_by_law = True
    assert client.post(path).status_code == 404


def test_leaving_works_in_one_click_without_cookie_from_another_site(
    app: Flask, client: FlaskClient, slug: str, committed: Session
) -> None:
    with writing(app):
        row = rows.follower(db.session.scalars(select(Service)).one(), ADDRESS)
        token = unsubscribe_token(row)
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}
    body = {"List-Unsubscribe": "One-Click"}
    answer = client.post(f"/d/u/{token}", data=body, headers=foreign)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert followers(committed) == []
    again = client.post(f"/d/u/{token}", data=body, headers=foreign)
    assert again.status_code == 200
    assert "il n’y a rien à faire" in words(client.get(f"/d/u/{token}"))


def test_leaving_with_a_forged_link_takes_nobody_away(
    app: Flask, client: FlaskClient, slug: str, committed: Session
) -> None:
    with writing(app):
        row = rows.follower(db.session.scalars(select(Service)).one(), ADDRESS)
        forged = [unsubscribe_token(row)[:-1], row.id, f'"{row.id}"']
    for token in forged:
        assert client.post(f"/d/u/{token}").status_code == 200
    assert len(followers(committed)) == 1


def test_leaving_takes_back_the_mail_that_waits(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        rows.busy_week()
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
        query = select(Subscription).where(Subscription.address.is_not(None))
        token = unsubscribe_token(db.session.scalars(query).one())
    client.post(f"/d/u/{token}")
    with app.app_context():
        member = db.session.scalars(select(Account.email)).one()
        assert db.session.scalars(select(OutboxRow.to)).all() == [member]
        assert len(list(db.session.scalars(select(Delivery)))) == 1


def test_a_member_who_leaves_pauses_and_may_come_back(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    with writing(app):
        rows.busy_week()
        db.session.execute(delete(Subscription))
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
        token = unsubscribe_token(db.session.scalars(select(Subscription)).one())
        member = db.session.scalars(select(Account)).one()
    assert "L’abonnement est en pause." in words(client.post(f"/d/u/{token}"))
    (row,) = followers(committed)
    assert row.frequency == "never"
    with app.app_context():
        will_write()
        assert tasks.digest("k", NOON + timedelta(hours=1)) == "0 mails put in the outbox"
    factories.sign_in(client, member)
    factories.post(client, "/equipe/syntheses/frequence", {row.id: "daily"})
    assert followers(committed)[0].frequency == "daily"


def test_who_confirms_anew_is_written_to_again(app: Flask, client: FlaskClient, slug: str) -> None:
    with writing(app):
        suspended.suspend(ADDRESS, factories.TODAY, "refused 550")
    ask(client, slug)
    client.post(link(app))
    with app.app_context():
        assert suspended.since(ADDRESS) is None
