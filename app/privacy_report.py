"""The impact assessment (AIPD), filled from the running configuration: ``flask privacy-report``.

Its words are ``app/data/aipd.txt``; what stands behind a ``$name`` there is measured here, on the
day. What only people can say stays « à remplir à la main ».
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Template
from typing import Any

import click
from flask import current_app, render_template
from flask.cli import with_appcontext
from markupsafe import Markup
from sqlalchemy import func, select

from app import traces
from app.catalogue import Service, all_services
from app.checkup import current_migration, newest_migration
from app.config import ROOT, Settings
from app.days import today
from app.db import db, will_write
from app.floors import RATE_FLOOR
from app.web import written_day
from feedback import publication_stop
from feedback.models import Feedback
from feedback.typeset import pdf_from

WORDS = Path(__file__).parent / "data" / "aipd.txt"
STYLE = ROOT / "static/record-file.css"
UNSAID = "à compléter par l’exploitant"
FILES = ("aipd.html", "aipd.pdf")


def facts(settings: Settings) -> dict[str, str]:
    """Return what the configuration and the database say today, in French words."""
    services = all_services()
    found = _who(settings) | _what_is_kept(services) | _how_it_runs(settings)
    return {name: value or UNSAID for name, value in found.items()} | {"retention": ""}


def _who(settings: Settings) -> dict[str, str]:
    bases = {"consent": "le consentement (article 6, 1, a et article 9, 2, a)"}
    mission = "une mission d’intérêt public (article 6, 1, e et article 9, 2, i)"
    return {
        "operator": settings.OPERATOR,
        "address": settings.OPERATOR_ADDRESS,
        "contact": settings.OPERATOR_CONTACT,
        "host": settings.HOSTED_BY,
        "country": settings.HOSTED_IN,
        "basis": bases.get(settings.LEGAL_BASIS, mission),
    }


def _what_is_kept(services: list[Service]) -> dict[str, str]:
    kept = select(func.count()).select_from(Feedback).where(Feedback.text.is_not(None))
    by_law = [service.name for service in services if service.anonymous_by_law]
    return {
        "services": ", ".join(service.name for service in services),
        "by_law": ", ".join(by_law) or "aucun",
        "retours": f"{db.session.scalar(kept) or 0} textes masqués",
        "floor": str(current_app.config["FLOOR"]),
        "rate": str(RATE_FLOOR),
    }


def _how_it_runs(settings: Settings) -> dict[str, str]:
    told = current_app.config
    local = told["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    secure = told["SESSION_COOKIE_SECURE"]
    at_last = current_migration() == newest_migration()
    return {
        "database": "un fichier SQLite sur cette machine"
        if local
        else "une base reliée au serveur",
        "names": settings.NAMES_MODEL,
        "encoder": settings.ENCODER_MODEL or "multilingual-e5-small, livré avec le site",
        "cookies": "__Host-, Secure, HttpOnly, SameSite=Lax" if secure else "non sécurisés (http)",
        "hosts": ", ".join(told["TRUSTED_HOSTS"]),
        "hops": str(settings.PROXY_HOPS),
        "largest": f"{told['MAX_CONTENT_LENGTH'] // 1024} Kio",
        "chain": "entière" if traces.verify() else "ROMPUE",
        "migrations": "à jour" if at_last else "EN RETARD",
        "test": _last_test(),
    }


def _last_test() -> str:
    """Return what the weekly test of recognition last found."""
    last = publication_stop.latest()
    if last is None:
        return "programmé chaque semaine ; aucun n’a encore eu lieu"
    found = "réussi" if last.passed else "ÉCHOUÉ : la publication est arrêtée"
    return f"chaque semaine ; le dernier, du {written_day(last.day)} : {found}"


def assessment(settings: Settings, day: date) -> dict[str, Any]:
    """Return the filled assessment: title, notice, and parts with their facts and sentences."""
    text = Template(WORDS.read_text("utf-8")).substitute(facts(settings))
    return {
        "title": "Analyse d’impact relative à la protection des données",
        "operator": settings.OPERATOR or UNSAID,
        "printed": f"Établie le {written_day(day)} à partir de la configuration en service",
        "notice": "Modèle prérempli. L’exploitant vérifie chaque ligne, complète et signe.",
        "parts": list(_parts(text)),
    }


def _parts(text: str) -> Iterator[dict[str, Any]]:
    for block in text.split("# ")[1:]:
        title, *lines = block.strip().splitlines()
        pairs = [line[2:].split(" | ", 1) for line in lines if line.startswith("| ")]
        sentences = [line for line in lines if not line.startswith("| ")]
        yield {"title": title, "facts": pairs, "sentences": sentences}


def as_html(said: dict[str, Any]) -> str:
    """Return the assessment as a page that needs no other file."""
    ours = Markup(STYLE.read_text("utf-8"))  # nosec B704: a file of the code
    style = Markup("<style>\n{}</style>").format(ours)
    return render_template("pages/aipd.html", said=said, style=style)


@click.command("privacy-report")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@with_appcontext
def privacy_report(folder: Path) -> None:
    """Write the impact assessment, filled from the configuration, into FOLDER."""
    will_write(False)
    settings: Settings = current_app.config["SETTINGS"]
    with current_app.test_request_context():  # a template of the site needs one
        said = assessment(settings, today())
        written = as_html(said)
    folder.mkdir(parents=True, exist_ok=True)
    page, paper = (folder / name for name in FILES)
    page.write_text(written, "utf-8")
    paper.write_bytes(pdf_from("aipd.typ", said, today()))
    blanks = sum(UNSAID in value for part in said["parts"] for _, value in part["facts"])
    click.echo(f"{page.name} and {paper.name} written to {folder}, {blanks} lines to complete")
