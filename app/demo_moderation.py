"""What waits for the moderator of the demonstration: a level, time given, a second look."""

from datetime import date, timedelta

from sqlalchemy import select

from app import form_keys
from app.access import Verb, actor_of
from app.accounts import Account
from app.catalogue import Service
from app.db import db
from feedback import moderation, second_looks, urgency
from feedback.intake import Sent, Tools, receive
from feedback.models import Feedback, State, ThreadState
from feedback.urgency import Level

FEARS = (
    (
        1,
        "Je suis la seule personne en fauteuil du quartier. J’ai peur qu’on me reconnaisse. "
        "Le guichet m’a parlé comme à une enfant.",
    ),
    (
        3,
        "Je travaille dans ce service, alors ne dites pas que ça vient de moi : les pièces "
        "jointes se perdent une fois sur deux.",
    ),
)  # days ago, words
CLAIM = (
    "Vous nous parlez de pièces redemandées. Nous avons corrigé ce défaut mardi : une pièce "
    "envoyée reste dans le dossier."
)
CONTEST = "J’ai perdu deux mois d’aide à cause de cela : ce n’est pas ordinaire."


def leave_work(
    service: Service, accounts: dict[str, Account], today: date, tools: Tools, secret: str
) -> None:
    """Leave the moderator what only a person decides, about ``service``."""
    held = [
        _speak(service, words, today - timedelta(days=ago), tools, secret) for ago, words in FEARS
    ]
    actor = actor_of(accounts["moderation"], Verb.MODERATE)
    moderation.give_time(held[0], 5, actor, today)
    asked, answered = _waiting(service)
    urgency.contest(asked, Level.SERIOUS, CONTEST, today)
    second_looks.ask(answered, CLAIM, accounts["equipe"], today)
    db.session.commit()


def _speak(service: Service, words: str, day: date, tools: Tools, secret: str) -> Feedback:
    key = form_keys.issue(secret, service.slug, day)
    return receive(Sent(0, words), service, key, day, tools).feedback


def _waiting(service: Service) -> list[Feedback]:
    """Return two retours of ``service`` that wait for the team, the newest first."""
    query = select(Feedback).where(
        Feedback.service_id == service.id,
        Feedback.text.is_not(None),
        Feedback.thread_state == ThreadState.WAITING,
        Feedback.state == State.OPEN,
    )
    return list(db.session.scalars(query.order_by(Feedback.day.desc(), Feedback.id).limit(2)))
