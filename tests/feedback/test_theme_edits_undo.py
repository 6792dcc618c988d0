"""Undoing what people did to themes: exactly, once, and not over what came later."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import privacy, traces
from app.catalogue import Service
from app.db import db
from feedback import bonds, theme_bonds, theme_edits, theme_merges, theme_moves, theme_undo
from feedback.models import Feedback, PlacedBy, Placement, Theme, ThemeEvent
from feedback.theme_refusals import Reason, Refused
from tests import factories
from tests.factories import TODAY
from tests.feedback import theme_town
from tests.feedback.theme_town import TEAM, ids, retours

pytestmark = pytest.mark.usefixtures("in_app")
LATER = TODAY + timedelta(days=2)
Town = dict[str, Theme]


@pytest.fixture
def service(in_app: None) -> Service:
    return factories.service()


@pytest.fixture
def town(service: Service) -> Town:
    return theme_town.town(service)


def last_edit() -> ThemeEvent:
    query = select(ThemeEvent).order_by(ThemeEvent.id.desc())
    return next(each for each in db.session.scalars(query) if each.before and not each.undone)


def undo() -> bool:
    return theme_undo.undo(last_edit(), TEAM, LATER)


def refused(event: ThemeEvent) -> bool:
    with pytest.raises(Refused) as found:
        theme_undo.undo(event, TEAM, LATER)
    return found.value.reason is Reason.TOO_LATE


def apart(town: Town) -> None:
    placed = theme_town.placements(town["Carte"])
    bonds.keep_apart(placed[:1], placed[3:], TEAM, TODAY)


def together(town: Town) -> None:
    one, other = (theme_town.placements(town[name])[:1] for name in ("Carte", "Export"))
    bonds.keep_together(one, other, TEAM, TODAY)


def freed(town: Town) -> None:
    apart(town)
    pair = theme_bonds.pairs_in(town["Carte"])[0]
    theme_bonds.free_messages(town["Carte"], [pair.one.id, pair.other.id], TEAM, TODAY)


EXACT: dict[str, Callable[[Town], object]] = {
    "renamed": lambda t: theme_edits.rename(t["Carte"], "Carte Vitale", TODAY, TEAM),
    "locked": lambda t: theme_edits.lock(t["Carte"], TODAY, TEAM),
    "merged": lambda t: theme_merges.merge(t["Carte"], t["Rappel"], TEAM, TODAY),
    "moved": lambda t: theme_moves.move(
        t["Carte"], retours(t["Carte"])[:2], t["Export"], TEAM, TODAY
    ),
    "taken out": lambda t: theme_moves.move(t["Carte"], retours(t["Carte"])[:2], None, TEAM, TODAY),
    "apart": apart,
    "together": together,
    "kept apart": lambda t: theme_bonds.keep_themes_apart(t["Carte"], t["Export"], TEAM, TODAY),
}


@pytest.mark.parametrize("kind", EXACT)
def test_undoing_puts_back_exactly_what_was(town: Town, kind: str) -> None:
    before = theme_town.photograph()
    EXACT[kind](town)
    db.session.flush()
    assert theme_town.photograph() != before
    assert last_edit().kind == kind
    assert undo()
    db.session.flush()
    db.session.expire_all()
    assert theme_town.photograph() == before


def test_undoing_what_was_freed_ties_it_again(town: Town) -> None:
    freed(town)
    assert theme_bonds.pairs_in(town["Carte"]) == []
    assert undo()
    assert len(theme_bonds.pairs_in(town["Carte"])) == 1


def test_undoing_a_split_leaves_the_part_ended_and_everything_else_as_it_was(town: Town) -> None:
    before = theme_town.photograph()
    part = theme_merges.split(town["Carte"], retours(town["Carte"])[:2], "Part", TEAM, TODAY)
    new = theme_town.placed(factories.retour(part.service, text="Carte message 9."), part, 0, 2)
    undo()
    assert (part.ended, part.merged_into) == (LATER, town["Carte"].id)
    assert new.theme_id == town["Carte"].id, "what came in since goes where it came from"
    db.session.delete(new.segment)
    db.session.flush()
    after = theme_town.photograph()
    after["theme"] = [row for row in after["theme"] if part.id not in row[:1]]
    assert after["placement"] == before["placement"]
    assert {row[0] for row in after["theme"]} == {row[0] for row in before["theme"]}


def test_undoing_is_an_event_and_a_line_of_the_journal_itself(town: Town) -> None:
    chosen = retours(town["Carte"])[0]
    theme_moves.move(town["Carte"], [chosen], town["Export"], TEAM, TODAY)
    edit = last_edit()
    undo()
    assert edit.undone == LATER
    newest = db.session.scalars(select(ThemeEvent).order_by(ThemeEvent.id.desc())).first()
    assert newest
    assert (newest.kind, newest.detail, newest.by) == ("undone", "moved", "promoter")
    assert [line.can_undo for line in theme_undo.edits_of(town["Carte"])] == [False]
    assert [each["verb"] for each in traces.journal(chosen)] == ["grouped", "grouped"]
    assert traces.verify()


def test_a_second_tap_is_harmless(town: Town) -> None:
    theme_edits.lock(town["Carte"], TODAY, TEAM)
    edit = last_edit()
    assert theme_undo.undo(edit, TEAM, LATER)
    theme_edits.lock(town["Carte"], LATER, TEAM)
    assert not theme_undo.undo(edit, TEAM, LATER)
    assert town["Carte"].locked


def test_what_the_machine_wrote_cannot_be_undone(town: Town) -> None:
    theme_edits.note_birth(town["Carte"], TODAY)
    (born,) = db.session.scalars(select(ThemeEvent))
    assert not theme_undo.undo(born, TEAM, LATER)
    assert theme_undo.edits_of(town["Carte"]) == []


def test_the_newest_of_two_edits_of_one_thing_goes_first(town: Town) -> None:
    card, reminder, export = town.values()
    theme_merges.merge(card, reminder, TEAM, TODAY)
    first = last_edit()
    theme_merges.merge(reminder, export, TEAM, TODAY)
    assert refused(first)
    undo()
    assert theme_undo.undo(first, TEAM, LATER)
    assert [len(ids(each)) for each in town.values()] == [4, 4, 4]


def test_edits_of_different_things_are_undone_in_any_order(town: Town) -> None:
    card, _reminder, export = town.values()
    theme_edits.rename(card, "Carte Vitale", TODAY, TEAM)
    named = last_edit()
    theme_edits.lock(card, TODAY, TEAM)
    moved = retours(card)
    theme_moves.move(card, moved[:1], export, TEAM, TODAY)
    first = last_edit()
    theme_moves.move(card, moved[1:2], export, TEAM, TODAY)
    assert all(line.can_undo for line in theme_undo.edits_of(card))
    assert theme_undo.undo(first, TEAM, LATER)
    assert theme_undo.undo(named, TEAM, LATER)
    assert (card.name, card.named_by_person, card.locked) == ("Carte", False, True)
    assert retours(card) == [moved[0], *moved[2:]]


def test_a_message_moved_on_since_is_not_dragged_back(town: Town) -> None:
    card, reminder, export = town.values()
    chosen = retours(card)[:1]
    theme_moves.move(card, chosen, export, TEAM, TODAY)
    first = last_edit()
    theme_moves.move(export, chosen, reminder, TEAM, TODAY)
    assert refused(first)
    assert chosen[0] in retours(reminder)


def test_a_part_that_was_filled_by_hand_since_is_not_ended(town: Town) -> None:
    card, reminder, _export = town.values()
    part = theme_merges.split(card, retours(card)[:1], "Part", TEAM, TODAY)
    made = last_edit()
    theme_moves.move(reminder, retours(reminder)[:1], part, TEAM, TODAY)
    assert refused(made)


def test_a_move_out_of_a_theme_that_was_merged_since_waits_for_the_merge(town: Town) -> None:
    card, reminder, export = town.values()
    theme_moves.move(card, retours(card)[:1], export, TEAM, TODAY)
    moved = last_edit()
    theme_merges.merge(card, reminder, TEAM, TODAY)
    assert refused(moved)
    undo()
    assert theme_undo.undo(moved, TEAM, LATER)


def test_a_merge_is_undone_after_a_run_but_what_the_run_moved_stays(town: Town) -> None:
    card, reminder, export = town.values()
    gone = ids(card)
    theme_merges.merge(card, reminder, TEAM, TODAY)
    for placement in theme_town.placements(reminder):  # a run: new rows, one of them elsewhere
        theme = export if placement.segment_id == gone[0] else reminder
        db.session.delete(placement)
        db.session.flush()
        again = {"score": 0.5, "threshold": 0.4, "model": "test", "placed": LATER}
        db.session.add(Placement(segment_id=placement.segment_id, theme_id=theme.id, **again))
    undo()
    assert set(ids(card)) == set(gone[1:])
    assert gone[0] in ids(export)


def test_an_authors_contest_is_stronger_than_undoing(town: Town) -> None:
    card, _reminder, export = town.values()
    chosen = retours(card)[:2]
    theme_moves.move(card, chosen, export, TEAM, TODAY)
    author = db.session.get_one(Feedback, chosen[0])
    theme_edits.contest(author, export, TODAY)
    undo()
    assert chosen[0] not in [*retours(card), *retours(export)]
    assert chosen[1] in retours(card)


def test_undoing_after_a_message_was_erased_restores_the_others(town: Town) -> None:
    card, _reminder, export = town.values()
    chosen = retours(card)[:2]
    theme_moves.move(card, chosen, export, TEAM, TODAY)
    privacy.erase(db.session.get_one(Feedback, chosen[0]), TODAY)
    db.session.expire_all()  # as at the end of the author's request
    undo()
    assert chosen[1] in retours(card)
    assert {each.by for each in theme_town.placements(card)} == {PlacedBy.MACHINE}


def test_undoing_a_name_brings_back_no_title_of_an_erased_message(town: Town) -> None:
    card = town["Carte"]
    row = factories.retour(card.service, text="Au guichet on m’a renvoyé chez moi.")
    theme_town.placed(row, card, 0, 1)
    card.name = "Au guichet on m’a renvoyé…"
    theme_edits.rename(card, "Guichet", TODAY, TEAM)
    privacy.erase(row, TODAY)
    db.session.expire_all()
    undo()
    assert card.name == "carte, sonne"
    assert not card.named_by_person
