"""An edition keeps no title of a session or proposal: what is renamed or gone is so there too."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import delete, select

from app import tasks
from app.db import db, will_write
from app.edition_words import sections_of
from app.editions import Edition
from app.mail import OutboxRow
from app.subscriptions import Audience
from tests import factories
from tests.app import digest_rows as rows
from tests.app.test_role_editions import fill_territory
from tests.conftest import NOON, writing
from tests.workshops.test_kept_codes import OWN, enter, held
from workshops.models import Proposal, Workshop

IDEA, TITLE, RENAMED = "Un rappel la veille", "Rappels", "Sonneries"


def compose(app: Flask) -> None:
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)


def editions() -> Iterator[Edition]:
    """Yield the editions that tell of sessions: the team's and the facilitator's."""
    told = Edition.audience.in_((Audience.TEAM, Audience.FACILITATOR)), Edition.skipped == ""
    yield from db.session.scalars(select(Edition).where(*told))


def words_of(edition: Edition) -> str:
    with force_locale("fr"):
        return " ".join(f"{i.lead} {i.words}" for s in sections_of(edition) for i in s.items)


@pytest.fixture
def running(app: Flask) -> str:
    """A composed week with a session that is over and one that still runs; the id of that one."""
    with writing(app):
        fill_territory()
        over = db.session.scalars(select(Workshop)).one()
        still = {"title": f"{TITLE} ouverts", "code": "ABCDEG", "phase": "write"}
        more = {"prompts": ["Que changer ?"], "day": rows.BEFORE}
        room = Workshop(service=over.service, facilitator=over.facilitator, **still, **more)
        db.session.add(room)
        db.session.flush()
        room_id = room.id
    compose(app)
    return room_id


def test_a_session_is_told_by_the_title_that_it_has_today_and_gone_with_it(
    app: Flask, running: str
) -> None:
    with writing(app):
        (edition,) = (each for each in editions() if each.audience == Audience.FACILITATOR)
        assert TITLE not in str(edition.content)
        assert words_of(edition).count(f"« {TITLE}") == 2
        for room in db.session.scalars(select(Workshop)):
            room.title = RENAMED
        assert words_of(edition).count(f"« {RENAMED} »") == 2
        assert TITLE not in words_of(edition)
    with writing(app):
        db.session.execute(delete(Workshop).where(Workshop.id == running))
        (edition,) = (each for each in editions() if each.audience == Audience.FACILITATOR)
        assert words_of(edition).count(f"« {RENAMED} »") == 1


def test_an_idea_that_its_author_erases_stands_in_no_edition_and_no_waiting_mail(
    app: Flask,
) -> None:
    room, code = held(app)
    with writing(app):
        session = db.session.get_one(Workshop, room.id)
        session.day = rows.IN_WEEK
        rows.member(session.service)
        proposal = db.session.scalars(select(Proposal)).one()
        proposal.made, proposal.due = rows.BEFORE, rows.IN_WEEK
        assert proposal.title == IDEA
    compose(app)
    with app.app_context():
        assert len([each for each in editions() if IDEA in words_of(each)]) == 2
        waiting = db.session.scalars(select(OutboxRow)).all()
        assert len([each for each in waiting if IDEA in each.text and IDEA in each.html]) == 2
    answer = factories.post(enter(app, code), f"{OWN}/effacer", {"sure": "1"})
    assert answer.status_code == 303
    with app.app_context():
        for edition in editions():
            assert IDEA not in f"{edition.title} {edition.content} {words_of(edition)}"
        for mail in db.session.scalars(select(OutboxRow)):
            assert IDEA not in f"{mail.subject} {mail.text} {mail.html}"
