"""Hand-written stand-ins at our own seams: a clock, the models of a process, an SMTP server."""

from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from nlp.encode import Encoder
from nlp.name_finder import NameFinder


class StandingClock:
    """A clock that a test moves by hand."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **delta: int) -> date:
        """Move on by ``delta`` (as of ``timedelta``) and return the new day."""
        self.moment += timedelta(**delta)
        return self.moment.date()


class CapitalNames:
    """A name finder for tests: every word that follows « docteur » or is listed is a name."""

    NAMES = ("Lemaire", "Dupont", "Fatou", "Martin")

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return the spans of the listed names."""
        spans = []
        for name in self.NAMES:
            start = text.find(name)
            while start >= 0:
                spans.append((start, start + len(name)))
                start = text.find(name, start + 1)
        return sorted(spans)


class FakeRuntime:
    """The models of a process, as a test wants them; None is a model that is missing."""

    def __init__(
        self,
        instance: Path = Path("."),
        name_finder: NameFinder | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        self.instance = instance
        self.name_finder = name_finder or CapitalNames()
        self.encoder = encoder
        self.clauses = None  # messages are cut by rules
        self.tagger = None  # themes are named by the use of words

    def lose_names(self) -> None:
        """Behave as if the name pipeline were missing."""
        self.name_finder = None  # type: ignore[assignment]


class CaughtMail:
    """An SMTP server's place: keeps what it is given, or raises what it is told to."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.fault: Exception | None = None

    def __call__(self, message: EmailMessage) -> None:
        if self.fault:
            raise self.fault
        self.messages.append(message)
