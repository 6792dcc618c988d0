"""The codes in the columns of a retour: its face, how it came in, where it stands; no table."""

from enum import IntEnum, StrEnum


class Face(IntEnum):
    """[G1]: the value is the score on 10."""

    BAD = 0
    MIDDLING = 5
    GOOD = 10


class Channel(StrEnum):
    """How a retour came in; always recorded."""

    WEB = "web"
    LINK = "link"
    POSTER = "poster"
    WIDGET = "widget"
    PAPER = "paper"
    MEDIATOR = "mediator"
    WORKSHOP = "workshop"
    IMPORT = "import"
    API = "api"
    PEER = "peer"


class State(StrEnum):
    """Where a retour stands; who moves it is in ``feedback/states.py``."""

    RECEIVED = "received"
    OPEN = "open"
    HELD = "held"
    RETURNED = "returned"
    REFUSED = "refused"
    PUBLISHED = "published"
    SHOWN = "shown"  # a peer's answer that a moderator let stand under a published message
    WITHDRAWN = "withdrawn"


class ThreadState(StrEnum):
    """Where the exchange on a concern stands; a rating without text has none."""

    NONE = "none"
    WAITING = "waiting"
    ANSWERED = "answered"
    REPLIED = "replied"  # the author wrote again: the team is awaited
    SETTLED = "settled"  # the author says so
    LAPSED = "lapsed"  # 60 days without a word: "sans suite", not solved


class AnswerStatus(StrEnum):
    """Not applicable, don't know and refused are answers, apart from a missing one."""

    GIVEN = "given"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    REFUSED = "refused"
