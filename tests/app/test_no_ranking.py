"""Nobody is scored or ordered (proposition 24): searched in schema, queries, addresses, exports.

A number that a person's row may hold, or an order that persons may stand in, is named here with its
reason. Whatever is not named fails, so that the next one is decided and not slipped in.
"""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import db

ROOT = Path(__file__).resolve().parents[2]
PERSONS = {"account", "participant"}
# Numbers in rows of a person, and what they are for; none tells how good or how busy anybody is.
NUMBERS = {
    "account.totp_counter": "the last code of the phone, so that none serves twice",
    "passkey.sign_count": "tells a copied passkey",
    "staff_token.tries": "wrong codes, before the token dies",
    "subscription.weekday": "when one's mails leave",
    "subscription.hour": "when one's mails leave",
    "own_outline.votes_each": "a setting of one's own template of sessions",
    "own_outline.votes_per_group": "the same",
    "workshop.version": "tells a phone that the page changed",
    "workshop.votes_each": "a setting of the session",
    "workshop.votes_per_group": "the same",
    "workshop.timer_left_seconds": "the timer of the session",
    "workshop.heads": "how many people are in the room",
    "workshop.acts": "the number of the last gesture, to undo it",
    "workshop.focus": "the question in hand",
    "board_act.number": "the place of a gesture among the last ten, to undo it",
    "board_act.count": "how many ideas that gesture touched",
    "entry_count.count": "hours of paper typed, the staff's own count; left out of backups",
    "team_note.position": "the place of a note under a message",
    "card.prompt": "which question an idea answers",
    "remark.position": "the place of a remark in its thread",
    "vote.dots": "votes given to a group, never shown by who gave them",
}
# Persons stand by name or in no order; one sum per person checks a budget and is not shown.
ORDERS = {
    "Account.name",
    "Account.id",
    "Account.active",
    "Participant.name",
    "Participant.seen",  # which idle seat of a full room gives way; no screen shows it
    "Vote.participant_id in workshops/ballot.py",
}
CLASSES = {"Account", "Participant", "Membership"}
KEYS = {"account_id", "participant_id", "facilitator_id", "keeper_id", "user_id"}
RANKING = re.compile(r"classement|palmar[eè]s|podium|ranking|leaderboard|meilleur", re.I)
DENIAL = "Ce n’est pas un classement."  # of services, under the funnel of scores
OF_PERSONS = re.compile(
    r"account|e?mail|participant|author|carrier|person|agent|colleague|facilitator|keeper|moderator"
)
NAMED = {
    "feed.author": "of an Atom feed: the organisation",
    "feed.author.name": "the same",
    "carrier": "who carries what a room decided: a function or a masked first name, in no order",
    "groups[].carrier": "the same",
}
# The only columns about a person that an export gives: whose code it is, in the copy of their data.
OWN_COLUMNS = {"privacy.export", "workshops.export_ideas"}


def _tables() -> Iterator[sa.Table]:
    """Yield the tables of persons and those whose rows belong to one."""
    for table in db.metadata.sorted_tables:
        keys = {key.column.table.name for key in table.foreign_keys}
        if table.name in PERSONS or keys & PERSONS:
            yield table


def test_no_row_of_a_person_holds_a_number_that_is_not_explained() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in _tables()
        for column in table.columns
        if isinstance(column.type, sa.Integer | sa.Float | sa.Numeric)
        and not column.foreign_keys
        and not column.primary_key
    }
    assert len(list(_tables())) > 20
    assert found == set(NUMBERS)


def _orders() -> Iterator[str]:
    for path in sorted(p for name in ("app", "feedback", "workshops") for p in _modules(name)):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and node.func.attr in ("order_by", "group_by", "over"):
                for said in (*node.args, *(word.value for word in node.keywords)):
                    yield from _persons_in(said, path.relative_to(ROOT).as_posix())


def _modules(package: str) -> Iterator[Path]:
    return (ROOT / package).rglob("*.py")


def _persons_in(said: ast.expr, where: str) -> Iterator[str]:
    for node in ast.walk(said):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            if node.value.id in CLASSES:
                yield name
            elif node.attr in KEYS:
                yield f"{name} in {where}"


def test_no_query_orders_persons_but_by_name_nor_counts_by_person() -> None:
    assert set(_orders()) == ORDERS


def test_the_search_of_queries_finds_a_ranking() -> None:
    query = "select(x).group_by(Trace.account_id).order_by(func.count(Account.points).desc())"
    node = ast.parse(query).body[0]
    assert isinstance(node, ast.Expr)
    found = set(_persons_in(node.value, "here.py"))
    assert found == {"Trace.account_id in here.py", "Account.points"}


def test_no_address_and_no_page_speaks_of_a_ranking(app: Flask) -> None:
    assert not [rule.rule for rule in app.url_map.iter_rules() if RANKING.search(rule.rule)]
    assert not [name for name in app.view_functions if RANKING.search(name)]
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.xml")]
    assert len(pages) > 150
    said = {page.name: page.read_text("utf-8").replace(DENIAL, "") for page in pages}
    assert not [name for name, words in said.items() if RANKING.search(words)]


def test_no_export_holds_a_column_about_a_person() -> None:
    with (Path(__file__).parent / "export_columns.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.reader(file) if row[0] not in OWN_COLUMNS]
    assert len(rows) > 60
    about = [row for row in rows if OF_PERSONS.search(row[1]) and row[1] not in NAMED]
    assert about == []


@pytest.mark.parametrize("word", ["leaderboard", "Palmarès des agents", "le meilleur agent"])
def test_the_search_of_pages_finds_a_ranking(word: str) -> None:
    assert RANKING.search(word)
