"""What the demonstration's teams said beforehand: whom a service is for, the effects they announce,
and how often its form was opened. All invented, like the services.
"""

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import select

from app.catalogue import Service, all_services, service_by_slug
from app.db import db
from feedback import declared_publics, known_effects, unlisted, watch_checks
from feedback.models import Feedback, FormViews
from nlp.encode import Encoder

PUBLIC = {
    declared_publics.WHOLE: {declared_publics.WHOLE: 42_000},
    "G6": {"user": 36_000, "relative": 4_500, "professional": 1_500},
}
EFFECTS = {
    "Le délai d’affichage d’un remboursement": (
        "Le remboursement met deux jours à s’afficher.",
        "Mon remboursement n’apparaît pas tout de suite.",
        "J’attends de voir le remboursement dans la liste.",
        "Le montant remboursé arrive sur le site après le virement.",
    ),
    "La double connexion demandée": (
        "On me demande un code par SMS à chaque connexion.",
        "Il faut se connecter deux fois avec un code.",
        "Le code de connexion arrive par message, c’est long.",
    ),
}
OPENED_FOR_ONE_SENT = 4  # openings of the form for each retour, about what such forms see


def prepare(encoder: Encoder, model: str, today: date) -> None:
    """Say beforehand what teams say, and check the watch once. Adds and flushes."""
    announce(today)
    unlisted.encode_examples(encoder, model)
    watch_checks.check_watch(today)


def announce(today: date) -> None:
    """Declare the public and the known effects of the first service; open every form.

    Adds and flushes.
    """
    service = service_by_slug("mes-remboursements")
    if service is None:
        return
    declared_publics.declare(service, PUBLIC, today - timedelta(days=300))
    for name, sentences in EFFECTS.items():
        effect = known_effects.announce(service, name, today - timedelta(days=300))
        for sentence in sentences:
            known_effects.add_sentence(effect, sentence)
    for each in all_services():
        _open_forms(each, today)
    db.session.flush()


def _open_forms(service: Service, today: date) -> None:
    query = select(Feedback.day).where(
        Feedback.service_id == service.id, Feedback.day > today - timedelta(days=365)
    )
    for day, sent in sorted(Counter(db.session.scalars(query)).items()):
        db.session.add(FormViews(service_id=service.id, day=day, views=sent * OPENED_FOR_ONE_SENT))
