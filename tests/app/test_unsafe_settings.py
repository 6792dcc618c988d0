"""Production is not started with what is unsafe or left over; each refusal is one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import (
    ROOT,
    BadSetting,
    Settings,
    check_production,
    load,
    read_env_file,
    write_first_env,
)
from app.flask_settings import flask_config
from app.unsafe_settings import NAMED

SAFE = {
    "BOUCLE_ENV": "production",
    "SECRET_KEY": "2nB7kq0ZrX9vTfLwYh3sJmPdUe5aGcQ1",
    "RECEIPT_SECRET": "Wm4xV8tRzK1pHs6bNjQy7cFgDl0uEa3i",
    "PASSWORD_SALT": "e9UoTq5LrMz2wXkCv8bYhNs1JdPf6gA3",
    "BASE_URL": "https://retours.chu-lyon.fr",
    "OPERATOR": "le CHU de Lyon",
    "OPERATOR_ADDRESS": "3 quai des Célestins, 69002 Lyon",
    "OPERATOR_CONTACT": "dpo@chu-lyon.fr",
    "PUBLICATION_DIRECTOR": "la directrice générale",
    "HOSTED_BY": "Hébergeur SAS, 1 rue du Rack, Lille, 01 02 03 04 05",
    "HOSTED_IN": "France",
    "MAIL_FROM": "Boucle <boucle@chu-lyon.fr>",
}
UNSAFE = [
    ({"HTTPS": "false"}, {}, "HTTPS must be true"),
    ({"BASE_URL": "http://retours.chu-lyon.fr"}, {}, "BASE_URL must start with https://"),
    ({"BASE_URL": "https://localhost"}, {}, "TRUSTED_HOSTS is empty"),
    ({"TRUSTED_HOSTS": "*"}, {}, "TRUSTED_HOSTS must name each host"),
    ({"TRUSTED_HOSTS": "a.fr, .chu-lyon.fr"}, {}, "TRUSTED_HOSTS must name each host"),
    ({}, {"FLASK_DEBUG": "1"}, "FLASK_DEBUG is set"),
    ({}, {"FLASK_DEBUG": "true"}, "FLASK_DEBUG is set"),
    ({}, {"WERKZEUG_DEBUG_PIN": "off"}, "WERKZEUG_DEBUG_PIN is set"),
    ({"SECRET_KEY": "dev"}, {}, "SECRET_KEY is short or simple"),
    ({"RECEIPT_SECRET": "changeme" * 5}, {}, "RECEIPT_SECRET is short or simple"),
    ({"PASSWORD_SALT": "a" * 40}, {}, "PASSWORD_SALT is short or simple"),
    ({"PASSWORD_SALT": SAFE["SECRET_KEY"]}, {}, "must differ"),
    ({"MAIL_READER_URL": "/demo/courrier"}, {}, "MAIL_READER_URL is the demonstration's"),
    ({"MAIL_FROM": "Boucle <boucle@localhost>"}, {}, "MAIL_FROM still names localhost"),
    *(({name: ""}, {}, f"{name} is empty") for name in NAMED),
    *(({name: "À compléter"}, {}, f"{name} still holds a placeholder") for name in NAMED),
]


def test_production_starts_with_what_is_safe() -> None:
    check_production(load(SAFE), {})


@pytest.mark.parametrize(("values", "environ", "said"), UNSAFE)
def test_one_unsafe_value_is_refused_in_one_sentence(
    values: dict[str, str], environ: dict[str, str], said: str
) -> None:
    with pytest.raises(BadSetting) as refusal:
        check_production(load(SAFE | values), environ)
    (sentence,) = str(refusal.value).splitlines()
    assert said in sentence
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    secret = values.get("SECRET_KEY", "nothing")
    assert secret not in sentence, "a refusal shows no secret"


@pytest.mark.parametrize("environment", ["demo", "test"])
def test_a_demonstration_may_run_on_plain_http(environment: str) -> None:
    check_production(load(SAFE | {"HTTPS": "false", "BOUCLE_ENV": environment}), {})


def test_each_refusal_is_told_at_once_on_a_line_of_its_own(tmp_path: Path) -> None:
    values = SAFE | {"HTTPS": "false", "OPERATOR": "", "BOUCLE_INSTANCE": str(tmp_path)}
    command = [sys.executable, "-m", "gunicorn", "--check-config"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | values | {"FLASK_DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    first, *others = done.stderr.splitlines()
    assert first.startswith("Boucle does not start: FLASK_DEBUG")
    assert [line.split()[0] for line in others] == ["HTTPS", "OPERATOR"]


def test_the_first_file_asks_for_what_the_legal_notice_needs(tmp_path: Path) -> None:
    write_first_env(tmp_path / "boucle.env")
    written = read_env_file(tmp_path / "boucle.env")
    with pytest.raises(BadSetting) as refusal:
        check_production(load(written), {})
    said = str(refusal.value)
    assert [name for name in NAMED if f"{name} is empty" not in said] == []
    assert "SECRET" not in said, "what was drawn is good"


def test_every_cookie_and_limit_of_flask_is_set(tmp_path: Path) -> None:
    found = flask_config(Settings(**(SAFE | {"HTTPS": True})), tmp_path)  # type: ignore[arg-type]
    told = {name: found[f"SESSION_COOKIE_{name}"] for name in ("NAME", "SECURE", "SAMESITE")}
    assert told == {"NAME": "__Host-s", "SECURE": True, "SAMESITE": "Lax"}
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["PERMANENT_SESSION_LIFETIME"].total_seconds() <= 12 * 3600
    assert found["TRUSTED_HOSTS"] == ["retours.chu-lyon.fr"]
    assert 0 < found["MAX_CONTENT_LENGTH"] <= 2**20
