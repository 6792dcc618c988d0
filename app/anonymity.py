"""Anonymity guaranteed by law, turned on for good: what it erases, counted before and done at once.

The page that says so is ``app/anonymity_views.py``.
"""

from sqlalchemy import delete, select

from app import edition_quotes
from app.author_mails import AUTHORS
from app.catalogue import Service, Territory
from app.db import db
from app.holder_mails import HOLDERS
from app.mail import OutboxRow
from app.subscriptions import Subscription
from feedback.local_questions import forbidden_answers
from feedback.models import Answer, AnswerStatus, AuthorMail, Feedback
from workshops.around_models import HolderMail, KeptCode
from workshops.models import Workshop

PLACE_QUESTION = "G8"  # the département, model.md §6


def followers(service: Service) -> list[Subscription]:
    """Return the public readers of ``service``, who left a mail address."""
    query = select(Subscription).where(
        Subscription.service_id == service.id, Subscription.address.is_not(None)
    )
    return list(db.session.scalars(query))


def authors_mails(service: Service) -> list[AuthorMail]:
    """Return the sealed addresses of authors who asked to be told."""
    query = select(AuthorMail).join(AuthorMail.feedback)
    return list(db.session.scalars(query.where(Feedback.service_id == service.id)))


def holders_mails(service: Service) -> list[HolderMail]:
    """Return the sealed addresses of holders of codes of its sessions."""
    query = select(HolderMail).join(HolderMail.code).join(KeptCode.workshop)
    return list(db.session.scalars(query.where(Workshop.service_id == service.id)))


def place_answers(service: Service) -> list[Answer]:
    """Return the answers that name a département."""
    query = (
        select(Answer)
        .join(Feedback)
        .join(Territory, Territory.code == Answer.value)
        .where(
            Feedback.service_id == service.id,
            Answer.question == PLACE_QUESTION,
            Answer.status == AnswerStatus.GIVEN,
            Territory.region_code.is_not(None),
        )
    )
    return list(db.session.scalars(query))


def make_anonymous(service: Service) -> None:
    """Turn the anonymity of ``service`` on for good and erase what must not exist (model.md §7).

    Followers' addresses and their waiting mails go, and the quotes in the team's mails that wait; a
    département becomes its region. Answers to local questions that ask who or where go;
    ``local_questions`` no longer asks those.
    """
    service.anonymous_by_law = True
    service.quotes_in_mails, service.quick_exit = False, True
    service.widget_origins = []
    for follower in followers(service):
        db.session.execute(delete(OutboxRow).where(OutboxRow.to == follower.address))
        db.session.delete(follower)
    for row in authors_mails(service):
        AUTHORS.stop(row)
    for held in holders_mails(service):
        HOLDERS.stop(held)
    for answer in place_answers(service):
        answer.value = db.session.get_one(Territory, answer.value).region_code or ""
    for answer in forbidden_answers(service):
        db.session.delete(answer)
    db.session.flush()
    edition_quotes.write_mails_of(service)
