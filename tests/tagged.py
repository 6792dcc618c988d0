"""A PDF that a screen reader can read: the mark of PDF/UA, a structure, a title, a language."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader

MARK = re.compile(rb"<pdfuaid:part>1</pdfuaid:part>")
BLOCKS = {"/H1", "/H2", "/P", "/L", "/Table"}  # a page of plain text needs no other


def tagged(made: bytes, language: str = "fr") -> PdfReader:
    """Return ``made`` to be read; it must be marked, tagged, titled and in ``language``."""
    paper = PdfReader(io.BytesIO(made))
    root: Any = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert MARK.search(root["/Metadata"].get_data())
    assert paper.metadata is not None
    assert paper.metadata.title
    assert BLOCKS & {str(part["/S"]) for part in structure(paper)}
    return paper


def structure(paper: PdfReader) -> Iterator[Any]:
    """Yield each element of the structure of a tagged file."""
    root: Any = paper.trailer["/Root"]
    yield from _parts(root["/StructTreeRoot"]["/K"])


def _parts(node: Any) -> Iterator[Any]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from _parts(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _parts(node["/K"])
