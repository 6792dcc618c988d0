"""Makes a tagged PDF (PDF/UA) from a Typst layout and what it must say, on this machine.

Words reach the layout as JSON and are printed as text, never run as markup (docs/decisions/0015).
"""

import io
import json
import re
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import segno

NO_GLYPH = re.compile("could not be displayed")
# What the fonts of typst hold for certain: Latin, Greek, Cyrillic, punctuation, money, arrows.
DRAWN = re.compile(
    "[^\\n\u0020-\u024f\u0370-\u03ff\u0400-\u045f\u2010-\u2027\u2030-\u203a\u20ac\u2190-\u2193]"
)
LAYOUTS = Path(__file__).parent / "data"


def pdf_from(layout: str, said: dict[str, Any], day: date) -> bytes:
    """Return ``layout`` filled with ``said``; ``day`` is what the file says of its making.

    A sign that no font of ours draws (an emoji, another writing) is printed in its plain form or
    as « ? »: a tagged file may hold no sign that nobody can see.
    """
    import typst  # half of its weight is fonts: only who prints pays for it

    try:
        return _compiled(typst, layout, json.dumps(said), day)
    except typst.TypstError as error:
        if not NO_GLYPH.search(str(error)):
            raise
        return _compiled(typst, layout, json.dumps(_drawable(said)), day)


def _drawable(said: Any) -> Any:
    """Return ``said`` with signs that can be drawn: their plain form, else a question mark."""
    if isinstance(said, dict):
        return {key: value if key == "qr" else _drawable(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_drawable(each) for each in said]
    return DRAWN.sub("?", unicodedata.normalize("NFKC", said)) if isinstance(said, str) else said


def _compiled(typst: Any, layout: str, said: str, day: date) -> bytes:
    made: bytes = typst.compile(
        str(LAYOUTS / layout),
        format="pdf",
        sys_inputs={"said": said},
        pdf_standards="ua-1",  # a structure, a language and a title that a screen reader finds
        ignore_system_fonts=True,
        timestamp=int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
    )
    return made


def qr_picture(address: str) -> str:
    """Return the QR code of ``address`` as a drawing that a layout can place."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=2, xmldecl=False, svgns=True
    )
    return drawn.getvalue().decode()
