"""The moderator's page of one reported text: the notices, and what is decided about it."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import current_user
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.access import Verb, actor_of, staff
from app.days import today
from app.db import db
from app.web import render
from feedback import content_notices, moderation_figures, notice_follow, peers
from feedback.appeals import keep_refusal, moderator_of
from feedback.content_notices import Reported
from feedback.desk_forms import DeskForm, clean
from feedback.desk_thread import journal_lines
from feedback.masked_text import excerpt, pieces
from feedback.models import NoticeOutcome, NoticeReason
from feedback.moderation_forms import LONGEST_REASON
from feedback.moderation_items import WhyHeld
from feedback.moderation_page import blueprint
from feedback.peer_forms import NOTICE_REASONS
from feedback.rules import BY_CODE, RULES

OUTCOMES = {
    NoticeOutcome.KEPT: lazy_gettext("Garder : le texte reste publié"),
    NoticeOutcome.HIDDEN: lazy_gettext("Retenir : il ne paraît plus tant que rien n’est décidé"),
    NoticeOutcome.WITHDRAWN: lazy_gettext("Retirer de la page publique"),
}


class OutcomeForm(DeskForm):
    """What becomes of a reported text, and why."""

    outcome = RadioField(
        lazy_gettext("Votre décision"),
        [InputRequired(message=lazy_gettext("Choisissez une décision."))],
        choices=[SelectChoice(code.value, words) for code, words in OUTCOMES.items()],
    )
    rule = SelectField(
        lazy_gettext("Règle en cause"),
        choices=[
            SelectChoice("", lazy_gettext("Aucune")),
            *(SelectChoice(rule.code, rule.name) for rule in RULES),
        ],
        default="",
    )
    answer = TextAreaField(
        lazy_gettext("Votre raison"),
        filters=[clean],
        validators=[
            DataRequired(message=lazy_gettext("Dites pourquoi : la décision est tracée.")),
            Length(max=LONGEST_REASON, message=lazy_gettext("1 000 caractères au plus.")),
        ],
        description=lazy_gettext(
            "Qui a signalé la lit avec son numéro. L’auteur la lit si son texte ne paraît plus."
        ),
    )

    def validate_rule(self, field: SelectField) -> None:
        """Ask for the rule where a text is taken from the page: both sides are told it."""
        if self.outcome.data not in (None, NoticeOutcome.KEPT) and not field.data:
            raise ValidationError(
                lazy_gettext("Choisissez la règle : l’auteur a le droit de la connaître.")
            )

    @property
    def reason(self) -> str:
        """What the author and the reporter read: the rule by its name, then the words."""
        words = str(self.answer.data)
        rule = BY_CODE.get(self.rule.data or "")
        return _("Règle : %(rule)s. %(words)s", rule=rule.name, words=words) if rule else words


def _reported_or_404(notice_id: str) -> Reported:
    for reported in content_notices.waiting(today()):
        if any(notice.id == notice_id for notice in reported.notices):
            return reported
    abort(404)


@blueprint.get("/equipe/moderation/signalements/<notice_id>", endpoint="notice")
@staff(Verb.MODERATE, writes=True)
def reported(notice_id: str) -> Any:
    """Show a reported text, why it was reported, and what may be decided."""
    found = _reported_or_404(notice_id)
    actor = actor_of(current_user, Verb.MODERATE)
    notice_follow.trace_opening(found.feedback, actor, today())
    db.session.commit()
    return _page(_reported_or_404(notice_id), OutcomeForm())


def _page(found: Reported, form: OutcomeForm, status: int = 200) -> Response:
    parent = peers.parent_of(found.feedback) if found.feedback.is_peer else None
    return render(
        "moderation/notice.html",
        None,
        status,
        reported=found,
        form=form,
        text=pieces(found.feedback.text),
        notices=[
            (n, NOTICE_REASONS[NoticeReason(n.reason)], pieces(n.words)) for n in found.notices
        ],
        parent=excerpt(parent.text) if parent else [],
        journal=journal_lines(found.feedback.id),
    )


@blueprint.post("/equipe/moderation/signalements/<notice_id>", endpoint="decide_notice")
@staff(Verb.MODERATE)
def decide(notice_id: str) -> Any:
    """Carry out what the moderator decided about a reported text."""
    found = _reported_or_404(notice_id)
    form = OutcomeForm(request.form)
    if not form.validate():
        return _page(found, form, 422)
    actor = actor_of(current_user, Verb.MODERATE)
    outcome = NoticeOutcome(form.outcome.data)
    content_notices.decide(found.feedback, outcome, form.reason, actor, today())
    keep_refusal(found.feedback, moderator_of(current_user), today())
    moderation_figures.count(WhyHeld.NOTICE, outcome.value, found.days, today())
    db.session.commit()
    flash(_("Décision enregistrée."))
    return redirect(url_for("moderation.queue"), 303)
