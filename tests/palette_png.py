"""Writes a picture of a page as a PNG with few colours: sharp letters in a light file."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def palette_png(pixels: Pixels, colours: int) -> bytes:
    """Return ``pixels``, (height, width, 3) of 0 to 255, as a PNG of at most ``colours``, 2 to 256.

    The commonest colours are kept and every other takes the nearest of them.
    """
    if not 2 <= colours <= 256:
        raise ValueError(f"colours must be between 2 and 256, got {colours}")
    height, width, _ = pixels.shape
    found, places, counts = np.unique(
        pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    kept = found[np.argsort(-counts, kind="stable")[:colours]]
    rows = nearest(found, kept)[places.reshape(-1)].reshape(height, width)
    lines = np.zeros((height, width + 1), np.uint8)  # each line begins with its filter: none
    lines[:, 1:] = rows
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", kept.tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def nearest(found: Pixels, kept: Pixels) -> Pixels:
    """Return, for each of ``found`` (n, 3), the place of the nearest of ``kept`` (m, 3)."""
    best = np.empty(len(found), np.uint8)
    for start in range(0, len(found), 4096):  # bounds the memory of the distances
        part = found[start : start + 4096].astype(np.int32)
        apart = ((part[:, None, :] - kept[None].astype(np.int32)) ** 2).sum(axis=2)
        best[start : start + 4096] = apart.argmin(axis=1)
    return best


def _chunk(name: bytes, data: bytes) -> bytes:
    check = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)
