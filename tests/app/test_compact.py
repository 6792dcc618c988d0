"""Templates lose what only their author reads, and nothing that a reader would see."""

import pytest
from jinja2 import Environment

from app.compact import Compact, compact


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>\n\n   <b>a</b>\n   <b>b</b>\n</p>", "<p>\n<b>a</b>\n<b>b</b>\n</p>"),
        (
            "<i>a</i>\n  {% if x %}\n  <i>b</i>\n  {% endif %}\n<i>c</i>",
            "<i>a</i>\n{% if x %}<i>b</i>\n{% endif %}<i>c</i>",
        ),
        ("a {% if x %}\nb", "a {% if x %}\nb"),
        ("{# of\n two lines #}\nb", "{# of\ntwo lines #}\nb"),
        ("<textarea>\n{{ typed }}</textarea>", "<textarea>\n{{ typed }}</textarea>"),
    ],
)
def test_a_run_of_white_space_becomes_one_break(source: str, expected: str) -> None:
    assert compact(source) == expected


def test_what_people_typed_keeps_its_lines_and_mails_keep_theirs() -> None:
    pages = Environment(extensions=[Compact])
    extension = pages.extensions[Compact.identifier]
    page = pages.from_string(compact("<textarea>\n{{ typed }}</textarea>"))
    assert page.render(typed="a\n\n  b") == "<textarea>\na\n\n  b</textarea>"
    assert extension.preprocess("a\n\n  b", "mail/team.html") == "a\n\n  b"
    assert extension.preprocess("a\n\n  b", "mail/team.txt") == "a\n\n  b"
    assert extension.preprocess("a\n\n  b", "pages/home.html") == "a\nb"


@pytest.mark.parametrize("shown", [True, False])
def test_what_stood_apart_still_does(shown: bool) -> None:
    source = "<i>a</i>\n  {% if x %}\n  <i>b</i>\n  {% endif %}\n  {# c #}\n<i>d</i>\n"
    plain, short = (Environment().from_string(text) for text in (source, compact(source)))
    assert short.render(x=shown).split() == plain.render(x=shown).split()
