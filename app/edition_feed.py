"""The private feed of editions: an address that says who asks, ended or drawn anew by its reader.

Feed readers hold no session. The address is signed from a word drawn at random: another word, and
the old address opens nothing. The feed tells titles and links alone; behind these links the same
secret opens the pages, to be read and no more, until it ends.
"""

import hmac
import secrets

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import Account
from app.db import Model, db

WORD = 16  # random bytes: nobody guesses an address that ended


class EditionFeed(Model):
    """The word that the address of one account's feed is signed from."""

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(String(32))

    account: Mapped[Account] = relationship()


def key_of(account: Account) -> str:
    """Return what the address of the feed of ``account`` carries; empty where there is none."""
    row = db.session.get(EditionFeed, account.id)
    return str(_signer().dumps([account.id, row.word])) if row else ""


def draw(account: Account) -> None:
    """Give ``account`` a new address; the one before ends."""
    db.session.merge(EditionFeed(account_id=account.id, word=secrets.token_hex(WORD)))
    db.session.flush()


def end(account: Account) -> None:
    """End the address of ``account``, if it has one."""
    row = db.session.get(EditionFeed, account.id)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def account_of(key: str) -> Account | None:
    """Return the account whose address this is, while it is open and the address has not ended."""
    try:
        account_id, word = _signer().loads(key)
    except (BadData, TypeError, ValueError):
        return None
    row = db.session.get(EditionFeed, account_id)
    if row is None or not hmac.compare_digest(row.word, str(word)) or not row.account.active:
        return None
    return row.account


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="editions feed")
