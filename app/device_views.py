"""What a phone may keep of the site, and how one leaves it at once.

The worker keeps the page without network and the files it is drawn with, never content; why it is
built so: ``docs/decisions/``. Which pages offer it: ``templates/base.html``.
"""

import hashlib

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    session,
    url_for,
)
from flask_babel import get_locale
from werkzeug.wrappers import Response as AnyResponse

from app.access import public
from app.web import is_same_origin, render, static_url

SHELL = ("boucle.css", "boucle.js", "draft.js", "htmx.min.js", "favicon.svg")
FRESH = "no-cache"  # asked for again each time: an old worker must never outlive a release

device = Blueprint("device", __name__)


def _as(body: str, mimetype: str) -> Response:
    response = make_response(body)
    response.mimetype = mimetype
    response.headers["Cache-Control"] = FRESH
    return response


@device.get("/sw.js")
@public
def worker() -> Response:
    """Give the service worker, from the root so that it reaches every page."""
    kept = [url_for("device.offline"), *(static_url(name) for name in SHELL)]
    page = render_template("device/offline.html")  # in the reader's language
    version = hashlib.sha256("\n".join((*kept, page)).encode()).hexdigest()[:10]
    return _as(render_template("device/worker.js", kept=kept, version=version), "text/javascript")


@device.get("/manifeste.webmanifest")
@public
def manifest() -> Response:
    """Give what a phone needs to put the site among its icons; it stays a page of the browser."""
    icon = {"src": static_url("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    values = {
        "name": "Boucle",
        "short_name": "Boucle",
        "lang": str(get_locale()),
        "start_url": url_for("pages.home"),
        "scope": "/",
        "display": "browser",
        "background_color": "#FBF8F3",
        "theme_color": "#0A6558",
        "icons": [icon],
    }
    return _as(current_app.json.dumps(values), "application/manifest+json")


@device.get("/hors-ligne")
@public
def offline() -> Response:
    """Say what to do without a network; names no service, for it may stand in any one's place."""
    return render("device/offline.html")


@device.get("/sortie")
@public
def leave() -> AnyResponse:
    """Forget the visit and lead to a page that says nothing of it.

    A link rather than a form: the content policy would hold a form back from another site.
    """
    if not is_same_origin():
        abort(403)
    session.clear()
    response = redirect(current_app.config["QUICK_EXIT_URL"], 303)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
