"""Word lists that masking weighs: first names, surnames, everyday words, names that may stay.

Sources and licences stand in ``nlp/data/README.md``; every list is folded (lower case, no accents).
"""

import gzip
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
# Endings of verb forms that the list of French forms leaves out, because they tell themselves.
RARE_VERB = re.compile(
    r"(?:assions|assiez|assent|asses?|ames|ates|erent|issions|issiez|issent|usses?|ussions|ussiez|"
    r"ussent|umes|utes|urent|irent|imes|ites|isses?|inssent|insses?|rons|rez|ront|rait|rais|"
    r"raient|ions|iez)$"
)
# Endings of adjectives, adverbs and verbs: an unknown word that ends so is rarely a name.
ENDING = re.compile(
    r"(?:ante?s?|ents?|euses?|eux|istes?|logues?|iques?|ables?|ibles?|ifs?|ives?|elles?|"
    r"ment|tions?|ees?|aires?|ales?|aux|pathes?|ez|ait|aient|ais|ont|erai?)$"
)
ELISIONS = re.compile(r"(?:qu|[cdjlmnst])(?=[aeiouyh])")  # "narrive", "jatten": written as one


STROKED = dict(zip("łŁøØđĐıħĦ", "lLoOdDihH", strict=True))  # letters that do not decompose


def fold_letter(letter: str) -> str:
    """Return the letter without accent, always as one character, its case kept."""
    if letter in STROKED:
        return STROKED[letter]
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if base.isalpha() else letter


def fold(text: str) -> str:
    """Return the text in lower case without accents."""
    if text.isascii():
        return text.lower()
    return "".join(fold_letter(c) for c in unicodedata.normalize("NFC", text)).lower()


@dataclass(frozen=True)
class Lexicons:
    """Folded word lists; counts are births 1900–2021 and bearers in the source."""

    first_names: dict[str, int]
    surnames: dict[str, int]
    common: frozenset[str]
    function: frozenset[str]
    roles: frozenset[str]
    places: frozenset[str]
    institutions: frozenset[str]
    nicknames: frozenset[str]
    allowed: frozenset[str]  # names that may stay, phrases of up to four words
    domains: frozenset[str]  # sites whose bare address may stay
    forms: frozenset[str]  # French word forms of a dictionary, without what endings tell
    vouched: frozenset[str] = frozenset()  # a service's own names: they stay whatever is around

    def births(self, word: str) -> int:
        """Return the births of a folded first name; a compound has at least its rarest part's."""
        own = self.first_names.get(word, 0)
        if "-" not in word:
            return own
        return max(own, min(self.first_names.get(part, 0) for part in word.split("-")))

    def is_french(self, word: str) -> bool:
        """Tell whether a folded word is a French one, also with an elision written as one."""
        if "-" in word:
            return all(self.is_form(part) or len(part) < 3 for part in word.split("-"))
        if self.is_form(word):
            return True
        elided = ELISIONS.match(word)
        return elided is not None and len(word) > 3 and self.is_form(word[elided.end() :])

    def is_form(self, word: str) -> bool:
        """Tell whether a folded word is in the dictionary, or a plural or a verb by its ending."""
        known = word in self.forms or word in self.common
        plural = word.endswith("s") and (word[:-1] in self.forms or word[:-1] in self.common)
        return known or plural or bool(RARE_VERB.search(word) or ENDING.search(word))

    def bearers(self, word: str) -> int:
        """Return the bearers of a folded surname; a compound counts as its most common part."""
        if word in self.surnames or "-" not in word:
            return self.surnames.get(word, 0)
        return max((self.surnames.get(part, 0) for part in word.split("-")), default=0)


def read_lines(name: str) -> Iterator[str]:
    """Yield the lines of a data file that are neither empty nor comments."""
    path = DATA / name
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in raw.decode("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def read_counts(name: str) -> dict[str, int]:
    """Read ``word<TAB>count`` lines."""
    pairs = (line.split("\t") for line in read_lines(name))
    return {word: int(count) for word, count in pairs}


def read_sections(name: str) -> dict[str, frozenset[str]]:
    """Read a hand-kept list with ``[section]`` headings and comma-separated words."""
    sections: dict[str, set[str]] = {}
    words: set[str] = set()
    for line in read_lines(name):
        if line.startswith("["):
            words = sections.setdefault(line.strip("[]"), set())
        else:
            words.update(fold(word.strip()) for word in line.split(",") if word.strip())
    return {key: frozenset(value) for key, value in sections.items()}


@cache
def load_lexicons() -> Lexicons:
    """Read every list once (about 0.1 s)."""
    hand = read_sections("words.txt")
    lines = list(read_lines("allowed_words.txt"))
    return Lexicons(
        first_names=read_counts("first_names.txt.gz"),
        surnames=read_counts("surnames.txt.gz"),
        common=frozenset(read_lines("common_words.txt.gz")) | hand["common"] | hand["function"],
        function=hand["function"],
        roles=hand["roles"],
        places=hand["places"],
        institutions=hand["institutions"],
        nicknames=hand["nicknames"],
        allowed=fold_phrases(line for line in lines if not is_domain(line)),
        domains=frozenset(line.lower() for line in lines if is_domain(line)),
        forms=frozenset(read_lines("french_forms.txt.gz")),
    )


def vouch_for(lexicons: Lexicons, names: Collection[str]) -> Lexicons:
    """Return the lists with a service's own names, which may stay."""
    own = fold_phrases(names)
    return replace(lexicons, allowed=lexicons.allowed | own, vouched=own) if own else lexicons


def is_domain(line: str) -> bool:
    """Tell whether a line of the allow-list is a site's bare address."""
    return "." in line and " " not in line


def fold_phrases(phrases: Collection[str] | Iterator[str]) -> frozenset[str]:
    """Fold phrases so that hyphens, apostrophes and runs of spaces do not matter."""
    return frozenset(
        " ".join(fold(p).replace("-", " ").replace("’", " ").replace("'", " ").split())
        for p in phrases
    )
