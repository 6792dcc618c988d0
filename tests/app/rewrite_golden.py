"""Write ``golden_routes.csv`` from what the routes answer now. Read the change, then commit."""

import csv
import shutil
import tempfile
from pathlib import Path

from flask_migrate import upgrade

from app.factory import create_app
from nlp.encode import HashingEncoder
from tests.app.worlds import build, walk
from tests.conftest import NOON, settings
from tests.fakes import FakeRuntime, StandingClock


def main() -> None:
    """Walk every route once and write the file."""
    folder = Path(tempfile.mkdtemp())
    app = create_app(
        settings(), folder, StandingClock(NOON), FakeRuntime(encoder=HashingEncoder(64))
    )
    with app.app_context():
        upgrade()
    rows = sorted({step.row for step in walk(app, build(app))})
    path = Path(__file__).parent / "golden_routes.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(rows)
    shutil.rmtree(folder)
    print(f"{len(rows)} rows")


if __name__ == "__main__":
    main()
