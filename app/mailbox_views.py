"""The demonstration's mailbox: the mails that the catcher kept. Absent from a real instance."""

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, make_response

from app.access import public
from app.catcher import caught, read
from app.web import render

bp = Blueprint("mailbox", __name__)


def _folder() -> Path:
    if not current_app.config["DEMO"]:
        abort(404)
    folder: Path = current_app.config["INSTANCE"] / "mails"
    return folder


@bp.get("/demo/courrier")
@public
def index() -> Response:
    """List the caught mails, newest first."""
    return render("mailbox/index.html", mails=caught(_folder()))


@bp.get("/demo/courrier/<int:number>")
@public
def mail(number: int) -> Response:
    """Show one mail: its headers and its text part."""
    path = _folder() / f"{number:05}.eml"
    if not path.exists():
        abort(404)
    message = read(path)
    text = message.get_body(("plain",))
    html = message.get_body(("html",))
    return render(
        "mailbox/mail.html",
        number=number,
        mail=message,
        text=text.get_content() if text else "",
        has_html=html is not None,
    )


@bp.get("/demo/courrier/<int:number>/html")
@public
def html(number: int) -> Response:
    """Show the HTML part alone, as a mail program would, with no script and no foreign file."""
    path = _folder() / f"{number:05}.eml"
    body = read(path).get_body(("html",)) if path.exists() else None
    if body is None:
        abort(404)
    response = make_response(body.get_content())
    # A mail carries its own style; everything else stays shut.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response
