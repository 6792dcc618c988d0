"""The dispatcher of ``python -m nlp``.

To add commands, add a module ``nlp/<subject>_commands.py`` with ``register(subparsers)``; it is
found by its name. ``register`` adds parsers and sets ``parser.set_defaults(run=function)``; the
function takes the parsed arguments and returns the exit status (0 done, 2 bad input). Such a module
must import cheaply: heavy libraries load inside ``run``. ``nlp.jsonl`` reads and writes the rows.
"""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

SUFFIX = "_commands"


def command_modules() -> list[str]:
    """Return the names of the modules that bring commands, sorted."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(f"nlp.{module.name}" for module in found if module.name.endswith(SUFFIX))


def build_parser() -> argparse.ArgumentParser:
    """Build the parser with every command that the package brings."""
    parser = argparse.ArgumentParser(
        prog="python -m nlp", description="Language processing on files."
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in command_modules():
        importlib.import_module(name).register(subparsers)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; a broken pipe ends quietly."""
    parsed = build_parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except BrokenPipeError:
        return 141  # what a shell shows for a reader that went away
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        reason = "no such file" if missing else (error.strerror or str(error)).lower()
        where = f"{error.filename}: " if error.filename else ""  # a full disk has no name
        print(f"{where}{reason}", file=sys.stderr)
        return 2
