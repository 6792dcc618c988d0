"""An edition of any period as it would stand today: as its page, its mail and on paper."""

from flask import Response, abort, request
from flask_security import current_user
from sqlalchemy import select

from app import digests
from app.access import Verb, reaches, staff
from app.catalogue import Service
from app.clock import CLOCK
from app.days import now, today
from app.db import db
from app.digest_mails import letter_of
from app.digest_views import bp, show
from app.digests import Subject
from app.edition_desk_views import READERS
from app.edition_pdf import pdf_of
from app.editions import Edition
from app.job_runs import late_minutes
from app.previews import read_asked, wanted
from app.sheet_views import pdf_answer
from app.subscriptions import ROLE_AUDIENCES, Audience, subjects_of

ASKED = ("pour", "rythme", "jour", "du", "au")  # what makes one preview another


@bp.get("/equipe/syntheses/apercu")
@staff(*READERS)
def preview() -> Response:
    """Show an edition of any period as it would stand today; nothing is stored and nobody told."""
    edition, note = _previewed()
    mail = letter_of(edition) if request.args.get("forme") == "texte" else None
    asked = {name: request.args[name] for name in ASKED if request.args.get(name)}
    return show(edition, preview=True, mail=mail, note=note, asked=asked)


@bp.get("/equipe/syntheses/apercu.pdf")
@staff(*READERS)
def preview_pdf() -> Response:
    """Give the same on paper; each page says that it is a preview."""
    edition, _note = _previewed()
    return pdf_answer(pdf_of(edition, today(), preview=True), "apercu.pdf")


def _previewed() -> tuple[Edition, str]:
    subject = _subject(request.args.get("pour", ""))
    if subject is None:
        abort(404)
    asked = read_asked(request.args, today())
    found, note = wanted(subject, asked, late_minutes(CLOCK, now()))
    return digests.written(found, today(), {}), note


def _subject(named: str) -> Subject | None:
    """Return what ``named`` asks for, when the reader may read it."""
    audience, _colon, slug = named.partition(":")
    own = subjects_of(current_user)
    if audience in ROLE_AUDIENCES:
        return Subject(Audience(audience), own[audience]) if audience in own else None
    service = db.session.scalar(select(Service).where(Service.slug == slug))
    if service is None or audience not in digests.OF_SERVICES:
        return None
    return (
        digests.of_service(service, Audience(audience))
        if reaches(service, current_user, Verb.ANSWER)
        else None
    )
