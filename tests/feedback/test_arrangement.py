"""Refreshes on rows: what people did survives, two kinds of run, and what is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.catalogue import Service
from app.db import db
from feedback import analysis, arrangement, structure
from feedback.analysis import Machine
from feedback.models import (
    AnalysisRun,
    BondKind,
    PlacedBy,
    Placement,
    Segment,
    SegmentBond,
    Subject,
    SubjectEvent,
    Theme,
    ThemeBond,
    ThemeEvent,
)
from nlp.encode import HashingEncoder
from tests import factories
from tests.feedback import corpus


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(HashingEncoder(64), tmp_path)


def read_all(machine: Machine, day: date) -> None:
    analysis.analyse(analysis.waiting_ids(1000), machine, day)
    db.session.commit()


@pytest.fixture
def service(app: Flask, in_app: None, machine: Machine, today: date) -> Service:
    """A service with three plain subjects, read and grouped."""
    found = factories.service()
    corpus.fill(found, today)
    db.session.commit()
    read_all(machine, today)
    analysis.refresh(machine, today)
    db.session.commit()
    return found


def where() -> dict[str, str]:
    return {p.segment_id: p.theme_id for p in db.session.scalars(select(Placement))}


def standing(service: Service) -> list[Theme]:
    query = select(Theme).where(Theme.service_id == service.id, Theme.ended.is_(None))
    return sorted(db.session.scalars(query), key=lambda theme: theme.id)


def members(theme: Theme) -> list[str]:
    return sorted(segment for segment, home in where().items() if home == theme.id)


def refresh(machine: Machine, day: date, full: bool = False) -> AnalysisRun:
    run = analysis.refresh(machine, day, full)
    db.session.commit()
    return run


def merge(theme: Theme, into: Theme, day: date) -> None:
    theme.merged_into, theme.ended = into.id, day
    moved = update(Placement).where(Placement.theme_id == theme.id)
    db.session.execute(moved.values(theme_id=into.id))
    db.session.commit()


def split(theme: Theme, ids: list[str], day: date) -> Theme:
    part = Theme(
        service_id=theme.service_id, name="À part", named_by_person=True, born=day,
        split_from=theme.id,
    )  # fmt: skip
    db.session.add(part)
    db.session.flush()
    moved = update(Placement).where(Placement.segment_id.in_(ids))
    db.session.execute(moved.values(theme_id=part.id, by=PlacedBy.PERSON.value))
    db.session.commit()
    return part


def alike(service: Service) -> tuple[Theme, list[str]]:
    """Return a large theme, and the three of its segments that are nearest to one of them."""
    theme = max(standing(service), key=lambda each: (len(members(each)), each.name))
    found = {each: db.session.get_one(Segment, each) for each in members(theme)}
    vectors = {e: np.frombuffer(s.vector, np.float16).astype(float) for e, s in found.items()}
    first = min(found, key=lambda each: found[each].text)
    return theme, sorted(found, key=lambda each: -float(vectors[each] @ vectors[first]))[:3]


def say(service: Service, text: str, machine: Machine, day: date) -> list[Placement]:
    """Return where the sentences of a new retour stand at once."""
    row = factories.retour(service, text=text, day=day)
    db.session.commit()
    read_all(machine, day)
    query = select(Placement).join(Segment).where(Segment.feedback_id == row.id)
    return list(db.session.scalars(query))


@pytest.mark.parametrize("full", [False, True])
def test_a_refresh_that_finds_nothing_new_moves_nobody(
    service: Service, machine: Machine, today: date, full: bool
) -> None:
    before = where()
    names = {theme.id: theme.name for theme in standing(service)}
    run = refresh(machine, today + timedelta(days=1), full)
    assert run.kind == ("full" if full else "partial")
    assert before
    assert where() == before
    assert {theme.id: theme.name for theme in standing(service)} == names


def test_a_placement_says_how_near_it_is_and_to_what_next(
    service: Service, machine: Machine
) -> None:
    placed = list(db.session.scalars(select(Placement)))
    assert all(-1 <= each.score <= 1 and each.threshold > 0 for each in placed)
    with_second = [each for each in placed if each.runner_up]
    assert with_second
    assert all(each.runner_up_score is not None for each in with_second)
    assert all(each.runner_up != each.theme_id for each in placed)


@pytest.mark.parametrize("full", [False, True])
def test_what_people_merged_stays_one_and_takes_what_comes(
    service: Service, machine: Machine, today: date, full: bool
) -> None:
    first, second, *_ = standing(service)
    both = set(members(first)) | set(members(second))
    text = db.session.get_one(Segment, members(first)[0]).text
    merge(first, second, today)
    refresh(machine, today + timedelta(days=1), full)
    assert set(members(second)) >= both
    assert db.session.get_one(Theme, first.id).ended == today
    (new,) = say(service, text, machine, today)
    assert new.theme_id == second.id


def test_a_merge_of_one_team_does_not_reach_the_subject_nor_another_service(
    service: Service, machine: Machine, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = factories.service()
    corpus.fill(other, today)
    db.session.commit()
    read_all(machine, today)
    refresh(machine, today)
    first, second, *_ = standing(service)
    subjects = {theme.subject_id for theme in standing(other)}
    elsewhere = {theme.id: members(theme) for theme in standing(other)}
    _group_as(monkeypatch, lambda home: str(db.session.get_one(Theme, home).subject_id))
    merge(first, second, today)
    refresh(machine, today + timedelta(days=1), full=True)
    assert {theme.subject_id for theme in standing(other)} == subjects
    assert all(set(members(theme)) >= set(elsewhere[theme.id]) for theme in standing(other))
    assert db.session.get_one(Subject, first.subject_id).ended is None


@pytest.mark.parametrize("full", [False, True])
def test_a_part_that_people_took_out_stays_and_attracts_its_like(
    service: Service, machine: Machine, today: date, full: bool
) -> None:
    theme, taken = alike(service)
    part = split(theme, taken, today)
    refresh(machine, today + timedelta(days=1), full)
    assert set(members(part)) >= set(taken)
    assert db.session.get_one(Theme, part.id).centroid
    assert db.session.get_one(Theme, part.id).ended is None
    (new,) = say(service, db.session.get_one(Segment, taken[0]).text, machine, today)
    assert new.theme_id == part.id


def test_a_part_attracts_its_like_before_the_next_refresh(
    service: Service, machine: Machine, today: date
) -> None:
    theme, taken = alike(service)
    part = split(theme, taken, today)
    (new,) = say(service, db.session.get_one(Segment, taken[0]).text, machine, today)
    assert new.theme_id == part.id


@pytest.mark.parametrize("full", [False, True])
def test_what_a_person_placed_stays_whatever_the_groups_say(
    service: Service, machine: Machine, today: date, full: bool
) -> None:
    first, second, *_ = standing(service)
    moved = db.session.get_one(Placement, members(first)[0])
    moved.theme_id, moved.by = second.id, PlacedBy.PERSON.value
    db.session.commit()
    before = (moved.segment_id, moved.theme_id, moved.score, moved.placed)
    refresh(machine, today + timedelta(days=1), full)
    kept = db.session.get_one(Placement, moved.segment_id)
    assert (kept.segment_id, kept.theme_id, kept.score, kept.placed) == before
    assert kept.by == PlacedBy.PERSON


@pytest.mark.parametrize("full", [False, True])
def test_what_an_author_contested_comes_back_nowhere(
    service: Service, machine: Machine, today: date, full: bool
) -> None:
    theme = standing(service)[0]
    contested = db.session.get_one(Placement, members(theme)[0])
    contested.contested, contested.by = True, PlacedBy.PERSON.value
    db.session.commit()
    refresh(machine, today + timedelta(days=1), full)
    kept = db.session.get_one(Placement, contested.segment_id)
    assert kept.contested
    assert kept.theme_id == theme.id
    assert kept.segment_id not in db.session.get_one(Theme, theme.id).typical


def test_a_locked_theme_loses_nothing_and_keeps_its_name(
    service: Service, machine: Machine, today: date
) -> None:
    theme = standing(service)[0]
    theme.locked, theme.name = True, "Nom d’origine"
    stranger = next(s for s in where() if s not in members(theme))
    db.session.get_one(Placement, stranger).theme_id = theme.id
    db.session.commit()
    before = members(theme)
    refresh(machine, today + timedelta(days=1), full=True)
    assert set(members(theme)) >= set(before)
    assert db.session.get_one(Theme, theme.id).name == "Nom d’origine"


def bond(one: str, other: str, service: Service, kind: BondKind, day: date) -> None:
    low, high = sorted((one, other))
    db.session.add(
        SegmentBond(
            one_id=low, other_id=high, service_id=service.id, kind=kind.value, day=day,
            role="promoter",
        )
    )  # fmt: skip
    db.session.commit()


@pytest.mark.parametrize("full", [False, True])
def test_always_together_is_honoured(
    service: Service, machine: Machine, today: date, full: bool
) -> None:
    first, second, *_ = standing(service)
    one, other = members(first)[0], members(second)[0]
    bond(one, other, service, BondKind.TOGETHER, today)
    refresh(machine, today + timedelta(days=1), full)
    assert where()[one] == where()[other]
    assert where()[one] in (first.id, second.id)


@pytest.mark.parametrize("full", [False, True])
def test_never_together_is_honoured(
    service: Service, machine: Machine, today: date, full: bool
) -> None:
    theme = standing(service)[0]
    one, other = members(theme)[:2]
    bond(one, other, service, BondKind.APART, today)
    refresh(machine, today + timedelta(days=1), full)
    assert where().get(one) != where().get(other)
    assert theme.id in (where().get(one), where().get(other))


def test_a_subject_that_experts_merged_leaves_local_names_alone(
    service: Service, machine: Machine, today: date
) -> None:
    first, second, *_ = standing(service)
    names = {theme.id: theme.name for theme in standing(service)}
    before = where()
    gone, kept = first.subject_id, second.subject_id
    subject = db.session.get_one(Subject, gone)
    subject.merged_into, subject.ended = kept, today
    db.session.commit()
    refresh(machine, today + timedelta(days=1), full=True)
    assert {theme.id: theme.name for theme in standing(service)} == names
    assert where() == before
    assert db.session.get_one(Subject, gone).ended == today


def test_two_themes_that_are_never_one_keep_their_members(
    service: Service, machine: Machine, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = standing(service)
    low, high = sorted((first.id, second.id))
    db.session.add(ThemeBond(one_id=low, other_id=high, day=today, role="promoter"))
    db.session.commit()
    before = members(first), members(second)
    _group_as(monkeypatch, lambda home: first.id if home == second.id else home)
    refresh(machine, today + timedelta(days=1), full=True)
    assert (members(first), members(second)) == before
    assert all(theme.ended is None for theme in (first, second))


def _group_as(monkeypatch: pytest.MonkeyPatch, rule: Callable[[str], str]) -> None:
    """Have the next full refresh find the groups that ``rule`` makes of the themes."""
    homes = where()
    ids = sorted(db.session.scalars(select(Segment.id)))
    names = sorted({rule(home) for home in homes.values()})
    labels = [names.index(rule(homes[each])) if each in homes else -1 for each in ids]
    monkeypatch.setattr(
        "feedback.structure.cluster", lambda points, seed, **_: np.array(labels, np.int64)
    )


def test_themes_that_the_groups_make_one_are_told_as_merged(
    service: Service, machine: Machine, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = sorted(standing(service), key=lambda each: -len(members(each)))
    both = {*members(first), *members(second)}
    _group_as(monkeypatch, lambda home: first.id if home == second.id else home)
    refresh(machine, today + timedelta(days=1), full=True)
    assert len({where()[each] for each in both}) == 2  # once may be chance
    refresh(machine, today + timedelta(days=2), full=True)
    ended = [theme for theme in (first, second) if theme.ended]
    held = {where()[each] for each in both}
    assert len(held) == 1
    told = {(e.theme_id, e.kind) for e in db.session.scalars(select(ThemeEvent)) if e.by}
    assert all((theme.id, "merged") in told for theme in ended)
    assert "merged" in {e.kind for e in db.session.scalars(select(SubjectEvent))}


def test_a_part_that_the_groups_find_once_is_not_shown_and_twice_is(
    app: Flask, in_app: None, machine: Machine, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = factories.service()
    corpus.fill(service, today)
    db.session.commit()
    read_all(machine, today)
    ids = sorted(db.session.scalars(select(Segment.id)))
    words = [db.session.get_one(Segment, each).text.lower() for each in ids]
    plain = np.array([list(corpus.SUBJECTS).index(_subject(each)) for each in words])
    monkeypatch.setattr("feedback.structure.cluster", lambda points, seed, **_: plain)
    refresh(machine, today)
    before = where()
    assert len(set(before.values())) == 3
    part = np.where([("illisible" in each) for each in words], 3, plain)
    leaving = {each for each, label in zip(ids, part, strict=True) if label == 3}
    monkeypatch.setattr("feedback.structure.cluster", lambda points, seed, **_: part)
    refresh(machine, today + timedelta(days=1), full=True)
    assert where() == before
    refresh(machine, today + timedelta(days=2), full=True)
    moved = {each for each, home in where().items() if home != before[each]}
    assert moved <= leaving
    assert len(moved) >= 8
    assert len({where()[each] for each in moved}) == 1
    assert "split" in {e.kind for e in db.session.scalars(select(ThemeEvent))}


def _subject(text: str) -> str:
    return next(each for each in corpus.SUBJECTS if each in text)


ENDS = "de ma demande", "sur mon dossier", "trois fois sur quatre", "chaque soir", "encore hier"
NEW = [
    f"Le chatbot zinzolin répond toujours complètement à côté {end}."
    for end in (*ENDS, "pour ma mère")
]


def unplaced_new(service: Service, machine: Machine, today: date) -> list[str]:
    """Have six people say something new, and return the segments, all unplaced."""
    rows = [factories.retour(service, text=text, day=today) for text in NEW]
    db.session.commit()
    read_all(machine, today)
    ids = [row.id for row in rows]
    found = list(db.session.scalars(select(Segment.id).where(Segment.feedback_id.in_(ids))))
    db.session.execute(delete(Placement).where(Placement.segment_id.in_(found)))
    db.session.commit()
    return found


def test_a_group_among_the_unplaced_shows_when_it_is_found_a_second_night(
    service: Service, machine: Machine, today: date
) -> None:
    new = unplaced_new(service, machine, today)
    before = {theme.id for theme in standing(service)}
    refresh(machine, today)
    refresh(machine, today)  # the same night: it counts once
    assert {theme.id for theme in standing(service)} == before
    waiting = [s for s in db.session.scalars(select(Subject)) if s.seen == 1 and s.born == today]
    waiting = [s for s in waiting if s.id not in {t.subject_id for t in standing(service)}]
    assert len(waiting) == 1
    refresh(machine, today + timedelta(days=1))
    born = [theme for theme in standing(service) if theme.id not in before]
    assert len(born) == 1
    assert len(set(members(born[0])) & set(new)) >= 5
    assert db.session.get_one(Subject, born[0].subject_id).seen == 2


def test_a_fifth_more_segments_make_the_nightly_run_a_full_one(
    service: Service, machine: Machine, today: date
) -> None:
    assert refresh(machine, today + timedelta(days=1)).kind == "partial"
    corpus.fill(service, today, each=12)
    db.session.commit()
    read_all(machine, today)
    assert refresh(machine, today + timedelta(days=2)).kind == "full"


def test_a_subject_ends_at_the_second_full_refresh_in_a_row_that_misses_it(
    service: Service, machine: Machine, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = where()
    real = structure.cluster

    def miss(points: np.ndarray, seed: int) -> np.ndarray:
        return np.full(len(points), -1)

    for night, found in enumerate([miss, real, miss], 1):
        monkeypatch.setattr(structure, "cluster", found)
        refresh(machine, today + timedelta(days=night), full=True)
        assert where() == before
    refresh(machine, today + timedelta(days=4), full=True)
    assert standing(service) == []
    assert all(each.ended for each in db.session.scalars(select(Subject)))


def test_the_map_has_a_place_for_each_theme_and_does_not_jump(
    service: Service, machine: Machine, today: date
) -> None:
    before = {theme.id: (theme.map_x, theme.map_y) for theme in standing(service)}
    assert all(x is not None and -1 <= x <= 1 and -1 <= y <= 1 for x, y in before.values())
    refresh(machine, today + timedelta(days=1), full=True)
    after = {theme.id: (theme.map_x, theme.map_y) for theme in standing(service)}
    assert after.keys() == before.keys()
    assert all(np.allclose(after[each], before[each], atol=0.01) for each in before)


def test_a_vector_that_is_no_number_refuses_the_run_and_leaves_what_stands(
    service: Service, machine: Machine, today: date
) -> None:
    before = where()
    bad = np.full(64, np.nan, np.float16).tobytes()
    first = sorted(before)[0]
    db.session.execute(update(Segment).where(Segment.id == first).values(vector=bad))
    db.session.commit()
    with pytest.raises(ValueError, match="finite, got nan"):
        analysis.refresh(machine, today, full=True)
    db.session.rollback()
    assert where() == before


@pytest.mark.parametrize(
    "texts",
    [[], ["Une seule phrase."], ["Toujours la même phrase ici."] * 40, ["😀", "👍👍", "❤"] * 14],
    ids=["nothing", "one", "all equal", "only emoji"],
)
def test_what_has_no_structure_gets_none(
    app: Flask, in_app: None, machine: Machine, today: date, texts: list[str]
) -> None:
    service = factories.service()
    for text in texts:
        factories.retour(service, text=text)
    db.session.commit()
    read_all(machine, today)
    assert analysis.refresh(machine, today).subjects == 0
    assert standing(service) == []


def test_a_person_who_edits_while_the_machine_plans_is_heard(
    service: Service, machine: Machine, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = standing(service)[0]
    theme_id, real, calls = theme.id, arrangement._score, []

    def slow(made: object) -> object:
        if not calls:
            db.session.get_one(Theme, theme_id).name = "Nom d’une personne"
            db.session.get_one(Theme, theme_id).named_by_person = True
            db.session.commit()
        calls.append(1)
        return real(made)  # type: ignore[arg-type]

    monkeypatch.setattr(arrangement, "_score", slow)
    refresh(machine, today + timedelta(days=1), full=True)
    assert len(calls) == 2
    assert db.session.get_one(Theme, theme_id).name == "Nom d’une personne"
