"""Reads what was posted for optional questions: an answer, one taken back, or what is wrong.

Nothing is written here; free words are masked by what the caller hands in.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from feedback.models import AnswerStatus
from feedback.question_shapes import Given, Kind, Question
from feedback.wording import clean, is_too_long
from nlp.redact import Redaction

Fields = Mapping[str, Sequence[str]]
Mask = Callable[[str], Redaction]
WAY = ".way"  # of a question in one's own words: how it was left unanswered


@dataclass
class Reading:
    """What the fields of a form say; None takes an earlier answer back."""

    answers: dict[str, Given | None] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)  # as typed, to look for danger; never stored
    problems: dict[str, str] = field(default_factory=dict)  # by question code


def read_answers(questions: Iterable[Question], fields: Fields, mask: Mask) -> Reading:
    """Return what ``fields`` answer to ``questions``; a field that is absent changes nothing."""
    reading = Reading()
    for question in questions:
        if question.is_text:
            _read_words(question, fields, mask, reading)
        elif question.code in fields:
            _read_options(question, fields[question.code], reading)
    for question in questions:
        if question.code in reading.answers and not _follows(question, reading):
            reading.answers[question.code] = None
    return reading


def typed(questions: Iterable[Question], fields: Fields) -> dict[str, str]:
    """Return what was typed, by field, to be shown again: several choices with a space between."""
    asked = {q.code: q.kind for q in questions}
    asked |= {q + WAY: Kind.ONE for q, kind in asked.items() if kind is Kind.TEXT}
    return {name: _shown(fields[name], kind) for name, kind in asked.items() if name in fields}


def _shown(values: Sequence[str], kind: Kind) -> str:
    said = [value for value in values if value]
    return " ".join(said[:1] if kind is Kind.PLACE else said)  # a place goes before a way


def _read_words(question: Question, fields: Fields, mask: Mask, reading: Reading) -> None:
    words = clean("\n".join(fields.get(question.code, ())))
    way = next((value for value in fields.get(question.code + WAY, ()) if value), "")
    if not words and not way:
        if question.code in fields:
            reading.answers[question.code] = None
        return
    if not words:
        _read_options(question, [way], reading)
        return
    masked = mask(words)
    if problem := _problem_of(words, masked):
        reading.problems[question.code] = problem
        return
    reading.words.append(words)
    reading.answers[question.code] = Given(AnswerStatus.GIVEN, masked.text, question.version)


def _problem_of(words: str, masked: Redaction) -> str:
    if is_too_long(words):
        return str(_("Ce texte dépasse 5 000 caractères. Raccourcissez-le, puis envoyez."))
    if not masked.names_masked:
        return str(
            _(
                "Nous ne pouvons pas masquer les noms en ce moment. "
                "Vos réponses ne sont pas encore gardées : réessayez dans une minute."
            )
        )
    return ""


def _read_options(question: Question, values: Sequence[str], reading: Reading) -> None:
    chosen = list(dict.fromkeys(value for value in values if value.strip()))
    if question.kind is not Kind.SEVERAL:
        chosen = chosen[:1]
    found = [question.read(value) for value in chosen]
    if None in found:
        reading.problems[question.code] = _unknown(question)
    elif lone := _alone_among_others(question, chosen):
        said = _("Gardez « %(words)s », ou les autres réponses.", words=lone)
        reading.problems[question.code] = str(said)
    else:
        reading.answers[question.code] = _given(question, chosen)


def _unknown(question: Question) -> str:
    if question.kind is Kind.PLACE:
        return str(_("Nous ne connaissons pas ce lieu. Tapez un numéro ou un nom : 42, 2A, Loire."))
    return str(_("Choisissez l’une des réponses proposées."))


def _alone_among_others(question: Question, chosen: Sequence[str]) -> str:
    """Return the words of a choice that goes with no other, when others stand beside it."""
    lone = {question.alone, *(status.value for status in question.statuses)}
    found = [value for value in chosen if value in lone]
    return str(dict(question.options)[found[0]]) if found and len(chosen) > 1 else ""


def _given(question: Question, chosen: Sequence[str]) -> Given | None:
    if not chosen:
        return None
    status, value = question.read(chosen[0]) or (AnswerStatus.GIVEN, "")
    if question.kind is Kind.SEVERAL and status is AnswerStatus.GIVEN:
        value = " ".join(code for code, _words in question.choices if code in chosen)
    return Given(status, value, question.version)


def _follows(question: Question, reading: Reading) -> bool:
    """Say whether ``question`` was to be answered after what was answered before it."""
    if not question.when.question or question.when.question not in reading.answers:
        return True
    before = reading.answers[question.when.question]
    return before is not None and bool(set(before.value.split()) & set(question.when.values))
