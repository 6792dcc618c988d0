"""Segments: one point each, offsets that always lead back to the message."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.clauses import ClausesUnavailable, clause_starts, load_clauses
from nlp.segment import segments
from tests.nlp.marked_segments import agreement, cuts_of, read_marked

LONG = "La prise de rendez-vous est simple mais les ordonnances n'arrivent jamais dans mon dossier."


@pytest.fixture(scope="session")
def pipeline() -> Any:
    """The parser, loaded once."""
    return load_clauses()


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


def test_dictated_clauses_about_other_things_are_cut_by_their_parse(pipeline: Any) -> None:
    text = "le repas était bon les chambres sont bruyantes la nuit et la télé coûte trop cher"
    assert [each.text for each in segments(text, pipeline)] == [
        "le repas était bon",
        "les chambres sont bruyantes la nuit",
        "et la télé coûte trop cher",
    ]
    assert cut(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Quand j’ouvre la page des résultats, l’écran se fige pendant une bonne minute entière.",
        "Je viens de marcher une heure et l’application ne compte que deux cents petits pas.",
        "La balance et la montre sont reliées au même compte depuis la dernière mise à jour.",
        "I waited four hours at the desk because the doctor was called to another ward.",
    ],
)
def test_one_point_in_several_clauses_stays_whole(pipeline: Any, text: str) -> None:
    assert cuts_of(segments(text, pipeline)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Mon kiné est parti en retraite cet été. Il n’est pas remplacé pour l’instant.",
        "Le code par SMS expire avant que je le saisisse. C’est très agaçant à la longue.",
        "Le site est en panne depuis trois jours pleins. Du coup je paie mes soins moi-même.",
        "Mon dossier est bloqué depuis le mois de mars. Merci de faire le nécessaire au plus tôt.",
    ],
)
def test_a_sentence_that_goes_on_with_the_point_is_not_cut(text: str) -> None:
    assert cut(text) == [text]


def test_the_items_of_a_list_are_cut_and_its_heading_goes_with_the_first() -> None:
    text = "À revoir :\n- le prix du parking\n- le bruit dans les chambres"
    assert cut(text) == ["À revoir :\n- le prix du parking", "- le bruit dans les chambres"]


def test_english_messages_are_cut_by_rules() -> None:
    text = "The app is easy to use but it logs me out and the watch never syncs at night."
    assert len(cut(text)) == 3


def test_the_parse_is_asked_of_french_texts_alone_and_of_none_too_long(pipeline: Any) -> None:
    assert (
        clause_starts("the food was cold and the nurse was not there for the whole day", None) == []
    )
    assert clause_starts("le repas était froid et la chambre était sale " * 200, None) == []


def test_a_missing_pipeline_is_named() -> None:
    with pytest.raises(ClausesUnavailable, match="no_such_model"):
        load_clauses("no_such_model")


@pytest.mark.parametrize(("name", "f1", "whole"), [("dev", 0.80, 0.9), ("frozen", 0.75, 0.9)])
def test_marked_messages_are_cut_where_another_point_begins(
    pipeline: Any, name: str, f1: float, whole: float
) -> None:
    marked = read_marked(name)
    for cutter in (segments, lambda text: segments(text, pipeline)):
        found = agreement(marked, cutter)
        assert found.f1 >= f1
        assert found.left_whole >= whole


@pytest.mark.parametrize("name", ["dev", "frozen"])
def test_no_segment_has_fewer_than_three_words_and_none_is_lost(pipeline: Any, name: str) -> None:
    for each in read_marked(name):
        found = segments(each.text, pipeline)
        kept = "".join("".join(s.text.split()) for s in found)
        assert kept == "".join(each.text.split())
        assert len(found) == 1 or all(len(s.text.split()) >= 3 for s in found)
