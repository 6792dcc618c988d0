"""Makes a tagged PDF (PDF/UA) from a Typst layout and what it must say, on this machine.

Words reach the layout as JSON and are printed as text, never run as markup (docs/decisions/0015).
"""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import segno

LAYOUTS = Path(__file__).parent / "data"


def pdf_from(layout: str, said: dict[str, Any], day: date) -> bytes:
    """Return ``layout`` filled with ``said``; ``day`` is what the file says of its making."""
    import typst  # half of its weight is fonts: only who prints pays for it

    made: bytes = typst.compile(
        str(LAYOUTS / layout),
        format="pdf",
        sys_inputs={"said": json.dumps(said)},
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
