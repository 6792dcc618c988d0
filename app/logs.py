"""What the processes say of themselves: one JSON object a line, never a word about a citizen.

No body, code, address, network or id of a citizen is logged; a last step drops such keys whoever
writes them. Gunicorn's access log stays off for the same reason.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

LOUD = logging.INFO
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


def _steps() -> list[Any]:
    return [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_personal,
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
