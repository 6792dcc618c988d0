"""The application starts, and refuses to start without its secrets."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from app.config import ROOT, SECRETS, BadSetting, load


def test_production_refuses_to_start_without_secrets_in_one_sentence() -> None:
    with pytest.raises(BadSetting) as refusal:
        load({})
    assert "SECRET_KEY and RECEIPT_SECRET" in str(refusal.value)
    assert str(refusal.value).count(". ") == 0


def test_the_application_starts(app: Flask) -> None:
    assert app.testing


@pytest.mark.parametrize("command", [("flask", "doctor"), ("gunicorn", "--check-config")])
def test_a_refusal_to_start_is_one_line_and_no_traceback(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    bare = {name: value for name, value in os.environ.items() if name not in SECRETS}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**bare, "BOUCLE_INSTANCE": str(tmp_path), "BOUCLE_ENV": "production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "SECRET_KEY and RECEIPT_SECRET" in done.stderr
    assert len(done.stderr.splitlines()) == 1
