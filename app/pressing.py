"""Static files made small: pressed once as hard as brotli can, or held in an address.

Pages differ each time: Flask-Compress presses them faster and a little less (``app/web.py``).
"""

from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import brotli
from flask import Response

SMALLEST = 11  # of brotli's levels: a sixth smaller than the fast ones, far too slow for a page
KEPT = 64  # files


@lru_cache(maxsize=KEPT)
def _pressed(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=SMALLEST))


def press(response: Response, reads_brotli: bool) -> Response:
    """Return the whole static file ``response`` pressed, where the browser reads brotli."""
    if response.status_code != 200 or not reads_brotli:
        return response
    response.set_data(_pressed(response.get_data()))
    response.headers["Content-Encoding"] = "br"
    etag, _is_weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same file, in other bytes
    return response


def held_in_address(drawing: Path) -> str:
    """Return an address that holds ``drawing``, an SVG: nothing more is asked for."""
    return "data:image/svg+xml," + quote(drawing.read_text("utf-8").strip(), safe=" /:=-.,()")
