"""The author's edition: the same identities and counts as the others', of one retour alone."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from app import tasks
from app.author_editions import author_items, for_author
from app.catalogue import Service
from app.computation import compute
from app.db import db, will_write
from app.editions import Edition
from app.floors import FLOOR
from app.periods import Period
from app.traces import Actor, record
from feedback.models import Commitment, CommitmentLink, Feedback, Message, Placement, Segment, Theme
from tests.app import digest_rows as rows
from tests.conftest import NOON, writing
from tests.feedback import citizen

MONTH = Period(rows.MONDAY - timedelta(days=27), rows.MONDAY + timedelta(days=1))


@pytest.fixture
def busy(app: Flask) -> int:
    """The id of a service with a busy week, composed, and answers to some of its authors."""
    with writing(app):
        service = rows.busy_week()
        unanswered = Feedback.id.not_in(select(Message.feedback_id))
        told = db.session.scalars(
            select(Feedback).where(Feedback.day == rows.IN_WEEK, unanswered)
        ).all()
        for number, each in enumerate(told[:9]):
            rows.answer(each)
            if number % 3 == 0:
                rows.answer(each, rows.MONDAY)
        rows.answer(told[9], rows.MONDAY - timedelta(days=40))
        service_id: int = service.id
    compose(app)
    return service_id


def compose(app: Flask) -> None:
    with app.app_context():
        will_write()
        tasks.digest("k", NOON)


def of_theme(name: str) -> Feedback:
    """Return one retour of the week that stands in the theme called ``name``."""
    query = (
        select(Feedback)
        .join(Segment)
        .join(Placement)
        .join(Theme)
        .where(Theme.name == name, Feedback.day == rows.IN_WEEK)
    )
    return next(iter(db.session.scalars(query.order_by(Feedback.id))))


def edition(audience: str) -> Edition:
    return db.session.scalars(select(Edition).filter_by(audience=audience)).one()


def test_its_themes_are_the_lines_of_the_public_edition(app: Flask, busy: int) -> None:
    with app.app_context():
        public, team = edition("public"), edition("team")
        told = {each["id"]: each for each in public.content["themes"]}
        counted = {each["id"]: each["retours"] for each in team.content["themes"]}
        for name, number in (("Partage avec le médecin", 24), ("Connexion", None)):
            own = for_author(of_theme(name), rows.MONDAY).content
            (line,) = own["themes"]
            assert line == told[line["id"]]
            assert (line["name"], line["retours"]) == (name, number)
            assert line["retours"] in (None, counted[line["id"]])
            assert line["retours"] is None or line["retours"] >= FLOOR
            assert own["edition"]["id"] == public.id
        assert for_author(of_theme("Export vers le tableur"), rows.MONDAY).content["themes"] == []


def test_the_answers_to_all_authors_are_those_that_an_edition_counts(app: Flask, busy: int) -> None:
    with app.app_context():
        service = db.session.get_one(Service, busy)
        found = compute(service, MONTH, rows.MONDAY)
        every = db.session.scalars(select(Feedback).filter_by(service_id=busy))
        mine = [for_author(each, rows.MONDAY).content["answers"] for each in every]
        assert sum(mine) == found.answers == 9 + 3 + 1
        assert max(mine) == 2


def test_an_answer_that_waits_for_a_moderator_is_counted_by_nobody(app: Flask, busy: int) -> None:
    with writing(app):
        for each in db.session.scalars(select(Message)):
            each.held = True
    with app.app_context():
        service = db.session.get_one(Service, busy)
        assert compute(service, MONTH, rows.MONDAY).answers == 0
        retour = of_theme("Partage avec le médecin")
        assert for_author(retour, rows.MONDAY).content["answers"] == 0


def test_its_commitments_are_those_that_moved_in_an_edition(app: Flask, busy: int) -> None:
    with writing(app):
        retour = of_theme("Connexion")
        still = rows.promise(
            retour.service, "Promis l’été.", rows.MONDAY, made=rows.MONDAY.replace(month=6)
        )
        linked = [*db.session.scalars(select(Commitment))]
        assert still in linked
        db.session.add_all(CommitmentLink(commitment=each, feedback=retour) for each in linked)
    with app.app_context():
        service = db.session.get_one(Service, busy)
        moved = [each.id for each in compute(service, MONTH, rows.MONDAY).commitments if each.moved]
        own = for_author(of_theme("Connexion"), rows.MONDAY).content["commitments"]
        assert own == moved  # the second one was announced before: its authors judged it now
        assert len(own) == 2


def test_the_page_says_it_first_and_leads_to_the_edition(
    app: Flask, client: FlaskClient, busy: int
) -> None:
    with writing(app):
        slug = db.session.get_one(Service, busy).slug
    code = citizen.code_of(citizen.send(client, slug))
    quiet = citizen.words_of(citizen.come_back(client, code))
    nothing = "Rien de nouveau pour l’instant : ni réponse, ni engagement, ni décision."
    assert nothing in re.sub(r"\s", " ", quiet)
    with writing(app):
        own = db.session.scalars(select(Feedback).where(Feedback.day == NOON.date())).one()
        rows.answer(own, rows.MONDAY)
        rows.place(
            own, db.session.scalars(select(Theme).filter_by(name="Partage avec le médecin")).one()
        )
        record("moderated", Actor("moderator"), rows.MONDAY, own.id)
        public = edition("public").id
    page = citizen.come_back(client, code)
    said = re.sub(r"\s", " ", citizen.words_of(page))
    assert nothing not in said
    for words in (
        "L’équipe vous a écrit une fois.",
        "Un modérateur a pris une décision.",
        "Votre thème « Partage avec le médecin » : 24 retours (16 – 22 novembre 2026).",
    ):
        assert words in said
    (link,) = citizen.soup_of(page).select(f'a[href="/syntheses/{public}"]')
    assert link.get_text() == "Lire la synthèse du service"


def test_a_theme_without_a_public_number_is_named_alone(app: Flask, busy: int) -> None:
    with app.app_context(), force_locale("fr"):
        items, _nothing = author_items(of_theme("Connexion"), rows.MONDAY)
        said = [re.sub(r"\s", " ", item.words) for item in items]
    assert "Votre thème « Connexion » : cité (16 – 22 novembre 2026)." in said


def test_what_is_older_than_four_weeks_is_no_news(app: Flask, busy: int) -> None:
    with app.app_context():
        retour = of_theme("Partage avec le médecin")
        late = for_author(retour, rows.MONDAY + timedelta(days=60))
        assert late.skipped
        assert not any(late.content.values())
