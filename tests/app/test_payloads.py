"""The corpus of payloads in everything that people write: nothing runs, nowhere.

Through the form to the receipt; from the database to every page, feed, file and mail of every role.
"""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import tasks
from app.accounts import Account, Role
from app.db import db, will_write
from app.digest_mails import digest_mail
from app.editions import Delivery
from app.sign_in import grant
from tests.app import digest_rows
from tests.app.payloads import CORPUS, MARK, PRODUCT, faults, plant
from tests.app.test_access import FORMS
from tests.app.worlds import _address as address
from tests.app.worlds import build
from tests.conftest import NOON, writing
from tests.factories import sign_in
from tests.feedback import citizen

ENDS = {"static", "device.leave", "security.logout"}  # no words of people, or the end of a walk


def test_the_corpus_is_large_and_has_no_payload_twice() -> None:
    assert len(set(CORPUS)) == len(CORPUS) >= 60


@pytest.mark.parametrize(
    ("body", "mimetype"),
    [
        ("<p><script>zzx()</script></p>", "text/html"),
        ("<p onclick=zzx()>", "text/html"),
        ("<a href='javascript:zzx()'>x</a>", "text/html"),
        ("<p data-hx-get='/zzx'>x</p>", "text/html"),
        (f"<p>{PRODUCT}</p>", "text/html"),
        ("<feed><entry><img>x</img></entry></feed>", "application/atom+xml"),
        ("name;words\nx;=zzx\n", "text/csv"),
        ("1 0 obj /JavaScript (zzx)", "application/pdf"),
    ],
)
def test_what_came_alive_is_noticed(body: str, mimetype: str) -> None:
    assert faults(body.encode(), mimetype)


def test_what_a_citizen_types_comes_back_as_words(app: Flask) -> None:
    slug, client = citizen.open_service(app), app.test_client()
    for first in range(0, len(CORPUS), 8):
        words = " ".join(CORPUS[first : first + 8])
        answer = citizen.send(client, slug, text=f"{words} merci")
        assert answer.status_code == 200, words
        assert MARK in answer.text or PRODUCT not in answer.text
        assert faults(answer.get_data(), "text/html") == [], words
        again = client.post(f"/s/{slug}", data={"key": "x", "face": "0", "text": words})
        assert faults(again.get_data(), "text/html") == [], words


def test_nothing_runs_on_any_page_of_any_role_nor_in_any_file(app: Flask) -> None:
    ids = build(app)["own"]
    kinds: set[str] = set()
    shown = 0
    for turn, (actor, client) in enumerate(_readers(app, ids)):
        with writing(app):  # each reader meets other payloads in the short columns
            assert plant(turn * 17) > 100
        for where, answer in _everything(client, app, ids):
            body = answer.get_data()
            kinds.add(answer.mimetype)
            shown += MARK.encode() in body
            assert answer.status_code < 500, (actor, where)
            assert faults(body, answer.mimetype) == [], (actor, where)
            assert "X-Zzx" not in answer.headers
            assert "zzx=" not in answer.headers.get("Set-Cookie", "")
            answer.close()
    assert shown > 100, "the payloads must be met to be harmless"
    assert kinds >= {
        "text/html",
        "application/atom+xml",
        "application/json",
        "application/pdf",
        "text/csv",
    }


def _readers(app: Flask, ids: dict[str, object]) -> list[tuple[str, FlaskClient]]:
    """Return a browser of nobody, of the author, and twice of somebody who has every role."""
    author, everyone = app.test_client(), app.test_client()
    with author.session_transaction() as session:
        session["author"] = {"feedback": ids["feedback_id"], "until": int(NOON.timestamp()) + 60}
    with writing(app):
        account = db.session.scalars(select(Account).filter_by(email="promoter@example.fr")).one()
        grant(account, *Role)
        sign_in(everyone, account)
    return [
        ("nobody", app.test_client()),
        ("author", author),
        ("everyone", everyone),
        ("everyone", everyone),
    ]


def _everything(client: FlaskClient, app: Flask, ids: dict[str, object]):  # type: ignore[no-untyped-def]
    """Yield what each address answers, every form of each file among them."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint in ENDS:
            continue
        for form in FORMS if "form" in rule.arguments else ("",):
            yield (rule.endpoint, form), client.get(address(rule, {**ids, "form": form}))


def test_no_mail_holds_markup_a_formula_or_a_header_of_theirs(app: Flask) -> None:
    with writing(app):
        service = digest_rows.busy_week()
        service.quotes_in_mails = True
        digest_rows.publish(service, "Bonjour")
        plant(3)
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
        deliveries = db.session.scalars(select(Delivery)).all()
        assert deliveries
        for delivery in deliveries:
            mail = digest_mail(delivery.edition, delivery.subscription, delivery.id)
            assert faults(mail.html.encode(), "text/html") == []
            assert PRODUCT not in mail.text + mail.subject
            assert not {"\r", "\n"} & set(mail.subject + "".join(mail.headers.values()))
