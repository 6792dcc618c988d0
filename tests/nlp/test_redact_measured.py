"""Masking keeps the recall measured on both halves of the large set, and its patterns stay tame."""

import importlib
import re
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.redact import TOKEN_WORDS, load_name_finder, redact
from tests.nlp.measure_redact import DIRECT, HALVES, measure, read_texts

MODULES = (
    "addresses", "address_parts", "birth_dates", "contacts", "cues", "devices", "file_numbers",
    "identifiers", "lexicons", "name_contexts", "names", "redact", "spoken", "tokens", "words",
    "worth_reading",
)  # fmt: skip
FLOORS = {  # direct identifiers, persons, addresses, texts fully clean: under the figures measured
    "dev": (0.99, 0.98, 0.96, 0.98),
    "frozen": (0.99, 0.95, 0.96, 0.965),
    "fresh_dev": (0.99, 0.98, 0.95, 0.98),
    "fresh_frozen": (0.98, 0.915, 0.87, 0.93),
}


@pytest.mark.slow
@pytest.mark.parametrize("half", HALVES)
def test_masking_holds_the_recall_measured_on_the_large_set(half):
    tally = measure(half, load_name_finder())
    direct, person, address, fully = FLOORS[half]
    assert tally.recall(*DIRECT) >= direct
    assert tally.recall("PERSON") >= person
    assert tally.recall("ADDRESS") >= address
    assert tally.fully[0] >= fully * tally.fully[1]
    assert tally.touched[0] <= 0.05 * tally.touched[1]
    assert tally.precise[0] >= 0.975 * tally.precise[1]


def test_masking_holds_the_recall_measured_on_the_late_set():
    tally = measure("late", load_name_finder())
    assert tally.recall(*DIRECT) == tally.recall("PERSON") == 1
    assert tally.recall("ADDRESS") >= 17 / 20
    assert tally.touched[0] <= 1


@pytest.mark.parametrize(
    ("halves", "texts", "clean"), [(HALVES[:2], 640, 200), (HALVES[2:], 600, 170)]
)
def test_each_set_is_large_and_its_halves_share_no_text(halves, texts, clean):
    read = {half: list(read_texts(half)) for half in halves}
    first, second = ({text for text, _ in read[half]} for half in halves)
    assert not first & second
    assert len(first) + len(second) >= texts
    assert sum(not gold for half in halves for _, gold in read[half]) >= clean


def patterns_of(module):
    """Return the compiled patterns that a module of masking defines."""
    found = vars(importlib.import_module(f"nlp.{module}")).values()
    return [value for value in found if isinstance(value, re.Pattern)]


def branches_of(code, value):
    """Return the parts of a parsed group, alternative or assertion."""
    if code is codes.BRANCH:
        return value[1]
    if code is codes.SUBPATTERN:
        return [value[-1]]
    return [value[1]] if code in (codes.ASSERT, codes.ASSERT_NOT) else []


def endless_inside_endless(parsed, endless=False):
    """Tell whether an unbounded repeat holds another that no literal starts."""
    for code, value in parsed:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            unbounded = value[1] is codes.MAXREPEAT
            led = value[2][0][0] is codes.LITERAL
            if (unbounded and endless) or endless_inside_endless(value[2], unbounded and not led):
                return True
        elif any(endless_inside_endless(part, endless) for part in branches_of(code, value)):
            return True
    return False


@pytest.mark.parametrize("module", MODULES)
def test_no_pattern_repeats_without_bound_what_repeats_without_bound(module):
    patterns = patterns_of(module)
    assert patterns
    for pattern in patterns:
        assert not endless_inside_endless(parser.parse(pattern.pattern)), pattern.pattern[:80]


def test_the_check_of_patterns_sees_a_catastrophic_one():
    assert endless_inside_endless(parser.parse(r"(?:a+b?)+c"))
    assert not endless_inside_endless(parser.parse(r"\w+(?:-\w+)*"))


HOSTILE = st.sampled_from(
    ["1", "1 ", "0 6 ", "4_", "a@", "a.", "a-", "(", "FR76", "n° ", "dossier ", "mme ", "M. ",
     "né le ", "zéro ", "un ", " arobase ", " point ", "12 rue ", "bât a ", "75001 ", "BP 1 ",
     "l'", "-", "/", ":", "@", "\n", "É", "mon fils ", "A. ", "Le ", "nom a ", "prenom ", "de ",
     "m. x", "la famille ", "la carte de ", "van der ", "habite a ", "res. x ", "75001 en ",
     "cedex", "poste restante ", "le bourg ", "(06) ", "O6 ", "s.s. ", "1 ) ", "C "]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=4), st.integers(1, 60), st.text(max_size=20))
def test_repeated_hostile_pieces_give_valid_spans(pieces, times, tail):
    text = "".join(pieces) * times + tail
    ends = 0
    for span in redact(text, None).spans:
        assert ends <= span.start < span.end <= len(text)
        assert span.type in TOKEN_WORDS
        ends = span.end
