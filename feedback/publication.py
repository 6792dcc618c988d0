"""The author's wish to see the masked text on the service's page, both ways ([G9], model.md §4).

A text that leaves the page takes along what stood around it: answers, taps, quotes in editions and
the widget read its state when they are shown, a waiting mail is written anew before it leaves.
"""

from datetime import date

from app import traces
from app.traces import AUTHOR
from feedback import appeals, me_too, states
from feedback.author_news import no_news
from feedback.models import Feedback, State

ASKED, NO_LONGER = "asked publication", "asked no publication"  # verbs of the journal
LEFT_PAGE = "left the page"


class MustAppeal(Exception):
    """A moderator refused to publish these words: another one is asked, with words."""


@no_news
def wish(feedback: Feedback, wants: bool, day: date) -> None:
    """Keep whether the author wants the text published; « no » takes it off the page at once.

    Asking again puts it before a moderator again. Raises ``MustAppeal`` while one has refused.
    """
    if wants and must_appeal(feedback):
        raise MustAppeal
    if not wants and (refusal := appeals.publication_refusal(feedback)):
        refusal.words, refusal.appealed = "", None  # an appeal is taken back with the wish
    wants = wants and bool(feedback.text)
    left = not wants and leave_page(feedback, day)
    if wants != feedback.wants_publication:
        feedback.wants_publication = wants
        if not left:  # else that line says it
            traces.record(ASKED if wants else NO_LONGER, AUTHOR, day, feedback.id)


def must_appeal(feedback: Feedback) -> bool:
    """Say whether a moderator's refusal to publish stands, so that asking again is an appeal."""
    refusal = appeals.publication_refusal(feedback)
    return refusal is not None and not refusal.appealed


def leave_page(feedback: Feedback, day: date) -> bool:
    """Take a published text off the page for its author; return whether it stood there."""
    if feedback.state != State.PUBLISHED:
        return False
    states.move(feedback, State.OPEN, "author")
    traces.record(LEFT_PAGE, AUTHOR, day, feedback.id)
    return True


def change_words(feedback: Feedback, day: date) -> None:
    """Take a text whose words change off the page, with the taps and refusal of the old words.

    The wish stays: a moderator reads the new words before they are published.
    """
    leave_page(feedback, day)
    me_too.forget(feedback)
    appeals.forget_publication_refusal(feedback)
