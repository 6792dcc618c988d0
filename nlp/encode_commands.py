"""``python -m nlp encode``: unit vectors of a JSONL file, going on where it was stopped."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.encoding_arguments import add_command, open_encoder, origin, read_texts
from nlp.jsonl import progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nlp.cli import Subparsers

PART = ".part"  # beside the output while it is not whole


def register(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = add_command(subparsers, "encode", "turn texts into unit vectors", encode)
    parser.set_defaults(output="vectors.npy")
    store = "folder where vectors stay for later runs; left out, one beside the output until whole"
    parser.add_argument("--store", help=store)


def encode(arguments: argparse.Namespace) -> None:
    """Write float32 (n, d) unit rows as ``.npy``; stopped and run again, go on."""
    from nlp.vector_store import VectorStore, encode_with

    texts, _ = read_texts(arguments)
    encoder = open_encoder(arguments)
    told = progress("texts encoded")
    folder = _store_folder(arguments)
    if folder is None:
        vectors, known = encoder.encode(texts, told), 0
    else:
        with VectorStore(folder, encoder.model_hash, encoder.dimension) as store:
            known = len(store)
            vectors = encode_with(store, encoder, texts, told)
    _write(arguments.output, vectors)
    if folder is not None and not arguments.store:
        _clear(folder)
    summary = {"texts": len(texts), "known_before": known}
    print(json.dumps(summary | origin(encoder)), file=sys.stderr)


def _store_folder(arguments: argparse.Namespace) -> Path | None:
    """Return where vectors are kept while the output is not whole."""
    if arguments.store:
        return Path(arguments.store)
    return Path(arguments.output + PART) if _is_file_to_be(arguments.output) else None


def _is_file_to_be(output: str) -> bool:
    """Tell whether something may stand beside the output: not so for a stream or a device."""
    return output != "-" and (Path(output).is_file() or not Path(output).exists())


def _write(output: str, vectors: "NDArray[np.float32]") -> None:
    """Write the rows; a file is whole or as it was."""
    import numpy as np

    if output == "-":
        np.save(sys.stdout.buffer, vectors)
        return
    draft = Path(f"{output}.draft") if _is_file_to_be(output) else Path(output)
    with draft.open("wb") as stream:
        np.save(stream, vectors)
    if draft != Path(output):
        os.replace(draft, output)


def _clear(folder: Path) -> None:
    """Remove what encoding kept, of this model and of one used before it was stopped."""
    for each in folder.glob("*.vectors"):
        each.unlink()
    folder.rmdir()
