"""Jobs: claimed once, given again after the lease, set aside after three tries."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import jobs
from app.db import db, will_write
from tests.app.crowd import patiently, together
from tests.conftest import NOON, writing

MINUTE = timedelta(minutes=1)


def make(app: Flask, *keys: str, kind: str = "look", due: datetime = NOON) -> None:
    with writing(app):
        for key in keys:
            jobs.enqueue(kind, key, due)


def stored(session: Session) -> list[jobs.Job]:
    session.rollback()  # what was read before is an old picture
    return list(session.scalars(select(jobs.Job).order_by(jobs.Job.key)))


def claim(app: Flask) -> str | None:
    """Claim one job as the worker does and return its key."""
    with app.app_context():
        will_write()
        claimed = jobs.claim(NOON)
        return claimed.key if claimed else None


def test_asking_twice_is_asking_once(app: Flask, committed: Session) -> None:
    make(app, "a", "a")
    assert [job.key for job in stored(committed)] == ["a"]


def test_ten_threads_claim_each_job_exactly_once(app: Flask) -> None:
    make(app, *(f"{n:02}" for n in range(30)))
    got: list[str] = []

    def claim_all() -> None:
        while (key := patiently(lambda: claim(app))) is not None:
            got.append(key)

    together(10, claim_all)
    assert sorted(got) == [f"{n:02}" for n in range(30)]


def test_a_job_is_not_given_before_it_is_due(app: Flask) -> None:
    make(app, "a", due=NOON + MINUTE)
    with app.app_context():
        assert jobs.claim(NOON) is None
        assert jobs.claim(NOON + MINUTE) is not None


def test_a_lease_that_ran_out_gives_the_job_again_and_alone(app: Flask) -> None:
    make(app, "a", kind="analyse")
    with app.app_context():
        first = jobs.claim(NOON)
        assert first is not None
        assert not first.alone
        assert jobs.claim(NOON + jobs.LEASE) is None
        again = jobs.claim(NOON + jobs.LEASE + MINUTE)
        assert again is not None
        assert (again.key, again.alone, again.tries) == ("a", True, 2)
        jobs.finish(first)  # the dead worker comes back: the job is another's now
        db.session.commit()
        assert jobs.waiting() == 1
        jobs.finish(again)
        db.session.commit()
        assert jobs.waiting() == 0


def test_a_job_that_kills_its_worker_three_times_is_set_aside(
    app: Flask, committed: Session
) -> None:
    make(app, "killer")
    with app.app_context():
        now = NOON
        for _ in range(jobs.MAX_TRIES):
            assert jobs.claim(now) is not None
            now += jobs.LEASE + MINUTE
        assert jobs.claim(now) is None
    job = stored(committed)[0]
    assert job.set_aside
    assert job.error == "never came to an end"


def test_a_failing_job_has_three_tries_then_is_set_aside(app: Flask, committed: Session) -> None:
    make(app, "bad")
    now = NOON
    for attempt in range(1, jobs.MAX_TRIES + 1):
        with writing(app):
            claimed = jobs.claim(now)
            assert claimed is not None
            jobs.fail(claimed, "ValueError", now)
        job = stored(committed)[0]
        assert job.due == now + jobs.RETRY * attempt
        now = job.due
    assert stored(committed)[0].set_aside
    with app.app_context():
        assert jobs.claim(now + timedelta(days=1)) is None


def test_a_postponed_job_keeps_its_tries(app: Flask, committed: Session) -> None:
    make(app, "waits")
    for n in range(5):
        with writing(app):
            claimed = jobs.claim(NOON + n * MINUTE)
            assert claimed is not None
            jobs.postpone(claimed, NOON + (n + 1) * MINUTE, "no encoder")
    job = stored(committed)[0]
    assert (job.tries, job.set_aside, job.error) == (0, False, "no encoder")


def test_what_is_asked_for_while_it_runs_is_done_again(app: Flask) -> None:
    make(app, "a")
    with app.app_context():
        running = jobs.claim(NOON)
        assert running is not None
    make(app, "a")  # its author corrected the text meanwhile
    with app.app_context():
        jobs.finish(running)
        db.session.commit()
        again = jobs.claim(NOON)
        assert again is not None
        assert again.key == "a"


def test_asking_again_revives_a_job_set_aside_but_a_restart_does_not(
    app: Flask, committed: Session
) -> None:
    make(app, "bad")
    with writing(app):
        db.session.scalars(select(jobs.Job)).one().set_aside = True
    with writing(app):
        assert jobs.enqueue_missing("look", ["bad", "new"], NOON) == 1
    assert [job.set_aside for job in stored(committed)] == [True, False]
    make(app, "bad")
    assert not any(job.set_aside for job in stored(committed))


def test_a_batch_takes_neither_lone_jobs_nor_those_of_a_dead_worker(app: Flask) -> None:
    make(app, "a", "b", "c", "d", kind="analyse")
    with writing(app):
        first = jobs.claim(NOON)
        assert first is not None
        second = db.session.scalars(select(jobs.Job).where(jobs.Job.key == "b")).one()
        second.alone = True
    with app.app_context():
        late = NOON + jobs.LEASE + MINUTE  # the lease of « a » is over
        assert sorted(c.key for c in jobs.claim_more("analyse", 9, late)) == ["c", "d"]


def test_a_job_set_aside_keeps_its_day_and_no_moment(app: Flask, committed: Session) -> None:
    make(app, "bad")
    with writing(app):
        db.session.scalars(select(jobs.Job)).one().set_aside = True
    with writing(app):
        assert jobs.purge(NOON + timedelta(days=2)) == 1
    assert stored(committed)[0].due == NOON.replace(hour=0, minute=0)


def test_erasing_drops_every_job_about_a_retour(app: Flask) -> None:
    make(app, "a", "b")
    with writing(app):
        jobs.forget("a")
    with app.app_context():
        assert jobs.waiting() == 1
