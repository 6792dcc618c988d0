"""The only process where clocks and encoders run: APScheduler says when, a claimed row says who.

The clock only puts rows in ``job``; the loop claims them one at a time, delivers mails in between,
and survives a failing job, a missing model and a mail server that does not answer.
"""

import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType

import click
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from app import days, edition_quotes, job_runs, jobs, model_tasks, rounds, tasks
from app.clock import CLOCK, due_at_start
from app.db import db, start_writing, will_write
from app.digest_queue import mark_delivered
from app.posting import Hands
from app.smtp import smtp_line

log = structlog.get_logger()

BATCH = 32  # retours encoded together
IDLE_SECONDS = 1.0
WITHOUT_MODEL = timedelta(minutes=5)
BUSY_WAIT = timedelta(minutes=1)
TICK_TRIES = 12  # each waits for the lock as long as any statement: a minute in all


def start_clock(app: Flask) -> BackgroundScheduler:
    """Return a running clock that enqueues the jobs of ``CLOCK``."""
    scheduler = BackgroundScheduler(timezone=days.PARIS)
    for kind, fields in CLOCK.items():
        trigger = CronTrigger(timezone=days.PARIS, **fields)
        scheduler.add_job(tick, trigger, args=[app, kind], id=kind, misfire_grace_time=3600)
    scheduler.start()
    return scheduler


def tick(app: Flask, kind: str) -> None:
    """Put one job of ``kind`` in the queue, named after its minute; wait for a locked database."""
    with app.app_context():
        now = days.now()
    for _ in range(TICK_TRIES):
        if _survive(app, lambda: _enqueue(kind, now)):
            return


def _enqueue(kind: str, now: datetime) -> bool:
    jobs.enqueue(kind, now.strftime("%Y-%m-%d %H:%M"), now)
    db.session.commit()
    return True


def work_once(now: datetime) -> bool:
    """Do one due job and deliver one due mail; return whether there was anything to do."""
    will_write()
    claimed = jobs.claim(now)
    if claimed is not None:
        _run(claimed, now)
    will_write()
    return bool(_deliver(now)) or claimed is not None


def _deliver(now: datetime) -> int:
    """Walk one round of the outbox; return how many mails were tried."""
    settings = current_app.config["SETTINGS"]
    must_stop = current_app.extensions.get("boucle.must_stop", lambda: False)
    with smtp_line(settings) as line:
        send = current_app.extensions.get("boucle.send") or line
        hands = Hands(settings.MAIL_FROM, send, mark_delivered)
        return rounds.walk(now, rounds.Postman(hands, edition_quotes.renew, must_stop))


def _run(claimed: jobs.Claim, now: datetime) -> None:
    """Do one job, with others of its kind where a batch is cheaper, and settle its row."""
    together = claimed.kind == "analyse" and not claimed.alone
    batch = [claimed, *(jobs.claim_more(claimed.kind, BATCH - 1, now) if together else [])]
    try:
        done = _do(claimed.kind, [each.key for each in batch], now)
    except model_tasks.NotNow as not_now:
        _postpone(batch, now + WITHOUT_MODEL, str(not_now))
    except OperationalError:  # its text holds what we wanted to write: not for logs
        _postpone(batch, now + BUSY_WAIT, "the database did not answer")
    except Exception as error:  # a poison text must not stop the worker
        fault = type(error).__name__
        log.error("job_failed", kind=claimed.kind, error=fault)
        _settle(batch, lambda each: _fail(each, fault, now), blame=len(batch) > 1)
    else:
        _settle(batch, lambda each: _finish(each, done, now))
        log.info("job_done", kind=claimed.kind, did=done)


def _finish(claimed: jobs.Claim, did: str, now: datetime) -> None:
    jobs.finish(claimed)
    if claimed.kind in CLOCK:
        job_runs.note_success(claimed.kind, did, now)


def _fail(claimed: jobs.Claim, fault: str, now: datetime) -> None:
    jobs.fail(claimed, fault, now)
    if claimed.kind in CLOCK:
        job_runs.note_failure(claimed.kind, fault, now)


def _do(kind: str, keys: list[str], now: datetime) -> str:
    return model_tasks.analyse(keys, now) if kind == "analyse" else tasks.TASKS[kind](keys[0], now)


def _postpone(batch: list[jobs.Claim], due: datetime, reason: str) -> None:
    log.warning("job_postponed", kind=batch[0].kind, reason=reason)
    _settle(batch, lambda each: jobs.postpone(each, due, reason))


def _settle(
    batch: list[jobs.Claim], settle: Callable[[jobs.Claim], None], blame: bool = False
) -> None:
    """Drop what the work left open and write what became of its jobs. Commits."""
    start_writing()
    for each in batch:
        settle(each)
    if blame:  # those that failed hold the one to blame: each alone next time
        jobs.separate(batch)
    db.session.commit()


def work(app: Flask, stop: threading.Event) -> None:
    """Work until ``stop`` is set; the current item is finished first."""
    app.extensions["boucle.must_stop"] = stop.is_set
    while not stop.is_set() and not _survive(app, lambda: due_at_start(days.now())):
        stop.wait(IDLE_SECONDS)
    scheduler = start_clock(app)
    while not stop.is_set():
        if not turn(app):
            stop.wait(IDLE_SECONDS)
    scheduler.shutdown(wait=False)


def turn(app: Flask) -> bool:
    """Do one round of work; a locked database is waited for, not died of."""
    return _survive(app, lambda: work_once(days.now()))


def _survive(app: Flask, act: Callable[[], bool]) -> bool:
    """Return what ``act`` returns, or False when it stumbled; the log holds no words of ours."""
    with app.app_context():
        will_write()
        try:
            return act()
        except Exception as error:
            db.session.rollback()
            log.error("worker_stumbled", error=type(error).__name__)
            return False


@click.command("work")
@click.option("--once", is_flag=True, help="Do everything that is due, then stop.")
@with_appcontext
def work_command(once: bool) -> None:
    """Run the clock, the jobs and the mails until stopped."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if once:
        will_write()
        due_at_start(days.now())
        while work_once(days.now()):
            pass
        return
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    work(app, stop)
