"""How this site sets a cookie: never read by scripts, and bound to the host over https.

A name that begins with ``__Host-`` is refused by browsers from any other host and over plain http,
which alone is why the demonstration's names are bare (draft-ietf-httpbis-rfc6265bis, 4.1.3.2).
"""

from datetime import timedelta

from flask import current_app
from werkzeug.wrappers import Response as AnyResponse


def name_of(name: str, secure: bool) -> str:
    """Return the whole name of the cookie ``name``."""
    return f"__Host-{name}" if secure else name


def own_name(name: str) -> str:
    """Return the whole name of the cookie ``name`` on this site."""
    return name_of(name, current_app.config["SESSION_COOKIE_SECURE"])


def keep(
    response: AnyResponse, name: str, value: str, duration: timedelta, same_site: str = "Lax"
) -> None:
    """Have the browser keep ``value`` under ``name``, for ``duration``."""
    response.set_cookie(
        own_name(name),
        value,
        max_age=duration,
        httponly=True,
        samesite=same_site,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
