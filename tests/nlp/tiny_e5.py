"""Writes a whole weights file of the E5S1 format by hand, small enough to read in a test."""

import struct
from pathlib import Path

import numpy as np

HIDDEN, LAYERS, HEADS, FEED_FORWARD, POSITIONS = 32, 1, 2, 64, 40
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁query", ":", "▁", "a", "b", "c", "▁a", "▁b", "<mask>"]
MATRICES = {
    "q": (HIDDEN, HIDDEN),
    "k": (HIDDEN, HIDDEN),
    "v": (HIDDEN, HIDDEN),
    "ao": (HIDDEN, HIDDEN),
    "fi": (FEED_FORWARD, HIDDEN),
    "fo": (HIDDEN, FEED_FORWARD),
}


def four_bits(values: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]", scale: float) -> bytes:
    """Pack integers in [-8, 7]: weight j in the low half of byte j, j + 16 in the high half."""
    packed = b""
    for block in (values.reshape(-1, 32) + 8).tolist():
        packed += struct.pack("<e", scale)
        packed += bytes(low | high << 4 for low, high in zip(block[:16], block[16:], strict=True))
    return packed


def write_tiny(path: Path) -> Path:
    """Write a model with random weights."""
    rng = np.random.default_rng(0)
    tensors = [("emb.word", 1, (len(PIECES), HIDDEN)), ("emb.pos", 1, (POSITIONS, HIDDEN))]
    tensors += [
        ("emb.type", 0, (2, HIDDEN)),
        ("emb.ln.w", 0, (HIDDEN,)),
        ("emb.ln.b", 0, (HIDDEN,)),
    ]
    for name, shape in MATRICES.items():
        tensors += [(f"l0.{name}.w", 1, shape), (f"l0.{name}.b", 0, shape[:1])]
    for name in ("aln", "oln"):
        tensors += [(f"l0.{name}.w", 0, (HIDDEN,)), (f"l0.{name}.b", 0, (HIDDEN,))]
    head = struct.pack(
        "<4sI7ifi", b"E5S1", 1, HIDDEN, LAYERS, HEADS, FEED_FORWARD, len(PIECES), POSITIONS, 2,
        1e-12, 32,
    )  # fmt: skip
    blob = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).tolist()
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    head += struct.pack(f"<{len(ends)}I", *ends)
    head += struct.pack(f"<{len(PIECES)}f", *[0.0] * 4, *[-1.0 - n for n in range(len(PIECES) - 4)])
    head += blob + struct.pack("<iI", 1, 3) + b"xyz" + struct.pack("<i", len(tensors))
    directory_size = sum(2 + len(name) + 1 + 4 + 8 + 8 for name, _, _ in tensors)
    place, directory, body = len(head) + directory_size, b"", b""
    for name, kind, shape in tensors:
        size = int(np.prod(shape))
        if kind == 0:
            raw = np.full(size, float(name.endswith("n.w")), dtype="<f4").tobytes()
        else:
            raw = four_bits(rng.integers(-8, 8, size), 0.0625)
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, size, place + len(body), len(raw))
        body += raw
    path.write_bytes(head + directory + body)
    return path
