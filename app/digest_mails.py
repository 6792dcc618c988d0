"""An edition as a mail to one reader: the same items in a text part and an HTML part.

Composing an edition is ``app/digests.py``; sending mails is ``app/mail.py``.
"""

import re
import textwrap
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from jinja2 import Environment
from sqlalchemy import select

from app.days import today
from app.db import db
from app.digest_items import Item, Section
from app.editions import Edition
from app.mail import Mail
from app.periods import Period
from app.public_words import public_sections, public_title
from app.subscriptions import Audience, Subscription
from app.team_words import team_sections, team_title
from feedback.models import Feedback, State
from feedback.representativeness_words import Panel, panel_of, public_panel
from feedback.voices import of_days

LINE = 72  # characters: a quoted line still fits a terminal
RINGS = {"received": "◔", "read": "◑", "answered": "◕", "confirmed": "●", "contested": "◌"}


def absolute(endpoint: str, **values: Any) -> str:
    """Return the full address of a page, for a mail or a feed."""
    base = urlsplit(current_app.config["BASE_URL"])
    bound = current_app.url_map.bind(base.netloc, base.path or "/", url_scheme=base.scheme)
    return bound.build(endpoint, values, force_external=True)


def sections_of(edition: Edition) -> list[Section]:
    """Return what ``edition`` says, in the reader's language."""
    if edition.audience == Audience.TEAM:
        return team_sections(edition.content, edition.service.slug)
    return public_sections(edition.content, current_app.config["FLOOR"])


def title_of(edition: Edition) -> str:
    """Return the title of ``edition`` in the reader's language."""
    if edition.audience == Audience.TEAM:
        return team_title(edition.content)
    return public_title(edition.service.name)


def voices_of(edition: Edition) -> Panel:
    """Return who spoke, counted now: who erased their words is in no number.

    The team reads of its period, the public of a year: a week's traits would be those of a few.
    """
    service = edition.service
    if edition.audience == Audience.TEAM:
        return panel_of(of_days(service, edition.start, edition.end), service)
    return public_panel(service, today(), current_app.config["FLOOR"])


def _who_spoke(edition: Edition) -> list[Section]:
    """Return what a team's mail says of who spoke; the page has the tables."""
    if edition.audience != Audience.TEAM:
        return []
    voices = voices_of(edition)
    words = " ".join(part for part in (voices.summary, voices.missing) if part)
    return [Section(_("Qui a parlé"), [Item(lead=voices.warning, words=words)])]


def quotes_of(edition: Edition) -> list[str]:
    """Return the quoted texts that are still published; an author may change their mind."""
    ids = [quote["feedback_id"] for quote in edition.content["quotes"]]
    still = Feedback.id.in_(ids), Feedback.state == State.PUBLISHED, Feedback.wants_publication
    return [text or "" for text in db.session.scalars(select(Feedback.text).where(*still))]


def digest_mail(edition: Edition, reader: Subscription, key: str) -> Mail:
    """Return one edition as a mail to one reader: a complete text part and an HTML part."""
    name = f"mail/{edition.audience}"
    with force_locale("fr"):
        context = _context(edition, reader)
        subject = _written(f"{name}.subject.txt", context).strip()
        text = _text_part(f"{name}.txt", context)
        html = _written(f"{name}.html", context)
    return Mail(key, reader.mail_address, subject, text, html, list_headers(context, edition))


def _written(template: str, context: dict[str, Any]) -> str:
    """Return a template that knows of no request and no reader: the worker has neither."""
    return current_app.jinja_env.get_template(template).render(**context)


@cache
def _text_environment(environment: Environment) -> Environment:
    """Return ``environment`` with tags that leave no line behind, as plain text needs."""
    return environment.overlay(trim_blocks=True, lstrip_blocks=True)


def _text_part(template: str, context: dict[str, Any]) -> str:
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


def _context(edition: Edition, reader: Subscription) -> dict[str, Any]:
    period = Period(edition.start, edition.end)
    in_mail = edition.audience == Audience.TEAM and edition.service.quotes_in_mails
    return {
        "edition": edition,
        "title": title_of(edition),
        "sections": [*sections_of(edition), *_who_spoke(edition)],
        "quotes": quotes_of(edition) if in_mail else [],
        "quoted_on_site": bool(edition.content["quotes"]) and not in_mail,
        "service": edition.service,
        "period": period.words(),
        "short_period": period.short_words(),
        "page": absolute("digests.edition", edition_id=edition.id),
        "unsubscribe": absolute("digests.unsubscribe", token=unsubscribe_token(reader)),
        "link": absolute,
        "rings": RINGS,
        "hang": hang,
    }


def list_headers(context: dict[str, Any], edition: Edition) -> dict[str, str]:
    """Return the headers of a recurring mail (RFC 2369, 2919, 8058), one line each.

    The list is named by numbers: a header must not tell which care somebody follows.
    """
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    return {
        "List-Unsubscribe": f"<{context['unsubscribe']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{edition.audience}-{edition.service_id}.{host}>",
        "List-Help": f"<{absolute('pages.about')}>",
    }


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
