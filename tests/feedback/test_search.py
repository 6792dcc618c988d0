"""The search index: words in, ids out, nothing left after erasing."""

import pytest
from sqlalchemy import text

from app.db import db
from feedback import search
from feedback.models import Feedback
from tests import factories

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
