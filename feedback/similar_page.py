"""What the receipt page adds of others' words; nothing of it may keep a receipt from its reader."""

from dataclasses import replace

import structlog
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.catalogue import Service
from app.db import start_reading
from feedback.me_too_button import Button, button
from feedback.models import Feedback
from feedback.published import Said
from feedback.published_page import fresh_key
from feedback.similar import similar

log = structlog.get_logger()


def others_said(service: Service, feedback: Feedback) -> list[tuple[Said, Button]]:
    """Return what others said like ``feedback``, with their buttons; nothing beside a danger.

    The retour is stored before: a fault here is written down and shows nothing.
    """
    if feedback.dangers or not feedback.text:
        return []
    try:
        found = similar(service, feedback.text, feedback.id, current_app.config["FLOOR"])
    except SQLAlchemyError:
        log.exception("similar messages failed")
        start_reading()
        return []
    key = fresh_key(service)
    return [(said, replace(button(service, said.id, key, said.taps), apart=True)) for said in found]
