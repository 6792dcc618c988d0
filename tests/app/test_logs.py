"""What the processes write of themselves holds nothing of a citizen."""

import json
import logging
import subprocess
import sys
from pathlib import Path

from app.logs import NEVER, drop_personal

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = """
import logging, structlog
from app.logs import configure
configure()
log = structlog.get_logger("app.worker")
log.info("job_done", kind="analyse", text="CANARI", address="192.0.2.1")
logging.getLogger("app").error("unexpected error in %s", "feedback.service")
logging.getLogger("werkzeug").info("GET /suivi 192.0.2.1")
try:
    int("CANARI")
except ValueError as error:
    log.error("unexpected_error", exc_info=error)
    logging.getLogger("app").exception("stumbled")
"""


def _lines() -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stderr.splitlines()


def test_each_line_is_one_json_object_without_personal_keys() -> None:
    lines = _lines()
    found = [json.loads(line) for line in lines]
    events = ["job_done", "unexpected error in feedback.service", "unexpected_error", "stumbled"]
    assert [line["event"] for line in found] == events
    assert found[0]["kind"] == "analyse"
    assert "CANARI" not in "".join(lines)
    assert "192.0.2.1" not in "".join(lines)


def test_an_error_is_named_and_placed_and_its_message_is_not_written() -> None:
    for found in [json.loads(line) for line in _lines()][2:]:
        assert found["error"] == "ValueError"
        assert found["at"] == ["<string>:10 <module>"]
        assert "exc_info" not in found


def test_personal_keys_are_dropped_whoever_writes_them() -> None:
    event = dict.fromkeys(NEVER, "x") | {"event": "e"}
    assert drop_personal(None, "info", event) == {"event": "e"}
    assert logging.getLogger("werkzeug").level in (logging.NOTSET, logging.WARNING)
