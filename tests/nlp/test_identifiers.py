"""Identifiers by checksum, shape and context; numbers that belong to nobody stay."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.checksums import (
    IBAN_LENGTHS,
    is_plausible_nir,
    nir_number,
    passes_iban,
    passes_luhn,
    passes_nir,
    passes_rib,
)
from nlp.redact import redact

DIGITS = "0123456789"
SEPARATORS = st.sampled_from(["", " ", ".", "-", "\u00a0"])


def digits(size):
    return st.text(alphabet=DIGITS, min_size=size, max_size=size)


def types_of(text):
    return [span.type for span in redact(text, None).spans]


@st.composite
def nirs(draw):
    """A valid NIR, grouped as people write it."""
    parts = [
        draw(st.sampled_from("123478")),
        draw(digits(2)),
        f"{draw(st.integers(1, 12)):02}",
        draw(st.sampled_from(["01", "33", "2A", "2B", "75", "97", "99"])),
        draw(digits(3)),
        draw(digits(3)),
    ]
    key = 97 - nir_number("".join(parts)) % 97
    return draw(SEPARATORS).join([*parts, f"{key:02}"])


@st.composite
def ibans(draw):
    """A valid IBAN of any country in the table, in either case, in groups of four or none."""
    country = draw(st.sampled_from(sorted(IBAN_LENGTHS)))
    body = draw(digits(IBAN_LENGTHS[country] - 4))
    rest = int("".join(str(int(c, 36)) for c in body + country + "00")) % 97
    code = f"{country}{98 - rest:02}{body}"
    groups = [code[i : i + 4] for i in range(0, len(code), 4)]
    joined = draw(st.sampled_from(["", " ", "-"])).join(groups)
    return joined.lower() if draw(st.booleans()) else joined


@st.composite
def phones(draw):
    """A French number in pairs, national or international; never a free or paid service line."""
    first = draw(st.sampled_from("12345679"))
    pairs = [draw(digits(2)) for _ in range(4)]
    separator = draw(st.sampled_from(["", " ", ".", "-", "/"]))
    start = draw(st.sampled_from(["0", "+33 ", "0033", "+33(0)"]))
    return separator.join([start + first, *pairs])


@st.composite
def emails(draw):
    """An address of plain letters, digits and dots."""
    word = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
    local = ".".join(draw(st.lists(word, min_size=1, max_size=3)))
    return f"{local}@{draw(word)}.{draw(st.sampled_from(['fr', 'com', 'org', 'gouv.fr']))}"


AROUND = st.sampled_from(
    ["", "Bonjour ", "le 12 ", "voici : ", "(", "\n", "né en 1950 ", "dr ", "n° ", "12, ", "fin. "]
)
AFTER = st.sampled_from(["", " merci", ".", ")", "\n", ", le 12", " 45 ans", " !", " et 3 euros"])


@pytest.mark.parametrize("kind", [nirs(), ibans(), phones(), emails()], ids=str)
def test_any_valid_identifier_is_masked_wherever_it_stands(kind):
    @settings(max_examples=120, deadline=None)
    @given(AROUND, kind, AFTER)
    def check(before, surface, after):
        done = redact(before + surface + after, None)
        masked = {place for s in done.spans for place in range(s.start, s.end)}
        here = range(len(before), len(before) + len(surface))
        assert all(i in masked for i in here if surface[i - len(before)].isalnum()), done.text

    check()


def test_keys_of_known_numbers():
    assert passes_nir("255081416802538")  # the example that circulates in State documents
    assert passes_nir("155032A00411844")
    assert not passes_nir("255081416802539")
    assert passes_luhn("4539154990951458")
    assert not passes_luhn("4539154990951457")
    assert passes_iban("FR1420041010050500013M02606")  # ISO 13616 registry example
    assert not passes_iban("FR1420041010050500013M02607")
    assert passes_rib("20041010050500013M02606")
    assert not is_plausible_nir("3400935955838")  # a medicine's code


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("sécu 1 84 05 69 381 042 40", ["NIR"]),  # wrong key beside the word
        ("1840569381042", ["NIR"]),
        ("mon numéro de sécu 1 84 O5 69 381 O42 39", ["NIR"]),
        ("compte 20041 01005 0500013M026 06", ["IBAN"]),
        ("CB 4539 1549 9095 1458", ["CARD"]),
        ("RPPS 10094580734", ["RPPS"]),
        ("tel O6 12 34 56 78", ["PHONE"]),
        ("au +32 475 12 34 56", ["PHONE"]),
        ("jean (arobase) free point fr", ["EMAIL"]),
        ("jean.dupont [at] free.fr", ["EMAIL"]),
        ("voiture aa-123-bb", ["PLATE"]),
        ("ip 2a01:cb19:8f2:9c00::1", ["IP"]),
        ("passeport 14AB12345", ["ID"]),
        ("INE 0123456789A", ["ID"]),
        ("allocataire n° 1234567", ["CAF_ID"]),
        ("date de naissance 12 mars 1960", ["DOB"]),
        ("Durand Sophie, 12/03/1960", ["PERSON", "DOB"]),
        ("j'habite 12 rue du moulin 44000 nantes", ["ADDRESS"]),
        ("https://www.ameli.fr/compte?id=4", ["URL"]),
        ("portable O639 98 4I 22", ["PHONE"]),
        ("portable O4/6O/42/O3/97", ["PHONE"]),
        ("tel +33 (O)1 85 17 84 37", ["PHONE"]),
        ("mon num de ss est 1 6O 11 62 193 O14 87", ["NIR"]),
        ("numéro 5132100614352258 refusé", ["CARD"]),  # not a Romanian account: "ro 51…"
        ("ip 114.88.170.215", ["IP"]),
        ("dob 1961-11-30", ["DOB"]),
        ("N(e) le 09081973", ["DOB"]),
        ("carte identite 140275P03321", ["ID"]),
    ],
)
def test_identifiers_are_found(text, kinds):
    assert types_of(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "J'ai appelé le 15, le 115, le 3646, le 36 46 et le 0 800 23 13 13.",
        "Rendez-vous du 12/03/2023 à 10h30, dossier du 14/02/2023.",
        "Demande de 2023, article L. 1111-7, version 4.2.1, Android 10.0.19.1 ok.",
        "SIRET 73282932000074, code médicament 3400935955838.",
        "J'habite à Guéret dans la Creuse, 23000.",
        "Voir www.service-public.fr, https://www.ameli.fr et sante.gouv.fr.",
        "J'ai suivi 10 cours de français et pris 2 places de parking.",
        "Il y a 15 000 000 de patients et 12 345 pas.",
        "Je ne le vois plus depuis le 12/03/2023.",
        "Il fait de 100 km par jour, le 2 sur 3.",
        "Le bourg est loin, la poste restante est supprimée, la boîte postale est pleine.",
        "La résidence est loin, 12000 euros, un mail envoyé au Service, un Chemin de Croix.",
        "Il habite loin, 75 km, et la rue Neuve est barrée.",
    ],
)
def test_what_names_nobody_stays(text):
    assert redact(text, None).text == text


@pytest.mark.parametrize(
    "address",
    [
        "résidence du Parc, escalier 4, 12 avenue Foch, 57000 Metz",
        "foyer Adoma, 1 ter bd de Kergoat, 62580 Vimy",
        "12 rue Alain Colas, logt 45, 29200 Brest",
        "3 place St Exupéry - 2e droite - lot 7 - 93200 Saint-Denis CEDEX",
        "10 rte nationale 62 62580 vimy",
        "lieu-dit la Combe, 29480 le relecq-kerhuon",
        "quartier Bellevue, 97420 le port",
        "le bourg 19170 tarnac",
        "BP 50 13541 AIX EN PROVENCE CEDEX 2",
        "tsa 30008, 92919 la defense cedex",
        "Poste restante, 05100 Briançon",
        "4 square des Acacias",
        "villa 12 lotissement les hibiscus 97122 baie-mahault",
        "ferme de Ravine à Malheur - 97600 Mamoudzou",
        "3 cité gambetta",
    ],
)
def test_every_character_of_an_address_is_masked(address):
    (span,) = redact(f"envoyez {address}", None).spans
    assert (span.start, span.end, span.type) == (8, 8 + len(address), "ADDRESS")


def test_a_named_place_with_its_postcode_is_an_address_where_somebody_lives():
    assert redact("j'habite Kerhuon, 29480 Brest", None).text == "j'habite [ADRESSE_1]"
    assert redact("la gare de Kerhuon, 29480 Brest", None).text == "la gare de Kerhuon, 29480 Brest"


@pytest.mark.parametrize("kept", ["(06) 39 98 10 66", "#48812", "069 1220 33445 A"])
def test_nothing_of_a_number_is_left_beside_its_token(kept):
    (span,) = redact(f"dossier {kept} merci", None).spans
    assert (span.start, span.end) == (8, 8 + len(kept))
