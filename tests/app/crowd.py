"""Many threads at once on one database, for tests of what must happen exactly once."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import TypeVar

from sqlalchemy.exc import OperationalError

MOST_TRIES = 20  # each waits for the lock as long as any statement does

Answer = TypeVar("Answer")


def together(number: int, act: Callable[[], object]) -> None:
    """Let ``number`` threads ``act`` at the same moment; raise what the first to fail raised."""
    start, faults = Barrier(number), []

    def run() -> None:
        start.wait()
        try:
            act()
        except Exception as fault:
            faults.append(fault)

    threads = [Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def patiently(act: Callable[[], Answer]) -> Answer:
    """Return what ``act`` returns; as the worker does, come again after waiting in vain."""
    for _ in range(MOST_TRIES - 1):
        try:
            return act()
        except OperationalError:
            continue
    return act()
