"""The foot of every mail: why it came, in a sentence, and where its reader changes that."""

import textwrap
from dataclasses import dataclass

from flask_babel import gettext as _

LINE = 72  # characters: a quoted line still fits a terminal


@dataclass(frozen=True)
class Foot:
    """Why somebody gets a mail; where they change it, and how they leave, where they can."""

    reason: str
    change: str = ""  # the address of a page
    leave: str = ""  # the address that ends these mails in one click

    @property
    def question(self) -> str:
        """What every foot answers."""
        return str(_("Pourquoi ce courriel ?"))

    @property
    def words(self) -> str:
        """What leads to the page, as HTML names it."""
        return str(_("Changer cela"))

    @property
    def leave_words(self) -> str:
        """What leads out, as HTML names it."""
        return str(_("Se désabonner en un clic"))

    def text(self) -> str:
        """Return the foot as a text part ends."""
        lines = ["-- ", textwrap.fill(f"{self.question} {self.reason}", LINE)]
        if self.change:
            lines += [str(_("Changer cela :")), self.change]
        if self.leave:
            lines += [str(_("Se désabonner en un clic :")), self.leave]
        return "\n".join(lines)
