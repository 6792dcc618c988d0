"""The site as it is served, which says one line when it starts: so a test knows that it listens."""

import structlog

from wsgi import app

__all__ = ["app"]

structlog.get_logger("app").warning("log_heard")
