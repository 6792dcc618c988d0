"""The plainest form of hurried French, with the place of each letter in the text as written."""

import unicodedata

_APOSTROPHES = "'’ʼ`´"
_STOPS = ".!?;:\n…"


def fold(text: str) -> tuple[str, list[int]]:
    """Return the text in its plainest form and, per character of it, the place in the original.

    Lower case, no accents or apostrophes, runs of one letter made one, all else one space; the
    end of a sentence is " . ", so that no gap between words reaches past it.
    """
    letters: list[str] = [" "]
    places: list[int] = [0]
    for place, original in enumerate(text):
        for letter in _plain_letters(original):
            if letter == letters[-1] or (letter == "." and letters[-2:] == [".", " "]):
                continue
            letters.append(letter)
            places.append(place)
    if letters[-1] != " ":
        letters.append(" ")
        places.append(len(text) - 1)
    return "".join(letters), places


def _plain_letters(character: str) -> str:
    if character in _APOSTROPHES:
        return ""
    if character in _STOPS:
        return " . "
    decomposed = unicodedata.normalize("NFKD", character.casefold()).replace("œ", "oe")
    kept = "".join(c for c in decomposed if c.isalnum())
    return kept if kept or unicodedata.combining(character) else " "
