"""What every answer shares: page or partial, same-origin posts, static addresses, template names.

Leaves headers to ``app/headers.py``, who may see a page to ``app/access.py`` and error pages to
``app/errors.py``.
"""

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import format_date, format_datetime, get_locale
from flask_compress import Compress
from flask_htmx import HTMX
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup

from app.access import Mark
from app.compact import Compact
from app.config import ROOT
from app.db import will_write
from app.headers import add_headers, read_whole
from app.languages import babel, chosen_language, reads_simple_words
from app.machine_pages import MACHINE_PAGES
from app.pressing import held_in_address
from app.said import as_said, in_language, lang, plain

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Without Sec-Fetch-Site (plain http, an old browser) our own forms say this: no-referrer asks it.
NOT_SAID = "null"

htmx = HTMX()
csrf = CSRFProtect()
compress = Compress()


def wants_partial() -> bool:
    """Say whether htmx asks for a part of the page rather than the page."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(page: str, partial: str | None = None, status: int = 200, **context: Any) -> Response:
    """Return ``page``, or ``partial`` alone when htmx asks for it and there is one.

    The title of a page that refuses what was sent begins with the word, for who cannot see red.
    """
    template = partial if partial and wants_partial() else page
    is_refusal = status >= 400 and page != "error.html"  # whose own title says what happened
    response = make_response(render_template(template, is_refusal=is_refusal, **context), status)
    response.vary.add("HX-Request")
    return response


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """Return the address of a static file, with its version so that it can be kept for a year."""
    path = Path(current_app.static_folder or "") / name
    return url_for("static", filename=name, v=_version(path))


def view_mark() -> Mark | None:
    """Return who may open the view of this request, as its decorator says."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "access", None)


def _allow_files() -> None:
    """Let the views that take files read more than a text's worth; before anything reads it."""
    view = current_app.view_functions.get(request.endpoint or "")
    if most := getattr(view, "most_bytes", 0):
        request.max_content_length = most


def _choose_transaction() -> None:
    mark = view_mark()
    will_write(request.method not in SAFE_METHODS or bool(mark and mark.writes))


def is_same_origin(is_proven: bool = False) -> bool:
    """Say whether the browser sent this post from one of our own pages.

    A browser that says nothing of it is believed, unless the answer must be ``is_proven``.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin", NOT_SAID)
    if origin == NOT_SAID:
        return not is_proven  # an old browser: signed form key and session token still stand
    return urlsplit(origin).netloc == request.host


def _refuse_foreign_posts() -> None:
    """Refuse posts from other sites; where a session is open, ask for its token too."""
    if request.method in SAFE_METHODS or getattr(g, "cross_site_allowed", False):
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "one_click", False):  # RFC 8058: mail programs post from anywhere
        return
    if not is_same_origin():
        abort(403)
    # A form with a signed key was perhaps opened before the session: its text must not be lost.
    if (session and not getattr(view, "keyed", False)) or _needs_token():
        csrf.protect()


def _needs_token() -> bool:
    mark = view_mark()
    return mark is None or mark.kind != "public"


def csrf_field() -> Markup:
    """Return a form's hidden token, or nothing without a session: no cookie to speak."""
    if not session and not _needs_token():
        return Markup()
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def written_day(day: date | str, form: str = "d MMMM y") -> str:
    """Return a day as the reader's language writes it; a string is an ISO date from JSON."""
    return str(format_date(date.fromisoformat(day) if isinstance(day, str) else day, form))


def written_moment(moment: datetime) -> str:
    """Return a moment of operation (never a citizen's) in Paris, as the language writes it."""
    return str(format_datetime(moment, "d MMMM, HH:mm"))


def init_app(app: Flask) -> None:
    """Attach the shared behaviour to ``app``."""
    app.config |= {
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,  # it asks for a Referer, which our own policy withholds
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 6,  # 8 % smaller than the default 4 for a quarter of a millisecond
        "COMPRESS_MIMETYPES": [
            "text/html",
            "text/css",
            "text/plain",
            "text/javascript",
            "application/javascript",
            "application/atom+xml",
            "application/json",
            "image/svg+xml",
        ],
    }
    htmx.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=chosen_language)
    compress.init_app(app)
    app.before_request(_allow_files)
    app.before_request(_choose_transaction)
    app.before_request(_refuse_foreign_posts)
    app.after_request(add_headers)
    app.after_request(read_whole)  # runs before the compression, which was attached earlier
    app.jinja_env.add_extension(Compact)
    app.jinja_env.filters |= {"day": written_day, "as_said": as_said, "lang": lang, "plain": plain}
    app.jinja_env.filters["moment"] = written_moment
    app.jinja_env.globals |= {
        "static_url": static_url,
        "icon": held_in_address(ROOT / "static" / "favicon.svg"),
        "csrf_field": csrf_field,
        "get_locale": get_locale,
        "in_language": in_language,
        "reads_simple_words": reads_simple_words,
        "MACHINE_PAGES": MACHINE_PAGES,
    }
