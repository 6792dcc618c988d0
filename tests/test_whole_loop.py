"""The whole loop, told once: what a stranger can do with Boucle, from a phone to the team and back.

Everything goes through pages without JavaScript; the worker and the mail server are real, only the
sentence encoder is a stand-in. The chapters are in ``tests/loop``, the people in ``tests/town.py``.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loop import answering, closing, meeting, speaking
from tests.town import Town, town


@pytest.fixture
def place(tmp_path: Path, migrated_database: Path) -> Iterator[Town]:
    """A town whose worker has read the year that lies behind."""
    with town(tmp_path, migrated_database) as built:
        built.restart_worker()
        yield built


def test_what_a_citizen_says_travels_to_the_team_and_back(place: Town) -> None:
    size = speaking.size_of_theme(place)
    code = speaking.a_citizen_speaks_from_a_phone(place)
    speaking.nothing_waited_for_a_sentence_model(place)
    speaking.the_worker_places_the_message_and_its_theme_moves(place, size)
    speaking.a_signal_says_what_it_rests_on(place)

    place.clock.forward(days=1)
    answering.the_inbox_says_who_waits_how_long(place)
    answering.the_promoter_answers_and_makes_a_dated_promise(place)
    answering.a_moderator_publishes_the_masked_text(place)
    answering.neighbours_rate_and_one_follows_the_service(place)
    place.clock.forward(days=4)  # it is Monday
    answering.both_editions_say_the_same_numbers_and_are_mailed_once(place)

    place.clock.forward(days=3)
    closing.the_team_announces_the_change_and_a_moderator_checks_it(place)
    closing.the_citizen_reads_replies_and_confirms_from_another_browser(place, code)
    closing.the_public_page_shows_the_loop_closed(place)
    closing.the_citizen_erases_and_nothing_is_left(place, code, size)

    console, room = meeting.a_facilitator_opens_a_session(place)
    phones = meeting.two_phones_join_by_code(place, room)
    meeting.cards_stay_hidden_until_the_reveal(console, phones, room)
    meeting.the_room_votes(console, phones, room)
    meeting.the_winning_card_becomes_a_proposal_that_the_promoter_must_answer(place, console)
