"""What happened in the demonstration after people spoke: answers, promises, confirmations.

All of it is invented and goes through the same verbs as the pages. The moments are counted back
from the day of the demonstration, so that it never looks old.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from textwrap import shorten

from sqlalchemy import select

from app import form_keys
from app.access import Verb, actor_of
from app.accounts import Account
from app.catalogue import Service
from app.db import db
from app.demo_moderation import leave_work
from app.demo_words import ANSWERS, CANNED, PROMISED, VOICES
from feedback import commitments, moderation, threads, verdicts
from feedback.intake import Sent, Tools, receive
from feedback.models import Channel, Commitment, Feedback, State, ThreadState, Verdict

SEED = 6
ANSWERED_SHARE = {60: 0.998, 24: 0.93, 6: 0.4}  # by least age in days: a team that keeps up
CANNED_SHARE = 0.2
WORDS_QUOTED = 60  # characters


def tell(
    services: Sequence[Service],
    accounts: dict[str, Account],
    today: date,
    tools: Tools,
    secret: str,
) -> dict[str, str]:
    """Play the story; return the codes to print, by what they show."""
    by_slug = {service.slug: service for service in services}
    codes = _speak(by_slug, today, tools, secret)
    _answer_old(by_slug, accounts["equipe"], today)
    _publish_some(by_slug["mes-remboursements"], accounts["moderation"], today)
    _promise(by_slug, accounts, today)
    leave_work(by_slug["demarches-simples"], accounts, today, tools, secret)
    db.session.commit()
    return codes


def _speak(by_slug: dict[str, Service], today: date, tools: Tools, secret: str) -> dict[str, str]:
    codes = {}
    for slug, face, text, ago in VOICES:
        day = today - timedelta(days=ago)
        service = by_slug[slug]
        key = form_keys.issue(secret, slug, day)
        sent = Sent(face.value, text, Channel.WEB, wants_publication=True)
        receipt = receive(sent, service, key, day, tools)
        codes[f"{service.name}, {ago} jours"] = receipt.code or ""
    return codes


def _readable(service: Service, before: date) -> list[Feedback]:
    query = (
        select(Feedback)
        .where(
            Feedback.service_id == service.id,
            Feedback.day < before,
            Feedback.text.is_not(None),
            Feedback.thread_state == ThreadState.WAITING,
            Feedback.state.in_((State.OPEN.value, State.PUBLISHED.value)),
        )
        .order_by(Feedback.day, Feedback.id)
    )
    return list(db.session.scalars(query))


def _answered_share(age: int) -> float:
    return next(share for least, share in ANSWERED_SHARE.items() if age >= least)


def _answer_old(by_slug: dict[str, Service], team: Account, today: date) -> None:
    """Answer most of the older retours, one in five with a standard text disclosed as such."""
    rng = random.Random(SEED)
    actor = actor_of(team, Verb.ANSWER)
    for service in by_slug.values():
        for feedback in _readable(service, today - timedelta(days=min(ANSWERED_SHARE) - 1)):
            age = (today - feedback.day).days
            if rng.random() > _answered_share(age):
                continue
            day = feedback.day + timedelta(days=rng.randint(2, min(18, age)))
            threads.mark_read(feedback, actor, feedback.day + timedelta(days=1))
            canned = rng.random() < CANNED_SHARE or "[" in (feedback.text or "")
            text = rng.choice(CANNED) if canned else _own_answer(feedback, rng)
            threads.answer(feedback, text, team, day, canned=canned)
        db.session.commit()


def _own_answer(feedback: Feedback, rng: random.Random) -> str:
    said = shorten(feedback.text or "", WORDS_QUOTED, placeholder="…")
    return f"Vous écrivez : « {said} ». {rng.choice(ANSWERS)}"


def _publish_some(service: Service, moderator: Account, today: date) -> None:
    """Publish the retours of the story whose authors asked for it."""
    actor = actor_of(moderator, Verb.MODERATE)
    query = select(Feedback).where(
        Feedback.service_id == service.id, Feedback.wants_publication, Feedback.state == State.OPEN
    )
    for feedback in list(db.session.scalars(query)):
        moderation.decide(feedback, moderation.Decision.PUBLISH, "", actor, today)


def _promise(by_slug: dict[str, Service], accounts: dict[str, Account], today: date) -> None:
    """Make four promises: one to keep, one announced, one confirmed, one dropped."""
    money, files = by_slug["mes-remboursements"], by_slug["demarches-simples"]
    start = today - timedelta(days=60)
    promised = commitments.promise(
        money,
        "La carte Vitale se lit de nouveau du premier coup, avec un message quand elle échoue.",
        "Cheffe de produit",
        today + timedelta(days=16),
        retours_about(money, ("carte vitale",), 12),
        today - timedelta(days=5),
    )
    reminder = commitments.promise(
        files,
        "Une pièce déjà envoyée n’est plus redemandée : le dossier la retrouve.",
        "Responsable des dossiers",
        today - timedelta(days=20),
        retours_about(files, ("document", "justificatif", "papier"), 9),
        start,
    )
    commitments.announce(
        reminder, "Version 2.5 en ligne ; essai mené avec six usagers.", today - timedelta(days=22)
    )
    commitments.check(reminder, True, "", today - timedelta(days=21))
    words = [Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.PARTLY]
    for link, verdict in zip(reminder.links, words, strict=False):
        verdicts.give_verdict(reminder, link.feedback, verdict, "", today - timedelta(days=9))
    waiting = commitments.promise(
        money,
        "Chaque remboursement refusé dit pourquoi, en une phrase.",
        "Équipe remboursements",
        today - timedelta(days=4),
        retours_about(money, ("rembours",), 6),
        start,
    )
    commitments.announce(waiting, "Texte ajouté sur la page de chaque refus.", today)
    dropped = commitments.promise(
        money,
        "Une application séparée pour les pharmaciens.",
        "Cheffe de produit",
        today + timedelta(days=30),
        [],
        start,
    )
    commitments.drop(dropped, "Les pharmaciens ont dit préférer le site actuel.", today)
    commitments.advance_dates(today)
    _tell_authors((promised, reminder, waiting), accounts["equipe"], today)


def _tell_authors(made: Sequence[Commitment], team: Account, today: date) -> None:
    for link in (link for commitment in made for link in commitment.links):
        if link.feedback.thread_state == ThreadState.WAITING:
            day = min(today, link.feedback.day + timedelta(days=3))
            threads.answer(link.feedback, PROMISED, team, day)


def retours_about(
    service: Service, words: tuple[str, ...], count: int, before: date = date.max
) -> list[Feedback]:
    """Return the newest retours before a day that hold one of ``words``, at most ``count``."""
    query = (
        select(Feedback)
        .where(
            Feedback.service_id == service.id,
            Feedback.state == State.OPEN,
            Feedback.day < before,
        )
        .order_by(Feedback.day.desc(), Feedback.id)
    )
    found = [
        each
        for each in db.session.scalars(query)
        if any(word in (each.text or "").lower() for word in words)
    ]
    return found[:count]
