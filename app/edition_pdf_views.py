"""The address of an edition's PDF: open to whom its page is open, and to nobody else."""

from flask import Response, abort

from app.access import public
from app.days import today
from app.db import db
from app.digest_views import bp, may_read
from app.edition_pdf import pdf_of
from app.editions import Edition
from app.sheet_views import pdf_answer


@bp.get("/syntheses/<edition_id>/synthese.pdf")
@public
def edition_pdf(edition_id: str) -> Response:
    """Give an edition as a tagged PDF, its charts beside their tables."""
    found = db.session.get(Edition, edition_id)
    if found is None or found.skipped or not may_read(found):
        abort(404)
    return pdf_answer(pdf_of(found, today()), "synthese.pdf")
