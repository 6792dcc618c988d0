"""Erasing also reaches the titles that were cut out of a text: a theme without words of its own.

That every row, index entry and byte goes is ``tests/app/test_privacy.py``; the story of an erasure
stands in ``tests/loop/closing.py``.
"""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import erasures, privacy
from app.computation import compute
from app.days import now
from app.db import db
from app.digest_mails import digest_mail
from app.editions import Delivery, Edition
from app.mail import OutboxRow, put
from app.periods import Period
from app.subscriptions import Subscription
from app.writings import for_team
from feedback import models as m
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY

OPENING = "Au guichet on m’a renvoyé chez moi"
TEXT = f"{OPENING} deux fois, sans un mot."
ECHO = "Sans un mot on m’a renvoyé deux fois au guichet, chez moi non."  # each word again
WEEK = Period(date(2026, 11, 16), date(2026, 11, 23))


@pytest.fixture
def erased(app: Flask) -> str:
    """The id of a retour whose first words named a theme, a signal and an edition; then erased."""
    with writing(app):
        service = factories.service()
        own = factories.retour(service, text=TEXT, day=WEEK.start)
        echo = factories.retour(service, text=ECHO, day=WEEK.start)
        theme = m.Theme(service=service, name=f"{OPENING}…", born=TODAY, words=[["guichet", 0.9]])
        db.session.add(theme)
        db.session.flush()
        db.session.add(m.ThemeEvent(theme_id=theme.id, day=TODAY, kind="born", detail=theme.name))
        for each in (own, echo):
            _place(each, theme)
        db.session.add(_signal(theme))
        _compose(service)
        number: str = own.id
    stored = _bytes(app)
    assert stored.count(OPENING.encode()) >= 5, "text, theme, its birth, signal, edition, mail"
    with writing(app):
        privacy.erase(db.session.get_one(m.Feedback, number), TODAY)
        db.session.commit()
        erasures.truncate_log()
    return number


def _place(feedback: m.Feedback, theme: m.Theme) -> None:
    segment = m.Segment(feedback=feedback, start=0, end=9, vector=b"v", model="test")
    values = {"score": 0.7, "threshold": 0.5, "model": "test", "placed": TODAY}
    db.session.add(m.Placement(segment=segment, theme=theme, **values))


def _signal(theme: m.Theme) -> m.Signal:
    numbers = {"observed": 12, "expected": 3.0, "weeks": 2}
    days = {"raised": WEEK.start, "last_look": WEEK.start}
    return m.Signal(
        service=theme.service, theme=theme, kind="growing", title=theme.name, **days, **numbers
    )


def _compose(service: factories.Service) -> None:
    """Store the team's edition of the week and leave its mail waiting."""
    content = for_team(compute(service, WEEK, TODAY), TODAY).content
    common = {"audience": "team", "service": service, "frequency": "weekly"}
    span = {"start": WEEK.start, "end": WEEK.end, "composed": TODAY}
    edition = Edition(**common, **span, title="t", content=content)
    team = factories.account(factories.Role.PROMOTER, services=(service,))
    reader = Subscription(**common, account=team, confirmed=True, created=TODAY)
    delivery = Delivery(edition=edition, subscription=reader, day=TODAY)
    db.session.add(delivery)
    db.session.flush()
    put(digest_mail(edition, reader, delivery.id), now())


def _bytes(app: Flask) -> bytes:
    folder: Path = app.config["INSTANCE"]
    return b"".join(path.read_bytes() for path in folder.glob("boucle.db*"))


def test_no_title_keeps_the_first_words_of_an_erased_text(app: Flask, erased: str) -> None:
    assert OPENING.encode() not in _bytes(app)
    with app.app_context():
        assert db.session.scalars(select(m.Theme.name)).one() == "guichet"
        assert db.session.scalars(select(m.Signal.title)).one() == "guichet"
        assert OPENING[:20] not in db.session.scalars(select(OutboxRow.text)).one()
        content = db.session.scalars(select(Edition.content)).one()
        assert [line["name"] for line in content["themes"]] == ["—"]
        assert [line["title"] for line in content["signals"]] == ["—"]
        assert [line["retours"] for line in content["themes"]] == [2], "numbers stay"


def test_a_name_that_a_person_gave_stays(app: Flask) -> None:
    with writing(app):
        service = factories.service()
        own = factories.retour(service, text=TEXT, day=WEEK.start)
        theme = m.Theme(service=service, name=OPENING, named_by_person=True, born=TODAY)
        db.session.add(theme)
        _place(own, theme)
        _compose(service)
        privacy.erase(own, TODAY)
    with app.app_context():
        assert db.session.scalars(select(m.Theme.name)).one() == OPENING
        content = db.session.scalars(select(Edition.content)).one()
        assert [line["name"] for line in content["themes"]] == [OPENING]
