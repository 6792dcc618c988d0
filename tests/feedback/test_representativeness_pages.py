"""The panel stands next to every aggregate, with the floor that its reader needs."""

import random

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import demo_voices
from app.accounts import Role
from app.catalogue import Service
from app.db import db
from app.digest_mails import digest_mail
from app.editions import Edition
from app.subscriptions import Subscription, ensure_team_subscriptions
from feedback import margins
from feedback.facets import BY_CODE
from feedback.models import Answer, Placement, Segment, Signal, SignalEvidence, Subject, Theme
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY, sign_in

BEFORE = TODAY.replace(month=9)
SPOKEN = 40


@pytest.fixture
def addresses(app: Flask) -> dict[str, str]:
    """A service with a theme, a signal and an edition, all about the same 40 retours."""
    with writing(app):
        service = factories.service(slug="essai")
        subject = Subject(name="Mesures", born=TODAY)
        theme = Theme(service=service, subject=subject, name="Mesures", born=TODAY)
        signal = _signal(service, theme)
        edition = _edition(service)
        public = _edition(service, "public")
        db.session.add_all([theme, signal, edition, public])
        for _ in range(SPOKEN):
            _speak(service, theme, signal)
        factories.publish()
        return {
            "service": "/s/essai",
            "board": "/s/essai/ce-qui-change",
            "signal": f"/equipe/signaux/{signal.id}",
            "edition": f"/syntheses/{edition.id}",
            "public edition": f"/syntheses/{public.id}",
            "theme": f"/equipe/themes/{theme.id}",
            "themes": "/equipe/themes?service=essai",
            "subject": f"/equipe/sujets/{subject.id}",
        }


def _speak(service: Service, theme: Theme, signal: Signal) -> None:
    row = factories.retour(service, day=BEFORE)
    segment = Segment(feedback_id=row.id, start=0, end=5, vector=b"\0\0", model="test")
    db.session.add(segment)
    db.session.flush()
    placed = {"score": 0.8, "threshold": 0.5, "model": "test", "placed": TODAY}
    db.session.add(Placement(segment_id=segment.id, theme_id=theme.id, **placed))
    db.session.add(SignalEvidence(signal_id=signal.id, feedback_id=row.id))


def _signal(service: Service, theme: Theme) -> Signal:
    counts = {"observed": SPOKEN, "expected": 3.0, "weeks": 2, "authors": SPOKEN}
    days = {"raised": TODAY, "last_look": TODAY}
    kind = {"kind": "growing", "title": "Mesures", "state": "candidate"}
    row = Signal(service_id=service.id, theme=theme, **counts, **days, **kind)
    db.session.add(row)
    db.session.flush()
    return row


def _edition(service: Service, audience: str = "team") -> Edition:
    return Edition(
        audience=audience,
        service=service,
        frequency="weekly",
        start=BEFORE,
        end=TODAY,
        composed=TODAY,
        title="Synthèse",
        content=_content(),
        skipped="",
    )


def _content() -> dict[str, object]:
    names = ("themes", "signals", "commitments", "promised", "announced", "confirmed", "unanswered")
    nothing: dict[str, object] = {name: [] for name in names}
    waits = {"waiting": 0, "late": 0, "oldest": 0}
    counts = {"retours": SPOKEN, "before": 0, "answers": 0, "contested": 0, "decisions": 0}
    return nothing | counts | {"waits": waits, "score": None, "quotes": []}


def _panel(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    found = BeautifulSoup(answer.get_data(as_text=True), "html.parser").select("#who-spoke")
    assert len(found) == 1, address
    return found[0].get_text(" ", strip=True)


@pytest.mark.parametrize("page", ["service", "board", "public edition"])
def test_the_public_reads_who_spoke_in_the_year(
    client: FlaskClient, addresses: dict[str, str], page: str
) -> None:
    words = _panel(client, addresses[page])
    assert "Qui a parlé en douze mois, à fin octobre 2026 : 40 retours : site 100 %" in words
    assert "Aucune référence n’est chargée" in words


@pytest.mark.parametrize("page", ["signal", "edition", "theme", "themes"])
def test_the_team_reads_who_spoke_beside_each_aggregate(
    app: Flask, client: FlaskClient, addresses: dict[str, str], page: str
) -> None:
    with writing(app):
        service = db.session.scalars(select(Service)).one()
        sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
    words = _panel(client, addresses[page])
    assert "40 retours : site 100 %, avec un médiateur 0 %." in words
    assert "Un seul canal (site) apporte 100 %" in words
    assert "qui ils sont 100 %" in words


def test_the_team_s_mail_says_who_spoke(app: Flask, addresses: dict[str, str]) -> None:
    with app.app_context():
        edition = db.session.scalars(select(Edition).filter_by(audience="team")).one()
        team = factories.account(Role.PROMOTER, services=(edition.service,))
        ensure_team_subscriptions(edition.service, TODAY)
        reader = db.session.scalars(
            select(Subscription).where(Subscription.account_id == team.id)
        ).first()
        assert reader is not None
        mail = digest_mail(edition, reader, "key")
    assert "Qui a parlé" in mail.text
    assert "40 retours : site 100 %" in " ".join(mail.text.split())
    assert "Aucune référence n’est chargée" in " ".join(mail.text.split())


def test_an_expert_reads_no_trait_of_a_few(
    app: Flask, client: FlaskClient, addresses: dict[str, str]
) -> None:
    with writing(app):
        evidence = select(Answer.id)
        assert db.session.scalar(evidence) is None
        for link in list(db.session.scalars(select(SignalEvidence)))[:3]:
            said = {"question": "G7", "status": "given", "value": "75-"}
            db.session.add(Answer(feedback_id=link.feedback_id, **said))
        sign_in(client, factories.account(Role.EXPERT))
    for page in ("signal", "theme", "themes", "subject"):
        words = _panel(client, addresses[page])
        assert "75 ans" not in words, page
        assert "40 retours" in words, page


def test_the_demonstration_s_public_is_said_to_be_invented(app: Flask) -> None:
    with app.app_context():
        service = factories.service()
        demo_voices.make_margins(TODAY)
        found = margins.margins_of(service)
        assert set(found) == set(BY_CODE)
        assert all("inventés" in margin.source for margin in found.values())
        row = factories.retour(service)
        rng = random.Random(1)
        row.channel = demo_voices.draw_channel(rng).value
        while not row.answers:
            demo_voices.declare(row, rng)
        assert all(answer.value in BY_CODE[answer.question].values for answer in row.answers)
