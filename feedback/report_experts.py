"""What the report of a signal says of its qualification: the answers, and the last step."""

from textwrap import shorten

from flask_babel import gettext
from sqlalchemy import select

from app.db import db
from app.said import as_said
from app.web import written_day
from feedback.models import Signal, SignalNote
from feedback.report_door import LONGEST, Facts
from feedback.signal_words import EFFECT_NAMES, LINK_NAMES, STATE_NAMES


def expert_facts(signal: Signal) -> tuple[Facts, tuple[str, ...]]:
    """Return what experts said of ``signal`` by name, then in their words."""
    note = _last_step(signal)
    yes_no = {True: gettext("oui"), False: gettext("non"), None: gettext("pas encore dit")}
    facts = [
        (gettext("État"), str(STATE_NAMES[signal.state])),
        (gettext("Inattendu"), yes_no[signal.unexpected]),
        (
            gettext("Lien avec le service"),
            _link(signal.link),
        ),
        (gettext("Effet"), _effect(signal, note)),
    ]
    told = [as_said(short(signal.sentence))] if signal.sentence else []
    if note is not None:
        told.append(
            gettext(
                "%(who)s, le %(day)s : %(reason)s",
                who=as_said(note.organisation),
                day=written_day(note.day),
                reason=as_said(short(note.reason)),
            )
        )
    if note is None:
        facts, told = facts[:1], [gettext("Aucun expert ne l’a encore qualifié.")]
    return tuple(facts), tuple(told)


def short(text: str) -> str:
    """Return ``text`` on one line, cut between two words where it is long."""
    return shorten(text, LONGEST, placeholder=" […]")


def _effect(signal: Signal, note: SignalNote | None) -> str:
    """Return what the experts said of the effect; a doubt is no verdict."""
    kept = "beneficial" if signal.beneficial else ""
    kept = kept or ((note.answers or {}).get("effect", "") if note else "")
    known = {key: words for key, words in EFFECT_NAMES.items() if key != "unknown"}
    return str(known.get(kept, gettext("pas encore dit")))


def _last_step(signal: Signal) -> SignalNote | None:
    """Return the last move of the qualification; a choice of door moves nothing."""
    moved = SignalNote.from_state != SignalNote.to_state
    query = select(SignalNote).where(SignalNote.signal_id == signal.id, moved)
    return db.session.scalars(query.order_by(SignalNote.id.desc()).limit(1)).first()


def _link(link: str) -> str:
    return str(LINK_NAMES.get(link, gettext("pas encore dit")))
