"""What a public edition holds beside the one computation: what is open to all. When none leaves."""

from dataclasses import replace
from datetime import date

from flask import current_app
from flask_babel import gettext as _

from app.catalogue import Service
from app.computation import Computation
from app.still_open import still_open
from app.writings import Writing, for_public
from feedback import publication_stop


def public_writing(found: Computation, service: Service, day: date) -> Writing:
    """Return what anybody reads of ``service`` on ``day``."""
    writing = for_public(found, current_app.config["FLOOR"])
    writing = replace(writing, content=writing.content | {"open": still_open(service, day)})
    if publication_stop.is_stopped():
        return replace(writing, skipped=_("l’essai de reconnaissance a arrêté la publication"))
    return writing
