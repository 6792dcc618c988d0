"""Every page that a role may open, from the application's own routes: a new one comes by itself."""

import re
from typing import Any

from flask import Flask
from sqlalchemy import Select, select

from app.catalogue import Service
from app.db import db
from app.editions import Edition
from feedback import models as m
from workshops.models import Workshop

# No page of HTML, a page of its own test, or one that only a mail's token opens.
LEFT_OUT = re.compile(
    r"static|\.(pdf|csv|atom|txt|js|json|webmanifest)$"
    r"|^/(healthz|readyz|langue|demo|sortie)|<token>"
)
ANYBODY, AUTHOR = "anybody", "author"


def addresses(app: Flask, slug: str) -> list[str]:
    """Return the address of each page of ``app`` that rows about ``slug`` can fill in."""
    with app.app_context():
        known = names(slug)
    found = []
    for rule in app.url_map.iter_rules():
        is_marked = getattr(app.view_functions[rule.endpoint], "access", None) is not None
        is_page = "GET" in (rule.methods or ()) and not LEFT_OUT.search(rule.rule)
        if is_page and is_marked and all(known.get(name) for name in rule.arguments):
            found.append(re.sub(r"<(?:\w+:)?(\w+)>", lambda at: known[at[1]], rule.rule))
    return sorted(set(found))


def names(slug: str) -> dict[str, str]:
    """Return what addresses may name: one row of each kind about the service, "" without one."""
    service = db.session.scalar(select(Service).where(Service.slug == slug))
    assert service, f"no service {slug}"
    of = m.Theme.service_id == service.id, m.Theme.ended.is_(None)
    queries: dict[str, Select[Any]] = {
        "edition_id": select(Edition.id).where(Edition.audience == "public"),
        "feedback_id": select(m.Feedback.id).where(
            m.Feedback.service_id == service.id,
            m.Feedback.state == m.State.OPEN.value,
            m.Feedback.first_answer_day.is_not(None),
        ),
        "theme_id": select(m.Theme.id).where(*of).order_by(m.Theme.name),
        "segment_id": select(m.Placement.segment_id).join(m.Theme).where(*of),
        "subject_id": select(m.Subject.id).where(m.Subject.ended.is_(None)),
        "signal_id": select(m.Signal.id).where(m.Signal.service_id == service.id),
        "workshop_id": select(Workshop.id),
    }
    found = {name: db.session.scalar(query.limit(1)) for name, query in queries.items()}
    return {"slug": slug} | {name: str(value or "") for name, value in found.items()}
