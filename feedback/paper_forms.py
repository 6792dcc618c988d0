"""The screen for typing sheets of paper: one short field a question, digits for its answers.

1, 2, 3… are the answers in the order of the sheet; 7, 8 and 9 always mean the same ways of not
answering, and so do 97, 98 and 99 where there are more answers than six. An empty field is a
question left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from feedback.answering import WAY, Fields
from feedback.entry_forms import Asking, EntryForm, functionality_choices
from feedback.forms import check_length
from feedback.models import AnswerStatus
from feedback.question_shapes import PLACES, Kind, Question
from feedback.questions import FACES, G1, G2, G9
from feedback.wording import clean

LAST_DIGITS = {
    AnswerStatus.NOT_APPLICABLE.value: "7",
    AnswerStatus.UNKNOWN.value: "8",
    AnswerStatus.REFUSED.value: "9",
}
FEW = 6  # answers before the ways of not answering need two digits
CONSENT = "consent"


@dataclass(frozen=True)
class Key:
    """What a typed key stands for."""

    typed: str
    value: str
    words: Any


class KeyField(StringField):
    """A short field where a key stands for an answer, or several keys for several."""

    def __init__(self, words: Any, keys: Sequence[Key], kind: Kind = Kind.ONE, **more: Any) -> None:
        super().__init__(words, [_known_keys], filters=[_plain], **more)
        self.keys = keys
        self.kind = kind

    @property
    def is_place(self) -> bool:
        """Whether the code of a département is an answer too."""
        return self.kind is Kind.PLACE

    @property
    def is_several(self) -> bool:
        """Whether several keys may be typed, with a space between."""
        return self.kind is Kind.SEVERAL

    @property
    def picked(self) -> list[str]:
        """The values that the typed keys stand for; an unknown key stands for none."""
        typed = str(self.data or "")
        parts = typed.replace(",", " ").split() if self.is_several else [typed]
        known = {key.typed: key.value for key in self.keys}
        known |= {code: code for code, _words in PLACES} if self.is_place else {}
        found = [known.get(part) for part in parts]
        return [value for value in found if value] if None not in found else []


def _plain(typed: str | None) -> str:
    return (typed or "").strip().upper()


def _known_keys(_form: Any, field: Any) -> None:
    if not field.data or field.picked:
        return
    if field.is_place:
        problem = gettext("Tapez un code de département sur deux ou trois signes, ou 98, ou 99.")
        raise ValidationError(problem)
    keys = ", ".join(key.typed for key in field.keys)
    raise ValidationError(gettext("Tapez l’une de ces touches : %(keys)s.", keys=keys))


class PaperForm(EntryForm):
    """One sheet of paper."""

    def __init__(self, asking: Asking, data: Any = None, needs_consent: bool = False) -> None:
        super().__init__(_fields(asking, needs_consent), asking, data)

    def value(self, name: str) -> str:
        """Return the value that stands for what was typed."""
        field = self._fields.get(name)
        return "".join(field.picked[:1]) if isinstance(field, KeyField) else super().value(name)

    def answered(self) -> Fields:
        """Return the values that the typed keys stand for."""
        fields = {f.name: f.picked for f in self if isinstance(f, KeyField)}
        return {**{f.name: [f.data or ""] for f in self if f.name not in fields}, **fields}

    def validate(self, extra_validators: Any = None) -> bool:
        """Say whether the sheet can be kept; what is wrong stands beside its field."""
        is_right = super().validate(extra_validators)
        for code, words in self.reading.problems.items():
            is_right = self.refuse(code, words)
        self.reading.problems.clear()  # each stands at its field now
        if not (self["face"].data or clean(self.value("text"))):
            problem = gettext("Tapez le visage coché ou les mots écrits : l’un des deux suffit.")
            is_right = self.refuse("face", problem)
        if self.sheet_number and (problem := self.sheet_problem()):
            is_right = self.refuse("sheet", problem)
        if CONSENT in self and not (self.value(CONSENT) or self[CONSENT].errors):
            problem = gettext("Sans cette case cochée sur la feuille, elle ne se saisit pas.")
            is_right = self.refuse(CONSENT, problem)
        return is_right


def keys_of(question: Question) -> list[Key]:
    """Return the keys of a question: its choices by their place, then its ways of not answering."""
    ten = "9" if len(question.choices) > FEW or question.kind is Kind.PLACE else ""
    chosen = [Key(str(n), v, words) for n, (v, words) in enumerate(question.choices, start=1)]
    return [*chosen, *(Key(ten + LAST_DIGITS[v], v, words) for v, words in question.ways)]


def _numbered(choices: Any) -> list[Key]:
    return [Key(str(n), value, words) for n, (value, words) in enumerate(choices, start=1)]


def _fields(asking: Asking, needs_consent: bool) -> dict[str, Any]:
    """Return the fields in the order of the sheet."""
    fields: dict[str, Any] = {
        "face": KeyField(G1.words, _numbered(FACES)),
        "text": TextAreaField(G2.words, [check_length]),
    }
    if offered := functionality_choices(asking.service):
        words = _("De quelle fonction parlez-vous ?")
        fields["functionality"] = KeyField(words, _numbered(offered))
    for question in asking.questions:
        fields |= _asked(question)
    fields[G9.code] = KeyField(G9.words, keys_of(G9))
    if needs_consent:
        ticked = [Key("1", "yes", _("cochée"))]
        fields[CONSENT] = KeyField(_("La case d’accord de la feuille"), ticked)
    fields["sheet"] = StringField(
        _("Numéro de la feuille"),
        filters=[_plain],
        description=_("8 chiffres, s’il y en a. Vide : la personne n’aura pas de code."),
    )
    return fields


def _asked(question: Question) -> dict[str, Any]:
    if not question.is_text:
        return {question.code: KeyField(question.words, keys_of(question), question.kind)}
    found: dict[str, Any] = {question.code: TextAreaField(question.words)}
    if question.ways:
        words = _("Pas de réponse écrite : la case cochée")
        found[question.code + WAY] = KeyField(words, keys_of(question))
    return found
