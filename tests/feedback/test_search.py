"""The search index: words in, ids out, nothing left after erasing."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert, text

from app.accounts import Role
from app.db import db
from feedback import editing, published, search, search_upkeep, threads
from feedback.intake import Sent, Tools, receive
from feedback.models import AnswerStatus, Feedback, Message
from feedback.question_shapes import Given
from feedback.questions import G5
from feedback.similar import similar
from tests import factories
from tests.factories import TODAY
from tests.fakes import CapitalNames

pytestmark = pytest.mark.usefixtures("in_app")


def _ids(words: str, service_id: int) -> list[str]:
    return search.find(words, Feedback.service_id == service_id)


def test_words_are_found_without_accents_or_case_and_the_last_one_unfinished() -> None:
    service = factories.service()
    wanted = factories.retour(service, text="L’éléphant bloque mon écran")
    noise = factories.retour(service, text="Le rappel sonne la nuit")
    search.index(wanted)
    search.index(noise)
    assert _ids("ELEPHANT ecr", service.id) == [wanted.id]
    assert _ids("elephant nuit", service.id) == []


@pytest.mark.parametrize("words", ['"', "* OR (", "", "   ", "\x00", "NEAR(", "a" * 500])
def test_no_query_raises(words: str) -> None:
    assert _ids(words, 1) == []


def test_the_callers_condition_keeps_hits_of_another_service_out() -> None:
    own, other = factories.service(), factories.service()
    search.index(factories.retour(other, text="écran noir"))
    assert _ids("écran", own.id) == []


def test_indexing_again_replaces_the_words() -> None:
    service = factories.service()
    row = factories.retour(service, text="écran noir")
    search.index(row)
    row.text = "rappel de nuit"
    search.index(row)
    assert _ids("écran", service.id) == []
    assert _ids("rappel", service.id) == [row.id]


@pytest.mark.parametrize("values", [{"names_masked": False}, {"state": "withdrawn"}])
def test_unmasked_or_withdrawn_words_stay_out(values: dict[str, object]) -> None:
    service = factories.service()
    row = factories.retour(service, text="écran noir", **values)
    search.index(row)
    assert _ids("écran", service.id) == []


def test_an_unindexed_word_is_gone_from_the_index_file_too() -> None:
    row = factories.retour(factories.service(), text="zwxqv noir")
    search.index(row)
    search.unindex(row.id)
    blocks = db.session.execute(text("SELECT block FROM feedback_search_data")).scalars()
    assert not any(b"zwxqv" in bytes(block) for block in blocks)


def test_an_index_outlives_thousands_of_corrections() -> None:
    """SQLite 3.40 opens no index of over 2,000 levels, and each merge may add one or two."""
    service = factories.service()
    others = [{"feedback_id": f"{n:012}", "service": "", "words": f"mot{n}"} for n in range(2000)]
    db.session.execute(insert(search.INDEX), others)
    row = factories.retour(service, text="zwxqv noir")
    search.index(row)
    db.session.commit()
    most = 0
    for number in range(2100):
        row.text = f"écran {number}"
        search.index(row)
        db.session.commit()
        most = max(most, search_upkeep.levels("feedback_search"))
    assert search_upkeep.MOST_LEVELS <= most <= search_upkeep.MOST_LEVELS + 2
    assert _ids("noir", service.id) == []
    assert _ids("2099", service.id) == [row.id]
    blocks = db.session.execute(text("SELECT block FROM feedback_search_data")).scalars()
    assert not any(b"zwxqv" in bytes(block) for block in blocks)


def test_an_index_that_cannot_be_opened_is_named_and_built_anew() -> None:
    service = factories.service()
    row = factories.retour(service, text="écran noir")
    search.index(row)
    db.session.commit()
    assert search_upkeep.damaged() == []
    many = "UPDATE feedback_search_data SET block = x'00000000FF7F0100' WHERE id = 10"
    db.session.execute(text(many))
    db.session.commit()
    db.engine.dispose()  # who has it open goes on with what it read
    assert search_upkeep.damaged() == ["feedback_search"]
    db.session.rollback()
    assert search_upkeep.build_anew() == 2
    db.session.commit()
    assert search_upkeep.damaged() == []
    assert _ids("écran", service.id) == [row.id]


def test_plurals_are_found_by_their_singular_and_back() -> None:
    service = factories.service()
    one = factories.retour(service, text="Les journaux des élèves sont illisibles")
    other = factories.retour(service, text="Mon journal d’élève est vide, à quel prix !")
    for row in (one, other):
        search.index(row)
    assert sorted(_ids("JOURNAL eleve", service.id)) == sorted([one.id, other.id])
    assert sorted(_ids("élèves journaux", service.id)) == sorted([one.id, other.id])
    assert _ids("prix", service.id) == [other.id]


def test_words_in_quotes_or_joined_by_a_hyphen_stand_side_by_side() -> None:
    service = factories.service()
    side = factories.retour(service, text="J’ai pris rendez-vous par téléphone")
    short = factories.retour(service, text="Mon RDV est perdu")
    apart = factories.retour(service, text="Vous vous rendez compte ?")
    for row in (side, short, apart):
        search.index(row)
    both = sorted([side.id, short.id])
    for words in ('"rendez vous"', "rendez-vous", "« rendez-vous »", "“rendez vous”", "rdv"):
        assert sorted(_ids(words, service.id)) == both, words
    assert len(_ids("rendez vous", service.id)) == 3
    assert _ids('"rendez vous" telephone', service.id) == [side.id]
    assert _ids('"rend"', service.id) == []
    assert _ids('perdu "mon rdv', service.id) == [short.id]


@pytest.mark.parametrize(
    "words",
    [
        '"""',
        "words:secret",
        "service:service1",
        "{service} : x",
        "a NOT b",
        "a OR b",
        "^a",
        "-a",
        "+",
    ],
)
def test_signs_of_the_index_are_only_signs(words: str) -> None:
    service = factories.service()
    search.index(factories.retour(service, text="Le rappel sonne la nuit"))
    assert _ids(words, service.id) == []


def test_only_the_named_services_are_searched_and_the_last_ones_first() -> None:
    own, other = factories.service(), factories.service()
    first = factories.retour(own, text="écran noir")
    last = factories.retour(own, text="écran blanc")
    for row in (first, factories.retour(other, text="écran gris"), last):
        search.index(row)

    def found(*services: int, most: int | None = None) -> list[str]:
        query = search.matching("écran", services, most)
        assert query is not None
        return list(db.session.scalars(query))

    assert sorted(found(own.id)) == sorted([first.id, last.id])
    assert found(own.id, most=1) == [last.id]
    assert len(found(own.id, other.id)) == 3
    assert found() == []


def test_masked_words_are_in_no_search() -> None:
    service = factories.service()
    search.index(factories.retour(service, text="Appelez [PERSONNE_1] ce soir"))
    assert _ids("personne", service.id) == []


def test_sending_a_retour_reads_no_index(app: Flask) -> None:
    """A deletion from the index reads all of it: sending would slow with every retour."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        tools = Tools(CapitalNames(), app.config["RECEIPT_SECRET"])
        sent = receive(Sent(0, "Écran noir."), factories.service(), "une clé", TODAY, tools)
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    about = [each for each in said if "feedback_search" in each]
    assert [each.split()[0] for each in about] == ["INSERT"]
    assert search.find("écran", Feedback.id == sent.feedback.id)


# What follows the text: for who may read the exchange alone.


def _in_exchanges(words: str, *services: int) -> list[str]:
    query = search.matching(words, services, in_exchanges=True)
    assert query is not None
    return list(db.session.scalars(query))


def _surprise(row: Feedback, words: str | None) -> None:
    given = Given(AnswerStatus.GIVEN, words) if words else None
    editing.answer_questions(row, {G5.code: given}, row.service, TODAY)


def _segments() -> bytes:
    db.session.commit()  # until then, the index holds new words beside its segments
    blocks = db.session.execute(text("SELECT block FROM feedback_search_turns_data")).scalars()
    return b"".join(bytes(block) for block in blocks)


def test_turns_and_the_surprise_are_found_with_the_text_in_one_search() -> None:
    service = factories.service()
    row = factories.retour(service, text="Mon écran est noir")
    search.index(row)
    team = factories.account(Role.PROMOTER, services=(service,))
    threads.answer(row, "Redémarrez la tablette, dites-nous si cela aide.", team, TODAY)
    threads.reply(row, "Toujours pareil, même sur le balcon.", TODAY)
    _surprise(row, "Le clignotement m’a surprise.")
    for words in ("tablette", "balcon", "clignotements", "ecran balcon", "tablette clignot"):
        assert _in_exchanges(words, service.id) == [row.id], words
    assert _in_exchanges("tablette absente", service.id) == []
    assert _in_exchanges("tablette", factories.service().id) == []


def test_private_words_are_in_no_public_search_and_weigh_nothing_there() -> None:
    service = factories.service()
    row = factories.retour(
        service, text="Mon écran est noir", state="published", wants_publication=True
    )
    search.index(row)
    threads.reply(row, "Appelez le zanzibar du balcon.", TODAY)
    _surprise(row, "Un clignotement zanzibar.")
    assert _in_exchanges("zanzibar", service.id) == [row.id]
    assert _ids("zanzibar", service.id) == []
    assert published.page_of(service, words="zanzibar").said == ()
    assert len(published.page_of(service, words="écran").said) == 1
    assert similar(service, "le zanzibar du balcon clignotement", "", 1) == ()
    held = text("SELECT count(*) FROM feedback_search_words WHERE term = 'zanzibar'")
    assert db.session.scalar(held) == 0


def test_a_message_that_is_held_is_found_once_it_is_passed_on() -> None:
    service = factories.service()
    row = factories.retour(service, text="Mon écran est noir")
    search.index(row)
    message = threads.reply(row, "Je vais au zanzibar ce soir.", TODAY, held=True)
    assert _in_exchanges("zanzibar", service.id) == []
    threads.release(message, TODAY)
    assert _in_exchanges("zanzibar", service.id) == [row.id]


@pytest.mark.parametrize(
    "values", [{"names_masked": False}, {"state": "withdrawn"}, {"channel": "peer"}]
)
def test_an_exchange_stays_out_where_its_text_does(values: dict[str, object]) -> None:
    service = factories.service()
    row = factories.retour(service, text="écran noir", **values)
    db.session.add(Message(feedback=row, position=1, sender="team", text="zanzibar", day=TODAY))
    db.session.flush()
    search.index_turns(row)
    assert _in_exchanges("zanzibar", service.id) == []


def test_a_surprise_that_was_changed_leaves_no_word_in_the_index_file() -> None:
    row = factories.retour(factories.service(), text="écran noir")
    search.index(row)
    _surprise(row, "Un zanzibar.")
    assert b"zanzibar" in _segments()
    _surprise(row, "Un ornithorynque.")
    assert _in_exchanges("ornithorynque", row.service_id) == [row.id]
    assert b"zanzibar" not in _segments()
    _surprise(row, None)
    assert _in_exchanges("ornithorynque", row.service_id) == []
    assert b"ornithorynque" not in _segments()


def test_an_erased_exchange_leaves_no_word_in_the_index_file() -> None:
    row = factories.retour(factories.service(), text="écran noir")
    search.index(row)
    threads.reply(row, "Un zanzibar.", TODAY)
    search.unindex(row.id)
    assert _in_exchanges("zanzibar", row.service_id) == []
    assert b"zanzibar" not in _segments()
    threads.reply(row, "Un ornithorynque.", TODAY)
    assert search.sweep(db.select(Feedback.id).where(Feedback.id == "0" * 12)) == 1
    assert b"ornithorynque" not in _segments()


def test_a_corrected_text_is_found_with_the_turns_and_the_old_one_is_not() -> None:
    service = factories.service()
    row = factories.retour(service, text="Mon zanzibar est noir")
    search.index(row)
    _surprise(row, "Un clignotement.")
    row.text = "Mon écran est noir"
    search.index(row)
    assert _in_exchanges("ecran clignotement", service.id) == [row.id]
    assert _in_exchanges("zanzibar", service.id) == []
    assert b"zanzibar" not in _segments()


def test_a_row_of_the_exchanges_says_nothing_of_order() -> None:
    rows = [factories.retour(factories.service(), text="écran noir") for _ in range(12)]
    for row in rows:
        threads.reply(row, "Merci.", TODAY)
    found = db.session.execute(text("SELECT rowid, feedback_id FROM feedback_search_turns")).all()
    by_number = [number for _, number in sorted((rowid, number) for rowid, number in found)]
    assert by_number == sorted(row.id for row in rows)
