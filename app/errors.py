"""One page for each thing that can go wrong, in the reader's words, with a way back.

Typed text is kept by the feature's own view, which answers its own errors first; these are the
pages for everything else, and they give the words back too (``app/typed.py``). Nothing of a trace
reaches the reader: a fault of ours has a reference, which our log holds beside its place.
"""

import secrets

import structlog
from flask import Flask, Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from app.access import AuthorLeft, StaffLeft
from app.author_session import current_author
from app.db import db
from app.typed import page_of_form, typed
from app.web import render, view_mark, wants_partial

log = structlog.get_logger()

AGAIN = (400, 429, 500, 502, 503)  # sending the same again may go well: it has the same key
REFERENCE_BYTES = 4  # 8 signs to say on the telephone
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


def error_page(status: int, reference: str = "") -> Response:
    """Return the page of ``status``; with the ``reference`` that the reader may tell us."""
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
        is_desk=_is_of("staff"),
        reference=reference,
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


def _is_of(kind: str) -> bool:
    """Say whether the form that was sent is one for ``kind`` (``app.access.Mark``)."""
    mark = view_mark()
    return mark is not None and mark.kind == kind


def _csrf_error(_error: CSRFError) -> AnyResponse:
    if _is_of("author") and current_author() is None:
        return _ask_code()
    if not _is_of("staff"):
        return error_page(400)
    is_in = current_user.is_authenticated
    return _desk_page(_other_session() if is_in else _session_over(), "" if is_in else _door())


def _staff_left(_error: StaffLeft) -> AnyResponse:
    if typed() or wants_partial():
        return _desk_page(_session_over(), _door())
    return redirect(_door(), 303)


def _door() -> str:
    """Return the way to sign in and back to the page of the form."""
    return url_for("security.login", next=page_of_form())


def _session_over() -> tuple[str, str]:
    return (
        _("Votre session s’est fermée"),
        _("Elle se ferme après 30 minutes sans un geste. Rien n’a été enregistré."),
    )


def _other_session() -> tuple[str, str]:
    return (
        _("Cette page a expiré"),
        _("Votre session a changé depuis. Rien n’a été enregistré : relisez, puis renvoyez."),
    )


def _desk_page(told: tuple[str, str], door: str) -> Response:
    """Return the page of a form of the desk that came without a live session or its token.

    A part alone where a field saves itself: the page that types stays as it is.
    """
    if wants_partial():
        return render("_not_kept.html", status=400, message=told[0], door=door)
    kept = typed()
    return render(
        "error.html",
        status=401 if kept and door else 400,
        title=told[0],
        message=told[1],
        typed=kept,
        again=True,
        is_desk=True,
        door=door,
        next_url=door or page_of_form(),
        next_label=_("Se connecter") if door else _("Revenir à la page"),
    )


def _author_left(_error: AuthorLeft) -> AnyResponse:
    return _ask_code()


def _ask_code() -> AnyResponse:
    return error_page(401) if typed() else redirect(url_for("feedback.code"), 303)


def _database_error(error: OperationalError) -> Response:
    db.session.rollback()
    return _fault(503, "database_unavailable", error)


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    return _fault(500, "unexpected_error", error)


def _fault(status: int, event: str, error: Exception) -> Response:
    """Log a fault of ours under a fresh reference, which says nothing of who met it."""
    reference = secrets.token_hex(REFERENCE_BYTES)
    log.error(event, reference=reference, endpoint=request.endpoint, exc_info=error)
    return error_page(status, reference)


def init_app(app: Flask) -> None:
    """Attach the error pages to ``app``."""
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(AuthorLeft, _author_left)
    app.register_error_handler(StaffLeft, _staff_left)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)
