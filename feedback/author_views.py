"""Coming back with a code: the code's own page, and the author's page with its gestures.

The code opens a signed half hour on this browser; it stands in no address, cookie or log.
"""

from typing import Any

from flask import Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app import limits
from app.access import author, public
from app.author_session import forget_author, remember_author
from app.days import now, today
from app.db import db
from app.web import render
from feedback import (
    around,
    code_tries,
    editing,
    handover,
    hold_windows,
    place,
    standing_sentence,
    story,
    threads,
)
from feedback.forms import AppealForm, CodeForm, ReplyForm, ResendForm
from feedback.help_numbers import kinds_in
from feedback.masked_text import pieces
from feedback.models import CommitmentState, Feedback, Message, State, ThreadState, Verdict
from feedback.peer_page import peer_page
from feedback.representativeness_words import public_panel
from feedback.rings import rings
from feedback.standing_words import face_word
from feedback.urgency_words import told_level
from feedback.verdicts import JUDGED, Tally, tallies
from feedback.views import bp
from feedback.words import COMMITMENT_NAMES, COMMITMENT_RINGS

VERDICTS = (
    (Verdict.CONFIRMED, lazy_gettext("Oui, c’est réglé")),
    (Verdict.PARTLY, lazy_gettext("En partie")),
    (Verdict.NOT, lazy_gettext("Non")),
    (Verdict.NO_LONGER, lazy_gettext("Ça ne me concerne plus")),
)


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
        feedback = code_tries.open_code(form.read, _door())
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


def _door() -> code_tries.Door:
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


@bp.get("/suivi/retour")
@author
def follow(feedback_id: str) -> AnyResponse:
    """Show the author's page; a code that others printed or saw is first offered to be changed."""
    feedback = _own(feedback_id)
    if feedback.asks_new_code:
        return redirect(url_for("feedback.new_code"), 303)
    return author_page(feedback)


def _own(feedback_id: str) -> Feedback:
    feedback = db.session.get(Feedback, feedback_id)
    if feedback is None or feedback.state == State.WITHDRAWN:
        forget_author()
        abort(404)
    return feedback


def author_page(feedback: Feedback, status: int = 200, **forms: Any) -> Response:
    """Return the author's page; ``forms`` are those that hold something typed."""
    if feedback.is_peer:
        return peer_page(feedback, status, **forms)
    floor = current_app.config["FLOOR"]
    parts = around.around(feedback, floor)
    links = story.commitment_links(feedback)
    told = tallies([link.commitment_id for link in links])
    places = place.placed_in(feedback, floor)
    ring = rings([feedback])[feedback.id]
    messages = threads.messages(feedback)
    return render(
        "feedback/author.html",
        status=status,
        feedback=feedback,
        service=feedback.service,
        ring=ring,
        around=parts,
        closing=request.args.get("boucle") == "fermee" and ring.key == "confirmed",
        standing=standing_sentence.standing(feedback, today()),
        events=story.events(feedback, links, [p.placed for p in places if p.placed]),
        exchange_status=standing_sentence.exchange_status(
            feedback, any(m.sender == "team" for m in messages)
        ),
        may_correct=bool(feedback.text) and editing.may_edit(feedback),
        text=pieces(feedback.text),
        face=face_word(feedback.face),
        messages=[(m, pieces(m.text)) for m in messages],
        danger_kinds=_dangers(feedback, messages),
        promises=[(link, *_promise(link, told[link.commitment_id])) for link in links],
        verdicts=VERDICTS,
        verdict_names={verdict.value: words for verdict, words in VERDICTS},
        stands=place.comparison(feedback),
        voices=public_panel(feedback.service, today(), floor),
        places=places,
        theme_status=place.theme_status(feedback, places),
        level=told_level(feedback),
        window=hold_windows.window_of(feedback) if feedback.state == State.HELD else None,
        may_settle=feedback.thread_state in (ThreadState.ANSWERED, ThreadState.LAPSED),
        may_write=bool(feedback.text)
        and feedback.state in (State.OPEN, State.PUBLISHED, State.HELD),
        **{
            "reply_form": ReplyForm(),
            "resend_form": ResendForm(data={"text": feedback.text}),
            "appeal_form": AppealForm(),
            **forms,
        },
    )


def _dangers(feedback: Feedback, messages: list[Message]) -> list[str]:
    """Return the kinds of danger in the retour and in its author's messages that are held."""
    held = (message.text for message in messages if message.held)
    return sorted({*feedback.dangers, *(kind for text in held for kind in kinds_in(text))})


def _promise(link: Any, told: Tally) -> tuple[str, str, bool, dict[Verdict, int]]:
    """Return the ring, the word, whether a verdict may be given, and the tally so far."""
    state = link.commitment.state
    word = str(COMMITMENT_NAMES[CommitmentState(state)])
    picture = COMMITMENT_RINGS[CommitmentState(state)]
    return picture, word, state in JUDGED, told.verdicts


@bp.post("/suivi/fermer")
@author
def leave(feedback_id: str) -> AnyResponse:
    """Forget the code on this browser."""
    forget_author()
    flash(_("Votre page est fermée sur cet appareil."), "status")
    return redirect(url_for("feedback.code"), 303)
