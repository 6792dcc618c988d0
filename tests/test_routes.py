"""Every route says who may open it; addresses are French words; nothing changes state by GET."""

import re
from pathlib import Path

from flask import Flask

from app.access import Mark

UNMARKED = {"static", "security.login", "security.logout", "security.verify"}


def test_every_view_is_public_an_authors_or_guarded(app: Flask) -> None:
    unmarked = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not isinstance(getattr(app.view_functions[rule.endpoint], "access", None), Mark)
    }
    assert unmarked <= UNMARKED


def test_every_link_in_python_and_templates_names_an_endpoint_that_exists(app: Flask) -> None:
    root = Path(__file__).resolve().parent.parent
    known = set(app.view_functions)
    files = [*root.glob("templates/**/*.html"), *root.glob("templates/**/*.txt")]
    for package in ("app", "feedback", "workshops"):
        files += root.glob(f"{package}/**/*.py")
    for path in files:
        for endpoint in re.findall(r"url_for\(\s*[\"']([\w.]+)[\"']", path.read_text("utf-8")):
            assert endpoint in known, f"{path.relative_to(root)} links to {endpoint}"


def test_no_citizen_address_carries_a_code(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/suivi"):
            assert "code" not in rule.arguments
