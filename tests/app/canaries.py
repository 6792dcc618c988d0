"""Twenty planted identifiers with true keys, each in a sentence, and how each would be found again.

They are made up from a seed: no number here was ever given to anybody that we know of.
"""

import random
import re
from dataclasses import dataclass
from pathlib import Path

from nlp.checksums import nir_number, passes_luhn, passes_rib

SEED = 20


@dataclass(frozen=True)
class Canary:
    """One identifier as people write it."""

    kind: str
    sentence: str  # with {} where the identifier stands
    surface: str
    mark: str = ""  # its telling part, where the whole may be cut

    @property
    def said(self) -> str:
        """The sentence with its identifier."""
        return self.sentence.format(self.surface)

    @property
    def spellings(self) -> tuple[str, ...]:
        """What to look for, in lower case: as written and without separators."""
        telling = (self.mark or self.surface).lower()
        bare = re.sub(r"[^a-z0-9@]", "", telling)
        return (telling, bare) if len(bare) > 6 else (telling,)


@dataclass
class Search:
    """Where to look: names of places and what lies there, in lower case."""

    places: dict[str, bytes]
    database: Path

    def found(self, words: str) -> set[str]:
        """Return the places that hold ``words``."""
        wanted = words.lower().encode()
        return {name for name, held in self.places.items() if wanted in held}


def held(path: Path) -> bytes:
    """Return what lies in ``path``, in lower case."""
    return path.read_bytes().lower()


def make() -> tuple[Canary, ...]:
    """Return the twenty identifiers."""
    dice = random.Random(SEED)
    return (
        Canary("NIR", "Mon numéro de sécu est le {}.", _spaced(_nir(dice, "42"), 1, 2, 2, 2, 3, 3)),
        Canary("NIR", "La carte porte {}.", _nir(dice, "2A")),
        Canary("PHONE", "Rappelez au {}.", _spaced("07" + _digits(dice, 8), 2, 2, 2, 2)),
        Canary("PHONE", "Ou sur le {}.", "+33 6 " + _spaced(_digits(dice, 8), 2, 2, 2)),
        Canary("PHONE", "Au travail : {}.", ".".join(["04", "77", *_pairs(dice, 3)])),
        Canary("EMAIL", "Mon adresse est {}.", f"z.quenelle{_digits(dice, 4)}@example.org"),
        Canary("EMAIL", "Sinon {}.", f"tourniquet{_digits(dice, 3)} arobase example point org"),
        Canary("IBAN", "Remboursez sur {}.", _spaced(_iban(dice), *[4] * 6)),
        Canary("RIB", "Ou sur le compte {}.", _rib(dice)),
        Canary("CARD", "Payé par carte bancaire {}.", _card(dice)),
        Canary("RPPS", "Le numéro RPPS est {}.", _luhn("10" + _digits(dice, 8))),
        Canary("DOB", "Je suis née le {}.", "17/03/1951"),
        Canary("ADDRESS", "J’habite {}.", "38 rue des Mirabelliers, 42600 Feurs", "mirabelliers"),
        Canary("ADDRESS", "Ma sœur vit {}.", "5 bis impasse du Belvédère", "belvédère"),
        Canary("PLATE", "Ma voiture est la {}.", "GK-482-WZ"),
        Canary("PERSON", "Je m’appelle {}.", "Ghislaine Bouchardeau", "bouchardeau"),
        Canary("PERSON", "J’ai vu le docteur {}.", "Vandenbroucke"),
        Canary("CAF_ID", "À la CAF, mon numéro d’allocataire est {}.", "6481937"),
        Canary("ID", "Mon passeport est le {}.", "19FV48213"),
        Canary("IP", "Ma box répond en {}.", "198.51.100.42"),
    )  # fmt: skip


def _digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choices("0123456789", k=count))


def _pairs(dice: random.Random, count: int) -> list[str]:
    return [_digits(dice, 2) for _ in range(count)]


def _spaced(code: str, *sizes: int) -> str:
    """Return ``code`` in groups of ``sizes``, the rest as one more group."""
    groups, place = [], 0
    for size in sizes:
        groups.append(code[place : place + size])
        place += size
    return " ".join([*groups, code[place:]])


def _nir(dice: random.Random, department: str) -> str:
    body = f"2{_digits(dice, 2)}05{department}{_digits(dice, 6)}"
    return f"{body}{97 - nir_number(body) % 97:02}"


def _iban(dice: random.Random) -> str:
    account = _rib(dice)
    rest = int("".join(str(int(c, 36)) for c in f"{account}FR00")) % 97
    return f"FR{98 - rest:02}{account}"


def _rib(dice: random.Random) -> str:
    body = f"20041{_digits(dice, 16)}"
    return next(code for key in range(1, 98) if passes_rib(code := f"{body}{key:02}"))


def _card(dice: random.Random) -> str:
    return _spaced(_luhn("4" + _digits(dice, 14)), 4, 4, 4)


def _luhn(body: str) -> str:
    return next(code for digit in "0123456789" if passes_luhn(code := body + digit))
