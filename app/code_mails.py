"""A mail to the holder of a code: something awaits, and nothing else (product.md §7).

No word, no service, no code and no id stands in it: who reads over a shoulder, or runs the mail
server, learns that somebody follows a page. The address is sealed apart from what was said. What
a code belongs to is a ``Kind``: a retour (``author_mails.py``), a session (``holder_mails.py``).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app import mail, opt_in, sealed, suspended
from app.days import PARIS, paris_day, week_start
from app.db import db
from app.digest_mails import absolute, list_headers, text_part, written
from app.mail_foot import Foot
from app.mail_reasons import author_reason, opt_in_reason
from app.subscriptions import MORNING, Frequency

KEPT = timedelta(days=365)  # then the address is forgotten, whatever became of what was said


class NotHere(Exception):
    """No address is taken where the law guarantees anonymity, or where nothing is kept any more."""


@dataclass(frozen=True)
class Kind:
    """The rows of one sort of code: one address each, and what tells that something is new."""

    table: type[Any]  # with the columns of ``feedback.models.CodeMail``
    purpose: str  # of the seal
    owner: str  # the column that says whose
    marks: Callable[[Collection[str]], dict[str, str]]  # of what each owner can read now
    may: Callable[[Any], bool]  # be written to: a row
    door: str  # the page that asks for the code

    def ask(self, owner: str, typed: str, now: datetime) -> None:
        """Send an opt-in link to ``typed`` and keep it sealed; the one before is forgotten.

        Raises ``BadAddress``.
        """
        address, day = opt_in.clean_address(typed), paris_day(now)
        row = db.session.get(self.table, owner)
        if row is not None:
            is_known = self.address_of(row) == address
            if is_known and (row.confirmed or opt_in.is_quiet(row.created, day)):
                return
            self.stop(row)
        token = opt_in.new_token(now)
        row = self.table(
            **{self.owner: owner},
            sealed=sealed.seal(address, self.purpose, owner),
            token_hash=opt_in.token_hash(token),
            created=day,
            seen=self.marks([owner])[owner],
        )
        db.session.add(row)
        db.session.flush()
        mail.put(_optin_mail(row, address, token), now)

    def address_of(self, row: Any) -> str:
        """Return where to write, or nothing when it was sealed under a secret that is gone."""
        try:
            return sealed.unseal(row.sealed, self.purpose, getattr(row, self.owner))
        except sealed.Unsealable:
            return ""

    def row_of(self, token: str, now: datetime) -> Any | None:
        """Return the row that ``token`` was sent for, while it lasts."""
        known = self.table.token_hash == opt_in.token_hash(token)
        row = db.session.scalar(select(self.table).where(known))
        if row is None or not self.may(row) or not opt_in.lasts(token, now):
            return None
        return row

    def confirm(self, token: str, now: datetime) -> Any | None:
        """Confirm the address behind ``token``, else return None; a second tap changes nothing."""
        row = self.row_of(token, now)
        if row is not None and not row.confirmed:
            row.confirmed, row.created = True, paris_day(now)
            suspended.lift(self.address_of(row))  # the link came through
            db.session.flush()
        return row

    def leaving(self, token: str) -> Any | None:
        """Return the row whose mails carry ``token`` as their way out."""
        return db.session.scalar(select(self.table).where(self.table.leave_token == token))

    def named(self, mail_key: str) -> Any | None:
        """Return the row whose mails are called ``mail_key``."""
        return db.session.scalar(select(self.table).where(self.table.mail_key == mail_key))

    def stop(self, row: Any) -> None:
        """Forget an address and take back the mails that wait for it."""
        mail.take_back_named(row.mail_key)
        db.session.delete(row)
        db.session.flush()

    def tell(self, now: datetime) -> int:
        """Queue one mail for each holder who has something to read; return how many."""
        day, table = paris_day(now), self.table
        query = select(table).where(table.confirmed, table.frequency != Frequency.NEVER)
        due = [row for row in db.session.scalars(query) if is_due(row, day)]
        stands = self.marks([getattr(row, self.owner) for row in due])
        # Few have news: whose these are is looked up for them alone.
        unread = (row for row in due if row.seen != stands[getattr(row, self.owner)])
        news = [row for row in unread if self.may(row)]
        for row in news:
            row.told, row.seen = day, stands[getattr(row, self.owner)]
            leaves = max(now, datetime.combine(day, time(MORNING), PARIS))
            mail.put(self._news_mail(row, day), leaves)
        db.session.flush()
        return len(news)

    def purge(self, now: datetime) -> int:
        """Forget the addresses of a year ago, and those that nobody confirmed; return how many."""
        day, table = paris_day(now), self.table
        late = day - timedelta(days=opt_in.QUIET_DAYS)
        over = (table.created < day - KEPT) | (~table.confirmed & (table.created < late))
        old = list(db.session.scalars(select(table).where(over)))
        for row in old:
            self.stop(row)
        return len(old)

    def _news_mail(self, row: Any, day: date) -> mail.Mail:
        leave = absolute("digests.leave_author", token=row.leave_token)
        with force_locale("fr"):
            context = {"page": absolute(self.door), "foot": Foot(author_reason(), leave=leave)}
            text = text_part("mail/author.txt", context)
            html = written("mail/author.html", context)
            subject = _("Quelque chose vous attend")
        key = f"news-{row.mail_key}-{day:%Y%m%d}"
        headers = list_headers(leave, row.leave_token, "author")
        return mail.Mail(key, self.address_of(row), subject, text, html, headers)


def is_due(row: Any, day: date) -> bool:
    """Say whether the rhythm of ``row`` lets a mail leave on ``day``: one a day at most."""
    start = {
        Frequency.WEEKLY.value: week_start(day),
        Frequency.MONTHLY.value: day.replace(day=1),
    }.get(row.frequency, day)
    return bool((row.told or row.created) < start)


def _optin_mail(row: Any, address: str, token: str) -> mail.Mail:
    with force_locale("fr"):
        page, foot = absolute("digests.confirm_author", token=token), Foot(opt_in_reason())
        context = {"page": page, "foot": foot}
        text = text_part("mail/author_optin.txt", context)
        html = written("mail/author_optin.html", context)
        subject = _("Confirmez votre adresse")
    return mail.Mail(f"optin-{row.mail_key}", address, subject, text, html)
