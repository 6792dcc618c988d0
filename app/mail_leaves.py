"""Leaving by a mail (RFC 2369): the address beside the one-click link, and what comes back to it.

A mail program writes to it with the sealed word of the one-click link as its subject, and the same
happens as behind that link. Who wrote is not looked at: whoever holds the word may leave.
"""

import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser

from app import following
from app.author_mails import AUTHORS
from app.digest_mails import subscription_of
from app.holder_mails import HOLDERS

SEALED = re.compile(r"[\w.-]{16,}")  # as both kinds of words look


def leave_by(raw: bytes) -> bool:
    """End what the subject of ``raw`` names; return whether it named something of ours."""
    found = SEALED.findall(_subject(BytesHeaderParser().parsebytes(raw)))
    return any(_leave(word) for word in found[:3])  # a subject is as long as its writer likes


def _subject(message: Message) -> str:
    """Return the subject in clear, or as it came where it is written wrongly."""
    written = str(message.get("Subject", ""))
    try:
        return str(make_header(decode_header(written)))
    except (MessageError, LookupError, ValueError):
        return written


def _leave(word: str) -> bool:
    """Do what the one-click link of ``word`` does: a follower goes, a member pauses."""
    if row := subscription_of(word):
        following.leave(row)
        return True
    for kind in (AUTHORS, HOLDERS):
        if holder := kind.leaving(word):
            kind.stop(holder)
            return True
    return False
