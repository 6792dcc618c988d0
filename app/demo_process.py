"""The demonstration's process: a session, then the same people who try the prototype at home.

They write in a diary with the code that they kept; the release and its effect follow by themselves.
All of it is invented.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts import Account
from app.db import db
from nlp.redact import NameFinder
from workshops import diaries, kept_codes, processes
from workshops.around_models import KeptCode
from workshops.card_names import NobodyNamed
from workshops.models import Participant, Workshop
from workshops.process_models import PanelSeat

CODES = 6  # of the phones in the followed session keep one
TITLE = "Savoir où en est son dossier, de l’idée à l’effet"
AIM = "Que personne n’ait à téléphoner pour savoir où en est son dossier."
TRIAL = "Essai de la version 2.5 à la maison"
STARTED_AGO, DAYS = 104, 8
PROMPTS = ["Avez-vous compris où en est votre dossier ?", "Qu’est-ce qui vous a arrêté ?"]
DIARY = (  # which holder of a code, on which day, to which question
    (0, 0, 0, "Oui, la ligne des étapes se voit tout de suite."),
    (0, 3, 1, "Le mot « étudié » ne dit pas combien de temps cela prend."),
    (1, 1, 0, "À peu près. Je ne savais pas si « reçu » veut dire complet."),
    (1, 1, 1, "Il faut descendre loin sur le téléphone pour voir les étapes."),
    (2, 2, 0, "Oui, je n’ai pas rappelé le guichet cette semaine."),
    (3, 4, 1, "Rien. Ma fille m’a montré une fois et c’était clair."),
    (4, 6, 0, "Oui, mais la date de la dernière étape manque."),
)


def keep_codes(phones: Sequence[Participant]) -> None:
    """Let some of the room keep a code; nobody ever learns it: the story needs its holders."""
    for phone in phones[:CODES]:
        nobodys = hashlib.sha256(secrets.token_bytes(16)).hexdigest()
        kept_codes.give(phone, nobodys, secrets.token_hex(3))


def follow(session: Workshop, keeper: Account, today: date, names: NameFinder | None) -> None:
    """Put the session into a process and let the panel try what it asked for. Adds, flushes."""
    process = processes.create(session.service, keeper, TITLE, AIM, session.day)
    processes.attach(process, session, "codesign")
    starts = today - timedelta(days=STARTED_AGO)
    trial = diaries.create(process, TRIAL, starts, starts + timedelta(days=DAYS), PROMPTS)
    seats = select(PanelSeat).where(PanelSeat.workshop_id == session.id)
    seated = db.session.scalars(seats.order_by(PanelSeat.code_id))
    holders = [db.session.get_one(KeptCode, each.code_id) for each in seated]
    for holder, day, prompt, words in DIARY:
        on = starts + timedelta(days=day)
        diaries.write(trial, holders[holder], {prompt: words}, on, names or NobodyNamed())
