"""What waits, what failed and what is missing: the figures of the state page and of ``doctor``.

Measures and names faults; mends nothing.
"""

import hashlib
import importlib.util
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text

from app import jobs, overdue, readiness, traces
from app.config import ROOT, Settings
from app.db import db
from app.editions import Edition
from app.mail import outbox_counts
from app.system import SystemValue
from feedback import search_upkeep, tallies
from feedback.models import AnalysisRun, Feedback, State
from nlp.e5 import find_packaged_weights

QUEUE_PATIENCE = timedelta(minutes=15)  # an older job means that no worker runs
LEAST_DISK = 500 * 2**20  # bytes
FINGERPRINT = "receipt_secret_fingerprint"


@dataclass(frozen=True)
class Condition:
    """The figures of the state page."""

    waiting: int
    set_aside: int
    oldest_minutes: int
    mails_waiting: int
    mails_dead: int
    not_analysed: int
    last_run: AnalysisRun | None
    last_edition: Edition | None
    chain_holds: bool
    migration: str
    newest_migration: str


def examine(now: datetime) -> Condition:
    """Return the figures at ``now``."""
    waiting, dead = outbox_counts()
    readable = Feedback.state.in_((State.OPEN, State.PUBLISHED))
    pending = select(func.count()).select_from(Feedback).where(readable, ~Feedback.analysed)
    pending = pending.where(Feedback.text.is_not(None), ~Feedback.objects_to_analysis)
    return Condition(
        waiting=_count_jobs(~jobs.Job.set_aside),
        set_aside=_count_jobs(jobs.Job.set_aside),
        oldest_minutes=_oldest_minutes(now),
        mails_waiting=waiting,
        mails_dead=dead,
        not_analysed=db.session.scalar(pending) or 0,
        last_run=db.session.scalar(select(AnalysisRun).order_by(AnalysisRun.id.desc()).limit(1)),
        last_edition=db.session.scalar(
            select(Edition).order_by(Edition.composed.desc(), Edition.id).limit(1)
        ),
        chain_holds=traces.verify(),
        migration=current_migration(),
        newest_migration=newest_migration(),
    )


def _count_jobs(condition: object) -> int:
    query = select(func.count()).select_from(jobs.Job).where(condition)  # type: ignore[arg-type]
    return db.session.scalar(query) or 0


def _oldest_minutes(now: datetime) -> int:
    query = select(func.min(jobs.Job.due)).where(~jobs.Job.set_aside, jobs.Job.due <= now)
    due = db.session.scalar(query)
    return int((now - due).total_seconds() // 60) if due else 0


def current_migration() -> str:
    """Return the migration that the database is at, or nothing."""
    return MigrationContext.configure(db.session.connection()).get_current_revision() or ""


def newest_migration() -> str:
    """Return the newest migration of the code."""
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head() or ""


def fingerprint(secret: str) -> str:
    """Return what may be shown of a secret: 12 digits that tell it from another."""
    return hashlib.sha256(f"fingerprint:{secret}".encode()).hexdigest()[:12]


def remember_secret(settings: Settings) -> None:
    """Keep the fingerprint of ``RECEIPT_SECRET`` the first time, so that a change is noticed."""
    if db.session.get(SystemValue, FINGERPRINT) is None:
        value = fingerprint(settings.RECEIPT_SECRET)
        db.session.add(SystemValue(name=FINGERPRINT, value=value))
        db.session.flush()


def find_faults(now: datetime, settings: Settings, instance: Path) -> list[str]:
    """Return one sentence for each fault; none means that the site can do its work."""
    if broken := _database_fault():
        return [broken]
    found = examine(now)
    faults = {
        f"database at migration {found.migration or 'none'}, the code needs "
        f"{found.newest_migration}: run flask db upgrade": found.migration
        != found.newest_migration,
        f"{found.waiting} jobs wait, the oldest for {found.oldest_minutes} minutes: "
        "is the worker (flask work) running?": timedelta(minutes=found.oldest_minutes)
        > QUEUE_PATIENCE,
        f"{found.set_aside} jobs set aside after repeated failures": bool(found.set_aside),
        f"{found.mails_dead} mails refused for good": bool(found.mails_dead),
        "the search index cannot be opened: run flask reindex": bool(search_upkeep.damaged()),
        "the running counts differ from the retours: run flask recount": bool(tallies.drift()),
        "the journal's chain is broken: an entry was changed or removed": not found.chain_holds,
        "the database lets the journal be altered: its triggers are gone": traces.guards()
        != traces.GUARDS,
        "RECEIPT_SECRET is not the one this database was set up with: no receipt code opens": (
            _secret_changed(settings)
        ),
        f"less than {LEAST_DISK // 2**20} MB left on the disk of {instance}": (
            shutil.disk_usage(instance).free < LEAST_DISK
        ),
        "the database cannot be written to: is its disk mounted read-only, is its file yours?": (
            not readiness.takes_writes()
        ),
        f"the name pipeline {settings.NAMES_MODEL} is not installed": (
            importlib.util.find_spec(settings.NAMES_MODEL) is None
        ),
        "no sentence encoder: neither ENCODER_MODEL nor the bundled one": (
            not settings.ENCODER_MODEL and find_packaged_weights() is None
        ),
    }
    return [sentence for sentence, is_so in faults.items() if is_so] + overdue.find(now)


def _database_fault() -> str:
    try:
        if db.engine.dialect.name == "sqlite":
            said = db.session.scalar(text("PRAGMA quick_check"))
            if said != "ok":
                return f"the database is damaged: {said}"
        db.session.scalar(select(func.count()).select_from(Feedback))
    except Exception as error:  # whatever the driver raises, the answer is the same
        return f"the database cannot be read ({type(error).__name__}): run flask db upgrade"
    return ""


def _secret_changed(settings: Settings) -> bool:
    kept = db.session.get(SystemValue, FINGERPRINT)
    return kept is not None and kept.value != fingerprint(settings.RECEIPT_SECRET)
