"""« Pourquoi ? »: each fact of a membership and of a theme, and the numbers computed anew."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import Role
from app.catalogue import Service
from app.db import db
from feedback import analysis, theme_facts, theme_reasons
from feedback.analysis import Machine
from feedback.models import (
    BondKind,
    PlacedBy,
    Placement,
    Segment,
    SegmentBond,
    State,
    Subject,
    Theme,
    ThemeEvent,
)
from feedback.theme_coverage import coverage_of
from feedback.theme_proofs import missed_words, prove
from nlp.encode import HashingEncoder
from tests import factories
from tests.fakes import FakeRuntime
from tests.feedback import corpus


@pytest.fixture
def machine(app: Flask, tmp_path: Path) -> Machine:
    """The machine, whose folder the commands and pages of the application know too."""
    app.extensions["boucle"] = FakeRuntime(tmp_path, encoder=HashingEncoder(64))
    return Machine(HashingEncoder(64), tmp_path)


@pytest.fixture
def grouped(app: Flask, in_app: None, machine: Machine, today: date) -> Service:
    """A service with three plain subjects, read and grouped."""
    service = factories.service()
    corpus.fill(service, today)
    db.session.commit()
    analysis.analyse(analysis.waiting_ids(1000), machine, today)
    db.session.commit()
    analysis.refresh(machine, today)
    db.session.commit()
    return service


def a_placement() -> Placement:
    query = select(Placement).join(Segment).order_by(Segment.id)
    return db.session.scalars(query).first()  # type: ignore[return-value]


def new_retour(service: Service, machine: Machine, day: date) -> Placement:
    """Return where the machine puts one more sentence on the card."""
    row = factories.retour(
        service, text="Ma carte Vitale reste illisible à la pharmacie du centre."
    )
    db.session.commit()
    analysis.analyse([row.id], machine, day)
    db.session.commit()
    return db.session.scalars(
        select(Placement).join(Segment).where(Segment.feedback_id == row.id)
    ).one()


def told(app: Flask, *arguments: str) -> str:
    answer = app.test_cli_runner().invoke(args=["explain", *arguments])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_the_numbers_of_a_refresh_are_reproduced_to_four_decimals(
    grouped: Service, machine: Machine
) -> None:
    placements = list(db.session.scalars(select(Placement)))
    proofs = prove(placements, machine.folder)
    assert len(proofs) > 90
    assert all(each.same for each in proofs)
    for placement, proof in zip(placements, proofs, strict=True):
        assert proof.score == pytest.approx(placement.score, abs=1e-4)
        assert proof.threshold == pytest.approx(placement.threshold, abs=1e-4)


def test_the_numbers_of_a_new_message_are_reproduced_and_so_after_the_next_refresh(
    grouped: Service, machine: Machine, today: date
) -> None:
    placed = new_retour(grouped, machine, today)
    segment_id = placed.segment_id
    assert prove([placed], machine.folder)[0].same
    analysis.refresh(machine, today)
    db.session.commit()
    kept = db.session.get(Placement, segment_id)
    assert kept
    assert prove([kept], machine.folder)[0].same


def test_a_number_that_was_changed_by_hand_is_found_out(grouped: Service, machine: Machine) -> None:
    placed = a_placement()
    placed.score += 0.001
    assert not prove([placed], machine.folder)[0].same


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("space", "not in the instance folder"),
        ("model", "of another model"),
        ("centre", "no stored centre"),
    ],
)
def test_what_cannot_be_computed_anew_says_why(
    grouped: Service, machine: Machine, spoil: str, reason: str
) -> None:
    placed = a_placement()
    if spoil == "space":
        (machine.folder / "space.npz").unlink()
    elif spoil == "model":
        placed.segment.model = "another 123"
    else:
        for table in (Subject, Theme):
            for row in db.session.scalars(select(table)):
                row.centroid = None
        for each in db.session.scalars(select(Placement)):
            each.contested = True
        db.session.flush()
    proof = prove([placed], machine.folder)[0]
    assert reason in proof.reason
    assert not proof.same


def test_the_nearest_messages_are_found_among_all_members_and_told_with_their_similarity(
    grouped: Service, machine: Machine, today: date
) -> None:
    placed = new_retour(grouped, machine, today)
    placed.theme.typical = []
    near = theme_reasons.why(placed).neighbours
    assert len(near) == 3
    assert all("carte Vitale" in each.text for each in near)
    similar = [each.similarity for each in near]
    assert similar == sorted(similar, reverse=True)  # type: ignore[type-var]
    assert len({each.feedback_id for each in near} | {placed.segment.feedback_id}) == 4


def test_the_public_sees_published_neighbours_alone(
    grouped: Service, machine: Machine, today: date
) -> None:
    placed = new_retour(grouped, machine, today)
    assert theme_reasons.why(placed, published_only=True).neighbours == ()
    shown = theme_reasons.why(placed).neighbours[2].segment.feedback
    shown.state = State.PUBLISHED.value
    db.session.flush()
    near = theme_reasons.why(placed, published_only=True).neighbours
    assert [each.feedback_id for each in near] == [shown.id]


def test_a_held_message_is_nobodys_neighbour(
    grouped: Service, machine: Machine, today: date
) -> None:
    placed = new_retour(grouped, machine, today)
    held = theme_reasons.why(placed).neighbours[0].segment.feedback
    held.state = State.HELD.value
    db.session.flush()
    assert held.id not in {each.feedback_id for each in theme_reasons.why(placed).neighbours}


def test_without_a_fitted_space_the_typical_messages_stand_in_uncompared(
    grouped: Service, machine: Machine, today: date
) -> None:
    placed = new_retour(grouped, machine, today)
    (machine.folder / "space.npz").write_bytes(b"broken")
    near = theme_reasons.why(placed).neighbours
    assert near
    assert all(each.similarity is None for each in near)


def test_shared_words_are_found_whatever_their_accents_and_plural() -> None:
    theme = Theme(words=[["réunions d’équipe", 2.0], ["carte", 1.0], ["bus", 0.5]])
    assert theme_reasons.shared_words(theme, "La REUNION d'equipe et les cartes") == (
        "réunions d’équipe",
        "carte",
    )


def test_the_encoder_tells_the_words_without_which_a_sentence_is_less_at_home(
    grouped: Service, machine: Machine, today: date
) -> None:
    placed = new_retour(grouped, machine, today)
    words = missed_words(placed, machine.folder, HashingEncoder(64))
    assert {"carte", "Vitale", "illisible"} & {word for word, _ in words}
    assert all(loss > 0 for _, loss in words)
    assert missed_words(placed, machine.folder, HashingEncoder(32)) == []


def test_what_people_did_is_told_with_its_day_and_role(grouped: Service, today: date) -> None:
    placed = a_placement()
    other = db.session.scalars(select(Segment).where(Segment.id != placed.segment_id)).first()
    assert other
    placed.by = PlacedBy.PERSON.value
    before = {"changes": [{"table": "placement", "keys": [[placed.segment_id]], "old": {}}]}
    db.session.add_all(
        [
            ThemeEvent(theme_id=placed.theme_id, day=today, kind="renamed", by="promoter"),
            ThemeEvent(
                theme_id=placed.theme_id, day=today, kind="moved", by="moderator", before=before
            ),
            ThemeEvent(
                theme_id=placed.theme_id, day=today, kind="locked", by="promoter", undone=today
            ),
            SegmentBond(
                one_id=placed.segment_id,
                other_id=other.id,
                service_id=grouped.id,
                kind=BondKind.TOGETHER.value,
                day=today,
                role="promoter",
            ),
        ]
    )
    db.session.flush()
    found = theme_reasons.why(placed)
    assert found.by_person
    kinds = [edit.kind for edit in found.edits]
    assert sorted(kinds) == ["membership", "moved", "renamed", "together"]
    assert {edit.who for edit in found.edits} == {"Équipe", "Modération"}
    assert theme_reasons.why(placed, published_only=True).edits == ()


def test_coverage_counts_the_sentences_of_the_service_that_stand_in_a_theme(
    grouped: Service,
) -> None:
    placed = a_placement()
    before = coverage_of(placed.theme)
    assert before.inside <= before.placed <= before.segments
    placed.contested = True
    db.session.flush()
    after = coverage_of(placed.theme)
    assert (after.placed, after.inside) == (before.placed - 1, before.inside - 1)


def test_a_theme_tells_its_likeness_its_threshold_and_its_last_run(
    grouped: Service, today: date
) -> None:
    theme = a_placement().theme
    facts = theme_facts.facts_of(theme)
    assert facts.retours >= 5
    assert facts.similarity.lowest <= facts.similarity.mean  # type: ignore[operator]
    assert facts.threshold == pytest.approx(a_placement().threshold)
    assert facts.run
    assert facts.run.space
    assert facts.model.startswith("hashing-64 ")
    assert (facts.moved_in, facts.taken_out) == (0, 0)


def test_the_command_explains_a_sentence_and_reproduces_its_numbers(
    app: Flask, grouped: Service
) -> None:
    placed = a_placement()
    output = told(app, placed.segment_id)
    assert f"similarity: {placed.score:.4f}, threshold: {placed.threshold:.4f}" in output
    assert f"computed anew: {placed.score:.4f}, {placed.threshold:.4f}" in output
    assert ": the same\n" in output
    for fact in ("runner-up:", "words that count:", "near:", "model: hashing-64", "coverage:"):
        assert fact in output


def test_the_command_explains_a_retour_and_a_theme(app: Flask, grouped: Service) -> None:
    placed = a_placement()
    feedback_id, theme_id = placed.segment.feedback_id, placed.theme_id
    segment_id = placed.segment_id
    assert f"segment {segment_id}" in told(app, feedback_id, "--no-words")
    output = told(app, theme_id)
    count = output.split("computed anew: ")[1].split(" the same")[0].split(" of ")
    assert count[0] == count[1]
    assert "last run:" in output


def test_the_command_names_an_unknown_id_in_one_line(app: Flask, in_app: None) -> None:
    answer = app.test_cli_runner().invoke(args=["explain", "nothing"])
    assert answer.exit_code == 1
    assert answer.output == "Error: no segment, retour, theme or signal has the id nothing\n"


def test_the_pages_say_why_in_sentences_and_keep_the_numbers_folded(
    app: Flask, client: FlaskClient, grouped: Service
) -> None:
    placed = a_placement()
    segment_id, theme_id = placed.segment_id, placed.theme_id
    factories.sign_in(client, factories.account(Role.PROMOTER, services=(grouped,)))
    db.session.commit()
    for page in (f"/equipe/placements/{segment_id}", f"/equipe/themes/{theme_id}/pourquoi"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "<summary>Les chiffres</summary>" in answer.text
    assert "disent à peu près la même chose" in answer.text


def test_why_of_another_teams_theme_is_not_found(
    app: Flask, client: FlaskClient, grouped: Service
) -> None:
    theme_id = a_placement().theme_id
    other = factories.service(slug="autre", name="Autre")
    factories.sign_in(client, factories.account(Role.PROMOTER, services=(other,)))
    db.session.commit()
    assert client.get(f"/equipe/themes/{theme_id}/pourquoi").status_code == 404


def test_the_thread_of_a_retour_leads_from_each_sentence_to_why_it_stands_in_its_theme(
    app: Flask, client: FlaskClient, grouped: Service, machine: Machine, today: date
) -> None:
    placed = new_retour(grouped, machine, today)
    segment_id, feedback_id = placed.segment_id, placed.segment.feedback_id
    factories.sign_in(client, factories.account(Role.PROMOTER, services=(grouped,)))
    db.session.commit()
    assert (
        f'href="/equipe/placements/{segment_id}"'
        in client.get(f"/equipe/retours/{feedback_id}").text
    )
