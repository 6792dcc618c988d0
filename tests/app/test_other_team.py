"""Whatever one team opens and sends, in whatever order, it neither reads nor moves another's rows.

Hypothesis plays a promoter of the other service who knows every address and id of ours. The walk of
``test_access`` undoes after each step; here what was done stays, and the next step builds on it.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.accounts import Account
from app.db import db
from app.factory import create_app
from tests import conftest, factories
from tests.app.worlds import SECRET_WORDS, UNWALKED, _address, _close, build
from tests.fakes import FakeRuntime, StandingClock

LEAVES = {"security.logout", "account.end_others", "account.end_session", "device.leave"}
FIELDS = ("text", "reason", "name", "title", "owner", "decision", "target", "theme", "into", "to")
OURS = {  # rows of our service that the other team may in no case change
    "feedback": "id = :feedback_id",
    "message": "feedback_id = :feedback_id",
    "theme": "id = :theme_id",
    "placement": "theme_id = :theme_id",
    "commitment": "id = :commitment_id",
    "commitment_link": "commitment_id = :commitment_id",
    "answer_draft": "feedback_id = :feedback_id",
    "assignment": "feedback_id = :feedback_id",
    "team_note": "feedback_id = :feedback_id",
    "service": "slug = :slug",
    "proposal": "id = :proposal_id",
    "known_effect": "id = :effect_id",
    "release_watch": "id = :watch_id",
    "answer_template": "id = :template_id",
    "local_question": "'L' || id = :question_code",
}


class OtherTeam(RuleBasedStateMachine):
    """A promoter of the other team, with every id of both services at hand."""

    built: ClassVar[Path]
    folder: ClassVar[Path]
    worlds: ClassVar[dict[str, dict[str, Any]]]
    doors: ClassVar[list[tuple[Any, str]]]

    def __init__(self) -> None:
        super().__init__()
        path = self.folder / "boucle.db"
        for leftover in self.folder.glob("boucle.db*"):
            leftover.unlink()
        shutil.copy(self.built, path)
        clock = StandingClock(conftest.NOON)
        self.app = create_app(conftest.settings(), self.folder, clock, FakeRuntime(self.folder))
        self.client = self.app.test_client()
        with self.app.app_context():
            who = db.session.get_one(Account, self.worlds["other"]["account_id"])
            factories.sign_in(self.client, who)
        self.before = self._ours()

    def teardown(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            db.engine.dispose()

    def _ours(self) -> dict[str, list[Any]]:
        with closing(sqlite3.connect(self.folder / "boucle.db")) as raw:
            found = {}
            for table, which in OURS.items():
                query = f"SELECT * FROM {table} WHERE {which} ORDER BY 1"  # names from above
                found[table] = raw.execute(query, self.worlds["own"]).fetchall()
            return found

    @rule(data=st.data())
    def open_or_send(self, data: st.DataObject) -> None:
        """Ask any door, each id ours or theirs, with ids of ours among what is sent."""
        door, method = data.draw(st.sampled_from(self.doors))
        ids = {
            part: self.worlds[data.draw(st.sampled_from(("own", "other")))].get(part, "csv")
            for part in sorted(door.arguments)
            if part in self.worlds["own"] or part == "form"
        }
        url = _address(door, ids)
        if method == "GET":
            answer = self.client.get(url)
        else:
            values = st.sampled_from([*map(str, self.worlds["own"].values()), "Bonjour à vous."])
            sent = data.draw(st.dictionaries(st.sampled_from(FIELDS), values, max_size=4))
            answer = factories.post(self.client, url, sent)
        assert answer.status_code < 500, url
        shown = answer.get_data().decode(errors="replace")
        assert SECRET_WORDS["own"] not in shown, f"{method} {url}"

    @invariant()
    def nothing_of_ours_moved(self) -> None:
        """Find each row of our service as it was."""
        assert self._ours() == self.before


@pytest.fixture
def machine(app: Flask, tmp_path: Path) -> type[OtherTeam]:
    OtherTeam.worlds = build(app)
    _close(app)
    OtherTeam.built = shutil.copy(tmp_path / "boucle.db", tmp_path / "built.db")
    OtherTeam.folder = tmp_path / "played"
    OtherTeam.folder.mkdir()
    OtherTeam.doors = [
        (each, method)
        for each in app.url_map.iter_rules()
        if each.endpoint not in UNWALKED | LEAVES and each.endpoint.split(".")[0] != "security"
        for method in sorted({"GET", "POST"} & (each.methods or set()))
        if each.arguments & OtherTeam.worlds["own"].keys()
    ]
    return OtherTeam


def test_no_sequence_reaches_the_rows_of_another_team(machine: type[OtherTeam]) -> None:
    cheap = settings(
        max_examples=3,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=cheap)


def test_the_play_would_notice(machine: type[OtherTeam]) -> None:
    """A row of ours that moves is seen: the invariant can fail."""
    play = machine()
    with closing(sqlite3.connect(machine.folder / "boucle.db")) as raw:
        raw.execute("UPDATE theme SET name = 'pris' WHERE id = :theme_id", machine.worlds["own"])
        raw.commit()
    with pytest.raises(AssertionError):
        play.nothing_of_ours_moved()
    play.teardown()
