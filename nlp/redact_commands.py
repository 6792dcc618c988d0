"""``python -m nlp redact``: masks the texts of a JSONL file."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from nlp.jsonl import Rows, add_file_arguments, open_input, open_output, release, write_row

if TYPE_CHECKING:
    from nlp.cli import Subparsers
    from nlp.name_finder import NameFinder


def register(subparsers: "Subparsers") -> None:
    """Add ``redact``."""
    parser = subparsers.add_parser("redact", help="mask names, numbers and addresses in texts")
    add_file_arguments(parser)
    parser.add_argument("--model", default="fr_core_news_md", help="spaCy package for names")
    parser.add_argument("--no-model", action="store_true", help="patterns and lexicons only")
    parser.add_argument("--allow", action="append", default=[], metavar="NAME", help="may stay")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Mask each row; the summary on stderr says how names were found."""
    from nlp.redact import redact  # reads the lexicons: not for --help

    names = None if arguments.no_model else load_or_warn(arguments.model)
    with open_input(arguments.input) as lines, open_output(arguments.output) as out:
        rows = Rows(lines, arguments.skip_bad)
        masked = 0
        for row in rows:
            done = redact(row["text"], names, arguments.allow)
            masked += bool(done.spans)
            spans = [{"start": s.start, "end": s.end, "type": s.type} for s in done.spans]
            write_row(out, {"id": row["id"], "text": done.text, "spans": spans})
    print(summary(arguments.model, names, rows, masked), file=sys.stderr)
    return rows.status


def load_or_warn(model: str) -> "NameFinder | None":
    """Load the name finder, or say on stderr that names are masked by rules alone."""
    from nlp.name_finder import NamesUnavailable, load_name_finder

    print("loading the name pipeline", file=sys.stderr)  # longer than two seconds at first
    try:
        return load_name_finder(model)
    except NamesUnavailable as error:
        print(f"names by rules and lexicons only: {error}", file=sys.stderr)
        return None


def summary(model: str, names: "NameFinder | None", rows: Rows, masked: int) -> str:
    """Return the summary line as JSON; without a pipeline, its name and hash are null."""
    from nlp.name_finder import hash_pipeline

    counts = {"texts": rows.read, "masked": masked, "bad_lines": rows.bad}
    origin = {"model": model, "model_hash": hash_pipeline(model)} if names else {}
    empty = {"model": None, "model_hash": None, "version": release()}
    return json.dumps(counts | empty | origin)
