"""Prints how many memberships keep their theme when 1 % of messages come in.

``python -m tests.feedback.measure_stability MODELS FILE.csv…``: the column ``data`` of each file is
read as one service's retours; MODELS holds the packaged encoder, ``-`` stands for the toy one.
"""

import csv
import random
import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from flask_migrate import upgrade
from sqlalchemy import select

from app.db import db, will_write
from app.factory import create_app
from feedback import analysis
from feedback.analysis import Machine
from feedback.models import Placement
from nlp.encode import HashingEncoder, load_encoder
from tests import factories
from tests.conftest import settings


def read(files: list[str]) -> list[str]:
    """Return the texts of the files, shuffled by one seed."""
    texts = []
    for name in files:
        with open(name, encoding="utf-8") as stream:
            texts += [row["data"] for row in csv.DictReader(stream) if row["data"].strip()]
    random.Random(2019).shuffle(texts)
    return texts


def measure(machine: Machine, texts: list[str]) -> None:
    """Refresh without the last hundredth, then with it: partially, then in full."""
    service, last = factories.service(), len(texts) // 100
    before = _grow(machine, service, texts[last:], 0, False)
    partial = _grow(machine, service, texts[:last], 1, False)
    print("kept by a partial refresh:", _kept(before, partial))
    print("kept by a full refresh:", _kept(before, _grow(machine, service, [], 2, True)))


def _grow(machine: Machine, service: object, texts: list[str], night: int, full: bool) -> dict:
    will_write()
    for text in texts:
        factories.retour(service, text=text)  # type: ignore[arg-type]
    db.session.commit()
    while waiting := analysis.waiting_ids(256):
        analysis.analyse(waiting, machine, factories.TODAY)
        db.session.commit()
    start = time.perf_counter()
    run = analysis.refresh(machine, factories.TODAY + timedelta(days=night), full)
    db.session.commit()
    print(run.kind, run.segments, "segments", f"{time.perf_counter() - start:.1f} s")
    return {each.segment_id: each.theme_id for each in db.session.scalars(select(Placement))}


def _kept(before: dict, after: dict) -> str:
    return f"{np.mean([after.get(each) == home for each, home in before.items()]):.4f}"


def main(models: str, *files: str) -> None:
    """Measure in a database of its own."""
    encoder = HashingEncoder(64) if models == "-" else load_encoder(None, Path(models))
    with TemporaryDirectory() as folder:
        app = create_app(settings(), Path(folder))
        with app.app_context():
            upgrade()
            measure(Machine(encoder, Path(folder)), read(list(files)))
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
