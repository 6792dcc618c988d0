"""A mail that lacks a value is refused at the start, with its name."""

import runpy
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from app.config import ROOT, SECRETS, BadSetting
from app.mail_check import check_mails


@pytest.mark.parametrize("refused", [False, True])
def test_web_and_worker_are_loaded_only_with_mails_that_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: bool
) -> None:
    """Both load ``wsgi.py``: gunicorn, and ``flask work``."""
    asked = []

    def check(app: Flask) -> None:
        asked.append(app)
        if refused:
            raise BadSetting("a mail cannot be written")

    monkeypatch.setattr("app.mail_check.check_mails", check)
    monkeypatch.setattr("app.logs.configure", lambda: None)  # the logs of these tests stay theirs
    monkeypatch.setenv("BOUCLE_INSTANCE", str(tmp_path))
    monkeypatch.setenv("BOUCLE_ENV", "test")
    for name in SECRETS:
        monkeypatch.setenv(name, f"{name} for tests only, long enough")
    if refused:
        with pytest.raises(SystemExit, match="does not start: a mail cannot be written"):
            runpy.run_path(str(ROOT / "wsgi.py"))
    else:
        assert asked == [runpy.run_path(str(ROOT / "wsgi.py"))["app"]]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("team.txt", "{{ no_such_value }}"),
        ("role.html", "{{ service.no_such_value }}"),
        ("alert.txt", "{% for a, b in missing %}{{ a }}{% endfor %}"),
        ("public.subject.txt", "{% if %}"),
    ],
)
def test_a_template_with_a_missing_value_is_refused_at_the_start(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    check_mails(app)
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / name).write_text(words)
    own = app.jinja_env.loader
    assert own is not None
    changed = ChoiceLoader([FileSystemLoader(tmp_path), own])
    monkeypatch.setattr(app.jinja_env, "loader", changed)
    with pytest.raises(BadSetting, match=name):
        check_mails(app)
