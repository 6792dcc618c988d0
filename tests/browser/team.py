"""What the team does between two visits of a citizen, through the verbs of the desk."""

from datetime import timedelta

from sqlalchemy import select

from app import days
from app.accounts import Account
from app.db import db
from app.limits import RateBucket
from app.traces import Actor
from feedback import commitments, threads
from feedback.intake import find_by_code
from feedback.models import Feedback
from feedback.receipts import normalise
from tests.browser.site import Site
from tests.conftest import writing

MODERATION = Actor("moderator", "Modération")


def answer_and_change(site: Site, code: str, words: str, change: str) -> None:
    """Answer the retour of ``code``, promise ``change``, announce it and have it checked."""
    today = days.paris_day(site.clock())
    with writing(site.app):
        retour = find_by_code(normalise(code))
        assert retour is not None
        team = db.session.scalar(select(Account).where(Account.email == "equipe@example.fr"))
        assert team is not None
        threads.answer(retour, words, team, today)
        due = today + timedelta(days=30)
        made = commitments.promise(retour.service, change, "Produit", due, [retour], today)
        commitments.announce(made, "En ligne depuis ce matin.", today)
        commitments.check(made, True, "", today, MODERATION)


def words_in_database(site: Site, words: str) -> int:
    """Return how many retours still hold ``words``."""
    with site.app.app_context():
        query = select(Feedback.id).where(Feedback.text.contains(words))
        return len(db.session.scalars(query).all())


def forget_limits(site: Site) -> None:
    """Empty the counters of tries: every visitor of the tests comes from one address."""
    with writing(site.app):
        for bucket in db.session.scalars(select(RateBucket)):
            db.session.delete(bucket)


def fill_limit(site: Site) -> None:
    """Spend what one address may still do for now."""
    with writing(site.app):
        for bucket in db.session.scalars(select(RateBucket)):
            bucket.count = 1000
