"""Coming back with a code: the code's own page.

The code opens a signed half hour on this browser; it stands in no address, cookie or log.
"""

from typing import Any

from flask import Response, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app import limits
from app.access import public
from app.author_session import remember_author
from app.days import now
from app.web import render
from feedback import code_tries, handover
from feedback.author_views import author_page
from feedback.forms import AppealForm, CodeForm, ReplyForm, ResendForm
from feedback.views import bp


@bp.route("/suivi", methods=["GET", "POST"], endpoint="code")
@public
def enter_code() -> AnyResponse:
    """Ask for a code; a right one opens the author's page."""
    form = CodeForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        return _code_page(form)
    if not form.validate():
        return _code_page(form, 422)
    try:
        feedback = code_tries.open_code(form.read, door_here())
    except code_tries.TooManyGuesses:
        too_many = _(
            "Trop de codes faux partent d’ici. Relisez votre code, puis essayez encore. "
            "Un code juste ouvre toujours votre page."
        )
        return _code_page(form, 429, too_many)
    if feedback is None:
        wrong = _(
            "Nous ne trouvons pas ce code. Vérifiez chaque caractère : il est peut-être effacé."
        )
        return _code_page(form, 404, wrong)
    remember_author(feedback.id, handover.proof_of(feedback))
    if request.form.get("kept"):  # typed before the page closed by itself
        return author_page(feedback, **_kept_forms())
    return redirect(url_for("feedback.follow"), 303)


enter_code.keyed = True  # type: ignore[attr-defined]


def _kept_forms() -> dict[str, Any]:
    """Return the forms of the author's page with the words that an error page handed on."""
    name, words = request.form.get("kept_name", ""), request.form["kept"]
    address = request.form.get("kept_for", "")
    known = {
        "reply": ("reply_form", ReplyForm(data={"reply": words})),
        "text": ("resend_form", ResendForm(data={"text": words})),
        "appeal": ("appeal_form", AppealForm(data={"appeal": words})),
        "words": ("kept_words", {address.rpartition("/")[2]: (words, "")}),
    }
    if address.endswith(url_for("feedback.contest_level")):
        known["words"] = ("level_said", (words, ""))
    return dict([known.get(name, known["reply"])])


def door_here() -> code_tries.Door:
    """Return the door at which this request tries a code."""
    config = current_app.config
    network = limits.network_of(request.remote_addr)
    return code_tries.Door(network, now(), config["SECRET_KEY"], config["RECEIPT_SECRET"])


def _code_page(form: CodeForm, status: int = 200, problem: str = "") -> Response:
    if problem:
        form.code.errors = [problem]
    return render(
        "feedback/code.html",
        status=status,
        form=form,
        kept={name: request.form.get(name, "") for name in ("kept", "kept_name", "kept_for")},
    )
