"""Seals an address under a key that is not in the database: a stolen copy of it tells no address.

The key is drawn from the secret that is never rotated; what is sealed opens for its owner only.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

NONCE = 12  # bytes, as AES-GCM wants them


class Unsealable(Exception):
    """What is stored was sealed under another secret, or for another owner."""


def _cipher(purpose: str) -> AESGCM:
    secret = current_app.config["RECEIPT_SECRET"].encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)
    return AESGCM(key)


def seal(words: str, purpose: str, owner: str) -> str:
    """Return ``words`` sealed for ``owner``; the same words never look the same twice."""
    nonce = os.urandom(NONCE)
    sealed = nonce + _cipher(purpose).encrypt(nonce, words.encode(), owner.encode())
    return base64.urlsafe_b64encode(sealed).decode()


def unseal(sealed: str, purpose: str, owner: str) -> str:
    """Return the words that were sealed for ``owner``; raise ``Unsealable``."""
    raw = base64.urlsafe_b64decode(sealed)
    try:
        return _cipher(purpose).decrypt(raw[:NONCE], raw[NONCE:], owner.encode()).decode()
    except InvalidTag as error:
        raise Unsealable("sealed under another secret or for another owner") from error
