"""What experts made of the signals of the small site, so that each of their pages has something."""

from datetime import date, timedelta

from sqlalchemy import select

from app.catalogue import Service
from app.db import db
from app.traces import Actor
from feedback import known_effects, qualification, signal_questions
from feedback.models import Feedback, Placement, Segment, Signal, SignalEvidence, SignalState
from feedback.qualification import Decision
from tests.feedback import corpus, watched

EXPERT = Actor("expert", "Centre d’expertise")
HARM = "Depuis la version 6.2, des rappels sonnent la nuit et réveillent des personnes."
GOOD = "La courbe de la semaine aide à parler avec son médecin."


def fill_watch(service: Service, today: date) -> None:
    """Give the raised signal its proof; add the signals, questions and effects around it."""
    raised = _raised(service, today)
    signal_questions.ask(raised, "Pharmacie", "La panne vient-elle du lecteur ?", "CHU", today)
    watched.signal(None, title="Authentification", kind="new")
    watched.signal(service, theme=None, title="Courbe de la semaine", tone="good")
    watched.signal(service, theme=None, kind="serious", title="Un dommage", e_value=None)
    _public(service, today)
    effect = known_effects.announce(service, "Lenteur du matin", today - timedelta(days=40))
    known_effects.add_sentence(effect, "Le matin, l’écran met une minute à s’ouvrir.")
    old = known_effects.announce(service, "Écran noir", today - timedelta(days=90))
    known_effects.end(old, today - timedelta(days=2))
    linked = select(SignalEvidence.feedback_id).where(SignalEvidence.signal_id.is_not(None))
    found = select(watched.Segment.id).where(watched.Segment.feedback_id.in_(linked)).limit(1)
    known_effects.add_segments(effect, list(db.session.scalars(found)))
    db.session.flush()


def _raised(service: Service, today: date) -> Signal:
    """Return the candidate that rests on the sudden retours of the small site.

    They are most of what was said in its few weeks: the watch itself abstains there.
    """
    placed = (
        select(Placement)
        .join(Segment, Segment.id == Placement.segment_id)
        .join(Feedback, Feedback.id == Segment.feedback_id)
        .where(Feedback.text.in_(corpus.BURST), Feedback.service_id == service.id)
    )
    placements = list(db.session.scalars(placed))
    proof = {**watched.PROOF, "first": "2025-11-24"}
    row = watched.signal(
        service, theme=placements[0].theme, title="Carte Vitale", proof=proof, raised=today
    )
    for feedback_id in {each.segment.feedback_id for each in placements}:
        db.session.add(SignalEvidence(signal_id=row.id, feedback_id=feedback_id))
    db.session.flush()
    return row


def _public(service: Service, today: date) -> None:
    harm = watched.signal(service, theme=None, title="Rappels la nuit", authors=7)
    told = Decision(SignalState.CONFIRMED, "Vérifié avec l’équipe.", HARM, effect="harmful")
    qualification.qualify(harm, told, EXPERT, today - timedelta(days=12))
    done = "L’équipe publie la version 6.3, qui suit l’heure d’hiver."
    measures = Decision(SignalState.MEASURES, "Version livrée.", done=done, effect="harmful")
    qualification.qualify(harm, measures, EXPERT, today - timedelta(days=4))
    good = watched.signal(service, theme=None, title="Courbe", authors=14)
    praise = Decision(SignalState.CONFIRMED, "Lu.", GOOD, effect="beneficial")
    qualification.qualify(good, praise, EXPERT, today - timedelta(days=3))
