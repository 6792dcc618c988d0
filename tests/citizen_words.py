"""Every French string that a citizen may read, found from the routes: no list to keep by hand.

From each view marked ``@public`` or ``@author``, names are followed through the modules, and the
templates that the reached code names through what they include. A name that might be another is
followed too: the gate would rather read a string too many.
"""

import ast
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract
from jinja2 import Environment, nodes
from jinja2.meta import find_referenced_templates

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("app", "feedback", "workshops")
MARKS = ("public", "author")
# Reached without a name: error pages, the mails of the public digest.
ROOTS = ("app.errors:", "app.digest_mails:")
# Public by its mark, read by people who run a demonstration or a workshop, never by citizens.
NOT_CITIZENS = ("app.mailbox_views", "app.sign_in", "workshops.console_views")
MAILS = ("mail/public.html", "mail/public.txt", "mail/public.subject.txt", "mail/optin.txt")
DATA = ("help_numbers.json",)  # authorities.json is read by experts alone
TEMPLATE = re.compile(r"[\w/.]+\.(html|txt|xml)")
CALLS = {*DEFAULT_KEYWORDS, "lazy_gettext"}


@dataclass(frozen=True, order=True)
class Said:
    """One string of the site and the file that says it."""

    place: str
    words: str


@dataclass(frozen=True)
class Module:
    """A module's top-level names: what defines them, and what its imports stand for."""

    name: str
    defined: dict[str, tuple[ast.stmt, ...]]
    imported: dict[str, str]


@cache
def modules() -> dict[str, Module]:
    """Return every module of the packages by its dotted name."""
    paths = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    found = [_module(path) for path in paths]
    return {module.name: module for module in found}


def _module(path: Path) -> Module:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    tree = ast.parse(path.read_text("utf-8"))
    defined: dict[str, list[ast.stmt]] = defaultdict(list)
    for statement in tree.body:
        for each in _names_of(statement):
            defined[each].append(statement)
    imported = {
        alias.asname or alias.name: f"{node.module}:{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return Module(name, {each: tuple(held) for each, held in defined.items()}, imported)


def _names_of(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return []
    return [n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and _is_set(n)]


def _is_set(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _is_view(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.FunctionDef):
        return False
    marks = [d.func if isinstance(d, ast.Call) else d for d in statement.decorator_list]
    return any(isinstance(mark, ast.Name) and mark.id in MARKS for mark in marks)


def _roots() -> Iterator[tuple[str, str]]:
    for module in modules().values():
        for name, statements in module.defined.items():
            is_root = f"{module.name}:{name}" in ROOTS or f"{module.name}:" in ROOTS
            if is_root or (any(map(_is_view, statements)) and module.name not in NOT_CITIZENS):
                yield module.name, name


def _used(module: Module, statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield the names of our own that a statement speaks of, as (module, name)."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            yield from _meant(module, node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            whole = module.imported.get(node.value.id, "").replace(":", ".")
            yield whole, node.attr


def _meant(module: Module, name: str) -> Iterator[tuple[str, str]]:
    yield module.name, name
    source, _, original = module.imported.get(name, "").partition(":")
    yield source, original


@cache
def reached() -> dict[str, frozenset[ast.stmt]]:
    """Return the statements that a citizen's page or mail runs, by module."""
    waiting, seen = list(_roots()), set()
    found: dict[str, set[ast.stmt]] = defaultdict(set)
    while waiting:
        asked = waiting.pop()
        module = modules().get(asked[0])
        if asked in seen or module is None:
            continue
        seen.add(asked)
        for statement in module.defined.get(asked[1], ()):
            found[module.name].add(statement)
            waiting += _used(module, statement)
    return {name: frozenset(statements) for name, statements in found.items()}


@cache
def templates() -> frozenset[str]:
    """Return the templates that citizens see, with what these include and extend."""
    waiting = [*MAILS, *_named_templates()]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found or not (ROOT / "templates" / name).is_file():
            continue
        found.add(name)
        waiting += [each for each in find_referenced_templates(_tree(name)) if each]
    return frozenset(found)


def _named_templates() -> Iterator[str]:
    for statements in reached().values():
        for node in (node for each in statements for node in ast.walk(each)):
            words = node.value if isinstance(node, ast.Constant) else None
            if isinstance(words, str) and TEMPLATE.fullmatch(words):
                yield words


def _tree(name: str) -> nodes.Template:
    environment = Environment(extensions=["jinja2.ext.i18n"])
    return environment.parse((ROOT / "templates" / name).read_text("utf-8"))


@cache
def citizen_words() -> tuple[Said, ...]:
    """Return what citizens may read, each string once for each place."""
    return tuple(sorted({*_in_code(), *_in_templates(), *_in_data()}))


def _in_code() -> Iterator[Said]:
    for name, statements in reached().items():
        for node in (node for each in statements for node in ast.walk(each)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield from _said(name, node) if node.func.id in CALLS else ()


def _said(place: str, call: ast.Call) -> Iterator[Said]:
    for given in call.args[:2]:
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield Said(place, given.value)


def _in_templates() -> Iterator[Said]:
    for name in templates():
        with (ROOT / "templates" / name).open("rb") as lines:
            for _, words, _, _ in extract("jinja2.ext:babel_extract", lines, DEFAULT_KEYWORDS):
                every = words if isinstance(words, tuple) else (words,)
                yield from (Said(name, each) for each in every if isinstance(each, str))


def _in_data() -> Iterator[Said]:
    """Yield the French of lists that are data in two languages, such as the help numbers."""
    with (ROOT / "app/data/rgaa.csv").open(encoding="utf-8") as lines:
        yield from (
            Said("rgaa.csv", row["subject"]) for row in csv.DictReader(lines, delimiter=";")
        )
    for path in (ROOT / "feedback/data" / name for name in DATA):
        for words in _french(json.loads(path.read_text("utf-8"))):
            yield Said(path.name, words)


def _french(held: object) -> Iterator[str]:
    if isinstance(held, dict) and isinstance(held.get("fr"), str):
        yield held["fr"]
    elif isinstance(held, (dict, list)):
        for each in held.values() if isinstance(held, dict) else held:
            yield from _french(each)
