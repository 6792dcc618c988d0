"""Which lines of a map may say the same: shared words, no shared site, the words said."""

from tests.workshops.test_site_lines import place
from workshops.likeness import alike
from workshops.site_lines import Dissent, MapLine


def line(title: str, *sites: str, cards: tuple[str, ...] = ()) -> MapLine:
    places = tuple(place(site, 1, group_id=f"{title}{site}", cards=cards) for site in sites)
    return MapLine("", title, places, Dissent())


def words(*lines: MapLine) -> list[tuple[str, ...]]:
    return [each.words for each in alike(lines)]


def test_plural_case_and_accent_do_not_matter() -> None:
    assert words(line("Des RAPPELS", "A"), line("Un rappel", "B")) == [("rappels",)]
    assert words(line("L’été", "A"), line("Les étés", "B")) == []  # three letters: too short
    assert words(line("Télé-soin", "A"), line("tele soins", "B")) == [("soin", "télé")]


def test_half_of_the_shorter_line_must_be_shared() -> None:
    long = line("Le guichet ferme trop tôt", "B")
    assert words(line("Guichet fermé lundi matin", "A"), long)  # 2 words of 3 and of 4
    assert not words(
        line("Guichet lointain lundi matin", "A"), line("Guichet ouvre tard samedi", "B")
    )


def test_lines_of_one_site_and_words_of_everybody_are_not_proposed() -> None:
    assert words(line("Un rappel", "A"), line("Un rappel", "A", "B")) == []
    assert words(line("Pour votre mère", "A"), line("Pour votre chien", "B")) == []
    assert words(line("?", "A"), line("", "B")) == []
    assert words() == []


def test_cards_count_and_the_most_alike_come_first() -> None:
    one = line("Groupe", "A", cards=("Le bouton bleu", "bouton caché"))
    two = line("Bouton bleu caché groupe", "B")
    three = line("Bouton rouge énorme", "C")
    assert words(three, one, two)[0] == ("bleu", "bouton", "caché", "groupe")
