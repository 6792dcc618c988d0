"""Segments: one point each, offsets that always lead back to the message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.segment import segments

LONG = "La prise de rendez-vous est simple mais les ordonnances n'arrivent jamais dans mon dossier."


def cut(text: str) -> list[str]:
    return [each.text for each in segments(text)]


def test_a_long_message_is_cut_where_another_point_begins() -> None:
    assert cut(LONG) == [
        "La prise de rendez-vous est simple",
        "mais les ordonnances n'arrivent jamais dans mon dossier.",
    ]


def test_sentences_and_lines_are_cut() -> None:
    text = "Le code par SMS arrive trop tard.\nImpossible de joindre un conseiller le soir"
    assert cut(text) == text.split("\n")


def test_a_short_message_stays_whole() -> None:
    assert cut("Très bien. Rien à redire.") == ["Très bien. Rien à redire."]


def test_a_title_is_not_the_end_of_a_sentence() -> None:
    text = "J'ai vu le Dr. Martin hier et la téléconsultation a coupé trois fois de suite."
    assert cut(text) == [text]


def test_a_piece_of_two_words_joins_its_neighbour() -> None:
    text = "Bonjour ! Je ne trouve pas où déposer ma feuille de soins sur le site. Merci bien."
    assert cut(text) == [text]


@pytest.mark.parametrize("blank", ["", " ", "\n\n\t", "\u00a0"])
def test_a_blank_message_has_no_segment(blank: str) -> None:
    assert segments(blank) == []


@given(
    st.text(alphabet=st.sampled_from("ab é.!?;,\n\rm[_1]…\u2028") | st.characters(), max_size=300)
)
def test_offsets_lead_back_and_nothing_is_lost(text: str) -> None:
    found = segments(text)
    assert bool(found) == bool(text.strip())
    covered = [place for each in found for place in range(each.start, each.end)]
    assert covered == sorted(set(covered))
    assert all(each.text == text[each.start : each.end] == each.text.strip() for each in found)
    assert all(text[place].isspace() for place in set(range(len(text))) - set(covered))


@given(st.lists(st.sampled_from(["mais ", "oui. ", "non; ", "x", "\n", "Dr. "]), max_size=80))
def test_the_same_holds_for_texts_full_of_boundaries(parts: list[str]) -> None:
    text = "".join(parts)
    kept = "".join(each.text for each in segments(text))
    assert "".join(kept.split()) == "".join(text.split())
