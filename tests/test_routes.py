"""Every route says who may open it; addresses are plain words; reading a page changes nothing.

Who gets what from each of them is ``tests/app/test_access.py``.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, request
from sqlalchemy import event

from app.access import Mark
from app.db import db
from tests.app.worlds import build, walk

# The library's own two views: signing in, which anybody may try, and signing out.
UNMARKED = {  # the library of signing in guards its own; each was read before it stood here
    "static",
    "security.login",
    "security.logout",
    "security.verify",
    "security.two_factor_setup",
    "security.two_factor_setup_validate",
    "security.two_factor_token_validation",
    "security.two_factor_rescue",
    "security.mf_recovery",
    "security.mf_recovery_codes",
    "security.tf_select",
    "security.wan_register",
    "security.wan_register_response",
    "security.wan_signin",
    "security.wan_signin_response",
    "security.wan_delete",
}
WRITING = re.compile(r"\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+(\w+)", re.I)
JOURNAL = "trace"
OF_THE_READER = {"desk_visit", "desk_reading"}  # what a colleague saw and when, theirs alone
# Once a minute, taking the lock by itself: somebody is at the console of a live session.
OF_A_LIVE_ROOM = {("workshops_desk.console", "workshop")}
FILLS_THE_RING = {"feedback_desk.thread", "desk.inbox"}  # the team's first opening: « Lu »


def mark_of(app: Flask, endpoint: str) -> Mark | None:
    mark = getattr(app.view_functions[endpoint], "access", None)
    return mark if isinstance(mark, Mark) else None


def test_every_view_is_public_an_authors_or_guarded(app: Flask) -> None:
    """A further view of the sign-in library would have no mark: only these are there."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {each for each in endpoints if mark_of(app, each) is None} == UNMARKED


@contextmanager
def written_by_reading(app: Flask) -> Iterator[set[tuple[str, str]]]:
    """Collect (endpoint, table) of every change made while a page is only being read."""
    found: set[tuple[str, str]] = set()

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if (writes := WRITING.match(statement)) and request and request.method == "GET":
            found.add((str(request.endpoint), writes[2].lower()))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_reading_writes_the_journal_at_most_and_only_where_it_says_so(app: Flask) -> None:
    worlds = build(app)
    with written_by_reading(app) as found:
        steps = list(walk(app, worlds, frozenset({"GET"})))
    assert len(steps) > 100
    assert found
    for endpoint, table in found:
        if table == "staff_session":  # what the reader's own browser holds
            continue
        if (endpoint, table) in OF_A_LIVE_ROOM:
            continue
        mark = mark_of(app, endpoint)
        assert mark is not None, endpoint
        assert mark.writes, f"{endpoint} writes {table} by GET"
        own = OF_THE_READER if endpoint.split(".")[0] in ("desk", "feedback_desk") else set()
        ring = {"feedback"} if endpoint in FILLS_THE_RING else set()
        first = {"system_value"} if endpoint == "evaluations.export" else set()  # its name, once
        assert table in {JOURNAL, *own, *ring, *first}, f"{endpoint} writes {table} by GET"


def test_every_link_in_python_and_templates_names_an_endpoint_that_exists(app: Flask) -> None:
    root = Path(__file__).resolve().parent.parent
    known = set(app.view_functions)
    files = [*root.glob("templates/**/*.html"), *root.glob("templates/**/*.txt")]
    for package in ("app", "feedback", "workshops"):
        files += root.glob(f"{package}/**/*.py")
    for path in files:
        for endpoint in re.findall(r"url_for\(\s*[\"']([\w.]+)[\"']", path.read_text("utf-8")):
            assert endpoint in known, f"{path.relative_to(root)} links to {endpoint}"


def test_no_citizen_address_carries_a_code(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/suivi"):
            assert "code" not in rule.arguments
