"""Every route, errors included: headers, posts without a token, posts from another site."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.accounts import Account
from app.db import db
from app.headers import CONTENT_POLICY, OF_DOCUMENTS
from app.limits import LimitKey, RateBucket, network_of, purge
from tests.app.worlds import _address as address
from tests.app.worlds import build
from tests.conftest import writing
from tests.factories import csrf_token, sign_in

FRAMED = "feedback.widget"  # the one page that another site may frame
# RFC 8058: mail programs post from anywhere.
FROM_ELSEWHERE = {"digests.leave_author", "digests.unsubscribe"}


def _rules(app: Flask, method: str) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or set())]
    return sorted(rules, key=lambda rule: (rule.endpoint, rule.rule))


def _account(role: str) -> Account:
    """Return the account of ``role`` in the walked world."""
    query = db.select(Account).where(Account.email == f"{role}@example.fr")
    return db.session.scalars(query).one()


def _asked(app: Flask) -> Iterator[tuple[str, TestResponse]]:
    """Yield the answer of each address to nobody and to an administrator, and of some errors."""
    ids = build(app)["own"]
    with app.app_context():
        for account in (None, _account("administrator")):
            client = app.test_client()
            if account:
                sign_in(client, account)
            for rule in _rules(app, "GET"):
                if rule.endpoint != "static":
                    yield rule.endpoint, client.get(address(rule, ids))
            for rule in _rules(app, "POST"):
                yield f"{rule.endpoint} refused", client.post(address(rule, ids))
    nobody = app.test_client()
    yield "404", nobody.get("/nulle-part")
    yield "405", nobody.delete("/vos-donnees", headers={"Sec-Fetch-Site": "same-origin"})
    yield "403", nobody.post("/suivi", headers={"Sec-Fetch-Site": "cross-site"})
    yield "413", nobody.post("/suivi", data={"code": "x" * 2**21})
    yield "foreign host", nobody.get("/", base_url="http://mal.example")


def test_every_answer_carries_the_headers_and_one_page_alone_may_be_framed(app: Flask) -> None:
    asked, seen = 0, set()
    for where, answer in _asked(app):
        asked += 1
        seen.add(answer.status_code)
        found = answer.headers
        assert found["X-Content-Type-Options"] == "nosniff", where
        policy = found["Content-Security-Policy"]
        for name in OF_DOCUMENTS.keys() - {"Content-Security-Policy", "X-Frame-Options"}:
            assert found[name], (where, name)
        if where == FRAMED:
            assert "script-src" not in policy
            assert "form-action 'none'" in policy
        else:
            assert policy == CONTENT_POLICY, where
            assert found["X-Frame-Options"] == "DENY", where
        assert "Server" not in found or "Werkzeug" not in found["Server"]
        kept = found.get("Cache-Control", "")
        assert "no-store" in kept or where.startswith("device."), (where, kept)
    assert asked > 400
    assert seen >= {200, 303, 400, 404, 413}


def test_the_policy_lets_nothing_run_that_is_not_ours() -> None:
    parts = dict(part.split(" ", 1) for part in CONTENT_POLICY.split(";"))
    assert parts["default-src"] == "'none'"
    assert (parts["base-uri"], parts["frame-ancestors"]) == ("'none'", "'none'")
    assert "unsafe" not in CONTENT_POLICY
    assert "http" not in CONTENT_POLICY


def test_every_post_without_its_token_is_refused_where_a_session_is_open(app: Flask) -> None:
    """A signed form key stands for the token on what citizens send; nothing else goes without."""
    ids = build(app)["own"]
    with app.app_context():
        client = app.test_client()
        sign_in(client, _account("promoter"))
        refused = 0
        for rule in _rules(app, "POST"):
            view = app.view_functions[rule.endpoint]
            if rule.endpoint in FROM_ELSEWHERE or getattr(view, "keyed", False):
                continue
            answer = client.post(address(rule, ids), data={"text": "Bonjour à tous."})
            mark = getattr(view, "access", None)
            is_author = mark is not None and mark.kind == "author"  # asked for the code anew
            assert answer.status_code == (401 if is_author else 400), rule.endpoint
            refused += 1
        assert refused > 100


def test_every_post_from_another_site_is_refused_but_leaving_by_one_click(app: Flask) -> None:
    ids = build(app)["own"]
    with app.app_context():
        client = app.test_client()
        sign_in(client, _account("promoter"))
        token = {"csrf_token": csrf_token(client)}
        foreign = (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://mal.example"},
            {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        )
        for rule in _rules(app, "POST"):
            for headers in foreign:
                answer = client.post(address(rule, ids), data=token, headers=headers)
                is_open = rule.endpoint in FROM_ELSEWHERE
                assert (answer.status_code != 403) == is_open, (rule.endpoint, headers)


def test_a_browser_that_cannot_say_where_its_post_comes_from_is_asked_for_the_token(
    app: Flask,
) -> None:
    """Over plain http no browser says it, and no-referrer makes an origin of one's own « null »."""
    ids = build(app)["own"]
    with app.app_context():
        client = app.test_client()
        sign_in(client, _account("promoter"))
        path, words = (
            f"/equipe/retours/{ids['feedback_id']}/reponse",
            {"text": "Nous avons bien lu."},
        )
        own = {"Origin": "null"}
        assert client.post(path, data=words, headers=own).status_code == 400
        token = {"csrf_token": csrf_token(client)}
        heard = client.post(path, data=words | token, headers=own).status_code
        assert heard in (303, 422), "the team's verb decides, and no guard before it"


AWAY = (
    *(
        "//mal.example",
        "///mal.example",
        "/\\mal.example",
        "\\\\mal.example",
        "https://mal.example",
    ),
    *("http:mal.example", "https:/mal.example", "javascript:alert(1)", "data:text/html,x"),
    *("/%0d%0aLocation: https://mal.example", "/\r\nX: y", "/\t/mal.example", "mal.example"),
    *("//mal.example/%2f..", "/\x00//mal.example", "https://localhost@mal.example", ""),
)


@pytest.mark.parametrize("target", AWAY)
def test_no_address_in_a_link_leads_away(client: FlaskClient, target: str) -> None:
    answer = client.get("/langue/en", query_string={"next": target})
    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))
    assert "mal.example" not in answer.location.split("?")[0].split("/")[1]
    assert "X" not in answer.headers


def test_an_address_that_a_visitor_claims_does_not_count_without_a_proxy(
    app: Flask, client: FlaskClient
) -> None:
    for number in range(12):
        claimed = {"X-Forwarded-For": f"203.0.{number}.9", "X-Real-IP": f"203.1.{number}.9"}
        client.post("/suivi", data={"code": "AAAA-BBBB-CCCC-DDDD"}, headers=claimed)
    with app.app_context():
        counts = db.session.scalars(db.select(RateBucket.count)).all()
    assert max(counts) >= 10, "one visitor, one counter, whatever is claimed"


def test_the_key_of_a_day_is_drawn_and_goes_with_its_day(app: Flask, clock: object) -> None:
    client = app.test_client()
    client.post("/suivi", data={"code": "AAAA-BBBB-CCCC-DDDD"})
    with writing(app):
        first = db.session.scalars(db.select(LimitKey)).one()
        kept = first.key
        assert app.config["SECRET_KEY"] not in kept
        assert len(kept) == 64
    clock.forward(days=1, minutes=20)  # type: ignore[attr-defined]
    client.post("/suivi", data={"code": "AAAA-BBBB-CCCC-DDDD"})
    with writing(app):
        purge(app.config["CLOCK"]())
    with app.app_context():
        second = db.session.scalars(db.select(LimitKey)).one()
        assert second.key != kept


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:1:2::7", "2001:db8:1::/48"),
        ("::ffff:198.51.100.7", "::/48"),
        ("no address", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_network_is_all_that_is_ever_counted(address: str | None, network: str) -> None:
    assert network_of(address) == network
