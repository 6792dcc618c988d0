"""Chapter one: a citizen speaks, the worker reads, a theme moves, a signal stands."""

import re

from tests.feedback.citizen import code_of
from tests.town import SLUG, Town

NAME, PHONE = "Lemaire", "06 12 34 56 78"
OPENING = "À ma pharmacie de quartier la carte Vitale ne passe plus."
OWN_WORD = "bredouillage"
MESSAGE = f"{OPENING} Le docteur {NAME} parle de {OWN_WORD}, rappelez-moi au {PHONE}."
MASKED = f"{OPENING} Le docteur Personne parle de {OWN_WORD}, rappelez-moi au Téléphone ."


def size_of_theme(place: Town) -> int:
    """Return how many retours the theme's page counts."""
    theme = place.desk("equipe").open("/equipe/themes").follow("Pharmacie")
    return int(theme.part(".lead").split()[0])


def a_citizen_speaks_from_a_phone(place: Town) -> str:
    phone = place.stranger().open("/").follow("Ma carte de soin")
    phone.submit(SLUG, face="0", text=MESSAGE)
    code = code_of(phone)
    assert "Nous avons masqué 2 choses" in phone.words
    assert phone.part("#masque ~ blockquote") == MASKED
    assert "Nous ne pourrons donc pas vous rappeler." in phone.words
    assert "QR" in str(phone.page.select_one(".qr svg title"))
    phone.submit("/suite", G9="yes", G7="60-74", **{"G5": "", "G4": "no"})
    assert "C’est noté. Merci." in phone.words
    phone.submit("/code.txt")
    assert code in phone.text.replace(" ", "")
    assert phone.client.get_cookie("s") is None, "a citizen speaks without a cookie"
    stored = place.stored_bytes()
    assert OWN_WORD.encode() in stored
    assert NAME.encode() not in stored
    assert PHONE.encode() not in stored
    return code


def nothing_waited_for_a_sentence_model(place: Town) -> None:
    themes = place.desk("equipe").open("/equipe/themes")
    assert "Analyse en attente pour 1 retour" in themes.words


def the_worker_places_the_message_and_its_theme_moves(place: Town, before: int) -> None:
    place.let_work()
    assert size_of_theme(place) == before + 1
    theme = place.desk("equipe").open("/equipe/themes").follow("Pharmacie")
    assert "Analyse en attente" not in theme.words
    assert "pharmacie" in theme.part("aside .chips")
    assert theme.page.select("blockquote.quote"), "typical messages"
    assert "Retours par semaine" in theme.part("#evolution")
    assert OPENING in theme.part("ul.rows")


def a_signal_says_what_it_rests_on(place: Town) -> None:
    place.let_work("look")
    signal = place.desk("expertise").open("/equipe/signaux").follow("Pharmacie")
    said = signal.words
    found = re.search(
        r"Depuis la version 6\.2.* : (\d+) en \d semaines, pour ([\d,]+) attendus", said
    )
    assert found, said
    assert int(found[1]) > 3 * float(found[2].replace(",", "."))
    e_value = re.search(r"environ ([\d\s]+) fois plus vraisemblables avec une hausse", said)
    threshold = re.search(r"Seuil : ([\d\s]+), celui du rang", said)
    assert e_value, said
    assert threshold, said
    assert _number(e_value[1]) >= _number(threshold[1])
    assert "Ce n’est pas la probabilité que la hausse soit réelle." in said
    assert f"Les {found[1]} retours" in said
    assert len(signal.page.select("blockquote.quote")) == int(found[1])


def _number(written: str) -> int:
    return int("".join(written.split()))
