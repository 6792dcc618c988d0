"""A small living site for the browser: seeded through the same verbs as the pages, then served."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from app import days, form_keys, tasks
from app.accounts import Account, Role
from app.catalogue import Service
from app.db import db
from app.factory import create_app
from app.second_factor import give_demo_factor
from app.sign_in import create_account, grant, join_team
from app.traces import Actor
from feedback import analysis, commitments, receipts, threads
from feedback.analysis import Machine
from feedback.intake import Receipt, Sent, Tools, receive
from feedback.models import Commitment, Face, Feedback, Placement, Segment, State
from nlp.encode import HashingEncoder
from tests import factories
from tests.browser.watch import fill_watch
from tests.conftest import NOON, settings, writing
from tests.fakes import CapitalNames, FakeRuntime, StandingClock
from tests.feedback import corpus

SLUG = "suivi-tension"
PASSPHRASE = "quatre chevaux mauves dansent"
LETTER = "Depuis la version 6.2 mon médecin ne reçoit plus mes mesures, je le rappelle chaque soir."
ANSWER = "Vos mesures sont gardées. La version 6.3 les enverra de nouveau ; nous l’essayons ici."
TEAMS: dict[str, tuple[Role, ...]] = {
    "equipe": (Role.PROMOTER,),
    "moderation": (Role.MODERATOR,),
    "expertise": (Role.EXPERT,),
    "animation": (Role.FACILITATOR,),
    "administration": (Role.ADMINISTRATOR,),
}


@dataclass
class Site:
    """The served site: where it stands, and what is in it."""

    app: Flask
    clock: StandingClock
    url: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def path(self, path: str) -> str:
        """Return the full address of ``path``."""
        return self.url + path


class AsDeployed(WSGIRequestHandler):
    """Names the server as briefly as gunicorn does: bytes are counted."""

    def version_string(self) -> str:
        """Return the name that stands in each answer."""
        return "gunicorn"


@contextmanager
def serve(app: Flask, clock: StandingClock) -> Iterator[Site]:
    """Serve ``app`` on a free port of this machine until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=AsDeployed)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(app, clock, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def build(folder: Path) -> tuple[Flask, StandingClock]:
    """Return an application of its own on a migrated database."""
    clock = StandingClock(NOON)
    runtime = FakeRuntime(folder, CapitalNames(), HashingEncoder(64))
    app = create_app(settings(HTTPS=False), folder, clock, runtime)
    with app.app_context():
        upgrade()
    return app, clock


def seed(site: Site) -> None:
    """Fill the site: a service with themes, a signal, promises, letters and editions."""
    today = days.paris_day(site.clock())
    with writing(site.app):
        service = _service()
        accounts = {name: make_account(name, roles, service) for name, roles in TEAMS.items()}
        rows = corpus.fill(service, today)
        rows += [
            factories.retour(service, text=text, day=today - timedelta(days=1 + number % 20))
            for number, text in enumerate(corpus.BURST)
        ]
        _group(site, [row.id for row in rows], today)
        _gather_burst()
        _moderate(service)
        _write(site, service, accounts["equipe"], today)
        fill_watch(service, today)
        factories.publish(today)
        tasks.digest("first", site.clock())


def _service() -> Service:
    service = factories.service(slug=SLUG, name="Mon suivi tension")
    factories.functionality(service, name="Partage avec le médecin")
    factories.functionality(service, name="Rappels de mesure")
    factories.release(service)
    factories.release(service, "6.3", date(2026, 12, 7))  # to come: it can still be asked about
    return service


def make_account(name: str, roles: tuple[Role, ...], service: Service) -> Account:
    """Return a new account of ``roles``; a promoter sits in the team of ``service``."""
    made = create_account(
        f"{name}@example.fr", f"Compte {name}", PASSPHRASE, service.organisation, date(2026, 1, 5)
    )
    grant(made, *roles)
    give_demo_factor(made)
    if Role.PROMOTER in roles:
        join_team(made, service)
    return made


def _group(site: Site, ids: list[str], today: date) -> None:
    runtime: Any = site.app.extensions["boucle"]
    machine = Machine(runtime.encoder, runtime.instance)
    db.session.commit()
    analysis.analyse(ids, machine, today)
    db.session.commit()
    analysis.refresh(machine, today)
    db.session.commit()


def _gather_burst() -> None:
    """Put the sudden retours into one theme: an encoder that only hashes words spreads them."""
    query = (
        select(Placement)
        .join(Segment, Placement.segment_id == Segment.id)
        .join(Feedback, Segment.feedback_id == Feedback.id)
        .where(Feedback.text.in_(corpus.BURST))
    )
    placements = list(db.session.scalars(query))
    for placement in placements:
        placement.theme_id = placements[0].theme_id
    db.session.commit()


def _moderate(service: Service) -> None:
    """Leave one retour for the moderator and one that everybody may read."""
    factories.retour(
        service,
        text="Je n’en peux plus, à quoi bon continuer ce traitement.",
        state=State.HELD.value,
        face=Face.BAD.value,
        dangers=["suicide"],
    )
    factories.retour(
        service,
        text="La courbe de la semaine m’aide à parler avec mon médecin.",
        state=State.PUBLISHED.value,
        face=Face.GOOD.value,
    )


def speak(site: Site, service: Service, text: str, day: date) -> Receipt:
    """Send a retour by the same verb as the page and return its receipt."""
    key = form_keys.issue(site.app.config["SECRET_KEY"], service.slug, day)
    tools = Tools(CapitalNames(), site.app.config["RECEIPT_SECRET"])
    return receive(Sent(Face.MIDDLING.value, text), service, key, day, tools)


def _write(site: Site, service: Service, team: Account, today: date) -> None:
    """One letter with an answer and an announced change to judge, one promise still open."""
    receipt = speak(site, service, LETTER, today - timedelta(days=9))
    threads.answer(receipt.feedback, ANSWER, team, today - timedelta(days=5))
    announced = _promise(service, "La version 6.3 envoie de nouveau les mesures.", receipt.feedback)
    commitments.announce(announced, "Version 6.3 en ligne depuis ce matin.", today)
    commitments.check(announced, True, "", today, Actor("moderator", "Modération"))
    _promise(service, "Le rappel de nuit se règle dans les préférences.", receipt.feedback)
    claimed = _promise(service, "L’export des mesures n’arrive plus en double.", receipt.feedback)
    commitments.announce(claimed, "Essai mené avec six usagers, sans double envoi.", today)
    site.codes["answered"] = receipts.grouped(receipt.code or "")
    site.ids["answered"] = receipt.feedback.id
    site.ids["announced"] = announced.id


def _promise(service: Service, text: str, feedback: Feedback) -> Commitment:
    day = days.paris_day(NOON) - timedelta(days=5)
    return commitments.promise(
        service, text, "Équipe application", day + timedelta(days=30), [feedback], day
    )
