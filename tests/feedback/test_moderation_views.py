"""Deciding on a page that stood open while its author corrected the words."""

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import Role
from app.db import db
from feedback.models import Feedback, State
from tests import factories
from tests.conftest import writing
from tests.factories import post


def test_nobody_opens_words_that_they_have_not_read(
    app: Flask, client: FlaskClient, committed: Session
) -> None:
    with writing(app):
        row = factories.retour(factories.service(), text="Avant.", state=State.HELD.value)
        feedback_id = row.id
        factories.sign_in(client, factories.account(Role.MODERATOR))
    url = f"/equipe/moderation/{feedback_id}"
    page = BeautifulSoup(client.get(url).text, "html.parser")
    field = page.find(attrs={"name": "read"})
    assert field is not None
    with writing(app):
        db.session.get_one(Feedback, feedback_id).text = "Après, avec autre chose."
    said = {"decision": "open", "words": "Merci à vous.", "read": str(field["value"])}
    answer = post(client, url, said)
    assert answer.status_code == 409
    assert "Après, avec autre chose." in answer.text
    assert "Merci à vous." in answer.text
    committed.rollback()
    assert committed.get_one(Feedback, feedback_id).state == State.HELD
    again = BeautifulSoup(answer.text, "html.parser").find(attrs={"name": "read"})
    assert again is not None
    assert post(client, url, {**said, "read": str(again["value"])}).status_code == 303
    committed.rollback()
    assert committed.get_one(Feedback, feedback_id).state == State.OPEN
