"""An application with a database of its own, for what is measured through all of it."""

import csv
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask_migrate import upgrade

from app.catalogue import Service
from app.db import db, will_write
from app.factory import create_app
from feedback import analysis
from feedback.analysis import Machine
from feedback.models import AnalysisRun, Feedback
from nlp.encode import Encoder, HashingEncoder, load_encoder
from nlp.precision import FLOAT32
from tests import factories
from tests.conftest import settings
from tests.themes_bench.kept_vectors import KeptEncoder


def open_encoder(models: str) -> Encoder:
    """Return the packaged encoder kept in the folder ``models``; ``-`` is the toy one.

    Its vectors are kept beside it: only the first run waits for them.
    """
    if models == "-":
        return HashingEncoder(64)
    folder = Path(models)
    return KeptEncoder(load_encoder(None, folder, FLOAT32), folder.parent / "bench")


@contextmanager
def own_machine(encoder: Encoder) -> Iterator[Machine]:
    """Give a machine and push the context of an application whose database is empty."""
    with TemporaryDirectory() as folder:
        app = create_app(settings(), Path(folder))
        with app.app_context():
            upgrade()
            try:
                yield Machine(encoder, Path(folder))
            finally:
                db.session.remove()
                db.engine.dispose()


def read_rows(path: str, seed: int) -> list[dict[str, str]]:
    """Return the rows whose column ``data`` says something, shuffled."""
    with open(path, encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["data"].strip()]
    random.Random(seed).shuffle(rows)
    return rows


def say(machine: Machine, service: Service, texts: Sequence[str]) -> list[str]:
    """Let ``texts`` come in and be placed; return the ids of their retours."""
    will_write()
    found: list[Feedback] = [factories.retour(service, text=text) for text in texts]
    ids = [row.id for row in found]
    db.session.commit()
    while waiting := analysis.waiting_ids(256):
        analysis.analyse(waiting, machine, factories.TODAY)
        db.session.commit()
    return ids


def refresh(machine: Machine, night: int, full: bool = False) -> AnalysisRun:
    """Refresh on the ``night``-th night and tell how long it took."""
    start = time.perf_counter()
    run = analysis.refresh(machine, factories.TODAY + timedelta(days=night), full)
    db.session.commit()
    print(run.kind, run.segments, "segments", f"{time.perf_counter() - start:.1f} s", flush=True)
    return run
