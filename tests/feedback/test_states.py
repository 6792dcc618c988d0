"""Every cell of the tables Feedback and Thread of model.md §4, for every role: allowed or refused.

The tables below are written by hand from the model, not read from the code: both must agree. What
is not in them is refused. No machine is an actor anywhere.
"""

import ast
from itertools import product

import pytest

from app.accounts import Role
from app.config import ROOT
from feedback.models import State, ThreadState
from feedback.states import COMMITMENT_MOVES, MOVES, ForbiddenMove, check_move
from feedback.threads import THREAD_MOVES

ACTORS = ("author", "team", "rule", "date", "machine", *(role.value for role in Role))
FEEDBACK = {
    # from, to, by
    ("received", "open", "rule"),
    ("received", "held", "rule"),
    ("held", "open", "moderator"),
    ("held", "returned", "moderator"),
    ("held", "refused", "moderator"),
    ("open", "published", "moderator"),
    ("returned", "received", "author"),
    ("refused", "held", "author"),
    # "any → withdrawn: author, or retention", which is a rule
    *((state.value, "withdrawn", by) for state in State for by in ("author", "rule")),
    # Beyond the table: a second look, a name masked after all, a wish taken back, a peer's answer.
    ("open", "held", "rule"),
    ("open", "held", "moderator"),
    ("held", "open", "rule"),
    ("published", "open", "moderator"),
    ("published", "open", "author"),
    ("held", "shown", "moderator"),
    ("shown", "held", "moderator"),
    ("shown", "held", "rule"),  # corrected by its reader: read again before it shows
}
THREAD = {
    # who, from, to
    ("team", "waiting", "answered"),
    ("author", "answered", "replied"),
    ("team", "replied", "answered"),
    ("author settles", "answered", "settled"),
    ("silence", "answered", "lapsed"),
    # Beyond the table: a word more, a word after the end, a word of thanks on what awaits none.
    ("team", "answered", "answered"),
    ("team", "lapsed", "answered"),
    ("team", "none", "answered"),
    ("team", "settled", "settled"),
    ("author", "waiting", "waiting"),
    ("author", "replied", "replied"),
    ("author", "lapsed", "replied"),
    ("author", "settled", "replied"),
    ("author", "none", "replied"),
    ("author settles", "lapsed", "settled"),
}
WHO = ("author", "author settles", "silence", "team", "machine", *(role.value for role in Role))


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize(("old", "new"), list(product(State, State)))
def test_each_cell_of_the_feedback_table(old: State, new: State, actor: str) -> None:
    if (old.value, new.value, actor) in FEEDBACK:
        check_move(old, new, actor)
        return
    with pytest.raises(ForbiddenMove):
        check_move(old, new, actor)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("old", "new"), list(product(ThreadState, ThreadState)))
def test_each_cell_of_the_thread_table(old: ThreadState, new: ThreadState, who: str) -> None:
    is_allowed = (who, old.value, new.value) in THREAD
    assert (THREAD_MOVES.get((who, old)) == new) is is_allowed


def test_the_tables_by_hand_name_no_state_that_does_not_exist() -> None:
    states = {state.value for state in State}
    assert all({old, new} <= states and by in ACTORS for old, new, by in FEEDBACK)
    threads = {state.value for state in ThreadState}
    assert all({old, new} <= threads and who in WHO for who, old, new in THREAD)


def test_no_move_has_a_machine_as_its_actor() -> None:
    people_and_rules = {"author", "team", "moderator", "rule", "date"}
    tables = (*MOVES.values(), *COMMITMENT_MOVES.values())
    assert frozenset[str]().union(*tables) <= people_and_rules
    assert {who for who, _state in THREAD_MOVES} <= {"author", "author settles", "silence", "team"}


def test_a_state_is_written_by_the_tables_alone() -> None:
    """A module that sets a retour's or an exchange's state by itself would escape the tables."""
    allowed = {  # the tables themselves, and what opens, counts or ends an exchange by written rule
        ("feedback", "states.py"),
        ("feedback", "threads.py"),
        ("feedback", "first_state.py"),
        ("feedback", "editing.py"),
        ("feedback", "moderation.py"),
    }
    found = set()
    for path in sorted((ROOT / "feedback").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in [t for each in targets for t in ast.walk(each)]:
                if isinstance(target, ast.Attribute) and target.attr == "thread_state":
                    found.add(("feedback", path.name))
                if (
                    isinstance(target, ast.Attribute)
                    and target.attr == "state"
                    and isinstance(target.value, ast.Name)
                    and target.value.id in ("feedback", "retour", "commitment")
                ):
                    found.add(("feedback", path.name))
    assert found <= allowed, found - allowed
