"""One page for everything that an address follows: its link goes to that address and no other."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import Account
from app.all_mails import rows_of, token_of
from app.catalogue import Service
from app.db import db
from app.digest_mails import unsubscribe_token
from app.mail import OutboxRow
from app.subscriptions import Audience, Subscription
from app.suspended import suspend
from tests import factories
from tests.app import digest_rows as rows
from tests.conftest import NOON, writing
from tests.fakes import StandingClock
from tests.feedback.citizen import soup_of, words_of

HERS, OTHER = "fidele@example.org", "autre@example.org"
NAMES = ["Aide au logement", "Mon suivi tension", "Rendez-vous"]
HIDDEN = "Lieu anonyme"


@pytest.fixture
def followed(app: Flask) -> str:
    """The token in a mail about one of three services that she follows; another follows two."""
    with writing(app):
        services = {name: factories.service(name=name) for name in [*NAMES, HIDDEN, "À confirmer"]}
        services[HIDDEN].anonymous_by_law = True
        for name in (*NAMES, HIDDEN):
            rows.follower(services[name], HERS)
        rows.follower(services["À confirmer"], HERS, confirmed=False)
        for name in NAMES[:2]:
            rows.follower(services[name], OTHER)
        one = db.session.scalars(
            select(Subscription).filter_by(address=HERS, service_id=services[NAMES[0]].id)
        )
        return unsubscribe_token(one.one())


def ask(client: FlaskClient, token: str) -> str:
    return words_of(
        soup_of(factories.post(client, f"/d/p/{token}/tout", {}, follow_redirects=True))
    )


def sent(app: Flask) -> list[OutboxRow]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def opened(app: Flask, client: FlaskClient, token: str) -> str:
    """Ask for the link and return its path, as the mail has it."""
    ask(client, token)
    (mail,) = sent(app)
    found = re.search(r"http://localhost(/d/t/\S+)", mail.text)
    assert found
    assert found[1] in mail.html
    return found[1]


def follows(app: Flask, address: str) -> dict[str, str]:
    with app.app_context():
        query = select(Service.name, Subscription.frequency).join(Subscription)
        return {
            row.name: row.frequency
            for row in db.session.execute(query.where(Subscription.address == address))
        }


def test_the_link_goes_to_her_address_and_shows_what_she_follows(
    app: Flask, client: FlaskClient, followed: str
) -> None:
    page = client.get(f"/d/p/{followed}").text
    assert NAMES[0] in page
    assert NAMES[1] not in page  # a mail that was passed on tells of its own service alone
    path = opened(app, client, followed)
    (mail,) = sent(app)
    assert mail.to == HERS
    assert not [name for name in NAMES if name in mail.subject + mail.text + mail.html]
    assert HERS not in path
    legends = [each.get_text() for each in soup_of(client.get(path)).find_all("legend")]
    assert legends == NAMES


def test_each_is_paused_moved_or_left_alone(app: Flask, client: FlaskClient, followed: str) -> None:
    path = opened(app, client, followed)
    with app.app_context():
        query = select(Subscription).join(Service).where(Subscription.address == HERS)
        ids = {row.service.name: row.id for row in db.session.scalars(query)}
    chosen = {
        ids[NAMES[1]]: "never",
        ids[NAMES[2]]: "weekly",
        f"{ids[NAMES[2]]}-weekday": "3",
        f"{ids[NAMES[2]]}-hour": "18",
    }
    assert factories.post(client, path, chosen).status_code == 303
    with app.app_context():
        moved = db.session.get_one(Subscription, ids[NAMES[2]])
        assert (moved.weekday, moved.hour) == (3, 18)
    assert factories.post(client, path, {"leave": ids[NAMES[0]]}).status_code == 303
    left = follows(app, HERS)
    assert NAMES[0] not in left
    assert (left[NAMES[1]], left[NAMES[2]]) == ("never", "weekly")
    assert follows(app, OTHER) == {NAMES[0]: "weekly", NAMES[1]: "weekly"}
    page = words_of(soup_of(client.get(path)))  # the link outlives the mail that it came from
    assert NAMES[0] not in page


def test_nobody_changes_what_another_follows(
    app: Flask, client: FlaskClient, followed: str
) -> None:
    path = opened(app, client, followed)
    with app.app_context():
        theirs = db.session.scalars(select(Subscription).filter_by(address=OTHER)).all()
        ids = [row.id for row in theirs]
    for each in ids:
        factories.post(client, path, {"leave": each})
        factories.post(client, path, {each: "never"})
    assert follows(app, OTHER) == {NAMES[0]: "weekly", NAMES[1]: "weekly"}
    daily = dict.fromkeys(_own(app), "daily")
    assert factories.post(client, path, daily).status_code == 400
    assert set(follows(app, HERS).values()) == {"weekly"}


def _own(app: Flask) -> list[str]:
    with app.app_context():
        query = select(Subscription.id).where(Subscription.address == HERS)
        return list(db.session.scalars(query))


def test_one_link_a_day_leaves_and_the_page_says_the_same(
    app: Flask, client: FlaskClient, followed: str, clock: StandingClock
) -> None:
    told = {ask(client, followed) for _time in range(3)}
    assert len(told) == 1
    assert len(sent(app)) == 1
    with writing(app):
        db.session.query(OutboxRow).delete()
    ask(client, followed)  # the mail has left: none follows it
    assert sent(app) == []
    clock.forward(days=2)
    ask(client, followed)
    assert len(sent(app)) == 1


def test_a_link_is_over_after_a_day_and_a_made_up_one_opens_nothing(
    app: Flask, client: FlaskClient, followed: str
) -> None:
    with app.app_context():
        token = token_of(HERS, NOON)
        assert [row.service.name for row in rows_of(token, NOON + timedelta(hours=23)) or []]
        assert rows_of(token, NOON + timedelta(hours=25)) is None
        longer = (token_of(f"{'a' * n}{HERS}", NOON) for n in range(4))
        assert not [each for each in longer if not re.fullmatch(r"[\w-]+", each)]
        for wrong in (token[:-6], f"A{token[1:]}", "a", "é", followed, "x" * 3000):
            assert rows_of(wrong, NOON) is None
        assert token_of(HERS, NOON) != token
    assert client.get("/d/t/nothing").status_code == 404
    assert factories.post(client, "/d/t/nothing", {"leave": "x"}).status_code == 404
    assert factories.post(client, "/d/p/nothing/tout", {}).status_code == 404


def test_a_member_and_an_address_that_refuses_get_no_link(
    app: Flask, client: FlaskClient, followed: str
) -> None:
    with writing(app):
        service = db.session.scalars(select(Service)).first()
        assert service is not None
        account: Account = rows.member(service)
        about = {"audience": Audience.TEAM.value, "service_id": service.id}
        row = Subscription(**about, account_id=account.id, confirmed=True, created=rows.BEFORE)
        db.session.add(row)
        db.session.flush()
        member = unsubscribe_token(row)
        suspend(HERS, rows.MONDAY, "bounced 5.1.1")
    assert "/tout" not in client.get(f"/d/p/{member}").text
    assert factories.post(client, f"/d/p/{member}/tout", {}).status_code == 404
    ask(client, followed)
    assert sent(app) == []
