"""Writes every page of the site, to each role that may open it, for ``make audit`` to validate.

``python -m tests.pages_for_audit FOLDER``: one file for a page and a role.
"""

import sys
import tempfile
from pathlib import Path

from flask_migrate import upgrade

from app.factory import create_app
from nlp.encode import HashingEncoder
from tests.app.worlds import build, walk
from tests.conftest import NOON, settings
from tests.fakes import FakeRuntime, StandingClock


def write_pages(folder: Path) -> int:
    """Write the pages into ``folder``; return how many."""
    count = 0
    with tempfile.TemporaryDirectory() as kept:
        place = Path(kept)
        runtime = FakeRuntime(place, encoder=HashingEncoder(64))
        app = create_app(settings(), place, StandingClock(NOON), runtime)
        with app.app_context():
            upgrade()
        for step in walk(app, build(app), frozenset({"GET"})):
            if step.status == 200 and step.world != "other" and step.body.startswith("<!doctype"):
                (folder / f"{step.endpoint}-{step.actor}.html").write_text(step.body, "utf-8")
                count += 1
    return count


if __name__ == "__main__":
    print(write_pages(Path(sys.argv[1])), "pages written")
