"""The direction of imports, the purity of ``nlp``, who may touch the request: executed rules."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("app", "feedback", "nlp", "workshops")
GROUND_FLOOR = frozenset(
    {
        "access",
        "accounts",
        "author_session",
        "axes",
        "bars",
        "bursts",
        "catalogue",
        "charts",
        "compact",
        "config",
        "cookies",
        "days",
        "db",
        "erasures",
        "errors",
        "floors",
        "form_keys",
        "forms",
        "funnels",
        "headers",
        "jobs",
        "languages",
        "limits",
        "logs",
        "machine_pages",
        "mail",
        "mail_foot",
        "suspended",
        "matrix",
        "pairs",
        "patience",
        "pressing",
        "runtime",
        "said",
        "scatter",
        "scatter_words",
        "sparklines",
        "system",
        "traces",
        "trends",
        "typed",
        "unsafe_settings",
        "web",
    }
)
TOUCH_REQUEST = (
    "access",
    "author_session",
    "db",  # `g` alone, which lives as long as the session does
    "errors",
    "factory",
    "headers",
    "languages",
    "limits",
    "mailbox_views",
    "pages",
    "pins",
    "sign_in_guards",
    "staff_sessions",
    "typed",
    "web",
)
HEAVY = (
    "spacy",
    "torch",
    "ctranslate2",
    "sentence_transformers",
    "transformers",
    "igraph",
    "leidenalg",
)
IMPURE = ("flask", "flask_sqlalchemy", "sqlalchemy", "app", "feedback", "workshops")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _imports(path: Path, top_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    nodes = tree.body if top_only else list(ast.walk(tree))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def _floor(module: str) -> int:
    """0 nlp, 1 ground floor, 2 feedback, 3 workshops, 4 top floor."""
    parts = module.split(".")
    if parts[0] == "app":
        return 1 if len(parts) == 1 or parts[1] in GROUND_FLOOR else 4
    return {"nlp": 0, "feedback": 2, "workshops": 3}[parts[0]]


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_point_down(path: Path) -> None:
    own = _floor(_name(path))
    for imported in _imports(path):
        if imported.split(".")[0] in PACKAGES and imported not in PACKAGES:
            assert _floor(imported) <= own, f"{_name(path)} imports {imported}, which stands above"


@pytest.mark.parametrize("path", [p for p in MODULES if "nlp" in p.parts], ids=_name)
def test_nlp_is_pure_and_imports_heavy_libraries_late(path: Path) -> None:
    roots = {name.split(".")[0] for name in _imports(path)}
    assert not roots.intersection(IMPURE)
    early = {name.split(".")[0] for name in _imports(path, top_only=True)}
    assert not early.intersection(HEAVY)


@pytest.mark.parametrize("path", [p for p in MODULES if "nlp" not in p.parts], ids=_name)
def test_only_the_edge_touches_the_request(path: Path) -> None:
    at_the_edge = path.stem.endswith("views") or path.stem in TOUCH_REQUEST
    touched = _imports(path) & {"flask.request", "flask.session", "flask.g"}
    assert at_the_edge or not touched


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_no_module_is_named_after_a_pattern() -> None:
    refused = {"utils", "helpers", "common", "services", "managers"}
    assert not refused.intersection(path.stem for path in MODULES)


def test_web_process_loads_no_encoder() -> None:
    """Starting the site must import neither torch nor CTranslate2: only the worker ever encodes."""
    script = f"import sys, app.factory; print([m for m in sys.modules if m in {HEAVY!r}])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


def test_one_engine_of_search_stands_behind_modules_that_lie_together() -> None:
    knowing = {
        path.name
        for package in ("app", "feedback", "nlp", "workshops")
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"feedback_search|fts5", path.read_text("utf-8"), re.IGNORECASE)
    }
    assert knowing == {"search.py", "search_weights.py", "search_upkeep.py"}
