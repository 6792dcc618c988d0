"""Every feed of the site is valid Atom, full and empty; and the check does find what is not."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import edition_feed, tasks
from app.accounts import Account, Role
from app.catalogue import Service
from app.db import db, will_write
from feedback.models import Commitment, SignalNote, Theme
from feedback.signal_feed_keys import feed_key
from tests import factories
from tests.app import digest_rows as rows
from tests.app.test_role_editions import fill_territory
from tests.atom import faults
from tests.conftest import NOON, writing

WRITTEN = "<b>Été & après</b> \u0000\u000b « 1 > 0 » ]]> 😀"
FEEDS = {"editions", "board", "signals", "own"}


def feeds(slug: str, expert: Account, member: Account) -> dict[str, str]:
    """Return the address of each feed of the site."""
    edition_feed.draw(member)
    return {
        "editions": f"/s/{slug}/flux.atom",
        "board": f"/s/{slug}/ce-qui-change.atom",
        "signals": f"/signaux/flux/{feed_key(expert)}.atom",
        "own": f"/syntheses/flux/{edition_feed.key_of(member)}.atom",
    }


@pytest.fixture
def full(app: Flask) -> dict[str, str]:
    """The feeds of a site where people wrote what a feed must escape."""
    with writing(app):
        fill_territory()
        service = db.session.scalars(select(Service).filter_by(name="Mon suivi tension")).one()
        service.name = service.organisation.name = WRITTEN[:60]
        for each in db.session.scalars(select(Theme)):
            each.name = WRITTEN
        for promised in db.session.scalars(select(Commitment)):
            promised.text = promised.evidence = WRITTEN
        raised = rows.signal(service, state="confirmed", sentence=WRITTEN)
        moved = {"role": "expert", "from_state": "candidate", "to_state": "confirmed"}
        done = {"answers": {"done": WRITTEN}}
        db.session.add(SignalNote(signal_id=raised.id, day=rows.IN_WEEK, **moved, **done))
        expert = db.session.scalars(select(Account).filter_by(email="expert@example.fr")).one()
        member = db.session.scalars(select(Account).where(Account.memberships.any())).one()
        found = feeds(service.slug, expert, member)
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", sorted(FEEDS))
def test_a_full_feed_is_valid(
    client: FlaskClient, full: dict[str, str], name: str, language: str
) -> None:
    answer = client.get(full[name], headers={"Accept-Language": language})
    assert answer.mimetype == "application/atom+xml"
    assert faults(answer.text) == []
    assert answer.text.count("<entry>") >= 1


def test_an_empty_feed_is_valid(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service()
        expert = factories.account(Role.EXPERT)
        found = feeds(service.slug, expert, rows.member(service))
    assert found.keys() == FEEDS
    for address in found.values():
        answer = client.get(address)
        assert faults(answer.text) == []
        assert "<entry>" not in answer.text


def test_every_feed_of_the_site_is_looked_at(app: Flask) -> None:
    rules = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.endswith(".atom")}
    assert rules == {
        "digests.feed",
        "digests.private_feed",
        "record.board_feed",
        "vigilance.signals_feed",
    }


VALID = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">
<title>Un flux</title><id>https://site.example/flux</id><updated>2026-11-23T00:00:00Z</updated>
<link rel="self" href="https://site.example/flux.atom"/><author><name>Boucle</name></author>
<entry><title>Une</title><id>https://site.example/1</id><updated>2026-11-23T00:00:00Z</updated>
<link href="https://site.example/1"/><summary>Des mots.</summary></entry>
<entry><title>Deux</title><id>https://site.example/2</id><updated>2026-11-23T00:00:00Z</updated>
<link href="https://site.example/2"/><summary>D’autres.</summary></entry></feed>"""


def test_the_pattern_is_valid() -> None:
    assert faults(VALID) == []


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("</feed>", "", "not well-formed"),
        ('xmlns="http://www.w3.org/2005/Atom"', "", "the root"),
        ("<title>Un flux</title>", "", "feed: 0 title"),
        ("<title>Un flux</title>", "<title>Un</title><title>Deux</title>", "feed: 2 title"),
        ("<title>Une</title>", "<title> </title>", "without words"),
        ("<title>Une</title>", "<title>Une <b>chose</b></title>", "elements within text"),
        ("<title>Une</title>", '<title type="markdown">Une</title>', "the type markdown"),
        ("<id>https://site.example/flux</id>", "", "feed: 0 id"),
        ("<id>https://site.example/1</id>", "<id>1</id>", "no whole address"),
        ("<id>https://site.example/1</id>", "<id>https://site.example/2</id>", "two entries"),
        ("2026-11-23T00:00:00Z", "2026-11-23", "no moment"),
        ("2026-11-23T00:00:00Z", "2026-02-30T00:00:00Z", "no day"),
        ("2026-11-23T00:00:00Z", "2026-11-23t00:00:00z", "no moment"),
        ("<author><name>Boucle</name></author>", "", "no author"),
        ("<name>Boucle</name>", "", "0 names"),
        ("<name>Boucle</name>", "<name>Boucle</name><phone>1</phone>", "an element phone"),
        ('rel="self" ', 'rel="via" ', "no link to itself"),
        ('<link href="https://site.example/1"/>', "", "neither content nor alternate"),
        ('<link href="https://site.example/1"/>', "<link/>", "the address None"),
        ('<link href="https://site.example/1"/>', '<link rel="" href="x"/>', "an empty relation"),
        ('<link href="https://site.example/1"/>', '<link href="x"/><link href="y"/>', "two alter"),
        ('<link href="https://site.example/1"/>', '<link type="html" href="x"/>', "the type html"),
        ("<summary>Des mots.</summary>", "<summary>a</summary><summary>b</summary>", "twice"),
        ("<summary>Des mots.</summary>", "<abstract>a</abstract>", "an element abstract"),
        ("<summary>Des mots.</summary>", '<content src="x"/>', "without summary"),
        ("<summary>Des mots.</summary>", "<category/>", "no term"),
        ('xml:lang="fr"', 'xml:lang="français de France"', "the language"),
    ],
)
def test_what_breaks_a_rule_is_found(was: str, becomes: str, fault: str) -> None:
    assert was in VALID
    found = faults(VALID.replace(was, becomes, 1))
    assert any(fault in each for each in found), found
