"""The only process where clocks and encoders run: APScheduler says when, a claimed row says who.

The clock only puts rows in ``job``; the loop claims them one at a time, delivers mails in between,
and survives a failing job, a missing model and a mail server that does not answer.
"""

import signal
import threading
from datetime import datetime, timedelta
from types import FrameType

import click
import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import days, jobs, mail, tasks
from app.db import db, will_write
from app.digests import mark_delivered

log = structlog.get_logger()

BATCH = 32  # retours encoded together
IDLE_SECONDS = 1.0
WITHOUT_MODEL = timedelta(minutes=5)

# Nothing between 02:00 and 03:59 in Paris: that hour exists twice in autumn and never in spring.
CLOCK = {
    "purge": {"hour": 4, "minute": 10},
    "refresh": {"hour": 4, "minute": 30},
    "look": {"hour": 5, "minute": 0},
    "dates": {"hour": 5, "minute": 30},
    "digest": {"minute": 5},
    "mask_names": {"minute": "*/5"},
}


def due_at_start(now: datetime) -> None:
    """Enqueue what a stopped worker may have missed; each job knows what is already done."""
    for kind in ("dates", "look", "digest", "mask_names"):
        jobs.enqueue(kind, "start", now)
    db.session.commit()


def start_clock(app: Flask) -> BackgroundScheduler:
    """Return a running clock that enqueues the jobs of ``CLOCK``."""
    scheduler = BackgroundScheduler(timezone=days.PARIS)

    def tick(kind: str) -> None:
        with app.app_context():
            will_write()
            now = days.now()
            jobs.enqueue(kind, now.strftime("%Y-%m-%d %H:%M"), now)
            db.session.commit()

    for kind, fields in CLOCK.items():
        trigger = CronTrigger(timezone=days.PARIS, **fields)
        scheduler.add_job(tick, trigger, args=[kind], id=kind, misfire_grace_time=3600)
    scheduler.start()
    return scheduler


def work_once(now: datetime) -> bool:
    """Do one due job or deliver one due mail; return whether there was anything to do."""
    will_write()
    job = jobs.claim(now)
    if job is not None:
        _run(job, now)
        return True
    settings = current_app.config["SETTINGS"]
    send = current_app.extensions.get("boucle.send") or mail.smtp_sender(settings)
    return mail.deliver(now, settings.MAIL_FROM, send, mark_delivered)


def _run(job: jobs.Job, now: datetime) -> None:
    job_id, kind, key, alone = job.id, job.kind, job.key, job.alone
    together = kind == "analyse" and not alone
    more = jobs.claim_more(kind, BATCH - 1, now) if together else {}
    batch = {job_id: key} | more
    try:
        done = (
            tasks.analyse(list(batch.values()), now)
            if kind == "analyse"
            else tasks.TASKS[kind](key, now)
        )
    except tasks.NotNow as reason:
        db.session.rollback()
        for each in batch:
            jobs.postpone(each, now + WITHOUT_MODEL, str(reason))
    except Exception as error:  # a poison text must not stop the worker
        db.session.rollback()
        log.error("job_failed", kind=kind, error=type(error).__name__)
        for each in batch:
            jobs.fail(each, type(error).__name__, now)
        if more:  # one of them is to blame: each alone next time
            jobs.separate(list(batch))
    else:
        for each in batch:
            jobs.finish(each)
        log.info("job_done", kind=kind, did=done)
    db.session.commit()


def work(app: Flask, stop: threading.Event) -> None:
    """Work until ``stop`` is set; the current item is finished first."""
    with app.app_context():
        will_write()
        due_at_start(days.now())
    scheduler = start_clock(app)
    while not stop.is_set():
        with app.app_context():
            try:
                busy = work_once(days.now())
            except Exception as error:  # a locked database: wait and go on
                db.session.rollback()
                log.error("worker_stumbled", error=type(error).__name__)
                busy = False
        if not busy:
            stop.wait(IDLE_SECONDS)
    scheduler.shutdown(wait=False)


@click.command("work")
@click.option("--once", is_flag=True, help="Do everything that is due, then stop.")
@with_appcontext
def work_command(once: bool) -> None:
    """Run the clock, the jobs and the mails until stopped."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if once:
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
