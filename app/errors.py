"""One page for each thing that can go wrong, in the reader's words, with a way back.

A citizen's typed text is kept by the feature's own view, which answers its own errors first; these
are the pages for everything else, and they give the words back too (``app/typed.py``). Nothing of a
trace reaches the reader.
"""

import structlog
from flask import Flask, Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from app.access import AuthorLeft
from app.author_session import current_author
from app.db import db
from app.typed import typed
from app.web import render, view_mark

log = structlog.get_logger()

AGAIN = (400, 429, 500, 502, 503)  # sending the same again may go well: it has the same key
STAYS = (413, 429, 500, 502, 503)  # with JavaScript the form on the page stays in its place


def _texts(status: int) -> tuple[str, str]:
    known = {
        400: (_("Cette page a expiré"), _("Revenez en arrière, rechargez la page et recommencez.")),
        403: (
            _("Cette page ne vous est pas ouverte"),
            _("Votre rôle ne donne pas accès à cette page."),
        ),
        404: (
            _("Nous ne trouvons pas cette page"),
            _("L’adresse a peut-être changé. L’accueil liste les services."),
        ),
        405: (
            _("Ce geste n’est pas possible ici"),
            _("Revenez en arrière et utilisez le bouton de la page."),
        ),
        413: (
            _("Votre envoi est trop lourd"),
            _(
                "Revenez en arrière : votre texte est encore dans la page. "
                "Réduisez-le à 5 000 caractères."
            ),
        ),
        401: (
            _("Votre page s’est fermée"),
            _("Elle se ferme après 30 minutes. Entrez votre code : votre texte vous attend."),
        ),
        429: (
            _("Trop d’envois en peu de temps"),
            _("Attendez quelques minutes, puis recommencez."),
        ),
        503: (_("Le site est occupé"), _("Rien n’a été enregistré. Recommencez dans une minute.")),
    }
    return known.get(
        status,
        (
            _("Quelque chose s’est mal passé chez nous"),
            _("Rien n’a été enregistré. Recommencez dans un moment."),
        ),
    )


def error_page(status: int) -> Response:
    """Return the page of ``status``."""
    title, advice = _texts(status)
    response = render(
        "error.html",
        status=status,
        title=title,
        message=advice,
        typed=typed(),
        again=status in AGAIN,
        is_fault=status in STAYS,
        is_shut=status == 401,
    )
    if status == 503:
        response.headers["Retry-After"] = "60"
    return response


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    return error_page(error.code or 500)


def _foreign_host(_error: SecurityError) -> Response:
    """Answer a request for a host that is not ours: no address can be built, so no page either."""
    return Response(_("Ce site ne répond pas à cette adresse."), 400, mimetype="text/plain")


def _csrf_error(_error: CSRFError) -> AnyResponse:
    mark = view_mark()
    is_shut = mark is not None and mark.kind == "author" and current_author() is None
    return _ask_code() if is_shut else error_page(400)


def _author_left(_error: AuthorLeft) -> AnyResponse:
    return _ask_code()


def _ask_code() -> AnyResponse:
    return error_page(401) if typed() else redirect(url_for("feedback.code"), 303)


def _database_error(error: OperationalError) -> Response:
    db.session.rollback()
    request.environ["boucle.error"] = type(error.orig).__name__
    return error_page(503)


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    log.error("unexpected_error", endpoint=request.endpoint, exc_info=error)
    return error_page(500)


def init_app(app: Flask) -> None:
    """Attach the error pages to ``app``."""
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(AuthorLeft, _author_left)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)
