"""Make the same application many times over at a fraction of its cost.

Each test has an application of its own; half of its time went into compiling the same addresses
and the same templates again. What is kept here depends on nothing but its own text.
"""

from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

COMPILE_BUILDER = Rule._compile_builder
BUILDERS: dict[tuple[object, ...], Any] = {}


def _builder(rule: Rule, append_unknown: bool = True) -> Any:
    """Return what builds the addresses of ``rule``: a plain function, bound by its caller."""
    converters = {name: type(each) for name, each in rule._converters.items()}
    told = (rule.rule, str(rule.defaults), str(rule._trace), str(converters), append_unknown)
    if told not in BUILDERS:
        BUILDERS[told] = COMPILE_BUILDER(rule, append_unknown)
    return BUILDERS[told]


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


def keep_builders() -> None:
    """Compile what builds an address once per rule, however many applications have it."""
    Rule._compile_builder = _builder  # type: ignore[method-assign]


def share_templates(app: Flask) -> Flask:
    """Let ``app`` use the templates that other applications compiled, and return it."""
    app.jinja_env.bytecode_cache = TEMPLATES
    return app
