"""JSON lines in and out for the command line: bad lines named, order kept, progress shown.

A bad line is reported as ``line 17: …`` and makes the exit status 2; without ``--skip-bad`` nothing
after it is read.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO

QUIET_SECONDS = 2.0  # progress shows after this long, then as often
MOST_CHARACTERS = 10_000_000  # of one line: above, the file is not what it says


class BadLine(Exception):
    """A line that is not what the command reads; the message starts with its number."""


def add_file_arguments(parser: argparse.ArgumentParser, kind: str = "JSONL") -> None:
    """Add the input, a file of ``kind``, the output and ``--skip-bad`` that every command takes."""
    parser.add_argument("input", nargs="?", default="-", help=f"{kind} file, - for standard input")
    where = "where to write, - for standard output; %(default)s where it is left out"
    parser.add_argument("-o", "--output", default="-", help=where)
    parser.add_argument("--skip-bad", action="store_true", help="report bad lines and go on")


def open_input(path: str) -> TextIO:
    """Open a file or standard input as UTF-8; undecodable bytes stay visible to the JSON check."""
    where = sys.stdin.fileno() if path == "-" else path
    return open(where, encoding="utf-8-sig", errors="surrogateescape", closefd=path != "-")


def open_output(path: str) -> TextIO:
    """Open a file or standard output as UTF-8 with plain line ends."""
    where = sys.stdout.fileno() if path == "-" else path
    return open(where, "w", encoding="utf-8", newline="\n", closefd=path != "-")


def parse_row(line: str, number: int) -> dict[str, Any]:
    """Return the object of a line with a scalar ``id`` and a string ``text``, or raise BadLine."""
    if len(line) > MOST_CHARACTERS:
        raise BadLine(f"line {number}: longer than {MOST_CHARACTERS} characters")
    if any("\udc80" <= c <= "\udcff" for c in line):
        raise BadLine(f"line {number}: not UTF-8")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"line {number}: not JSON ({error})") from None
    if not isinstance(row, dict):
        raise BadLine(f"line {number}: not an object")
    if isinstance(row.get("id"), bool) or not isinstance(row.get("id"), str | int):
        raise BadLine(f"line {number}: id must be a string or an integer, got {row.get('id')!r}")
    if "text" not in row:
        raise BadLine(f"line {number}: text is missing")
    if not isinstance(row["text"], str):
        raise BadLine(f"line {number}: text must be a string, got {type(row['text']).__name__}")
    return row


@dataclass
class Rows:
    """The good rows of an open file, with the count of bad lines once read."""

    lines: TextIO
    skip_bad: bool
    bad: int = 0
    read: int = field(default=0)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield rows in order; stop at the first bad line unless ``skip_bad``."""
        shown = time.monotonic()
        for number, line in enumerate(self.lines, 1):
            if not line.strip():
                continue
            try:
                row = parse_row(line, number)
            except BadLine as error:
                print(error, file=sys.stderr)
                self.bad += 1
                if self.skip_bad:
                    continue
                return
            self.read += 1
            yield row
            if time.monotonic() - shown > QUIET_SECONDS:
                shown = time.monotonic()
                print(f"{self.read} lines done", file=sys.stderr)

    @property
    def status(self) -> int:
        """Return the exit status: 2 when a bad line stopped the reading."""
        return 2 if self.bad and not self.skip_bad else 0


def progress(what: str) -> Callable[[int, int], None]:
    """Return a function that tells stderr how many of how many are done, every two seconds."""
    shown = time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > QUIET_SECONDS:
            shown = time.monotonic()
            print(f"{done} of {total} {what}", file=sys.stderr)

    return report


def release() -> str:
    """Return the version of the program, that every summary tells."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("boucle")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "unknown"


def write_row(file: TextIO, row: dict[str, Any]) -> None:
    """Write one object as one line; lone surrogates are escaped so that the file stays UTF-8."""
    line = json.dumps(row, ensure_ascii=False)
    if any("\ud800" <= c <= "\udfff" for c in line):
        line = json.dumps(row)
    file.write(line + "\n")
