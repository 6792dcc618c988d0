"""Who may do what: the golden table, and every route walked by every role over two services."""

import csv
from pathlib import Path

import pytest
from flask import Flask

from app.access import MAY, Mark, Scope
from app.accounts import Role
from tests.app.worlds import ACTORS, READERS, SECRET_WORDS, Step, build, walk

HERE = Path(__file__).parent
REWRITE = "read the change, then run python -m tests.app.rewrite_golden"


@pytest.fixture
def steps(app: Flask) -> list[Step]:
    return list(walk(app, build(app)))


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
