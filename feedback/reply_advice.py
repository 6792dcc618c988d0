"""What a team is told about an answer before it goes: copies, length, claims, what it is about.

Advice asks once; only an answer without one sentence of its own is refused.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedback import threads
from feedback.answer_templates import template_behind
from feedback.answer_words import own_sentences, real_sentences, takes_up
from feedback.change_claims import claims
from feedback.desk_thread import themes_of
from feedback.earlier_answers import earlier_answers, near_duplicates
from feedback.models import Feedback, Message
from feedback.plain_language import long_sentences

SHOWN = 3  # earlier wordings; the count tells of the rest


@dataclass(frozen=True)
class Earlier:
    """An earlier wording of nearly the same answer."""

    text: str
    number: int
    last: date


@dataclass(frozen=True)
class Advice:
    """What is said about one answer."""

    copies: int = 0
    earlier: tuple[Earlier, ...] = ()
    long: tuple[str, ...] = ()
    is_real: bool = True  # it holds a sentence, not only signs
    is_own: bool = True  # a sentence of it stands in no earlier answer
    is_about: bool = True  # it takes up a word of the author's
    template: str = ""  # the team's template that it still is
    claims: tuple[str, ...] = ()  # sentences that say a change is made: a moderator looks first

    @property
    def is_canned(self) -> bool:
        """Whether its author is told that it is a standard answer."""
        return bool(self.copies or self.template)

    @property
    def refuses(self) -> bool:
        """Whether it cannot go as it is: there is no sentence about this retour in it."""
        return not (self.is_real and self.is_own)


def advice(feedback: Feedback, text: str, day: date) -> Advice:
    """Return what is to be said about ``text`` as an answer to ``feedback``.

    The second tap of a button is told nothing: its words are there already.
    """
    if _is_there(feedback, text, day):
        return Advice()
    earlier = earlier_answers(feedback.service)
    found = near_duplicates(feedback.service, text, earlier)
    return Advice(
        copies=len(found),
        earlier=grouped(found),
        long=tuple(long_sentences(text)),
        template=template_behind(feedback, text) or "",
        claims=tuple(claims(text)),
        is_real=bool(real_sentences(text)),
        is_own=bool(own_sentences(text, (message.text for message in earlier))),
        is_about=takes_up(text, _told(feedback)),
    )


def grouped(messages: Sequence[Message]) -> tuple[Earlier, ...]:
    """Return the wordings of ``messages``, the most often sent first, a few at most."""
    days: dict[str, list[date]] = defaultdict(list)
    for message in messages:
        days[message.text].append(message.day)
    found = [Earlier(text, len(sent), max(sent)) for text, sent in days.items()]
    return tuple(sorted(found, key=lambda each: (-each.number, each.text))[:SHOWN])


def _is_there(feedback: Feedback, text: str, day: date) -> bool:
    every = threads.messages(feedback)
    return any((m.sender, m.day, m.text) == ("team", day, text) for m in every)


def _told(feedback: Feedback) -> list[str]:
    """Return what the author wrote and what it is known to be about."""
    wrote = [m.text for m in threads.messages(feedback, with_held=False) if m.sender == "author"]
    names = [theme.name for theme in themes_of(feedback)]
    names += [feedback.functionality.name] if feedback.functionality else []
    answers = [answer.value for answer in feedback.answers if " " in answer.value]
    return [feedback.text or "", *wrote, *names, *answers]
