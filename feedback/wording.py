"""Makes what people type safe to keep without changing its meaning; counts it as they see it."""

import re
import unicodedata

LONGEST_TEXT = 5_000  # characters as people see them
MOST_CODE_POINTS = 4 * LONGEST_TEXT  # heaps of accents on one letter are one character to nobody
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINER = "\u200d"
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def clean(typed: str) -> str:
    """Return ``typed`` without control characters or lone surrogates, composed, in plain lines."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    kept = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", lines))
    return unicodedata.normalize("NFC", kept).strip()


def visible_length(text: str) -> int:
    """Return how many characters a reader counts: an accent, a skin tone or a flag adds none."""
    count, joined, open_flag = 0, False, False
    for letter in text:
        if letter == _JOINER:
            joined = True
            continue
        if unicodedata.category(letter) in ("Mn", "Me") or ord(letter) in _SKIN_TONES:
            continue
        closes_flag = open_flag and ord(letter) in _FLAG_LETTERS
        count += not (joined or closes_flag)
        open_flag = ord(letter) in _FLAG_LETTERS and not closes_flag
        joined = False
    return count


def is_too_long(text: str) -> bool:
    """Say whether ``text`` is longer than a retour may be."""
    return len(text) > MOST_CODE_POINTS or visible_length(text) > LONGEST_TEXT
