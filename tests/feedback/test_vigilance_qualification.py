"""An expert's decisions: by the table of states, with a reason, each kept as a step."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from app.traces import Actor
from feedback import known_effects, qualification, signal_evidence, voices
from feedback.models import (
    KnownEffect,
    KnownEffectExample,
    Signal,
    SignalLink,
    SignalNote,
    SignalState,
)
from feedback.qualification import Decision, ForbiddenQualification, Incomplete, ReasonNeeded
from tests import factories
from tests.conftest import writing
from tests.feedback import watched

EXPERT = Actor("expert", "Centre d’expertise")
S = SignalState
ALLOWED = {(old, new) for old, moves in qualification.MOVES.items() for new in moves}

TYPED = {
    "to_state": "confirmed",
    "reason": "Lu et relu.",
    "link": "probable",
    "effect": "harmful",
    "unexpected": "yes",
    "how_many": "7",
}


@pytest.fixture
def service(app: Flask, in_app: None) -> Service:
    return factories.service()


@pytest.fixture
def signal(service: Service) -> Signal:
    return watched.signal(service)


def decided(signal: Signal, state: SignalState, **said: object) -> Decision:
    """A complete decision to ``state``."""
    if state == S.MERGED:
        said.setdefault("target", watched.signal(signal.service))
    if state == S.KNOWN:
        said.setdefault("new_effect", "Rappels la nuit")
    words = ("Vérifié avec l’équipe.", "Des rappels sonnent la nuit.", "L’heure est corrigée.")
    return Decision(state, *words, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("new", SignalState)
@pytest.mark.parametrize("old", SignalState)
def test_an_expert_moves_a_signal_by_the_table_and_no_other_way(
    signal: Signal, today: date, old: SignalState, new: SignalState
) -> None:
    signal.state = old.value
    decision = decided(signal, new)
    if (old, new) in ALLOWED:
        qualification.qualify(signal, decision, EXPERT, today)
        assert signal.state == new
        step = qualification.history(signal)[-1]
        assert (step.from_state, step.to_state) == (old, new)
        assert (step.reason, step.organisation) == ("Vérifié avec l’équipe.", EXPERT.organisation)
    else:
        with pytest.raises(ForbiddenQualification):
            qualification.qualify(signal, decision, EXPERT, today)
        assert signal.state == old


def test_every_state_leads_somewhere_so_that_a_mind_can_be_changed() -> None:
    assert set(qualification.MOVES) == set(SignalState)
    assert all(
        S.UNDER_REVIEW in moves
        for state, moves in qualification.MOVES.items()
        if state not in (S.UNDER_REVIEW,)
    )


@pytest.mark.parametrize(
    ("state", "words", "lacking"),
    [
        (S.REFUTED, (" ",), "reason"),
        (S.CONFIRMED, ("Oui.",), "sentence"),
        (S.KNOWN, ("Oui.",), "known_effect"),
        (S.MERGED, ("Oui.",), "target"),
    ],
)
def test_what_a_decision_lacks_is_named_and_nothing_moves(
    signal: Signal, today: date, state: SignalState, words: tuple[str, ...], lacking: str
) -> None:
    with pytest.raises(Incomplete) as refused:
        qualification.qualify(signal, Decision(state, *words), EXPERT, today)
    assert refused.value.field == lacking
    assert signal.state == S.CANDIDATE
    assert qualification.history(signal) == []


def test_measures_and_a_closing_tell_the_public_what_was_done(signal: Signal, today: date) -> None:
    signal.state = S.CONFIRMED.value
    for state in (S.MEASURES, S.CLOSED):
        with pytest.raises(Incomplete, match="done"):
            qualification.qualify(signal, Decision(state, "Fini.", "Phrase."), EXPERT, today)
    with pytest.raises(ReasonNeeded):
        qualification.qualify(signal, Decision(S.MEASURES, "Oui."), EXPERT, today)


def test_what_the_expert_answers_is_kept_at_its_step_and_on_the_signal(
    signal: Signal, today: date
) -> None:
    release = factories.release(signal.service, "6.2") if signal.service else None
    decision = decided(
        signal,
        S.CONFIRMED,
        unexpected="yes",
        effect="beneficial",
        link=SignalLink.PROBABLE,
        how_many=9,
        release=release,
    )
    qualification.qualify(signal, decision, EXPERT, today)
    assert (signal.unexpected, signal.beneficial, signal.link) == (True, True, "probable")
    assert signal.release is release
    assert qualification.history(signal)[-1].answers == {
        "unexpected": "yes",
        "effect": "beneficial",
        "link": "probable",
        "release": "6.2",
        "how_many": 9,
        "retours": 9,
        "done": "L’heure est corrigée.",
    }


def test_a_release_that_the_expert_rules_out_is_taken_back(signal: Signal, today: date) -> None:
    assert signal.service
    signal.release = factories.release(signal.service, "6.2")
    qualification.qualify(signal, decided(signal, S.CONFIRMED), EXPERT, today)
    assert signal.release is not None
    ruled_out = decided(signal, S.UNDER_REVIEW, no_release=True)
    qualification.qualify(signal, ruled_out, EXPERT, today)
    assert signal.release is None


def test_a_merged_signal_is_linked_both_ways_and_its_retours_count_for_the_target(
    signal: Signal, service: Service, today: date
) -> None:
    target = watched.signal(service)
    both = watched.evidence(target)
    db.session.add(signal_evidence.SignalEvidence(signal_id=signal.id, feedback_id=both.id))
    own = watched.evidence(signal, "L’alarme me réveille.")
    qualification.qualify(signal, decided(signal, S.MERGED, target=target), EXPERT, today)
    assert signal_evidence.target_of(signal) is target
    assert signal_evidence.merged_into(target) == [signal]
    assert {row.id for row in signal_evidence.evidence(target)} == {own.id, both.id}
    assert voices.count_voices(voices.of_signal(target)).n == 2
    assert qualification.history(target)[-1].answers == {"merged": signal.id}
    assert qualification.history(signal)[-1].answers["merged_into"] == target.id


def test_parting_a_merged_signal_takes_its_retours_back(
    signal: Signal, service: Service, today: date
) -> None:
    target = watched.signal(service)
    own = watched.evidence(signal)
    qualification.qualify(signal, decided(signal, S.MERGED, target=target), EXPERT, today)
    qualification.qualify(signal, decided(signal, S.UNDER_REVIEW), EXPERT, today)
    assert signal_evidence.evidence(target) == []
    assert signal_evidence.evidence(signal) == [own]


def test_what_was_merged_earlier_follows_to_the_last_target(
    signal: Signal, service: Service, today: date
) -> None:
    middle, last = watched.signal(service), watched.signal(service)
    qualification.qualify(signal, decided(signal, S.MERGED, target=middle), EXPERT, today)
    qualification.qualify(middle, decided(middle, S.MERGED, target=last), EXPERT, today)
    assert {each.id for each in signal_evidence.merged_into(last)} == {signal.id, middle.id}


def test_a_signal_merges_only_into_a_standing_one_of_its_service_or_of_the_platform(
    signal: Signal, service: Service, today: date
) -> None:
    elsewhere, platform = watched.signal(factories.service()), watched.signal(None)
    refuted = watched.signal(service, state="refuted")
    for target in (signal, elsewhere, platform, refuted):
        with pytest.raises(Incomplete, match="target"):
            qualification.qualify(signal, decided(signal, S.MERGED, target=target), EXPERT, today)
    other = watched.signal(None)
    qualification.qualify(platform, decided(platform, S.MERGED, target=other), EXPERT, today)
    assert platform.merged_into == other.id


def test_a_known_signal_names_its_effect_and_its_sentences_become_examples(
    signal: Signal, today: date
) -> None:
    watched.evidence(signal)
    elsewhere = watched.evidence(watched.signal(signal.service))
    qualification.qualify(signal, decided(signal, S.KNOWN), EXPERT, today)
    effect = signal.known_effect
    assert effect is not None
    assert (effect.name, effect.service_id, signal.unlisted) == (
        "Rappels la nuit",
        signal.service_id,
        False,
    )
    [example] = effect.examples
    assert (example.text, example.vector) == ("", None)
    assert db.session.get(watched.Segment, example.segment_id).feedback_id != elsewhere.id  # type: ignore[union-attr]
    assert qualification.history(signal)[-1].answers["known_effect"] == "Rappels la nuit"


def test_a_known_effect_that_stands_is_chosen_and_gains_no_double(
    signal: Signal, today: date
) -> None:
    assert signal.service
    effect = known_effects.announce(signal.service, "Nuit", today)
    watched.evidence(signal)
    for state in (S.KNOWN, S.UNDER_REVIEW, S.KNOWN):
        decision = decided(signal, state, known_effect=effect, new_effect="")
        qualification.qualify(signal, decision, EXPERT, today)
    assert db.session.scalar(select(func.count()).select_from(KnownEffect)) == 1
    assert db.session.scalar(select(func.count()).select_from(KnownEffectExample)) == 1


def test_thinking_otherwise_of_a_known_signal_takes_its_examples_out_again(
    signal: Signal, today: date
) -> None:
    watched.evidence(signal)
    qualification.qualify(signal, decided(signal, S.KNOWN), EXPERT, today)
    effect = signal.known_effect
    assert effect is not None
    known_effects.add_sentence(effect, "Une phrase de l’équipe.")
    qualification.qualify(signal, decided(signal, S.UNDER_REVIEW), EXPERT, today)
    assert [each.text for each in effect.examples] == ["Une phrase de l’équipe."]
    assert (signal.known_effect_id, signal.unlisted) == (None, None)


def test_a_known_single_case_gives_the_sentence_that_names_harm(
    service: Service, today: date
) -> None:
    serious = watched.signal(service, kind="serious", theme=None)
    watched.evidence(serious, "J’ai été hospitalisé à cause d’un mauvais rappel.")
    watched.evidence(serious, "Bonjour.")
    qualification.qualify(serious, decided(serious, S.KNOWN), EXPERT, today)
    assert serious.known_effect is not None
    [example] = serious.known_effect.examples
    assert "hospitalisé" in db.session.get_one(watched.Segment, example.segment_id).text


def test_a_platform_signal_is_known_without_a_list_to_name(service: Service, today: date) -> None:
    platform = watched.signal(None)
    qualification.qualify(platform, Decision(S.KNOWN, "Panne nationale."), EXPERT, today)
    assert platform.state == S.KNOWN
    assert platform.known_effect_id is None


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> str:
    """The address of a signal, opened by an expert."""
    with writing(app):
        signal = watched.signal(factories.service())
        watched.evidence(signal)
        factories.sign_in(client, factories.account(Role.EXPERT))
        return f"/equipe/signaux/{signal.id}"


def test_the_form_keeps_what_was_typed_and_says_what_is_missing(
    client: FlaskClient, page: str, committed: Session
) -> None:
    typed = TYPED
    answer = factories.post(client, page, typed)
    assert answer.status_code == 422
    assert "Un état public demande une phrase pour le public." in answer.text
    assert "Lu et relu." in answer.text
    page = BeautifulSoup(answer.text, "html.parser")
    kept = [each["value"] for each in page.select("[checked], #signal-qualify [selected]")]
    assert [value for value in kept if value] == ["confirmed", "yes", "harmful", "probable"]
    assert 'value="7"' in answer.text
    assert committed.scalars(select(SignalNote)).all() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choisissez ce que ce signal devient."),
        (
            {"to_state": "known", "reason": "Oui."},
            "Choisissez l’effet connu, ou nommez-en un nouveau.",
        ),
        ({"to_state": "merged", "reason": "Oui."}, "Choisissez le signal auquel le réunir."),
        ({"to_state": "closed", "reason": "Oui."}, "Ce passage n’est pas possible"),
        ({"to_state": "nowhere", "reason": "Oui."}, "Ce passage n’est pas possible"),
        ({"to_state": "refuted", "reason": ""}, "Écrivez la raison."),
    ],
)
def test_each_refusal_stands_at_its_field(
    client: FlaskClient, page: str, typed: dict[str, str], said: str
) -> None:
    answer = factories.post(
        client, page, {"link": "unclear", "effect": "unknown", "unexpected": "unknown", **typed}
    )
    assert answer.status_code == 422
    assert said in answer.text


def test_the_page_tells_each_step_and_that_nothing_leaves(
    client: FlaskClient, page: str, committed: Session
) -> None:
    typed = {**TYPED, "sentence": "Des rappels sonnent la nuit."}
    assert factories.post(client, page, typed).status_code == 303
    shown = client.get(page).text
    assert committed.scalars(select(Signal.state)).one() == "confirmed"
    assert "Rien n’est envoyé hors de cette plateforme." in shown
    for words in (
        "Lu et relu.",
        "Inattendu : oui",
        "Effet : nuisible",
        "7 retours le montrent",
        "Lien avec le service : probable",
    ):
        assert words in shown


def test_an_effect_of_a_name_that_stands_is_to_be_chosen(
    app: Flask, client: FlaskClient, page: str, today: date
) -> None:
    with writing(app):
        known_effects.announce(db.session.scalars(select(Service)).one(), "Nuit", today)
    answer = factories.post(
        client,
        page,
        {
            "to_state": "known",
            "reason": "Oui.",
            "new_effect": "nuit",
            "link": "unclear",
            "effect": "unknown",
            "unexpected": "unknown",
        },
    )
    assert answer.status_code == 422
    assert "choisissez-le" in answer.text


def test_a_team_reads_its_signal_and_finds_no_form(app: Flask, client: FlaskClient) -> None:
    with writing(app):
        service = factories.service()
        signal = watched.signal(service, raised=factories.TODAY - timedelta(days=3))
        factories.sign_in(client, factories.account(Role.PROMOTER, services=(service,)))
        address = f"/equipe/signaux/{signal.id}"
    assert 'name="to_state"' not in client.get(address).text
    assert factories.post(client, address, {"to_state": "refuted"}).status_code == 403


def test_steps_tell_merges_releases_known_effects_and_further_measures(
    app: Flask, client: FlaskClient, today: date
) -> None:
    with writing(app):
        service = factories.service()
        target, merged, known = (watched.signal(service) for _ in range(3))
        release = factories.release(service, "6.2")
        qualification.qualify(merged, decided(merged, S.MERGED, target=target), EXPERT, today)
        for state in (S.CONFIRMED, S.MEASURES, S.MEASURES):
            qualification.qualify(target, decided(target, state, release=release), EXPERT, today)
        qualification.qualify(known, decided(known, S.KNOWN), EXPERT, today)
        factories.sign_in(client, factories.account(Role.EXPERT))
        pages = [f"/equipe/signaux/{each.id}" for each in (target, known)]
    steps = [BeautifulSoup(client.get(page).text, "html.parser") for page in pages]
    moved, settled = (" ".join(page.select(".timeline")[0].text.split()) for page in steps)
    for words in (
        "un autre signal y est réuni",
        "Depuis la version 6.2",
        "confirmé → mesures prises",
        "Fait : L’heure est corrigée.",
    ):
        assert words in moved
    assert moved.count("mesures prises") == 2
    assert "Effet connu : « Rappels la nuit »" in settled
