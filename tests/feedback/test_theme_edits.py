"""What people do to themes: named, locked, merged, split, moved; refused with a reason."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app import traces
from app.catalogue import Service
from app.db import db
from feedback import story, theme_edits, theme_merges, theme_moves, themes
from feedback.models import Feedback, PlacedBy, Placement, Subject, Theme, ThemeEvent
from feedback.theme_refusals import Reason, Refused
from tests import factories
from tests.factories import TODAY
from tests.feedback import theme_town
from tests.feedback.theme_town import TEAM, ids, retours

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def service(in_app: None) -> Service:
    return factories.service()


@pytest.fixture
def town(service: Service) -> dict[str, Theme]:
    return theme_town.town(service)


def refusal(act: Callable[[], object]) -> Reason:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.sentence
    return refused.value.reason


def test_merging_ends_one_theme_and_the_other_has_its_messages(town: dict[str, Theme]) -> None:
    card, reminder = town["Carte"], town["Rappel"]
    gone, stays = ids(card), ids(reminder)
    assert theme_merges.merge(card, reminder, TEAM, TODAY) == 4
    assert set(ids(reminder)) == {*gone, *stays}
    assert (card.ended, card.merged_into) == (TODAY, reminder.id)
    assert reminder.name == "Rappel"
    assert {p.by for p in theme_town.placements(reminder)} == {PlacedBy.MACHINE}
    assert card not in [line.theme for line in themes.themes_of(card.service, TODAY)]


def test_a_contest_goes_along_when_themes_are_merged(town: dict[str, Theme]) -> None:
    card, reminder = town["Carte"], town["Rappel"]
    author = theme_moves.messages_in(card, 1)[0].feedback
    theme_edits.contest(author, card, TODAY)
    theme_merges.merge(card, reminder, TEAM, TODAY)
    assert author.id not in retours(reminder)
    assert len(ids(reminder)) == 7


def test_a_part_takes_the_chosen_messages_and_their_words(town: dict[str, Theme]) -> None:
    card = town["Carte"]
    chosen, rest = retours(card)[:2], retours(card)[2:]
    part = theme_merges.split(card, chosen, "  Carte   perdue ", TEAM, TODAY)
    assert (part.name, part.named_by_person) == ("Carte perdue", True)
    assert (part.split_from, part.subject_id) == (card.id, None)
    assert retours(part) == chosen
    assert retours(card) == rest
    assert {p.by for p in theme_town.placements(part)} == {PlacedBy.PERSON}
    assert [word for word, _ in part.words] == ["carte", "sonne"]
    assert set(part.typical) == set(ids(part))
    assert set(card.typical) == set(ids(card))


def test_a_moved_message_stands_where_a_person_put_it(town: dict[str, Theme]) -> None:
    card, export = town["Carte"], town["Export"]
    chosen = retours(card)[0]
    assert theme_moves.move(card, [chosen], export, TEAM, TODAY) == 1
    assert chosen in retours(export)
    assert chosen not in retours(card)
    (placement,) = [p for p in theme_town.placements(export) if p.segment.feedback_id == chosen]
    assert placement.by == PlacedBy.PERSON
    assert placement.segment_id in export.typical
    assert placement.segment_id not in card.typical


def test_a_message_taken_out_counts_nowhere(town: dict[str, Theme]) -> None:
    card = town["Carte"]
    chosen = retours(card)[0]
    theme_moves.move(card, [chosen], None, TEAM, TODAY)
    assert themes.line_of(card, TODAY).retours == 3
    (placement,) = themes.placements_of(db.session.get_one(Feedback, chosen))
    assert (placement.contested, placement.by) == (True, PlacedBy.PERSON)


def test_the_author_reads_that_the_message_was_moved_and_by_whom(town: dict[str, Theme]) -> None:
    card, export = town["Carte"], town["Export"]
    moved, out = retours(card)[:2]
    theme_moves.move(card, [moved], export, TEAM, TODAY)
    theme_moves.move(card, [out], None, TEAM, TODAY)
    told = {
        each: [event.words for event in story.events(db.session.get_one(Feedback, each), [])]
        for each in (moved, out)
    }
    assert told[moved] == ["Rangé dans un thème par l’équipe du service (Réseau)."]
    assert told[out] == ["Sorti d’un thème par l’équipe du service (Réseau)."]


def test_a_locked_theme_says_so_once(town: dict[str, Theme]) -> None:
    card = town["Carte"]
    theme_edits.lock(card, TODAY, TEAM)
    theme_edits.lock(card, TODAY, TEAM)
    assert card.locked
    theme_edits.unlock(card, TODAY, TEAM)
    assert not card.locked
    assert kinds(card) == ["locked", "unlocked"]


def kinds(theme: Theme) -> list[str]:
    query = select(ThemeEvent.kind).where(ThemeEvent.theme_id == theme.id).order_by(ThemeEvent.id)
    return list(db.session.scalars(query))


def test_each_edit_stands_in_the_history_and_the_journal(town: dict[str, Theme]) -> None:
    card, reminder, export = town.values()
    theme_edits.rename(card, "Carte Vitale", TODAY, TEAM)
    theme_edits.lock(card, TODAY, TEAM)
    theme_moves.move(card, retours(card)[:1], export, TEAM, TODAY)
    part = theme_merges.split(card, retours(card)[:1], "Perdue", TEAM, TODAY)
    theme_merges.merge(part, reminder, TEAM, TODAY)
    assert kinds(card) == ["renamed", "locked", "moved", "split"]
    assert kinds(reminder) == ["merged"]
    assert (kinds(export), kinds(part)) == (["received"], ["born", "merged"])
    told = [p["detail"] for p in db.session.scalars(select(traces.Trace.payload)) if p]
    for kind, theme in (("renamed", card), ("locked", card), ("moved", card), ("split", card)):
        assert f"{kind} {theme.id}" in told
    assert f"merged {reminder.id}" in told
    assert traces.verify()


def test_no_history_keeps_a_word_of_a_message(town: dict[str, Theme]) -> None:
    card, reminder, export = town.values()
    theme_moves.move(card, retours(card)[:1], export, TEAM, TODAY)
    theme_merges.split(card, retours(card)[:1], "Perdue", TEAM, TODAY)
    theme_merges.merge(reminder, export, TEAM, TODAY)
    stored = [str(each.before) for each in db.session.scalars(select(ThemeEvent)) if each.before]
    assert len(stored) == 3
    assert not [each for each in stored if "sonne" in each or "message" in each]


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda t: theme_edits.rename(t["Carte"], "  ", TODAY, TEAM), Reason.EMPTY_NAME),
        (lambda t: theme_merges.merge(t["Carte"], t["Carte"], TEAM, TODAY), Reason.ITSELF),
        (lambda t: theme_merges.merge(t["Carte"], t["other"], TEAM, TODAY), Reason.OTHER_SERVICE),
        (lambda t: theme_merges.merge(t["Carte"], t["ended"], TEAM, TODAY), Reason.ENDED),
        (lambda t: theme_merges.merge(t["ended"], t["Carte"], TEAM, TODAY), Reason.ENDED),
        (lambda t: theme_edits.lock(t["ended"], TODAY, TEAM), Reason.ENDED),
        (lambda t: theme_merges.split(t["Carte"], [], "N", TEAM, TODAY), Reason.NOTHING),
        (
            lambda t: theme_merges.split(t["Carte"], retours(t["Carte"]), "N", TEAM, TODAY),
            Reason.EVERYTHING,
        ),
        (
            lambda t: theme_merges.split(t["Carte"], retours(t["Carte"])[:1], " ", TEAM, TODAY),
            Reason.EMPTY_NAME,
        ),
        (
            lambda t: theme_moves.move(t["Carte"], retours(t["Rappel"]), None, TEAM, TODAY),
            Reason.NOT_IN_THEME,
        ),
        (
            lambda t: theme_moves.move(t["Carte"], retours(t["Carte"]), t["Carte"], TEAM, TODAY),
            Reason.ITSELF,
        ),
        (
            lambda t: theme_moves.move(t["Carte"], retours(t["Carte"]), t["other"], TEAM, TODAY),
            Reason.OTHER_SERVICE,
        ),
        (
            lambda t: theme_moves.move(t["Carte"], retours(t["Carte"]), t["ended"], TEAM, TODAY),
            Reason.ENDED,
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason_and_changes_nothing(
    town: dict[str, Theme], act: Callable[[dict[str, Theme]], object], reason: Reason
) -> None:
    town["other"] = theme_town.theme(factories.service(), "Ailleurs")
    town["ended"] = theme_town.theme(town["Carte"].service, "Fini")
    town["ended"].ended = TODAY
    db.session.flush()
    before = theme_town.photograph()
    assert refusal(lambda: act(town)) == reason
    assert theme_town.photograph() == before
    assert db.session.scalars(select(ThemeEvent)).all() == []


def test_edits_of_one_service_change_nothing_in_another_nor_the_subject(service: Service) -> None:
    far = factories.service()
    here, there = theme_town.town(service), theme_town.town(far)
    for name in theme_town.NAMES:
        subject = Subject(name=name, born=TODAY, words=[["carte", 0.9]])
        db.session.add(subject)
        db.session.flush()
        here[name].subject_id = there[name].subject_id = subject.id
    before, subjects = theme_town.photograph(far), theme_town.photograph()["subject"]
    card, reminder, export = here.values()
    theme_edits.rename(card, "Notre carte", TODAY, TEAM)
    theme_edits.lock(card, TODAY, TEAM)
    theme_moves.move(card, retours(card)[:1], export, TEAM, TODAY)
    theme_merges.split(card, retours(card)[:1], "Perdue", TEAM, TODAY)
    theme_merges.merge(reminder, export, TEAM, TODAY)
    db.session.flush()
    assert theme_town.photograph(far) == before
    assert theme_town.photograph()["subject"] == subjects


def test_a_contest_takes_the_message_its_words_and_its_title_out_of_the_theme(
    town: dict[str, Theme],
) -> None:
    card = town["Carte"]
    row = factories.retour(card.service, text="Carte avec un zanzibar.")
    lone = theme_town.placed(row, card, 0, 1)
    card.words = [["zanzibar", 0.9], ["carte", 0.5]]
    card.name, card.typical = "zanzibar, carte", [lone.segment_id, *card.typical]
    theme_edits.note_birth(card, TODAY)
    assert theme_edits.contest(row, card, TODAY) == 1
    assert lone.segment_id not in card.typical
    assert set(card.typical) == set(ids(card))
    assert card.words == [["carte", 0.5]]
    assert card.name == "carte"
    assert themes.line_of(card, TODAY).retours == 4
    details = db.session.scalars(select(ThemeEvent.detail).where(ThemeEvent.theme_id == card.id))
    assert not [each for each in details if "zanzibar" in each]
    assert traces.journal(row.id)[-1]["verb"] == "not meant"
    assert theme_edits.contest(row, card, TODAY) == 0, "once is enough"


def test_a_contest_leaves_the_words_that_others_say_too(town: dict[str, Theme]) -> None:
    card = town["Carte"]
    author = theme_moves.messages_in(card, 1)[0].feedback
    theme_edits.contest(author, card, TODAY)
    assert [word for word, _ in card.words] == ["carte", "sonne"]
    assert card.name == "Carte"


def test_a_message_that_says_two_things_is_listed_with_what_it_says_here(
    town: dict[str, Theme],
) -> None:
    card = town["Carte"]
    row = factories.retour(card.service, text="La carte bloque. Un autre mot. L’export aussi.")
    theme_town.placed(row, card).segment.end = len("La carte bloque.")
    db.session.flush()
    (message,) = theme_moves.chosen_messages(card, [row.id])
    assert message.words == "La carte bloque."


def test_a_message_that_nobody_may_read_now_is_not_listed(town: dict[str, Theme]) -> None:
    card = town["Carte"]
    hidden = theme_moves.messages_in(card, 9)[0].feedback
    hidden.state = "held"
    db.session.flush()
    assert hidden.id not in [m.feedback.id for m in theme_moves.messages_in(card, 9)]
    assert theme_moves.count_in(card) == 3


def test_placements_survive_as_rows(town: dict[str, Theme]) -> None:
    """A merge and a split make and lose no placement."""
    before = len(db.session.scalars(select(Placement)).all())
    theme_merges.merge(town["Carte"], town["Rappel"], TEAM, TODAY)
    theme_merges.split(town["Rappel"], retours(town["Rappel"])[:3], "Part", TEAM, TODAY)
    assert len(db.session.scalars(select(Placement)).all()) == before
