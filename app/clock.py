"""When each job is asked for, by the clock in Paris or as the worker starts.

Who does it is ``app/worker.py``.
"""

from datetime import datetime
from typing import Any

from app import jobs
from app.db import db
from feedback import analysis

# Each knows what is already done: a worker that stood still asks for all it may have missed.
AT_START = (
    "dates",
    "encode_effects",
    "look",
    "count_figures",
    "digest",
    "mask_names",
    "purge",
    "retain",
)
MOST_AT_START = 5000  # retours looked up for a job that was lost, as after a restore

# Nothing between 02:00 and 03:59 in Paris: that hour exists twice in autumn and never in spring.
AWAKE = "0-1,4-23"
CLOCK: dict[str, dict[str, Any]] = {
    "purge": {"hour": 4, "minute": 10},
    "retain": {"hour": 4, "minute": 15},
    "recount": {"hour": 4, "minute": 20},
    "count_figures": {"hour": 4, "minute": 25},
    "refresh": {"hour": 4, "minute": 30},
    "encode_effects": {"hour": 4, "minute": 50},
    "look": {"hour": 5, "minute": 0},
    "check_watch": {"day": 1, "hour": 5, "minute": 15},
    "silence": {"hour": 5, "minute": 20},
    "watch_releases": {"hour": 5, "minute": 10},
    "dates": {"hour": 5, "minute": 30},
    "recognise": {"hour": 5, "minute": 40},
    "digest": {"hour": AWAKE, "minute": 5},
    "mask_names": {"hour": AWAKE, "minute": "*/5"},
    "nags": {"hour": 6, "minute": 30},
    "remind_moderators": {"hour": 6, "minute": 40},
    "bursts": {"hour": AWAKE, "minute": "*/2"},
    "bounces": {"hour": AWAKE, "minute": "3-59/10"},
}


def due_at_start(now: datetime) -> bool:
    """Enqueue what a stopped worker may have missed."""
    for kind in AT_START:
        jobs.enqueue(kind, "start", now)
    jobs.enqueue_missing("analyse", analysis.waiting_ids(MOST_AT_START), now)
    db.session.commit()
    return True
