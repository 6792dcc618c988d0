"""Receipt codes: derived from the form's key, typed by people, stored as a hash (model.md §3).

The code is in no address, cookie, log or column; whoever holds it is the author.
"""

import base64
import hashlib
import hmac

from app.db import CROCKFORD
from app.system import drawn_once

CODE_BYTES = 10  # 80 bits
CODE_LENGTH = 16  # characters of base 32
GROUP = 4
HINT_LENGTH = 6  # hexadecimal digits
SCRYPT_COST = 2**14  # about 40 ms and 16 MB for each try
_RFC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
TO_CROCKFORD = str.maketrans(_RFC, CROCKFORD)
_AS_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
_DROPPED = frozenset(" -–—_.·\t\r\n\u00a0\u202f")


class MalformedCode(Exception):
    """What was typed cannot be a code; ``count`` is how many characters were left."""

    def __init__(self, count: int) -> None:
        super().__init__(f"a code has {CODE_LENGTH} letters and digits, got {count}")
        self.count = count


def code_from_key(secret: str, key: str) -> str:
    """Return the code of a form: the first 80 bits of HMAC(secret, key), 16 characters."""
    digest = hmac.new(secret.encode(), key.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:CODE_BYTES]).decode().translate(TO_CROCKFORD)


def grouped(code: str) -> str:
    """Return ``code`` in groups of four, as it is shown."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise(typed: str) -> str:
    """Return the code that ``typed`` means, minding case, spaces, O/0, I/1/L.

    Raises ``MalformedCode`` when it cannot be one.
    """
    kept = "".join(c for c in typed if c not in _DROPPED).upper().translate(_AS_MEANT)
    if len(kept) != CODE_LENGTH or not set(kept) <= set(CROCKFORD):
        raise MalformedCode(len(kept))
    return kept


def hash_code(code: str, salt: str) -> str:
    """Return scrypt(code) as 64 hexadecimal digits."""
    raw = hashlib.scrypt(code.encode(), salt=salt.encode(), n=SCRYPT_COST, r=8, p=1, dklen=32)
    return raw.hex()


def hint(secret: str, code: str) -> str:
    """Return the keyed hint of ``code``, 24 bits: it tells most guesses from codes at no cost."""
    digest = hmac.new(secret.encode(), f"hint:{code}".encode(), hashlib.sha256).hexdigest()
    return digest[:HINT_LENGTH]


def hash_key(key: str) -> str:
    """Return what is stored of a form's key, so that the same form is known again."""
    return hashlib.sha256(key.encode()).hexdigest()


def seal(secret: str, body: str) -> str:
    """Return a keyed digest of what was sent: it tells a retry from another message."""
    return hmac.new(secret.encode(), f"body:{body}".encode(), hashlib.sha256).hexdigest()


def system_salt() -> str:
    """Return the one salt of this instance's codes, drawn once."""
    return drawn_once("receipt_salt")
