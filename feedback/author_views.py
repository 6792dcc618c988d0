"""The author's page, which a code opens for half an hour (``code_views.py``), and leaving it."""

from typing import Any

from flask import Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from app.access import author
from app.author_session import forget_author
from app.days import today
from app.db import db
from app.web import render
from feedback import (
    appeals,
    around,
    author_news,
    editing,
    hold_windows,
    place,
    standing_sentence,
    story,
    threads,
)
from feedback.forms import AppealForm, ReplyForm, ResendForm
from feedback.help_numbers import kinds_in
from feedback.masked_text import pieces
from feedback.models import CommitmentState, Feedback, Message, State, ThreadState, Verdict
from feedback.peer_page import peer_page
from feedback.representativeness_words import public_panel
from feedback.rings import rings
from feedback.standing_words import face_word
from feedback.urgency_words import told_level
from feedback.verdicts import JUDGED, Tally, is_wordless, tallies
from feedback.views import bp
from feedback.words import COMMITMENT_NAMES, COMMITMENT_RINGS

VERDICTS = (
    (Verdict.CONFIRMED, lazy_gettext("Oui, c’est réglé")),
    (Verdict.PARTLY, lazy_gettext("En partie")),
    (Verdict.NOT, lazy_gettext("Non")),
    (Verdict.NO_LONGER, lazy_gettext("Ça ne me concerne plus")),
)


@bp.get("/suivi/retour")
@author
def follow(feedback_id: str) -> AnyResponse:
    """Show the author's page; a code that others printed or saw is first offered to be changed."""
    feedback = _own(feedback_id)
    if feedback.asks_new_code:
        return redirect(url_for("feedback.new_code"), 303)
    if author_news.note_seen(feedback):
        db.session.commit()
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
        refusal=appeals.publication_refusal(feedback),
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
        wordless={link.commitment_id for link in links if is_wordless(link)},
        verdicts=VERDICTS,
        verdict_names={verdict.value: words for verdict, words in VERDICTS},
        stands=place.comparison(feedback),
        voices=public_panel(feedback.service, floor),
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
