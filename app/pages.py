"""Pages about the site itself: about, accessibility, rights, language; two for machines."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, make_response, redirect, request
from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from app import readiness
from app.access import public
from app.cookies import keep
from app.db import db
from app.ethics import grid, principles
from app.floors import RATE_FLOOR
from app.form_keys import VALID_FOR
from app.glossary import TERMS
from app.languages import CHOICE, LANGUAGES, SIMPLE
from app.retention import terms
from app.rgaa import last_grid
from app.web import render

LANGUAGE_KEPT = timedelta(days=365)

pages = Blueprint("pages", __name__)


@pages.get("/a-propos")
@public
def about() -> Response:
    """Say what the site is, how it is held to account, and what it does not do."""
    return render("pages/about.html", grid=grid(), principles=principles(), rate_floor=RATE_FLOOR)


@pages.get("/accessibilite")
@public
def accessibility() -> Response:
    """Declare how accessible the site is, and whom to write to."""
    contact = current_app.config["OPERATOR_CONTACT"]
    return render("pages/accessibility.html", contact=contact, grid=last_grid())


@pages.get("/accessibilite/grille")
@public
def rgaa() -> Response:
    """Show each criterion of the French rules with what a machine found at its last run."""
    return render("pages/rgaa.html", grid=last_grid())


@pages.get("/mentions-legales")
@public
def legal() -> Response:
    """Say who runs the site, who answers for it and where it stands, as the settings say."""
    told = current_app.config
    lines = (
        (_("Ce site est tenu par"), told["OPERATOR"]),
        (_("Adresse"), told["OPERATOR_ADDRESS"]),
        (_("Répond de ce qui est publié"), told["PUBLICATION_DIRECTOR"]),
        (_("Hébergeur"), told["HOSTED_BY"]),
        (_("Pays du serveur"), told["HOSTED_IN"]),
        (_("Contact pour vos données"), told["OPERATOR_CONTACT"]),
    )
    return render("pages/legal.html", lines=lines)


@pages.get("/vos-donnees")
@public
def rights() -> Response:
    """Answer the five questions about personal data from the running configuration."""
    local = current_app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    return render("pages/rights.html", local_database=local, key_days=VALID_FOR.days, terms=terms())


@pages.get("/mots")
@public
def words() -> Response:
    """Say what the site's own words mean."""
    return render("pages/words.html", terms=TERMS)


@pages.get("/langue/<lang>")
@public
def language(lang: str) -> AnyResponse:
    """Keep the reader's choice of language and go back to the page they were on."""
    if lang not in (*LANGUAGES, SIMPLE):
        abort(404)
    response = redirect(_own_path(request.args.get("next", "")), 303)
    keep(response, CHOICE, lang, LANGUAGE_KEPT)
    return response


def _own_path(path: str) -> str:
    """Return ``path`` when it is one of this site's, else the home page."""
    parts = urlsplit(path)
    is_own = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_own and not parts.netloc and path.isprintable() else "/"


@pages.get("/healthz")
@public
def health() -> Response:
    """Say that the process answers."""
    return _plain(_("en marche"), 200)


@pages.get("/readyz")
@public
def ready() -> Response:
    """Say whether a message can be taken: tables that answer and take writes, room on the disk."""
    try:
        db.session.execute(text("SELECT 1 FROM service LIMIT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return _plain(_("la base de données ne répond pas"), 503)
    if not readiness.takes_writes():
        return _plain(_("la base de données refuse l’écriture"), 503)
    if readiness.disk_is_full(current_app.config["INSTANCE"]):
        return _plain(_("le disque est presque plein"), 503)
    return _plain(_("prêt"), 200)


def _plain(words: str, status: int) -> Response:
    response = make_response(words + "\n", status)
    response.mimetype = "text/plain"
    return response
