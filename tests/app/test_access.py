"""Who may do what: the golden table, and every route walked by every role over two services."""

import csv
import shutil
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.access import MAY, Mark, Scope
from app.accounts import Account, Role
from app.catalogue import Service
from app.db import db
from app.headers import OF_DOCUMENTS
from tests.app.worlds import (
    ACTORS,
    READERS,
    SECRET_WORDS,
    UNWALKED,
    Step,
    build,
    walk,
)
from tests.app.worlds import _address as address
from tests.app.worlds import _close as close
from tests.conftest import writing
from tests.factories import post, sign_in

SITES = ["https://www.exemple.fr", "https://sante.exemple.fr:8443"]  # that may show the frame
HERE = Path(__file__).parent
REWRITE = "read the change, then run python -m tests.app.rewrite_golden"


@pytest.fixture
def steps(app: Flask) -> list[Step]:
    worlds = build(app)
    with writing(app):
        for row in db.session.scalars(db.select(Service)):
            row.widget_origins = SITES
    return list(walk(app, worlds))


def test_the_table_in_the_code_is_the_golden_table() -> None:
    with (HERE / "golden_access.csv").open(encoding="utf-8", newline="") as lines:
        golden = {row.pop("verb"): row for row in csv.DictReader(lines)}
    written = {
        verb.value: {role.value: held.get(role, "-") for role in Role} for verb, held in MAY.items()
    }
    assert written == golden


def test_every_route_answers_every_role_as_the_golden_file_says(
    app: Flask, steps: list[Step]
) -> None:
    with (HERE / "golden_routes.csv").open(encoding="utf-8", newline="") as lines:
        golden = {tuple(row) for row in csv.reader(lines)}
    found = {step.row for step in steps}
    assert found - golden == set(), f"not in the golden file: {REWRITE}"
    assert golden - found == set(), f"only in the golden file: {REWRITE}"
    _nobody_reads_what_is_not_theirs(steps)
    _one_page_alone_may_be_framed(steps)
    _closed_doors_are_closed(app, steps)
    assert not [step.row for step in steps if step.status >= 500]


def _nobody_reads_what_is_not_theirs(steps: list[Step]) -> None:
    """A message shows to its team, its author, a moderator, and an expert inside a signal."""
    for step in steps:
        in_signals = step.endpoint.startswith(("vigilance.", "known_effects."))
        is_evidence = step.actor == "expert" and in_signals
        if SECRET_WORDS["own"] in step.body:
            assert step.actor in READERS or is_evidence, step.row
        if SECRET_WORDS["other"] in step.body:
            assert step.actor == "moderator" or is_evidence, step.row
    shown = {step.actor for step in steps if SECRET_WORDS["own"] in step.body}
    assert shown >= READERS, "the walk must meet the message where it may be read"


def _one_page_alone_may_be_framed(steps: list[Step]) -> None:
    """Every route, method and role: the frame alone differs, with the sites of its service."""
    usual = (OF_DOCUMENTS["Content-Security-Policy"], OF_DOCUMENTS["X-Frame-Options"])
    different = {(step.endpoint, *step.frame) for step in steps if step.frame != usual}
    assert {endpoint for endpoint, *_rest in different} == {"feedback.widget"}
    ((_endpoint, policy, frame),) = different
    assert policy.endswith("frame-ancestors " + " ".join(SITES))
    assert frame is None


def _closed_doors_are_closed(app: Flask, steps: list[Step]) -> None:
    """No answer of a guarded view to who may not do its verb, or whose scope does not reach."""
    for step in steps:
        mark = getattr(app.view_functions[step.endpoint], "access", None)
        if not isinstance(mark, Mark) or mark.kind == "public":
            continue
        if mark.kind == "author":
            assert step.actor == "author" or step.status in (303, 400), step.row
        elif step.actor in ("anonymous", "author"):
            assert step.status in (303, 400), step.row
        elif mark.verbs and step.actor in ACTORS[2:]:
            held = {MAY[v].get(Role(step.actor)) for v in mark.verbs} - {None}
            assert held or step.status == 403, step.row
            if held == {Scope.TEAM} and step.world == "other":
                assert step.status in (403, 404), step.row


# Of no service: an instance's own tables, a sealed token or a participant's code opens the rest.
OF_NO_SERVICE = {"filename", "lang", "token", "number", "key", "file_id", "table_id", "entry_id"}
OF_NO_SERVICE |= {"session_id"}  # of the account itself
OF_NO_SERVICE |= {"kind", "phase"}  # of a job of the clock, of a session: words of the code
FORMS = ("json", "html", "pdf", "csv", "md", "txt", "xlsx")  # of the files that a page exports


def test_every_address_names_something_of_both_services(app: Flask) -> None:
    """A part that no world knows is walked with nothing behind it, and proves nothing."""
    worlds = build(app)
    assert worlds["own"].keys() == worlds["other"].keys()
    named = {part for rule in app.url_map.iter_rules() for part in rule.arguments}
    assert named - worlds["own"].keys() - {"form"} == OF_NO_SERVICE
    assert all(worlds["own"][each] != worlds["other"][each] for each in worlds["own"])


def test_the_other_team_meets_the_same_doors_from_its_side(app: Flask) -> None:
    """The promoter of the other service over both, at every address, exports in every form."""
    worlds, met = build(app), set()
    rounds = Rounds(app)
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: (each.endpoint, each.rule)):
        if rule.endpoint in UNWALKED:
            continue
        for method, world in product(sorted({"GET", "POST"} & (rule.methods or set())), worlds):
            for form in FORMS if "form" in rule.arguments else ("",):
                ids = {**worlds[world], "form": form}
                status, body = rounds.ask(worlds["other"]["account_id"], rule, ids, method)
                where = (rule.endpoint, method, world, form, status)
                assert status < 500, where
                assert SECRET_WORDS["own"] not in body, where
                if SECRET_WORDS["other"] in body:
                    met.add(rule.endpoint)
                if world == "own" and rule.arguments & worlds["own"].keys():
                    _is_shut(app, rule.endpoint, where)
    assert met >= {"desk.inbox", "feedback_desk.thread", "themes.theme", "vigilance.signal"}


def _is_shut(app: Flask, endpoint: str, where: tuple[object, ...]) -> None:
    mark = getattr(app.view_functions[endpoint], "access", None)
    if isinstance(mark, Mark) and mark.kind == "staff" and mark.verbs:
        held = {MAY[verb].get(Role.PROMOTER) for verb in mark.verbs} - {None}
        if held <= {Scope.TEAM}:
            assert where[-1] in (403, 404), where


class Rounds:
    """Asks as an account, and undoes after each change."""

    def __init__(self, app: Flask) -> None:
        self.app, self.path = app, app.config["INSTANCE"] / "boucle.db"
        self.kept = self.path.with_suffix(".before")
        close(app)
        shutil.copy(self.path, self.kept)

    def ask(self, account_id: int, rule: Rule, ids: dict[str, Any], method: str) -> tuple[int, str]:
        """Return the status and the body."""
        client = self.app.test_client()
        with self.app.app_context():
            sign_in(client, db.session.get_one(Account, account_id))
        url = address(rule, ids)
        answer = client.get(url) if method == "GET" else post(client, url)
        body = answer.get_data().decode(errors="replace")
        if method == "POST":
            close(self.app)
            shutil.copy(self.kept, self.path)
        return answer.status_code, body
