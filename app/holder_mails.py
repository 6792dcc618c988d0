"""Mails to the holder of a session's code: something awaits, and nothing else (product.md §6).

What they say and how they are asked for is ``code_mails.py``, the same as for authors of retours.
"""

from datetime import datetime

from app.code_mails import Kind, NotHere
from workshops import holder_news
from workshops.around_models import HolderMail, KeptCode

PURPOSE = "holder mail"


def _may(row: HolderMail) -> bool:
    return holder_news.may_be_told(row.code)


HOLDERS = Kind(HolderMail, PURPOSE, "code_id", holder_news.marks, _may, "workshops.own_code")


def ask(kept: KeptCode, typed: str, now: datetime) -> None:
    """Send an opt-in link to ``typed`` and keep it sealed; the address before it is forgotten.

    Raises ``BadAddress``, and ``NotHere`` where the law guarantees anonymity or the term passed.
    """
    if not holder_news.may_be_told(kept):
        raise NotHere
    HOLDERS.ask(kept.id, typed, now)
