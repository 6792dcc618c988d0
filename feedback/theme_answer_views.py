"""The team's page of one reply to a whole theme: write, read again whom it reaches, send.

A reply that says a change is made goes to a moderator first, who sends it.
"""

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from app.access import Verb, staff
from app.days import today
from app.db import db
from app.web import render, wants_partial
from feedback import drafts, second_looks, theme_answers
from feedback.answer_words import real_sentences
from feedback.change_claims import claims
from feedback.desk_forms import AnswerForm
from feedback.models import Theme
from feedback.plain_language import long_sentences
from feedback.reply_advice import Advice, grouped
from feedback.rows import told
from feedback.second_looks import OtherWaits, look_for
from feedback.theme_views import bp, theme_or_404
from feedback.words import ROLE_NAMES


@bp.get("/equipe/themes/<theme_id>/reponse")
@staff(Verb.ANSWER)
def answer_all(theme_id: str) -> Response:
    """Say whom one reply would reach, and take its words."""
    theme = theme_or_404(theme_id, Verb.ANSWER)
    look, draft = look_for(theme), drafts.draft_of(current_user, theme)
    text = look.text if look and look.is_given_back else ""
    return _form(theme, AnswerForm(data={"text": draft.text if draft else text}))


@bp.post("/equipe/themes/<theme_id>/reponse/brouillon")
@staff(Verb.ANSWER)
def save_draft(theme_id: str) -> AnyResponse:
    """Keep what is typed for its writer alone: a part for the page that types, else the page."""
    theme = theme_or_404(theme_id, Verb.ANSWER)
    form = AnswerForm(request.form)
    draft = drafts.keep(current_user, theme, form.text.data, today())
    db.session.commit()
    if wants_partial():
        part = "feedback/desk/_draft_state.html"
        long = long_sentences(form.text.data)
        return render(part, part, addressee=theme, draft=draft, long=long)
    flash(_("Brouillon enregistré. Vous seul le lisez.") if draft else _("Brouillon vidé."))
    return redirect(url_for("themes.answer_all", theme_id=theme.id), 303)


@bp.post("/equipe/themes/<theme_id>/reponse/reprise")
@staff(Verb.ANSWER)
def take_back(theme_id: str) -> Response:
    """Take the reply back from its second look, to be changed."""
    theme = theme_or_404(theme_id, Verb.ANSWER)
    look = look_for(theme)
    draft = drafts.draft_of(current_user, theme)
    text = draft.text if draft else ""
    if look:
        text = "\n\n".join(filter(None, (look.text, text)))
        drafts.keep(current_user, theme, text, today())
        second_looks.drop(look)
        db.session.commit()
    return _form(theme, AnswerForm(data={"text": text}))


def _form(
    theme: Theme, form: AnswerForm, status: int = 200, advice: Advice | None = None
) -> Response:
    return render(
        "feedback/theme_answer.html",
        status=status,
        theme=theme,
        form=form,
        reach=theme_answers.reach(theme),
        advice=advice,
        look=look_for(theme),
        draft=drafts.draft_of(current_user, theme),
    )


def _advice(theme: Theme, form: AnswerForm) -> Advice:
    """Return what was not asked yet about a text that goes to many."""
    text = form.text.data
    copies = [] if form.canned_anyway.data else theme_answers.copies(theme.service, text)
    long = () if form.long_seen.data else tuple(long_sentences(text))
    return Advice(copies=len(copies), earlier=grouped(copies), long=long)


@bp.post("/equipe/themes/<theme_id>/reponse")
@staff(Verb.ANSWER)
def send_to_all(theme_id: str) -> AnyResponse:
    """Warn as for one reply, then say how many retours it reaches; send on the second word."""
    theme = theme_or_404(theme_id, Verb.ANSWER)
    form = AnswerForm(request.form)
    is_confirmed = request.form.get("confirmed") == "yes"
    reach = theme_answers.reach(theme)
    if is_confirmed and not reach.count:  # a second tap, or a colleague was faster
        flash(_("Plus aucun retour de ce thème n’attend de réponse. Rien de plus n’est parti."))
        return _back_to(theme)  # her own text waits in her draft since she read it again
    drafts.keep(current_user, theme, form.text.data, today())
    db.session.commit()
    if request.form.get("change"):
        return _form(theme, form)
    if not form.validate() or not reach.count:
        return _form(theme, form, 422)
    if not real_sentences(form.text.data):
        form.text.errors = [_("Écrivez au moins une phrase, avec des mots.")]
        return _form(theme, form, 422)
    found = _advice(theme, form)
    if found.copies or found.long:
        form.long_seen.data = "yes"
        return _form(theme, form, 422, advice=found)
    if is_confirmed and request.form.get("reaches") == str(reach.count):
        return _send(theme, form)
    return _confirmation(theme, form, reach, has_changed=is_confirmed)


def _confirmation(
    theme: Theme, form: AnswerForm, reach: theme_answers.Reach, has_changed: bool
) -> Response:
    return render(
        "feedback/theme_answer_check.html",
        theme=theme,
        form=form,
        reach=reach,
        has_changed=has_changed,
        claims=claims(form.text.data),
        letter=theme_answers.disclosed(form.text.data),
        role=ROLE_NAMES["promoter"],
        rows=told(reach.in_conversation, today()),
        day=today(),
    )


def _send(theme: Theme, form: AnswerForm) -> AnyResponse:
    text = form.text.data
    if claims(text):
        return _ask_second_look(theme, form)
    sent = theme_answers.answer_all(theme, text, current_user, today())
    drafts.discard(current_user, theme)
    db.session.commit()
    flash(
        ngettext(
            "Réponse envoyée à %(num)d retour. Son auteur la lira avec son code.",
            "Réponse envoyée à %(num)d retours. Leurs auteurs la liront avec leur code.",
            sent,
        )
    )
    return _back_to(theme)


def _ask_second_look(theme: Theme, form: AnswerForm) -> AnyResponse:
    try:
        second_looks.ask(theme, form.text.data, current_user, today(), canned=True)
    except OtherWaits:
        form.text.errors = [
            _("Une autre réponse attend déjà un second regard. Reprenez-la, ou attendez.")
        ]
        return _form(theme, form, 409)
    drafts.discard(current_user, theme)
    db.session.commit()
    flash(_("Votre réponse annonce un changement : un modérateur la relit, puis l’envoie."))
    return _back_to(theme)


def _back_to(theme: Theme) -> AnyResponse:
    return redirect(url_for("themes.theme", theme_id=theme.id), 303)
