"""A town for stories: one service with a past, its people, a worker and a mail server that listens.

The mail server is real SMTP, the encoder hashes, and the clock moves by hand.
"""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask

from app import catcher, days, worker
from app.accounts import Role
from app.clock import due_at_start
from app.db import db, will_write
from app.factory import create_app
from app.second_factor import demo_code, give_demo_factor
from app.sign_in import create_account, grant, join_team
from nlp.encode import HashingEncoder
from tests import factories
from tests.conftest import settings, writing
from tests.fakes import FakeRuntime, StandingClock
from tests.feedback import corpus
from tests.plain_browser import PlainBrowser

WEDNESDAY = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
PASSPHRASE = "quatre chevaux mauves dansent"
SLUG = "carte-de-soin"
STAFF = {
    "equipe": Role.PROMOTER,
    "moderation": Role.MODERATOR,
    "expertise": Role.EXPERT,
    "animation": Role.FACILITATOR,
}
# What people began to say after release 6.2; each in their own words, none a near-copy of another.
GROWTH = (
    "La carte Vitale ne passe plus à la pharmacie du bourg.",
    "À la pharmacie, ma carte Vitale ne passe plus depuis hier.",
    "Carte Vitale qui ne passe plus à la pharmacie de garde.",
    "Encore une fois à la pharmacie, cette carte Vitale ne passe plus.",
    "Ma carte Vitale ne passe plus dans aucune pharmacie.",
    "La pharmacie me dit que la carte Vitale ne passe plus.",
    "Cette carte Vitale ne passe plus, la pharmacie a tout essayé.",
    "Hier à la pharmacie la carte Vitale de mon fils ne passe plus.",
    "Impossible à la pharmacie : ma carte Vitale ne passe plus.",
    "Trois jours que la carte Vitale ne passe plus en pharmacie.",
)
MOST_TURNS = 500  # of the worker, before it is said to run in circles


@dataclass
class Town:
    """Everything that a story needs."""

    app: Flask
    clock: StandingClock
    runtime: FakeRuntime

    @property
    def instance(self) -> Path:
        """The folder where everything is kept."""
        folder: Path = self.app.config["INSTANCE"]
        return folder

    def stranger(self) -> PlainBrowser:
        """Return the browser of somebody without an account."""
        return PlainBrowser(self.app.test_client())

    def desk(self, name: str) -> PlainBrowser:
        """Return the browser of a member of staff who has just signed in."""
        browser = self.stranger().open("/connexion")
        browser.submit("/connexion", email=f"{name}@example.fr", password=PASSPHRASE)
        browser.submit("/connexion/code", code=demo_code(self.clock()))
        assert browser.status == 200, browser.words
        return browser

    def let_work(self, *kinds: str) -> None:
        """Let the clock ask for jobs of ``kinds``, and the worker do all that is due."""
        for kind in kinds:
            worker.tick(self.app, kind)
        with self.app.app_context():
            for _ in range(MOST_TURNS):
                if not worker.work_once(self.clock()):
                    return
        raise AssertionError("the worker never came to rest")

    def restart_worker(self) -> None:
        """Start the worker again: it looks for what it missed, then does it."""
        with self.app.app_context():
            will_write()
            due_at_start(self.clock())
        self.let_work()

    def today(self) -> date:
        """Return the day in the town."""
        return days.paris_day(self.clock())

    def stored_bytes(self) -> bytes:
        """Return every byte of the database's files."""
        return b"".join(path.read_bytes() for path in self.instance.glob("boucle.db*"))


@contextmanager
def town(folder: Path, migrated: Path) -> Iterator[Town]:
    """Build the town, with its mail server listening until the block ends."""
    shutil.copy(migrated, folder / "boucle.db")
    port = _free_port()
    listening = catcher.start(folder / "mails", "127.0.0.1", port)
    clock, runtime = StandingClock(WEDNESDAY), FakeRuntime(folder, encoder=HashingEncoder(64))
    demo = settings(BOUCLE_ENV="demo", SMTP_PORT=port)
    app = create_app(demo, folder, clock, runtime)
    try:
        with writing(app):
            _people(days.paris_day(clock()))
        yield Town(app, clock, runtime)
    finally:
        listening.stop()
        with app.app_context():
            db.engine.dispose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _people(day: date) -> None:
    """A service whose release was followed by a rise of one subject, and its staff."""
    service = factories.service(slug=SLUG, name="Ma carte de soin")
    factories.functionality(service, name="Lecture de la carte")
    factories.release(service, "6.2", day - timedelta(days=22))
    corpus.fill(service, day)
    for number, text in enumerate(GROWTH):
        factories.retour(service, text=text, day=day - timedelta(days=1 + number * 2))
    for name, role in STAFF.items():
        account = create_account(
            f"{name}@example.fr", name, PASSPHRASE, service.organisation, date(2026, 1, 5)
        )
        grant(account, role)
        give_demo_factor(account)
        if role is Role.PROMOTER:
            join_team(account, service)
