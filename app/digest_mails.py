"""An edition as a mail to one reader: the same items in a text part and an HTML part.

Composing an edition is ``app/digests.py``; sending mails is ``app/mail.py``.
"""

import re
import textwrap
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from jinja2 import Environment

from app.db import db
from app.digest_items import Item, Section
from app.edition_words import quotes_of, sections_of, title_of, voices_of
from app.editions import Edition
from app.mail import Mail
from app.mail_charts import mail_charts_of
from app.mail_foot import LINE, Foot
from app.mail_reasons import reason_of
from app.periods import Period
from app.subscriptions import Audience, Subscription

NOBODY = "here-stands-the-token-of-each-reader"  # until a letter is addressed
LONGEST_QUOTE = 600  # signs of a quote in a mail: three of the longest would weigh 40 KB
CUT = " […]"
RINGS = {"received": "◔", "read": "◑", "answered": "◕", "confirmed": "●"}
RINGS |= {"contested": "◌", "withdrawn": "○"}


def absolute(endpoint: str, **values: Any) -> str:
    """Return the full address of a page, for a mail or a feed."""
    base = urlsplit(current_app.config["BASE_URL"])
    bound = current_app.url_map.bind(base.netloc, base.path or "/", url_scheme=base.scheme)
    return bound.build(endpoint, values, force_external=True)


def _who_spoke(edition: Edition) -> list[Section]:
    """Return what a team's mail says of who spoke; the page has the tables."""
    if edition.audience != Audience.TEAM:
        return []
    voices = voices_of(edition)
    words = " ".join(part for part in (voices.summary, voices.missing) if part)
    return [Section(_("Qui a parlé"), [Item(lead=voices.warning, words=words)])]


@dataclass(frozen=True)
class Letter:
    """An edition written once for all its readers; each gets a way out of their own."""

    subject: str
    text: str
    html: str
    list_name: str

    def to(self, reader: Subscription, key: str) -> Mail:
        """Return the mail to one reader."""
        token = unsubscribe_token(reader)
        text, html = (part.replace(NOBODY, token) for part in (self.text, self.html))
        leave = absolute("digests.unsubscribe", token=token)
        headers = list_headers(leave, token, self.list_name)
        return Mail(key, reader.mail_address, self.subject, text, html, headers)


def letter_of(edition: Edition) -> Letter:
    """Return ``edition`` as a letter: a complete text part and an HTML part."""
    name = f"mail/{'role' if edition.is_of_role else edition.audience}"
    with force_locale("fr"):
        context = _context(edition)
        subject = written(f"{name}.subject.txt", context).strip()
        text = text_part(f"{name}.txt", context)
        html = written(f"{name}.html", context)
    return Letter(subject, text, html, f"{edition.audience}-{_list_number(edition)}")


def _list_number(edition: Edition) -> str:
    """Return what tells a list from another: numbers, never the name of a care."""
    return edition.about.removeprefix("service-")


def digest_mail(edition: Edition, reader: Subscription, key: str) -> Mail:
    """Return one edition as a mail to one reader."""
    return letter_of(edition).to(reader, key)


def written(template: str, context: dict[str, Any]) -> str:
    """Return a template that knows of no request and no reader: the worker has neither."""
    return current_app.jinja_env.get_template(template).render(**context)


@cache
def _text_environment(environment: Environment) -> Environment:
    """Return ``environment`` with tags that leave no line behind, as plain text needs."""
    return environment.overlay(trim_blocks=True, lstrip_blocks=True)


def text_part(template: str, context: dict[str, Any]) -> str:
    """Return the text part; it never has two empty lines in a row."""
    environment = _text_environment(current_app.jinja_env)
    text = environment.get_template(template).render(**context)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def hang(text: str, mark: str = "") -> str:
    """Return ``text`` in lines of a mail's width behind ``mark``; addresses are never broken."""
    return textwrap.fill(
        text,
        LINE,
        initial_indent=mark,
        subsequent_indent=" " * len(mark) if mark != "> " else mark,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _context(edition: Edition) -> dict[str, Any]:
    period = Period(edition.start, edition.end)
    in_mail = edition.audience == Audience.TEAM and edition.service.quotes_in_mails
    charts = mail_charts_of(edition)
    drawn = {
        chart.title for chart in charts
    }  # a line that says what a chart does is not said twice
    sections = [each for each in sections_of(edition, in_mail=True) if each.title not in drawn]
    return {
        "edition": edition,
        "title": title_of(edition),
        "sections": [*sections, *_who_spoke(edition)],
        "charts": charts,
        "quotes": [_shortened(each) for each in quotes_of(edition)] if in_mail else [],
        "quoted_on_site": bool(edition.content["quotes"]) and not in_mail,
        "service": edition.service,
        "period": period.words(),
        "short_period": period.short_words(),
        "page": absolute("digests.edition", edition_id=edition.id),
        "foot": foot_of(edition, NOBODY),
        "link": absolute,
        "rings": RINGS,
        "hang": hang,
    }


def foot_of(row: Subscription | Edition, token: str, reason: str = "") -> Foot:
    """Return the foot of a mail that its reader may choose the rhythm of, or leave."""
    choose, leave = (absolute(f"digests.{name}", token=token) for name in ("why", "unsubscribe"))
    return Foot(reason or reason_of(row), choose, leave)


def _shortened(quote: str) -> str:
    """Return ``quote`` as far as a mail carries it; the page has it whole."""
    return (
        quote if len(quote) <= LONGEST_QUOTE else quote[:LONGEST_QUOTE].rsplit(maxsplit=1)[0] + CUT
    )


def list_headers(leave: str, token: str, name: str) -> dict[str, str]:
    """Return the headers of a recurring mail (RFC 2369, 2919, 8058), one line each.

    Args:
        leave: the address that ends the subscription in one click.
        token: the sealed word in it, for who leaves by a mail (``app/mail_leaves.py``).
        name: the list's, by numbers: a header must not tell which care somebody follows.
    """
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    return {
        "List-Unsubscribe": f"<{leave}>{_by_mail(token)}",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{name}.{host}>",
        "List-Help": f"<{absolute('pages.about')}>",
    }


def _by_mail(token: str) -> str:
    """Return the second way out, where a mailbox is read for it."""
    address = current_app.config["MAIL_LEAVE"]
    return f", <mailto:{address}?subject=desabonner%20{token}>" if address else ""


def _seal() -> URLSafeSerializer:
    # The secret that is never rotated: the link of an old mail must still let its reader go.
    return URLSafeSerializer(current_app.config["RECEIPT_SECRET"], salt="unsubscribe")


def unsubscribe_token(subscription: Subscription) -> str:
    """Return the sealed id of ``subscription`` for its one-click link."""
    return str(_seal().dumps(subscription.id))


def subscription_of(token: str) -> Subscription | None:
    """Return the subscription that ``token`` was sealed for, or None."""
    try:
        return db.session.get(Subscription, str(_seal().loads(token)))
    except BadSignature:
        return None
