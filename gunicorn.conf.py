"""How the site is served: read by ``gunicorn wsgi:app``; any of it can be set on the command line.

No access log: addresses of citizens are written nowhere.
"""

import sys
from typing import Any

wsgi_app = "wsgi:app"
bind = "127.0.0.1:8000"
workers = 2
threads = 8
preload_app = True  # the workers share the memory of the name pipeline
SWITCH_SECONDS = 0.0005
loglevel = "error"  # a warning about a malformed request quotes its address and its headers


def post_fork(_server: Any, _worker: Any) -> None:
    """Let a thread that holds the write lock run again at once, not after 5 ms for each query."""
    sys.setswitchinterval(SWITCH_SECONDS)


def when_ready(server: Any) -> None:
    """Load the name pipeline, and the pages of a room, before anybody waits for them.

    After a crash 200 phones ask again at once: each worker would compile the same pages meanwhile.
    """
    app = server.app.wsgi()
    _ = app.extensions["boucle"].name_finder  # None, and logged, where it is missing
    for name in app.jinja_env.list_templates(
        filter_func=lambda each: each.startswith("workshops/")
    ):
        app.jinja_env.get_template(name)
