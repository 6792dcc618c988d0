"""What the receipt page shows. The page is never stored: it carries the form's key, the words as
typed and the leave to correct, and gives them back with each of its own forms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import segno
from flask import Response, current_app, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.catalogue import Service
from app.days import now, today
from app.runtime import runtime
from app.said import as_said
from app.web import render, written_day
from feedback import edit_leave, editing, put_back, receipts
from feedback.answering import Fields
from feedback.first_state import HELD_FOR_DANGER, HELD_FOR_NAMES, HELD_FOR_RECOGNITION
from feedback.masked_text import pieces
from feedback.models import Feedback, State
from feedback.question_page import question_page
from feedback.questions import G9
from feedback.similar_page import others_said
from nlp.redact import Redaction, redact


@dataclass(frozen=True)
class Visit:
    """One showing of the receipt page."""

    service: Service
    feedback: Feedback
    key: str
    original: str  # as typed; in a hidden field of the page and nowhere else
    leave: str  # to correct, sealed
    places: frozenset[int] = frozenset()  # of the names put back

    def changed(self, **values: Any) -> "Visit":
        """Return the visit with ``values``."""
        return replace(self, **values)


@dataclass(frozen=True)
class NotAName:
    """A masked word that the author may put back."""

    word: str
    place: int


def receipt_page(
    visit: Visit,
    status: int = 200,
    fields: Fields | None = None,
    problems: Mapping[str, str] | None = None,
    **notes: Any,
) -> Response:
    """Return the receipt page, with what the last of its forms has to say in ``notes``.

    Args:
        fields: what was posted to the questions, to be shown again.
        problems: what is wrong with it, by field.
    """
    feedback = visit.feedback
    redaction = _redaction(visit)
    minutes = edit_leave.minutes_left(_secret(), feedback.id, visit.leave, now())
    may_edit = minutes > 0 and editing.may_edit(feedback)
    code = receipts.code_from_key(current_app.config["RECEIPT_SECRET"], visit.key)
    others = others_said(visit.service, feedback)
    return render(
        "feedback/receipt.html",
        others=others,
        status=status,
        service=visit.service,
        feedback=feedback,
        visit=visit,
        code=receipts.grouped(code),
        follow_qr=follow_qr(),
        pieces=pieces(feedback.text),
        masked_count=sum(feedback.masked.values()),
        phone_masked="PHONE" in feedback.masked,
        not_names=_not_names(visit, redaction) if may_edit and feedback.names_masked else [],
        minutes=minutes if may_edit else 0,
        steps=steps(feedback),
        asked=question_page(visit.service, feedback, today(), fields, problems),
        publishing=G9,
        functionalities=[(f.id, as_said(f.name)) for f in visit.service.functionalities],
        **notes,
    )


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _redaction(visit: Visit) -> Redaction | None:
    if not visit.original:
        return None
    return redact(visit.original, runtime().name_finder, visit.service.allowed_words)


def _not_names(visit: Visit, redaction: Redaction | None) -> list[NotAName]:
    """Return one entry for each differently written name that is still masked."""
    if redaction is None or visit.service.anonymous_by_law:
        return []
    if put_back.masked_with(visit.original, redaction, visit.places) != visit.feedback.text:
        return []  # corrected from another page: these words are not what is stored
    found: dict[str, NotAName] = {}
    for place, span in enumerate(redaction.spans):
        if span.type == "PERSON" and place not in visit.places:
            word = visit.original[span.start : span.end]
            found.setdefault(word.casefold(), NotAName(word, place))
    return list(found.values())


def follow_qr() -> Markup:
    """Return the QR code of the follow-up address, without the code, as an SVG."""
    address = current_app.config["BASE_URL"].rstrip("/") + url_for("feedback.code")
    return qr(address, _("QR de la page de suivi"))


def qr(address: str, name: str, fills: bool = False) -> Markup:
    """Return ``address`` as an inline SVG, dark on white in both themes.

    Args:
        fills: leave the size to the page's style, as on the poster.
    """
    drawn = segno.make(address, error="m", micro=False)
    colours = {"dark": "#000", "light": "#fff", "omitsize": fills}
    svg = drawn.svg_inline(scale=4, border=3, title=name, svgclass=None, lineclass=None, **colours)
    return Markup(svg)  # nosec B704: segno escapes the title


def steps(feedback: Feedback) -> list[tuple[str, str]]:
    """Return what happens next as (when, what), three lines at most."""
    last = (_("Ensuite"), _("vous direz si le changement vous aide."))
    if not feedback.text and not feedback.reply_due:
        return [
            (_("Aujourd’hui"), _("votre note compte dans le score du service.")),
            (_("Plus tard"), _("avec votre code, vous voyez où elle se situe parmi les autres.")),
        ]
    return [_who_reads(feedback), _who_answers(feedback), last]


def _who_reads(feedback: Feedback) -> tuple[str, str]:
    if feedback.state != State.HELD:
        return _("Aujourd’hui"), _("l’équipe peut vous lire.")
    when = _("Sous 3 jours ouvrés")
    if feedback.reason == HELD_FOR_DANGER:
        return when, _("un modérateur lit votre message. Il ne peut pas vous rappeler.")
    if feedback.reason == HELD_FOR_NAMES:
        return when, _("nous finissons de masquer les noms, puis l’équipe peut vous lire.")
    if feedback.reason == HELD_FOR_RECOGNITION:
        return when, _("un modérateur lit d’abord : l’équipe pourrait vous reconnaître.")
    return when, _("un modérateur lit votre message, puis l’équipe peut vous lire.")


def _who_answers(feedback: Feedback) -> tuple[str, str]:
    if feedback.reply_due is None:
        return _("Les jours suivants"), _("l’équipe peut vous répondre ici, sans délai promis.")
    shape = "d MMMM" if feedback.reply_due.year == today().year else "d MMMM y"
    when = _("Avant le %(day)s", day=written_day(feedback.reply_due, shape))
    return when, _("elle vous répond ici.")
