"""The forms of the list of known effects: a name, a sentence that shows one, chosen sentences."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from feedback.desk_forms import DeskForm, clean
from feedback.known_effects import LONGEST_NAME

LONGEST_SENTENCE = 300  # characters: an example is one sentence, as people say it
_NAME_LENGTH = _("Nommez l’effet en quelques mots : 120 caractères au plus.")
_SENTENCE_LENGTH = _("Écrivez une phrase, comme on la dirait : de 10 à 300 caractères.")


class SentenceForm(DeskForm):
    """A sentence of the team's own."""

    text = TextAreaField(
        _("Une phrase qui le montre"),
        [Length(min=10, max=LONGEST_SENTENCE, message=_SENTENCE_LENGTH)],
        filters=[clean],
    )


class NameForm(DeskForm):
    """A new effect, with a first sentence."""

    name = StringField(
        _("Nom de l’effet"),
        [Length(min=3, max=LONGEST_NAME, message=_NAME_LENGTH)],
        filters=[clean],
    )
    text = TextAreaField(
        _("Une phrase qui le montre"),
        [InputRequired(_SENTENCE_LENGTH), Length(10, LONGEST_SENTENCE, _SENTENCE_LENGTH)],
        filters=[clean],
    )


class ChoiceForm(DeskForm):
    """Sentences of a message that show an effect: of the list, or a new one."""

    segments = SelectMultipleField(
        _("Quelles phrases le montrent ?"),
        [InputRequired(_("Cochez au moins une phrase."))],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    effect = SelectField(_("Quel effet ?"))
    name = StringField(
        _("ou un effet qui manque à la liste"),
        [Length(max=LONGEST_NAME, message=_NAME_LENGTH)],
        filters=[clean],
    )
