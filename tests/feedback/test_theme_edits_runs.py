"""What people did to themes survives real refreshes, and so does undoing it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.db import db
from feedback import (
    analysis,
    bonds,
    subject_edits,
    subjects,
    theme_additions,
    theme_edits,
    theme_merges,
    theme_moves,
    theme_undo,
)
from feedback.analysis import Machine
from feedback.models import Feedback, Theme
from nlp.encode import HashingEncoder
from tests import factories
from tests.feedback import corpus
from tests.feedback.theme_town import TEAM, Actor, ids, placements, retours

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(HashingEncoder(64), tmp_path)


def run(machine: Machine, day: date) -> None:
    db.session.commit()
    analysis.analyse(analysis.waiting_ids(1000), machine, day)
    db.session.commit()
    analysis.refresh(machine, day)
    db.session.commit()
    db.session.expire_all()


def standing() -> list[Theme]:
    """Return the themes that stand, the largest first."""
    found = list(db.session.scalars(select(Theme).where(Theme.ended.is_(None))))
    return sorted(found, key=lambda theme: (-len(ids(theme)), theme.id))


def mostly(wanted: set[str], theme: Theme) -> bool:
    """Say whether most of ``wanted`` stand in ``theme``: a run may move what nobody placed."""
    return len(wanted & set(retours(theme))) > len(wanted) / 2


@pytest.fixture
def themes(in_app: None, machine: Machine, today: date) -> list[Theme]:
    corpus.fill(factories.service(), today)
    db.session.commit()
    run(machine, today)
    return standing()


def test_every_edit_stands_after_two_runs(
    themes: list[Theme], machine: Machine, today: date
) -> None:
    whole, source, target = themes[:3]
    part = theme_merges.split(whole, retours(whole)[:4], "Part", TEAM, today)
    inside = set(retours(part))
    out, moved = retours(source)[:2]
    theme_moves.move(source, [out], None, TEAM, today)
    theme_moves.move(source, [moved], target, TEAM, today)
    left = placements(source)
    one, other = left[0].segment_id, left[-1].segment_id
    bonds.keep_apart(left[:1], left[-1:], TEAM, today)
    added = retours(themes[3])[:2]
    theme_additions.add(whole, [db.session.get_one(Feedback, each) for each in added], TEAM, today)
    theme_edits.lock(source, today, TEAM)
    locked = set(ids(source))
    for days in (1, 2):
        run(machine, today + timedelta(days=days))
        assert inside <= set(retours(part))
        assert (part.name, part.ended) == ("Part", None)
        assert moved in retours(target)
        assert set(added) <= set(retours(whole))
        assert out not in {each for theme in standing() for each in retours(theme)}
        assert len({one, other} & set(ids(source))) <= 1
        assert locked <= set(ids(source))


def test_a_merge_and_its_undoing_stand_after_a_run(
    themes: list[Theme], machine: Machine, today: date
) -> None:
    gone, stays = themes[:2]
    mine, others = set(retours(gone)), set(retours(stays))
    theme_merges.merge(gone, stays, TEAM, today)
    run(machine, today + timedelta(days=1))
    assert gone.ended
    assert retours(gone) == []
    assert mostly(mine | others, stays)
    (edit,) = theme_undo.edits_of(stays)
    assert theme_undo.undo(edit.event, TEAM, today + timedelta(days=2))
    run(machine, today + timedelta(days=3))
    assert (gone.ended, gone.merged_into) == (None, None)
    assert mostly(mine, gone)
    assert mostly(others, stays)


def test_a_split_that_was_undone_does_not_come_back(
    themes: list[Theme], machine: Machine, today: date
) -> None:
    whole = themes[0]
    every = set(retours(whole))
    part = theme_merges.split(whole, retours(whole)[:4], "Part", TEAM, today)
    run(machine, today + timedelta(days=1))
    (edit,) = theme_undo.edits_of(whole)
    theme_undo.undo(edit.event, TEAM, today + timedelta(days=2))
    run(machine, today + timedelta(days=3))
    assert part.ended
    assert retours(part) == []
    assert mostly(every, whole)


def test_a_merged_subject_stays_merged_and_named_themes_keep_their_name_and_messages(
    themes: list[Theme], machine: Machine, today: date
) -> None:
    corpus.fill(factories.service(), today)
    run(machine, today)
    for number, theme in enumerate(standing()):
        theme_edits.rename(theme, f"Thème {number}", today, TEAM)
        theme_edits.lock(theme, today, TEAM)
    before = {theme.id: (theme.name, set(retours(theme))) for theme in standing()}
    one, other = (line.subject for line in subjects.listed(1)[:2])
    subject_edits.merge(one, other, Actor("expert"), today)
    run(machine, today + timedelta(days=1))
    after = {theme.id: (theme.name, set(retours(theme))) for theme in standing()}
    for theme_id, (name, inside) in before.items():
        assert after[theme_id][0] == name
        assert inside <= after[theme_id][1]
    assert one.ended
    assert one not in [line.subject for line in subjects.listed(1)]
