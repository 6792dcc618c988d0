"""Known effects: a candidate that resembles one says so, another is unlisted, few abstain."""

from datetime import date

import numpy as np
import pytest
from flask import Flask

from app.db import db
from feedback.models import KnownEffect, KnownEffectExample, Segment, Theme
from feedback.unlisted import Match, encode_examples, match
from nlp.encode import HashingEncoder
from tests import factories
from tests.feedback import placed

WIDTH = 24


@pytest.fixture
def themes(app: Flask, in_app: None) -> list[Theme]:
    """Six themes of one service, whose segments lie around six directions."""
    service = factories.service()
    rng = np.random.default_rng(5)
    made = []
    for centre in rng.normal(size=(6, WIDTH)):
        theme = placed.theme(service, f"Thème {len(made)}")
        for _ in range(25):
            segment = placed.place(factories.retour(service), theme)
            point = (centre + 0.4 * rng.normal(size=WIDTH)).astype(np.float16)
            segment.vector, segment.model = point.tobytes(), "essai"
        made.append(theme)
    db.session.flush()
    return made


def announce(theme: Theme, count: int, of: Theme | None = None) -> KnownEffect:
    """Return a known effect shown by ``count`` segments of ``of``."""
    effect = KnownEffect(service_id=theme.service_id, name="Annoncé", added=date(2026, 1, 5))
    for placement in (of or theme).placements[:count]:
        effect.examples.append(KnownEffectExample(segment_id=placement.segment_id))
    db.session.add(effect)
    db.session.flush()
    return effect


def test_a_theme_that_an_effect_shows_is_listed(themes: list[Theme]) -> None:
    effect = announce(themes[0], 5)
    announce(themes[0], 5, of=themes[1])
    assert match(themes[0]) == Match(False, effect.id)


def test_a_theme_like_no_known_effect_is_unlisted(themes: list[Theme]) -> None:
    announce(themes[0], 5, of=themes[1])
    announce(themes[0], 5, of=themes[2])
    assert match(themes[0]) == Match(True)


def test_without_examples_it_cannot_be_told(themes: list[Theme]) -> None:
    assert match(themes[0]) == Match(None)
    announce(themes[0], 2)
    assert match(themes[0]) == Match(None)
    assert match(placed.theme(themes[0].service, "Vide")) == Match(None)


def test_an_effect_that_ended_is_no_longer_known(themes: list[Theme]) -> None:
    announce(themes[0], 5).ended = date(2026, 6, 1)
    db.session.flush()
    assert match(themes[0]) == Match(None)


def test_the_teams_own_sentences_are_encoded_once_by_each_model(themes: list[Theme]) -> None:
    effect = announce(themes[0], 0)
    effect.examples.append(KnownEffectExample(text="Le capteur gratte un peu les premiers jours."))
    db.session.flush()
    encoder = HashingEncoder()
    assert encode_examples(encoder, "un") == 1
    assert encode_examples(encoder, "un") == 0
    [example] = effect.examples
    assert example.vector is not None
    assert len(example.vector) == 2 * encoder.dimension
    assert encode_examples(encoder, "autre") == 1


def test_two_models_vectors_are_never_compared(themes: list[Theme]) -> None:
    effect = announce(themes[0], 0)
    for number in range(5):
        effect.examples.append(KnownEffectExample(text=f"Effet {number}"))
    db.session.flush()
    encode_examples(HashingEncoder(), "autre")
    assert match(themes[0]) == Match(None)
    assert db.session.get(Segment, themes[0].placements[0].segment_id).model == "essai"  # type: ignore[union-attr]
