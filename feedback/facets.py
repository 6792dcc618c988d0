"""The facets that say who spoke: what each is called, and the values that it knows."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from feedback.channels import CHANNEL_NAMES
from feedback.departements import DEPARTEMENTS
from feedback.questions import G6, G7


@dataclass(frozen=True)
class Facet:
    """A facet: its name in a file, its name on a page, and its values with their words."""

    code: str  # as rows keep it: a question's code, or channel
    file_name: str  # as a CSV names it
    words: Any
    said: Any  # how a sentence names what people say of themselves
    values: dict[str, Any]

    def value_named(self, typed: str) -> str | None:
        """Return the value that a file means; spreadsheets drop the zero of « 01 »."""
        known = typed.strip()
        for candidate in (known, known.lower(), known.upper(), known.zfill(2)):
            if candidate in self.values:
                return candidate
        return None


CHANNEL = Facet(
    "channel",
    "channel",
    _("Canal"),
    _("le canal"),
    {channel.value: words for channel, words in CHANNEL_NAMES.items()},
)
WHO = Facet("G6", "who", _("Qui parle"), _("qui ils sont"), dict(G6.choices))
AGE = Facet("G7", "age", _("Âge"), _("leur âge"), dict(G7.choices))
PLACE = Facet("G8", "departement", _("Département"), _("leur département"), dict(DEPARTEMENTS))
FACETS = (CHANNEL, WHO, AGE, PLACE)
TRAITS = (WHO, AGE, PLACE)  # what people declare; the channel is recorded
BY_CODE = {facet.code: facet for facet in FACETS}
BY_FILE_NAME = {
    **{facet.file_name: facet for facet in FACETS},
    **{facet.code.lower(): facet for facet in FACETS},
    "canal": CHANNEL,
    "qui": WHO,
    "département": PLACE,
}
