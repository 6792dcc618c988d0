"""Prints how well the themes that the application makes agree with hand-made groups.

``python -m tests.feedback.measure_agreement MODELS FILE.csv…``: each file is one service, its
column ``data`` the retours, ``ground_truth`` their groups; MODELS holds the packaged encoder. The
theme of a retour is that which the desk names it by; one without counts as a group of its own. Ids
are random and decide in which order retours are grouped: three rounds are averaged.
"""

import sys

import numpy as np
from sqlalchemy import select

from app.db import db
from feedback.analysis import Machine
from feedback.models import Placement, Segment
from nlp.encode import Encoder
from tests import factories
from tests.feedback.own_application import open_encoder, own_machine, read_rows, refresh, say
from tests.themes_bench.scores import score

ROUNDS = 3


def measure(machine: Machine, rows: list[dict[str, str]]) -> list[float]:
    """Return the number of themes, the share of retours in one, AMI and ARI."""
    ids = say(machine, factories.service(), [row["data"] for row in rows])
    refresh(machine, 0)
    themes = main_themes()
    numbers = {theme: number for number, theme in enumerate(sorted(set(themes.values())))}
    found = np.array([numbers.get(themes.get(each, ""), -1) for each in ids])
    told = score([row["ground_truth"] for row in rows], found)
    return [told.groups, told.coverage, told.ami, told.ari]


def main_themes() -> dict[str, str]:
    """Return the theme of each retour, in the order of `feedback.rows.theme_names`."""
    query = (
        select(Segment.feedback_id, Placement.theme_id)
        .join(Placement)
        .order_by(Placement.with_whole, Segment.start.desc())
    )
    return dict(db.session.execute(query).all())


def measure_file(encoder: Encoder, name: str) -> list[float]:
    """Return the mean of all rounds, each in a database of its own."""
    found = []
    for seed in range(ROUNDS):
        with own_machine(encoder) as machine:
            found.append(measure(machine, read_rows(name, seed)))
    return np.mean(found, axis=0).tolist()  # type: ignore[no-any-return]


def main(models: str, *files: str) -> None:
    """Print one line a file and their mean."""
    encoder = open_encoder(models)
    table = [measure_file(encoder, name) for name in files]
    for name, row in zip([*files, "mean"], [*table, np.mean(table, axis=0).tolist()], strict=True):
        themes, placed, ami, ari = row
        print(f"agreement: {themes:.1f} {placed:.4f} {ami:.4f} {ari:.4f} {name}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
