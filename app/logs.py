"""What the processes say of themselves: one JSON object a line, never a word about a citizen.

No body, code, address, network or id of a citizen is logged; a last step drops such keys whoever
writes them. Gunicorn's access log stays off for the same reason.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

LOUD = logging.INFO
FRAMES = 8  # of a trace, the innermost
NEVER = frozenset(
    {"address", "body", "code", "email", "feedback", "feedback_id", "ip", "key", "mail", "text"}
    | {"to", "url", "user_agent", "words"}
)


def drop_personal(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Return ``event`` without any key that could tell of a person."""
    for key in NEVER & event.keys():
        del event[key]
    return event


def place_only(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Return ``event`` with the kind and the place of an error: its message may quote a person."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        event["error"] = type(error).__name__
        event["at"] = [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames]
    return event


def _steps() -> list[Any]:
    return [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_personal,
        place_only,
    ]


def configure() -> None:
    """Send our own lines and those of the libraries to standard error as JSON, once a process."""
    structlog.configure(
        processors=[*_steps(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(LOUD),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_steps(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # its lines hold addresses
    for own in ("app", "feedback", "workshops", "nlp"):
        logging.getLogger(own).setLevel(LOUD)
