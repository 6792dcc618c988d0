"""Masking as a whole: tokens, offsets, repetition, degraded mode, hostile text, measured recall."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.redact import (
    CHECKED,
    TOKEN_WORDS,
    NamesUnavailable,
    NotRestorable,
    hold_tokens,
    load_name_finder,
    redact,
    restore,
)
from tests.nlp.marked_texts import read_half, score


class FoundAt:
    """A name finder that finds given words."""

    def __init__(self, *words):
        self.words = words

    def find(self, text):
        return [(text.index(w), text.index(w) + len(w)) for w in self.words if w in text]


class Broken:
    """A name finder that fails."""

    def find(self, text):
        raise RuntimeError("no memory")


@pytest.fixture(scope="module")
def spacy_names():
    return load_name_finder()


def test_a_surface_has_one_number_and_another_surface_the_next():
    done = redact("Dr Lemaire, puis Mme Durand, puis encore le dr LEMAIRE : 0612345678.", None)
    assert done.text == (
        "Dr [PERSONNE_1], puis Mme [PERSONNE_2], puis encore le dr [PERSONNE_1] : [TELEPHONE_1]."
    )


def test_offsets_are_those_of_the_input_even_with_invisible_characters():
    text = "tel\u00a0: 06\u200b12\u00a034\u202f56 78 ok"
    (span,) = redact(text, None).spans
    assert text[span.start : span.end] == "06\u200b12\u00a034\u202f56 78"
    assert span.type == "PHONE"


def test_full_width_digits_are_digits():
    assert redact("appelez le ０６１２３４５６７８", None).text == "appelez le [TELEPHONE_1]"


def test_decomposed_accents_do_not_hide_a_name():
    done = redact("Je m'appelle He\u0301le\u0300ne Lefe\u0300vre.", None)
    assert done.text == "Je m'appelle [PERSONNE_1]."


def test_a_token_that_a_person_typed_stays_and_numbers_go_on_after_it():
    text = "Dr [PERSONNE_1] et Dr Lemaire"
    assert hold_tokens(text) == [(3, 15)]
    assert redact(text, None).text == "Dr [PERSONNE_1] et Dr [PERSONNE_2]"


def test_an_allowed_name_of_the_service_stays_and_others_do_not():
    text = "Avec Camille je vois Julie."
    assert redact(text, None).text == "Avec [PERSONNE_1] je vois [PERSONNE_2]."
    assert redact(text, None, allowed=["Camille"]).text == "Avec Camille je vois [PERSONNE_1]."


def test_without_a_pipeline_rules_apply_and_the_row_is_told_so():
    done = redact("mon tel 0612345678, sophie durand", None)
    assert done.text == "mon tel [TELEPHONE_1], [PERSONNE_1]"
    assert done.names_masked is False


def test_a_failing_pipeline_is_as_none():
    assert redact("mme lopez", Broken()) == redact("mme lopez", None)


def test_a_name_that_only_the_pipeline_knows_is_masked():
    text = "Hier Wxyzkowska a refusé."
    assert redact(text, None).text == text
    done = redact(text, FoundAt("Wxyzkowska"))
    assert done.text == "Hier [PERSONNE_1] a refusé."
    assert done.names_masked is True


def test_an_app_that_the_pipeline_takes_for_a_person_stays():
    text = "Depuis hier Doctolib et Mon espace santé refusent."
    assert redact(text, FoundAt("Doctolib", "Mon espace santé")).text == text


def test_a_missing_package_is_said_by_name():
    with pytest.raises(NamesUnavailable, match="fr_nothing_here"):
        load_name_finder("fr_nothing_here")


def test_a_name_can_be_put_back_and_the_rest_stays_masked():
    text = "Mme Durand, 0612345678"
    done = redact(text, None)
    assert restore(text, done.spans, 0).text == "Mme Durand, [TELEPHONE_1]"


def test_a_checked_identifier_is_never_put_back():
    text = "Mme Durand, 0612345678"
    with pytest.raises(NotRestorable):
        restore(text, redact(text, None).spans, 1)
    with pytest.raises(IndexError):
        restore(text, redact(text, None).spans, -1)


def test_every_type_has_a_word_and_only_a_name_can_be_put_back():
    assert set(TOKEN_WORDS) - CHECKED == {"PERSON"}


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_has_valid_spans_apart_and_in_order(text):
    done = redact(text, None)
    ends = 0
    for span in done.spans:
        assert ends <= span.start < span.end <= len(text)
        assert span.type in TOKEN_WORDS
        ends = span.end


PIECES = st.sampled_from(
    ["dr ", "Mme ", "Lemaire", "sophie ", "durand", "Rose et ", "Jean", " né le ", "12/03/1960 ",
     "06 12 34 56 78", "12 rue ", "des Lilas ", "69003 ", "dossier n° ", "45", "67-89", "a@b.fr",
     "[PERSONNE_1]", "[NIR_2", "]", ". ", "\n", ", ", "1 84 05 69 381 042 39", "caf ", "\u200b",
     "e\u0301", "https://x.fr/a?b ", "FR76", " point com", "(at)", "cordialement\n", "-", "'"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_masking_twice_changes_nothing(text):
    once = redact(text, None).text
    assert redact(once, None).text == once


@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 50,
        "\ud800 sophie durand \udfff",
        "\u202eelrahC\u202c",
        "👩‍⚕️ dr Lemaire 👍",
        "",
        " ",
    ],
)
def test_hostile_texts_do_not_crash(text, spacy_names):
    assert redact(text, spacy_names).names_masked is True


# Floors stand a little under what was measured; see the closing report of the masking.
@pytest.mark.parametrize("half", ["dev", "frozen"])
@pytest.mark.slow
@pytest.mark.parametrize("with_model", [False, True])
def test_masking_holds_its_measured_recall(half, with_model, spacy_names):
    result = score(half, spacy_names if with_model else None)
    others = [kind for kind in result.spans if kind != "PERSON"]
    assert result.clean >= 25
    assert result.untouched >= result.clean - 1
    assert result.recall("PERSON") >= 0.90
    assert all(result.recall(kind) == 1 for kind in others)
    assert result.fully_covered >= 0.92 * result.holding
    assert result.typed >= 0.94 * result.spans.total()


@pytest.mark.slow
@pytest.mark.parametrize("half", ["dev", "frozen"])
def test_masking_the_measured_texts_twice_changes_nothing_with_the_model(half, spacy_names):
    for text, _ in read_half(half):
        once = redact(text, spacy_names).text
        assert redact(once, spacy_names).text == once
