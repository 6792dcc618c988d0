"""The personal address of the experts' feed: signed, since feed readers hold no session.

It says which account asks and proves that this site gave it. It ends with the account, with its
role, and with a new passphrase, which changes what the account is known by.
"""

import hashlib

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from app.access import Verb, may
from app.accounts import Account
from app.db import db

LENGTH = 16  # hexadecimal digits of the mark: 64 bits


def feed_key(account: Account) -> str:
    """Return what the address of the feed of ``account`` carries."""
    return str(_signer().dumps([account.id, _mark(account)]))


def account_of(key: str) -> Account | None:
    """Return the account whose address this is, while it is open and may qualify signals."""
    try:
        account_id, mark = _signer().loads(key)
    except (BadData, TypeError, ValueError):
        return None
    account = db.session.get(Account, account_id)
    if account is None or not account.active or mark != _mark(account):
        return None
    return account if may(account, Verb.QUALIFY) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="signals feed")


def _mark(account: Account) -> str:
    return hashlib.sha256(account.fs_uniquifier.encode()).hexdigest()[:LENGTH]
