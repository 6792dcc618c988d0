"""The pages of themes and signals draw what was masked, and never print its token."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import Role
from app.db import db
from feedback.models import Placement, Segment, Signal, SignalEvidence, Theme
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY

TEXT = "Madame [PERSONNE_1] ne reçoit plus mes mesures."


@pytest.fixture
def pages(app: Flask, client: FlaskClient) -> list[str]:
    """The addresses of one theme, of why a text stands in it, and of a signal about it."""
    with writing(app):
        service = factories.service()
        account = factories.account(Role.PROMOTER, services=(service,))
        theme = Theme(service=service, name="Mesures", born=TODAY)
        signal = Signal(
            service_id=service.id,
            theme=theme,
            kind="growing",
            title="Mesures",
            raised=TODAY,
            last_look=TODAY,
            observed=2,
            expected=0.5,
            weeks=2,
            authors=2,
            state="candidate",
        )
        db.session.add_all([theme, signal])
        segments = [_placed(theme, signal) for _ in range(2)]
        theme.typical = [segment.id for segment in segments]
        factories.sign_in(client, account)
        return [
            f"/equipe/themes/{theme.id}",
            f"/equipe/placements/{segments[0].id}",
            f"/equipe/signaux/{signal.id}",
        ]


def _placed(theme: Theme, signal: Signal) -> Segment:
    row = factories.retour(theme.service, text=TEXT)
    segment = Segment(feedback_id=row.id, start=0, end=len(TEXT), vector=b"\0\0", model="test")
    db.session.add(segment)
    db.session.flush()
    placed = {"score": 0.8, "threshold": 0.5, "model": "test", "placed": TODAY}
    db.session.add_all(
        [
            Placement(segment_id=segment.id, theme_id=theme.id, **placed),
            SignalEvidence(signal_id=signal.id, feedback_id=row.id),
        ]
    )
    return segment


def test_no_page_prints_a_token(client: FlaskClient, pages: list[str]) -> None:
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "[PERSONNE" not in answer.text, page
        shown = BeautifulSoup(answer.text, "html.parser").select(".mask")
        assert {each.text for each in shown} == {"Personne"}, page
