"""Sheets with a code inside the fold and a number outside: printed beforehand, bound by the number.

The code itself is on the paper and nowhere else: a print gives it once, here stays its hash.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.sql.elements import ColumnElement

from app import traces
from app.catalogue import Service
from app.db import CROCKFORD, db
from app.traces import Actor
from feedback import receipts
from feedback.models import SHEET_DIGITS, CodeSheet

MOST = 30  # in one print: each code is hashed, which takes its time
_SIGNS = frozenset(" .-–\t\u00a0\u202f")


class UnknownSheet(Exception):
    """No sheet has this number: a digit is wrong, or the pile was cancelled."""


class UsedSheet(Exception):
    """The sheet's code was already given to somebody."""


class OtherServiceSheet(Exception):
    """The sheet is the form of another service."""


@dataclass(frozen=True)
class Printed:
    """A sheet as the printer gets it; the code is nowhere else."""

    number: str
    code: str
    code_hash: str
    code_hint: str


@dataclass(frozen=True)
class Held:
    """What is kept of a code: enough to know it again, not to read it."""

    code_hash: str
    code_hint: str | None


@dataclass(frozen=True)
class Pile:
    """What was printed on one day for one service, or for all, and what is left of it."""

    printed: date
    service: Service | None
    left: int
    used: int


def check_digit(digits: str) -> str:
    """Return the digit that proves ``digits``, by Luhn: one wrong digit always shows."""
    doubled = (int(d) * (2 - place % 2) for place, d in enumerate(reversed(digits)))
    return str(-sum(n - 9 * (n > 9) for n in doubled) % 10)


def draw_number() -> str:
    """Return a fresh number with its proof."""
    digits = "".join(secrets.choice("0123456789") for _ in range(SHEET_DIGITS - 1))
    return digits + check_digit(digits)


def written(number: str) -> str:
    """Return ``number`` as it is printed: two groups of four."""
    return f"{number[:4]} {number[4:]}"


def normalise(typed: str) -> str:
    """Return the number that ``typed`` means; raise ``UnknownSheet`` when it cannot be one."""
    number = "".join(c for c in typed if c not in _SIGNS)
    is_number = len(number) == SHEET_DIGITS and number.isascii() and number.isdigit()
    if not is_number or check_digit(number[:-1]) != number[-1]:
        raise UnknownSheet
    return number


def draw(count: int, salt: str, secret: str) -> list[Printed]:
    """Return ``count`` fresh sheets, not stored. Hashing takes a while: hold no lock."""
    found = []
    for number in _numbers(count):
        code = "".join(secrets.choice(CROCKFORD) for _ in range(receipts.CODE_LENGTH))
        hashed, hint = receipts.hash_code(code, salt), receipts.hint(secret, code)
        found.append(Printed(number, code, hashed, hint))
    return found


def _numbers(count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        number = draw_number()
        if db.session.get(CodeSheet, number) is None:
            found[number] = None
    return list(found)


def keep(sheets: Sequence[Printed], service: Service | None, day: date, by: Actor) -> None:
    """Store what was printed: numbers and hashes, and who printed how many."""
    number = service.id if service else None
    for sheet in sheets:
        row = CodeSheet(number=sheet.number, service_id=number, printed=day)
        row.code_hash, row.code_hint = sheet.code_hash, sheet.code_hint
        db.session.add(row)
    db.session.flush()
    traces.record("printed sheets", by, day, detail=str(len(sheets)))


def check(typed: str, service: Service) -> str:
    """Return the number of a sheet that can still be given for ``service``.

    Raises ``UnknownSheet``, ``UsedSheet`` or ``OtherServiceSheet``.
    """
    sheet = db.session.get(CodeSheet, normalise(typed))
    if sheet is None:
        raise UnknownSheet
    if sheet.service_id not in (None, service.id):
        raise OtherServiceSheet
    if sheet.code_hash is None:
        raise UsedSheet
    return sheet.number


def take(typed: str, service: Service) -> Held:
    """Return what is kept of the code, and of the sheet only that it was used. Raises as above.

    The caller holds the write lock, so that one sheet is never given twice.
    """
    sheet = db.session.get_one(CodeSheet, check(typed, service))
    held = Held(str(sheet.code_hash), sheet.code_hint)
    sheet.code_hash = sheet.code_hint = None
    db.session.flush()
    return held


def piles() -> list[Pile]:
    """Return what was printed, the newest first."""
    rows = db.session.execute(
        select(
            CodeSheet.printed,
            CodeSheet.service_id,
            func.count(CodeSheet.code_hash),
            func.count(),
        ).group_by(CodeSheet.printed, CodeSheet.service_id)
    ).all()
    named = {s.id: s for s in db.session.scalars(select(Service))} if rows else {}
    found = [Pile(day, named.get(number or 0), left, n - left) for day, number, left, n in rows]
    return sorted(found, key=lambda p: (p.printed, p.service.name if p.service else ""))[::-1]


def cancel(printed: date, service: Service | None, day: date, by: Actor) -> int:
    """Cancel what is left of a pile, lost or seen by others; return how many sheets that was."""
    number = service.id if service else None
    own: ColumnElement[bool] = CodeSheet.service_id.is_not_distinct_from(number)
    left = CodeSheet.code_hash.is_not(None)
    gone = db.session.execute(delete(CodeSheet).where(CodeSheet.printed == printed, own, left))
    count = int(gone.rowcount)  # type: ignore[attr-defined]
    if count:
        traces.record("cancelled sheets", by, day, detail=str(count))
    return count
