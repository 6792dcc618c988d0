"""Rebuild the list of French word forms from a hunspell dictionary; run by hand, rarely.

``python -m nlp.build_forms fr.dic fr.aff``. Names (capitalised entries) are left out.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from nlp.build_lexicons import write_list
from nlp.lexicons import ENDING, RARE_VERB, fold

ENTRY = re.compile(r"[^\W\d_]{2,}")
LONGEST = 12  # letters; a longer lower-case word is not believed a name anyway
Suffixes = dict[str, list[tuple[str, str, re.Pattern[str]]]]


def read_suffixes(lines: list[str]) -> Suffixes:
    """Return for each flag what its rules strip, what they add, and where they apply."""
    found: Suffixes = defaultdict(list)
    for line in lines:
        parts = line.split()
        if parts[:1] == ["SFX"] and len(parts) >= 5:
            strip, add = (re.sub(r"^0$|/.*", "", part) for part in parts[2:4])
            found[parts[1]].append((strip, add, re.compile(f"(?:{parts[4]})$")))
    return found


def expand(entry: str, suffixes: Suffixes) -> Iterator[str]:
    """Yield the forms of one dictionary line, the lemma first; nothing for a name."""
    word, _, flags = entry.split()[0].partition("/") if entry.split() else ("", "", "")
    if not ENTRY.fullmatch(word) or word[0].isupper():
        return
    yield word
    for flag in re.findall("..", flags):  # flags have two characters
        for strip, add, applies in suffixes.get(flag, ()):
            if applies.search(word) and word.endswith(strip):
                yield word[: len(word) - len(strip)] + add


def keep(forms: set[str]) -> set[str]:
    """Leave out what an ending, or a plural's singular, tells by itself."""
    plain = {w for w in forms if 2 < len(w) <= LONGEST}
    plain = {w for w in plain if not (ENDING.search(w) or RARE_VERB.search(w))}
    return {w for w in plain if not (w.endswith("s") and w[:-1] in plain)}


def main(arguments: list[str]) -> None:
    """Write the list."""
    entries, rules = (Path(a).read_text(encoding="utf-8").splitlines() for a in arguments)
    suffixes = read_suffixes(rules)
    forms = {fold(form) for entry in entries for form in expand(entry, suffixes)}
    write_list("french_forms.txt.gz", keep(forms))


if __name__ == "__main__":
    main(sys.argv[1:])
