"""The base of the forms of the pages: what the form library says is in the reader's language."""

from typing import Self

from flask_babel import get_locale
from wtforms import Form
from wtforms.meta import DefaultMeta


class SpokenForm(Form):
    """A form whose library messages are read as the page is; a field of its own may say its own."""

    class Meta(DefaultMeta):
        """Asks for the language anew with each form."""

        @property
        def locales(self) -> tuple[str, ...]:
            """The language of the page."""
            locale = get_locale()
            return (locale.language if locale else "fr",)

    def apart(self, suffix: str | int) -> Self:
        """Return the form with ids that no other form of the page has."""
        for field in self:
            field.id = field.label.field_id = f"{field.id}-{suffix}"
        return self
