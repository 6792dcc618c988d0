"""Static files made small: pressed once as hard as brotli can, or held in an address.

Pages differ each time: Flask-Compress presses them faster and a little less (``app/web.py``).
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import brotli
from flask import Response
from markupsafe import Markup

SMALLEST = 11  # of brotli's levels: a sixth smaller than the fast ones, far too slow for a page
KEPT = 64  # files
NAME = 10  # hexadecimal signs of what a file holds, enough to tell its versions apart


@lru_cache(maxsize=KEPT)
def _pressed(data: bytes) -> tuple[bytes, str]:
    """Return ``data`` pressed, and a name for what it holds."""
    return bytes(brotli.compress(data, quality=SMALLEST)), sha256(data).hexdigest()[:NAME]


def press(response: Response, reads_brotli: bool) -> None:
    """Press the whole static file ``response``, where the browser reads brotli."""
    if response.status_code != 200:
        return
    pressed, name = _pressed(response.get_data())
    response.set_etag(name, weak=True)  # the same file, in whatever bytes
    if reads_brotli:
        response.set_data(pressed)
        response.headers["Content-Encoding"] = "br"


def held_in_address(drawing: Path) -> Markup:
    """Return an address that holds ``drawing``, an SVG: nothing more is asked for.

    Nothing in it needs escaping between double quotes.
    """
    drawn = drawing.read_text("utf-8").strip().replace('"', "'")
    quoted = quote(drawn, safe="/:=-.,()'")
    return Markup("data:image/svg+xml,") + Markup(quoted)  # nosec B704: a file of the code
