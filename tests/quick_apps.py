"""Make the same application many times over at a fraction of its cost.

Each test has an application of its own; half of its time went into compiling the same addresses,
templates and statements again. What is kept here depends on nothing but its own text.
"""

from types import CodeType
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

COMPILE = Rule.compile
RULES: dict[tuple[object, ...], Rule] = {}  # the first of each address
MAKE_ENGINE = SQLAlchemy._make_engine
STATEMENTS: LRUCache[Any, Any] = LRUCache(3000)  # compiled, by their text and its dialect


def _compile(rule: Rule) -> None:
    """Give ``rule`` what was read from the same address before: it depends on no application."""
    told = (rule.rule, str(rule.defaults), rule.subdomain, rule.merge_slashes)
    if told not in RULES:
        COMPILE(rule)
        RULES[told] = rule
        return
    first = RULES[told]
    rule._parts, rule._trace, rule._converters = first._parts, first._trace, first._converters
    rule.arguments = set(first.arguments)
    for name in ("_build", "_build_unknown"):
        setattr(rule, name, getattr(first, name).__func__.__get__(rule))


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for every application; a changed source is compiled anew."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give ``bucket`` what was compiled from the same source."""
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what ``bucket`` had to compile."""
        assert bucket.code
        self.codes[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = CompiledTemplates()


def share_rules() -> None:
    """Read each address once, however many applications have it."""
    Rule.compile = _compile  # type: ignore[method-assign]


def share_templates(app: Flask) -> Flask:
    """Let ``app`` use the templates that other applications compiled, and return it."""
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


def share_statements() -> None:
    """Compile each statement once, however many engines run it.

    The key of what was compiled holds the dialect: those of SQLite are all alike in one process.
    """
    SQLAlchemy._make_engine = _engine  # type: ignore[method-assign]
    SQLiteDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    SQLiteDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]


def _engine(db: SQLAlchemy, *told: Any) -> Engine:
    engine = MAKE_ENGINE(db, *told)
    if isinstance(engine.dialect, SQLiteDialect):
        engine._compiled_cache = STATEMENTS
    return engine
