"""Number plates and IP addresses: a vehicle or a machine that leads to its owner."""

import ipaddress
import re
from collections.abc import Iterator

from nlp.identifiers import BY_CONTEXT, SHAPED, Find, near
from nlp.textview import View

PLATE_LETTERS = "[A-HJ-NP-TV-Z]{2}"
PLATE = re.compile(rf"(?<![A-Za-z0-9])({PLATE_LETTERS})([- ._]?)\d{{3}}([- ._]?)({PLATE_LETTERS})"
                   r"(?![A-Za-z0-9])", re.I)  # fmt: skip
LOOSE_PLATE = re.compile(  # oddly spaced: only beside a word of vehicles
    rf"(?<![A-Za-z0-9]){PLATE_LETTERS}[- ._]{{0,3}}\d ?\d ?\d[- ._]{{0,3}}{PLATE_LETTERS}"
    r"(?![A-Za-z0-9])", re.I)  # fmt: skip
OLD_PLATE = re.compile(r"(?<![a-z0-9])\d{2,4}[ -]?[a-z]{2,3}[ -]?(?:\d{2}|2[ab])(?![a-z0-9])")
PLATE_WORD = re.compile(
    r"plaque|immatricul|vehicule|voiture|camion|ambulance|taxi|vsl\b|scooter|"
    r"\bmoto\b|\bimmat|fourgon|minibus|\bcmi\b|mobilite|stationne|\bgare[es]*\b|pare-brise"
)
IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)")
IPV6 = re.compile(r"(?<![0-9a-f:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![0-9a-f:])")
SPACED_IP = re.compile(
    r"(?<![\d.])\d{1,3}(?: ?\.{1,2} ?\d{1,3}){3}(?![\d.]*\d)|"
    r"(?<![0-9a-f:])[0-9a-f]{1,4}(?: ?: ?[0-9a-f]{0,4}){3,7}(?![0-9a-z:])"
)
IP_WORD = re.compile(r"\bip(?:v[46])?\b|adresse|connexion|connecte|poste|ordinateur")
VERSION = re.compile(r"(?:version|android|ios|firmware|logiciel|\bv)[ .]{0,2}$")


def find_plates(view: View) -> Iterator[Find]:
    """Find number plates; one written with spaces or in lower case needs a word beside."""
    for match in PLATE.finditer(view.plain):
        dashed = match[2] == match[3] == "-"
        upper = match[0].isupper() and match[2] == match[3]
        if dashed or upper or near(PLATE_WORD, view, match.start()):
            yield Find(match.start(), match.end(), "PLATE", SHAPED)
    for pattern in (LOOSE_PLATE, OLD_PLATE):
        for match in pattern.finditer(view.lower):
            if near(PLATE_WORD, view, match.start(), 30):
                yield Find(match.start(), match.end(), "PLATE", BY_CONTEXT)


def find_addresses_of_machines(view: View) -> Iterator[Find]:
    """Find IP addresses, version 4 and 6; software versions of four parts stay."""
    for pattern in (IPV4, IPV6):
        for match in pattern.finditer(view.lower):
            before = view.lower[max(0, match.start() - 15) : match.start()]
            if is_machine(match[0]) and not VERSION.search(before):
                yield Find(match.start(), match.end(), "IP", SHAPED)
    for match in SPACED_IP.finditer(view.lower):
        surface = match[0].replace(" ", "").replace("..", ".")
        if is_machine(surface) and near(IP_WORD, view, match.start(), 40):
            yield Find(match.start(), match.end(), "IP", BY_CONTEXT)


def is_machine(surface: str) -> bool:
    """Tell whether the surface is an address that a machine could have."""
    try:
        address = ipaddress.ip_address(surface)
    except ValueError:
        return False
    return not address.is_unspecified and not surface.endswith(".0.0")  # a version


FINDERS = (find_plates, find_addresses_of_machines)
