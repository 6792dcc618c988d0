"""What an edition says, in the reader's language: pages, mails and PDF print the same.

An edition keeps numbers and ids; who reads it and how it is sent is ``app/digest_mails.py``.
"""

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from app.db import db
from app.digest_items import Item, Section
from app.editions import Edition
from app.proposal_lines import titles_of
from app.public_words import public_sections, public_title
from app.role_words import role_sections, role_title
from app.subscriptions import Audience
from app.team_words import team_sections, team_title
from feedback.models import Feedback, State
from feedback.representativeness_words import Panel, panel_of, public_panel
from feedback.voices import of_days


def sections_of(edition: Edition, in_mail: bool = False) -> list[Section]:
    """Return what ``edition`` says, in the reader's language; a mail leads to its page for more."""
    if edition.audience == Audience.TEAM:
        titles = titles_of(edition.content)
        return team_sections(edition.content, edition.service.slug, titles)
    if edition.is_of_role:
        titles = titles_of(edition.content)
        return role_sections(edition.audience, edition.content, titles)
    link = {"edition_id": edition.id}
    page = Item("", "", "", "digests.edition", link, _("Lire cette synthèse sur le site"))
    floor = current_app.config["FLOOR"]
    return public_sections(edition.content, edition.service.slug, floor, page if in_mail else None)


def title_of(edition: Edition) -> str:
    """Return the title of ``edition`` in the reader's language."""
    if edition.audience == Audience.TEAM:
        return team_title(edition.content)
    if edition.is_of_role:
        return role_title(edition.audience, edition.content)
    return public_title(edition.service.name)


def voices_of(edition: Edition) -> Panel:
    """Return who spoke: the team's counted now, so that who erased their words is in no number.

    The team reads of its period, the public of a year: a week's traits would be those of a few.
    The public's are those last published, else an erasure would tell what was erased.
    """
    service = edition.service
    if edition.audience == Audience.TEAM:
        return panel_of(of_days(service, edition.start, edition.end), service)
    return public_panel(service, current_app.config["FLOOR"])


def quotes_of(edition: Edition) -> list[str]:
    """Return the quoted texts that are still published; an author may change their mind.

    One that was corrected waits until its names are masked again.
    """
    ids = [quote["feedback_id"] for quote in edition.content["quotes"]]
    allowed = Feedback.wants_publication, Feedback.names_masked
    still = Feedback.id.in_(ids), Feedback.state == State.PUBLISHED, *allowed
    return [text or "" for text in db.session.scalars(select(Feedback.text).where(*still))]
