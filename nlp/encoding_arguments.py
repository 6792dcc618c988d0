"""What the commands that encode share: their arguments, their texts, their model, its origin."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.jsonl import BadLine, Rows, add_file_arguments, open_input, release

if TYPE_CHECKING:
    from nlp.cli import Subparsers
    from nlp.encode import Encoder

BAD_INPUT = 2


def add_command(
    subparsers: "Subparsers", name: str, help_text: str, run: Any
) -> argparse.ArgumentParser:
    """Add a command that reads a JSONL file and loads a sentence model."""
    parser = subparsers.add_parser(name, help=help_text)
    add_file_arguments(parser)
    parser.add_argument("--model", help="folder or cached hub name; hashing = a toy, for trials")
    parser.add_argument("--models", default="instance/models", help="where models are kept")
    choices = ["int8", "bfloat16", "float32"]  # of nlp.precision, which loads late
    precision = "what the model computes in; the processor's best when left out"
    parser.add_argument("--precision", choices=choices, help=precision)
    parser.set_defaults(run=lambda arguments: _guard(run, arguments))
    return parser


def _guard(run: Any, arguments: argparse.Namespace) -> int:
    """Turn what a user can mend into one line on stderr and status 2."""
    from nlp.encode import EncoderUnavailable

    try:
        run(arguments)
    except BadLine:  # told where it was read
        return BAD_INPUT
    except (EncoderUnavailable, ValueError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return 0


def read_texts(arguments: argparse.Namespace) -> tuple[list[str], list[Any]]:
    """Return texts and ids. Raises BadLine rather than work on a part of the file."""
    with open_input(arguments.input) as lines:
        rows = Rows(lines, arguments.skip_bad)
        found = [(row["text"], row["id"]) for row in rows]
    if rows.status:
        raise BadLine
    return [text for text, _ in found], [each for _, each in found]


def open_encoder(arguments: argparse.Namespace) -> "Encoder":
    """Load the model that was asked for. Raises `nlp.encode.EncoderUnavailable`."""
    from nlp.encode import HashingEncoder, load_encoder

    if arguments.model == "hashing":
        return HashingEncoder()
    print("loading the sentence model", file=sys.stderr)  # always longer than two seconds
    return load_encoder(arguments.model, Path(arguments.models), arguments.precision)


def origin(encoder: "Encoder") -> dict[str, str]:
    """Return what every summary tells of the model and the program."""
    return {"model": encoder.name, "model_hash": encoder.model_hash, "version": release()}
