"""The documents tell the truth: settings, commands, targets, addresses, links, tests, decisions."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo

from app import demo_catalogue
from app.config import Settings
from app.registry import COMMANDS
from nlp.cli import build_parser
from tests.test_architecture import GROUND_FLOOR

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    *(ROOT / name for name in ("static/README.md", "app/data/demo/README.md")),
    *(ROOT / name for name in ("nlp/data/README.md", "tests/vendor/README.md")),
]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
STATES = {"met", "partly", "open"}
BINARY = {".npz", ".png", ".gz", ".mo"}
# Folders of the machine that something was made on; hosts that hand out packages.
MACHINE = re.compile(r"(?<![\w.~*-])/(?:work|root|home|Users|mnt|private)/\w")
REGISTRY = re.compile(
    r"https?://(?!(?:pypi\.org|download\.pytorch\.org)\b)"
    r"[^/\s\"')]*(?:pypi|npm|registry|mirror|nexus|artifact|jfrog|\.internal|\.lan|\.local\b)",
    re.IGNORECASE,
)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _rows(text: str, columns: int) -> Iterator[list[str]]:
    """Yield the cells of every table row with this many columns, headings left out."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == columns and not set(cells[0]) <= set("-: "):
            yield cells


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    section = README.split("\n## Settings\n")[1].split("\n## ")[0]
    told = {row[0].strip("`"): row[1] for row in _rows(section, 3) if row[0] != "setting"}
    assert set(told) == {field.name for field in fields(Settings)}
    for field in fields(Settings):
        default = field.default
        if default == "":
            assert told[field.name].startswith(("empty", "none")), field.name
        else:
            shown = str(default).lower() if isinstance(default, bool) else str(default)
            assert told[field.name] == f"`{shown}`", field.name


def test_every_command_of_flask_stands_in_the_readme(app: Flask) -> None:
    group = FlaskGroup()
    context = click.Context(group, obj=ScriptInfo(create_app=lambda: app))
    existing = set(group.list_commands(context))
    assert {"setup", "db", "routes"} <= existing
    assert existing - set(re.findall(r"`flask ([\w-]+)", README)) == set()


def test_every_command_that_the_readme_lists_exists(app: Flask) -> None:
    listed = set(re.findall(r"^\| `flask ([\w-]+)", README, re.M))
    own = {command.name for command in COMMANDS}
    assert own <= listed
    assert listed - own == {"db", "users", "routes"}  # of the libraries


def test_every_command_of_nlp_stands_in_the_readme_and_no_other() -> None:
    (choices,) = [a.choices for a in build_parser()._actions if isinstance(a.choices, dict)]
    assert set(re.findall(r"`python -m nlp (\w+)`", README)) == set(choices)


def test_the_walk_names_everybody_who_can_sign_in_to_the_demonstration() -> None:
    told = set(re.findall(r"^\| `([\w-]+@[\w.]+)` \|", README, re.M))
    assert told == {demo_catalogue.address(name) for name, _title, _roles in demo_catalogue.STAFF}
    assert f"`{demo_catalogue.PASSPHRASE}`" in README


def test_the_newest_change_is_the_version_of_the_project() -> None:
    changes = (ROOT / "CHANGES.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    newest = re.search(r"^## (\S+)", changes, re.M)
    assert newest
    assert newest[1] == project["version"]


def test_every_target_of_make_stands_in_the_readme_and_no_other() -> None:
    targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert targets
    assert set(re.findall(r"^\| `make ([\w-]+)`", README, re.M)) == set(targets)


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_every_link_leads_to_a_file(path: Path) -> None:
    for target in LINK.findall(path.read_text("utf-8")):
        if not target.startswith(("http://", "https://", "#", "mailto:")):
            file = (path.parent / target.partition("#")[0]).resolve()
            assert file.exists(), f"{_name(path)} leads to {target}"
            assert ROOT in file.parents, f"{_name(path)} leads out of the repository"


def test_the_screenshots_are_pictures_and_light() -> None:
    images = [target for target in LINK.findall(README) if target.endswith(".png")]
    assert len(images) == 3
    for image in images:
        content = (ROOT / image).read_bytes()
        assert content.startswith(b"\x89PNG"), image
        assert len(content) < 150_000, image


def _defined_tests() -> set[str]:
    found = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(f"{_name(path)}::{node.name}")
    return found


REQUIREMENTS = [
    row
    for row in _rows((ROOT / "docs/requirements.md").read_text("utf-8"), 4)
    if row[0].isdecimal()
]


NAMED = re.compile(r"`(tests/[^`]+::[^`]+)`")
BEYOND = (ROOT / "docs/requirements.md").read_text("utf-8").split("## The desk\n")[1]
DESK = [row for row in _rows(BEYOND, 2) if row[0] != "requirement"]  # and around a session


def test_the_requirements_are_the_seventy_in_order() -> None:
    assert [int(row[0]) for row in REQUIREMENTS] == list(range(1, 71))
    assert {row[2] for row in REQUIREMENTS} <= STATES


def test_every_test_that_a_requirement_names_exists() -> None:
    named = {name for row in REQUIREMENTS for name in NAMED.findall(row[3])}
    named |= {name for row in DESK for name in NAMED.findall(row[1])}
    assert named - _defined_tests() == set()


def test_each_requirement_of_the_desk_names_a_test() -> None:
    assert len(DESK) > 20
    assert [row[0] for row in DESK if not NAMED.search(row[1])] == []


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row[0])
def test_what_is_met_is_shown_and_what_is_open_is_not(row: list[str]) -> None:
    _number, _words, state, shown = row
    assert ("`" in shown) == (state != "open"), "a test or command for what is met, none for open"
    if state == "met":
        assert "`tests/" in shown, "a requirement is met when a test shows it"
    else:
        assert len(re.findall(r"\w+", re.sub(r"`[^`]*`", "", shown))) >= 2, "say what is missing"


def test_the_count_of_states_is_the_one_that_the_page_tells() -> None:
    text = (ROOT / "docs/requirements.md").read_text("utf-8")
    told = re.search(r"(\d+) met, (\d+) partly, (\d+) open", text)
    assert told
    counted = [sum(row[2] == state for row in REQUIREMENTS) for state in ("met", "partly", "open")]
    assert [int(n) for n in told.groups()] == counted


def test_every_page_of_the_application_stands_among_the_screens_and_no_other(app: Flask) -> None:
    text = (ROOT / "docs/screens.md").read_text("utf-8")
    told = set(re.findall(r"^\| `(/[^`]*)` \|", text, re.M))
    opened = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static"
    }
    assert told == opened


def test_the_ground_floor_of_the_document_is_the_one_of_the_test() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    (row,) = [cells for cells in _rows(text, 3) if cells[0] == "1"]
    assert set(re.findall(r"`(\w+)`", row[1])) - {"app"} == GROUND_FLOOR


def test_decisions_are_numbered_without_gap_and_say_so_in_their_title() -> None:
    files = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for number, path in enumerate(files, start=1):
        assert path.read_text("utf-8").startswith(f"# {number}. "), path.name


def test_no_file_names_a_folder_of_one_machine_or_a_package_registry() -> None:
    found = []
    for path in _tracked():
        if path.suffix not in BINARY:
            for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
                if MACHINE.search(line) or REGISTRY.search(line):
                    found.append(f"{_name(path)}:{number}")
    assert found == []


@pytest.mark.parametrize(
    "line", ["see /ho" + "me/anna/boucle", "--index-url https://py" + "pi.example.org/simple"]
)
def test_the_patterns_catch_what_they_are_for(line: str) -> None:
    assert MACHINE.search(line) or REGISTRY.search(line)
