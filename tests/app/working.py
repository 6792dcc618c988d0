"""Retours that wait for the machine, and a worker that does all that is due."""

from flask import Flask

from app import jobs, worker
from tests import factories
from tests.conftest import NOON, writing
from tests.fakes import StandingClock


def send_retours(app: Flask, *texts: str) -> list[str]:
    """Return the ids of stored retours that wait for the machine."""
    with writing(app):
        service = factories.service()
        ids = [factories.retour(service, text=text).id for text in texts]
        for each in ids:
            jobs.enqueue("analyse", each, NOON)
    return ids


def work_off(app: Flask, clock: StandingClock) -> None:
    """Work until nothing is due, now or in the next hour."""
    for _ in range(60):
        while worker.turn(app):
            pass
        clock.forward(minutes=1)
