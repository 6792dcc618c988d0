"""The forms of the experts' desk: a qualification, a question to another expert and its answer."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from app.said import attributes
from feedback import known_effects, signal_merges
from feedback.desk_forms import DeskForm, clean
from feedback.models import Signal, SignalLink, SignalState
from feedback.qualification import history, moves_from
from feedback.signal_words import EFFECT_NAMES, LINK_NAMES, STATE_NAMES, UNEXPECTED_NAMES

NEEDED = {
    "to_state": _("Choisissez ce que ce signal devient."),
    "reason": _("Écrivez la raison."),
    "sentence": _("Un état public demande une phrase pour le public."),
    "done": _("Dites ce qui a été fait, pour le public."),
    "known_effect": _("Choisissez l’effet connu, ou nommez-en un nouveau."),
    "target": _("Choisissez le signal auquel le réunir."),
    "field": _("Dites à quel savoir vous faites appel."),
    "question": _("Écrivez la question."),
    "answer": _("Écrivez la réponse."),
}
_TOO_LONG = _("%(max)d caractères au plus.")


def _words(label: Any, most: int = 2000) -> TextAreaField:
    return TextAreaField(label, [Length(max=most, message=_TOO_LONG)], filters=[clean])


def _one_of(label: Any, names: dict[str, Any], default: str) -> SelectField:
    choices = [SelectChoice(str(value), words) for value, words in names.items()]
    return SelectField(label, choices=choices, default=default)


class QualificationForm(DeskForm):
    """One decision about a signal; what it needs beside the reason depends on where it leads."""

    to_state = RadioField(_("Ce signal est"), validate_choice=False)
    unexpected = _one_of(_("Est-ce inattendu ?"), UNEXPECTED_NAMES, "unknown")
    effect = _one_of(_("L’effet est"), EFFECT_NAMES, "unknown")
    link = _one_of(_("Un lien avec le service est"), LINK_NAMES, SignalLink.UNCLEAR.value)
    how_many = IntegerField(
        _("Combien de ces retours le montrent, à la lecture ?"),
        [Optional(), NumberRange(min=0, max=100_000, message=_("Écrivez un nombre de retours."))],
    )
    release = SelectField(_("Depuis quelle version ?"), validate_choice=False)
    known_effect = SelectField(_("Si c’est un effet connu, lequel ?"), validate_choice=False)
    new_effect = StringField(
        _("ou un effet qui manque à la liste"),
        [Length(max=known_effects.LONGEST_NAME, message=_TOO_LONG)],
        filters=[clean],
    )
    target = SelectField(_("S’il est réuni à un autre, auquel ?"), validate_choice=False)
    reason = _words(_("Raison"))
    sentence = _words(_("Phrase pour le public (confirmé, mesures, clos)"), 600)
    done = _words(_("Ce qui a été fait, pour le public (mesures, clos)"), 1000)

    def refuse(self, field: str) -> None:
        """Say at ``field`` what this decision lacks."""
        self[field].errors = [str(NEEDED[field])]


def qualification_form(signal: Signal, sent: Any = None) -> QualificationForm:
    """Return the form for ``signal``: what was ``sent``, else what is known of it today."""
    form = QualificationForm(sent, data=_known(signal))
    form.to_state.choices = [
        SelectChoice(move.value, STATE_NAMES[move]) for move in moves_from(signal)
    ]
    form.release.choices = [SelectChoice("", _("je ne sais pas, ou aucune")), *_releases(signal)]
    form.known_effect.choices = [SelectChoice("", _("choisir")), *_effects(signal)]
    form.target.choices = [SelectChoice("", _("choisir")), *_targets(signal)]
    return form


def _known(signal: Signal) -> dict[str, Any]:
    """Return what was answered last, so that a step changes only what the expert changes."""
    said = next((each.answers for each in reversed(history(signal)) if "link" in each.answers), {})
    return {
        "unexpected": said.get("unexpected", "unknown"),
        "effect": said.get("effect", "unknown"),
        "link": said.get("link", SignalLink.UNCLEAR.value),
        "how_many": said.get("how_many"),
        "release": str(signal.release_id or ""),
        "known_effect": str(signal.known_effect_id or ""),
        "sentence": signal.sentence,
    }


def _releases(signal: Signal) -> list[SelectChoice]:
    releases = reversed(signal.service.releases) if signal.service else ()
    return [SelectChoice(str(each.id), each.number) for each in releases]


def _effects(signal: Signal) -> list[SelectChoice]:
    effects = known_effects.standing(signal.service) if signal.service else ()
    return [SelectChoice(str(each.id), each.name, attributes()) for each in effects]


def _targets(signal: Signal) -> list[SelectChoice]:
    return [
        SelectChoice(each.id, f"{each.name} ({STATE_NAMES[SignalState(each.state)]})")
        for each in signal_merges.targets_of(signal)
    ]


class QuestionForm(DeskForm):
    """A question to another expert."""

    field = StringField(_("À qui connaît"), [Length(max=80, message=_TOO_LONG)], filters=[clean])
    question = _words(_("Votre question"))


class AnswerForm(DeskForm):
    """Its answer."""

    answer = _words(_("Votre réponse"))
