"""Prints how many memberships keep their theme when 1 % of messages come in.

``python -m tests.feedback.measure_stability MODELS FILE.csv…``: the column ``data`` of each file is
read as one service's retours; MODELS holds the packaged encoder, ``-`` stands for the toy one.
Which retours come last is drawn anew in each of three rounds.
"""

import sys
from collections.abc import Mapping

import numpy as np
from sqlalchemy import select

from app.db import db
from feedback.analysis import Machine
from feedback.models import Placement
from tests import factories
from tests.feedback.own_application import open_encoder, own_machine, read_rows, refresh, say

ROUNDS = 3
FEWEST = 2  # messages that come in

Homes = Mapping[str, str]


def measure(machine: Machine, texts: list[str]) -> tuple[float, float]:
    """Refresh without the last hundredth, then with it: partially, then in full."""
    service, last = factories.service(), max(FEWEST, len(texts) // 100)
    say(machine, service, texts[last:])
    refresh(machine, 0)
    before = _homes()
    say(machine, service, texts[:last])
    refresh(machine, 1)
    partial = _homes()
    refresh(machine, 2, True)
    return _kept(before, partial), _kept(before, _homes())


def _homes() -> Homes:
    return {each.segment_id: each.theme_id for each in db.session.scalars(select(Placement))}


def _kept(before: Homes, after: Homes) -> float:
    return float(np.mean([after.get(each) == home for each, home in before.items()]))


def main(models: str, *files: str) -> None:
    """Measure each round in a database of its own."""
    encoder = open_encoder(models)
    for name in files:
        found = []
        for seed in range(ROUNDS):
            with own_machine(encoder) as machine:
                found.append(measure(machine, [row["data"] for row in read_rows(name, seed)]))
        partial, full = np.mean(found, axis=0).tolist()
        print(name, "rounds, full:", *(f"{each:.3f}" for _, each in found))
        print(f"kept by a partial refresh: {partial:.4f}")
        print(f"kept by a full refresh: {full:.4f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
