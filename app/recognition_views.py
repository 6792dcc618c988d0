"""The dated page on whether somebody could be recognised in what the site shows."""

from flask import Response

from app.access import public
from app.pages import pages
from app.web import render
from feedback import publication_stop


@pages.get("/reconnaissance")
@public
def recognition_tests() -> Response:
    """Show what the last tests found, with their days."""
    runs = publication_stop.newest()
    return render("pages/recognition.html", runs=runs, last=runs[0] if runs else None)
