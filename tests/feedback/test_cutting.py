"""The worker cuts messages with its parser; without one it goes on by rules."""

from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.db import db
from app.runtime import Runtime
from feedback import analysis
from feedback.analysis import Machine
from feedback.models import Segment
from nlp.clauses import load_clauses
from nlp.encode import HashingEncoder
from tests import factories
from tests.conftest import settings

DICTATED = "le repas était bon les chambres sont bruyantes la nuit et la télé coûte trop cher"


def test_a_dictated_message_feeds_several_themes(
    app: Flask, in_app: None, today: date, tmp_path: Path
) -> None:
    row = factories.retour(factories.service(), text=DICTATED)
    db.session.commit()
    machine = Machine(HashingEncoder(64), tmp_path, load_clauses())
    analysis.analyse([row.id], machine, today)
    db.session.commit()
    found = list(db.session.scalars(select(Segment).order_by(Segment.start)))
    assert [each.text for each in found] == [
        "le repas était bon",
        "les chambres sont bruyantes la nuit",
        "et la télé coûte trop cher",
    ]


def test_the_parser_shares_the_vocabulary_of_the_name_finder(tmp_path: Path) -> None:
    runtime = Runtime(settings(), tmp_path)
    names = runtime.name_finder
    assert names
    assert runtime.clauses.vocab is names.pipeline.vocab  # type: ignore[attr-defined]
    assert names.find("Bonjour Marie Durand, je vous écris.")


def test_a_parser_that_cannot_be_loaded_leaves_the_rules(tmp_path: Path) -> None:
    assert Runtime(settings(NAMES_MODEL="no_such_model"), tmp_path).clauses is None
