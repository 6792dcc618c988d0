"""Fills the empty database of the demonstration, with its progress on the terminal.

Imported only by what starts the demonstration: it brings the models along.
"""

import sys
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from sqlalchemy import func, select

from app import days, demo, demo_watch, demo_workshops, jobs
from app.db import db, will_write
from app.runtime import runtime
from feedback import analysis, signals
from feedback.intake import Tools
from feedback.models import Feedback

BATCH = 64  # retours encoded together


def fill(app: Flask) -> dict[str, str]:
    """Fill an empty database and group it; return the story's codes, empty when already filled."""
    with app.app_context():
        will_write()
        if db.session.scalar(select(func.count()).select_from(Feedback)):
            return {}
        db.session.rollback()
        secrets = app.config["SETTINGS"]
        tools = Tools(runtime().name_finder, secrets.RECEIPT_SECRET)
        with click.progressbar(length=100, label="Retours ", file=sys.stderr) as shown:
            codes = demo.build(days.today(), tools, secrets.SECRET_KEY, _advance(shown))
        encoder = runtime().encoder
        if encoder is None:
            print("Le modèle de phrases manque : les thèmes attendront.", file=sys.stderr)
            return codes
        models = runtime()
        machine = analysis.Machine(encoder, models.instance, models.clauses, models.tagger)
        waiting = analysis.waiting_ids(10_000)
        with click.progressbar(
            range(0, len(waiting), BATCH), label="Vecteurs", file=sys.stderr
        ) as starts:
            for start in starts:
                analysis.analyse(waiting[start : start + BATCH], machine, days.today())
                db.session.commit()
        for claim in jobs.claim_more("analyse", len(waiting), days.now()):
            jobs.finish(claim)  # it is done: the worker starts with what people send now
        db.session.commit()
        print("Thèmes et signaux…", file=sys.stderr)
        analysis.refresh(machine, days.today())
        db.session.commit()
        will_write()
        demo_workshops.measure(days.today())
        demo_watch.prepare(encoder, machine.model, days.today())
        signals.look(days.today())
        db.session.commit()
        return codes


def _advance(shown: Any) -> Callable[[int, int], None]:
    """Return what the story calls with (done, total), shown in percent."""

    def advance(done: int, total: int) -> None:
        shown.update(int(100 * done / total) - shown.pos)

    return advance
