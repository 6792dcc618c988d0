"""The first page and the pages of territories: which services one may speak of here."""

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from app.access import public
from app.catalogue import Territory
from app.db import db
from app.directory import LONGEST, Wanted, find
from app.matrix import CLASS_NAMES, FunctionalityClass
from app.pages import pages
from app.paging import page_asked, pager
from app.territories import all_territories, inside
from app.territory_sums import sums_of
from app.web import render


@pages.get("/")
@public
def home() -> Response:
    """List the services that people may speak of, those that are searched for first."""
    wanted = _wanted()
    found = find(wanted)
    return render(
        "pages/home.html",
        "pages/_services.html",
        wanted=wanted,
        places=_places(),
        kinds=CLASS_NAMES,
        found=found,
        empty=_empty(wanted),
        pager=pager("pages.home", _query(wanted), found.page, found.pages, "services"),
    )


@pages.get("/autrement")
@public
def otherwise() -> Response:
    """Give the telephone, place and hours of every service: one tap from a page of none."""
    found = find(Wanted(page=page_asked(request.args.get("page", ""))))
    return render(
        "pages/otherwise.html",
        found=found,
        empty=_empty(Wanted()),
        pager=pager("pages.otherwise", {}, found.page, found.pages, "contenu"),
    )


@pages.get("/territoires/<territory_code>")
@public
def territory(territory_code: str) -> Response:
    """Show what is near: the services of a region or département, then the national ones."""
    place = db.session.get(Territory, territory_code)
    if place is None:
        abort(404)
    found = find(Wanted(place=place, page=page_asked(request.args.get("page", ""))))
    return render(
        "pages/territory.html",
        "pages/_services.html",
        place=place,
        sums=sums_of(place),
        within=inside(place),
        found=found,
        empty=_empty(Wanted()),
        pager=pager(
            "pages.territory",
            {"territory_code": territory_code},
            found.page,
            found.pages,
            "services",
        ),
    )


def _wanted() -> Wanted:
    """Return what the address asks for; a place or kind that nobody knows asks for nothing."""
    code, kind = request.args.get("ou", ""), request.args.get("quoi", "")
    return Wanted(
        request.args.get("mots", "").strip()[:LONGEST],
        db.session.get(Territory, code) if code else None,
        FunctionalityClass(kind) if kind in set(FunctionalityClass) else None,
        page_asked(request.args.get("page", "")),
    )


def _query(wanted: Wanted) -> dict[str, str]:
    asked = {
        "mots": wanted.words,
        "ou": wanted.place.code if wanted.place else "",
        "quoi": wanted.kind or "",
    }
    return {name: value for name, value in asked.items() if value}


def _places() -> list[tuple[str, list[Territory]]]:
    every = all_territories()
    return [
        (_("Régions"), [each for each in every if each.level == "region"]),
        (_("Départements"), [each for each in every if each.level != "region"]),
    ]


def _empty(wanted: Wanted) -> dict[str, str]:
    if not wanted.narrows:
        return {
            "why": _("Aucun service n’est encore ouvert ici."),
            "what_to_do": _("L’exploitant ajoute le premier depuis l’espace équipe."),
        }
    return {
        "why": _("Aucun service ne correspond à votre recherche."),
        "what_to_do": _("Essayez un seul mot, ou un autre lieu."),
        "url": url_for("pages.home"),
        "action": _("Voir tous les services"),
    }
