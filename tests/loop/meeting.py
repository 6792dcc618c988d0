"""Chapter four: a workshop, from two phones to a proposal that the team must answer."""

from tests.plain_browser import PlainBrowser, flat
from tests.town import SLUG, Town

IDEA, OTHER = "Lire la carte par le téléphone", "Une caisse où quelqu’un aide"
ANSWER = "Nous essayons la lecture par téléphone dans deux pharmacies."


def a_facilitator_opens_a_session(place: Town) -> tuple[PlainBrowser, str]:
    console = place.desk("animation").open("/equipe/ateliers").follow("Nouvelle séance")
    console.submit("/equipe/ateliers/nouveau", prompts="Que changer ?")
    assert "Dans la salle 0" in console.words
    return console, console.part(".join-code").replace(" ", "")


def two_phones_join_by_code(place: Town, code: str) -> tuple[PlainBrowser, PlainBrowser]:
    phones = place.stranger().open("/atelier"), place.stranger().open("/atelier")
    for phone in phones:
        phone.submit("/atelier", code=code.lower())
        assert "La séance commence bientôt" in phone.words
    return phones


def cards_stay_hidden_until_the_reveal(
    console: PlainBrowser,
    phones: tuple[PlainBrowser, PlainBrowser],
    code: str,
    names_ready: bool = True,
) -> None:
    console.submit("/phase", vers="write")
    for phone, words in zip(phones, (IDEA, OTHER), strict=True):
        phone.open(f"/atelier/{code}").submit("/idees", text=words)
        assert words in phone.words
    ana, bob = (phone.open(f"/atelier/{code}") for phone in phones)
    assert OTHER not in ana.words
    assert IDEA not in bob.words
    assert IDEA not in console.open(_own_page(console)).words, "nor does the facilitator read them"
    console.submit("/phase", vers="reveal")
    if not names_ready:
        assert OTHER not in ana.open(f"/atelier/{code}").words
        assert "Une de vos idées attend" in ana.words
        assert "idée à lire avant la salle" in console.words.replace("idées", "idée")
        console.submit("/idees/relues")
    for phone in phones:
        room = phone.open(f"/atelier/{code}").words
        assert IDEA in room
        assert OTHER in room


def the_room_votes(
    console: PlainBrowser, phones: tuple[PlainBrowser, PlainBrowser], code: str
) -> None:
    for phase in ("group", "vote"):
        console.submit("/phase", vers=phase)
    for phone in phones:
        card = phone.open(f"/atelier/{code}").page.find(string=lambda words: IDEA in words)
        assert card is not None
        group = card.find_parent("li").select_one("button[name=plus]")["value"]
        for _ in range(2):
            phone.submit("/votes", plus=str(group))
    for phase in ("discuss", "decide"):
        console.submit("/phase", vers=phase)
    first = console.page.select(".cards > li")[0]
    assert IDEA in flat(first)
    assert "4 votes" in flat(first)


def the_winning_card_becomes_a_proposal_that_the_promoter_must_answer(
    place: Town, console: PlainBrowser
) -> None:
    console.submit("/proposition")
    assert "Proposition envoyée à l’équipe. Réponse attendue le" in console.words
    console.submit("/phase", vers="closed")
    desk = place.desk("equipe").open("/equipe")
    assert "Propositions 1" in desk.part(".views")
    desk.follow("Propositions").follow(IDEA)
    assert "4 votes de 2 personnes" in desk.words
    said = {"state": "accepted", "words": ANSWER, "owner": "Équipe application"}
    desk.submit("/reponse", due="2027-02-01", **said)
    assert "Engagement pris : Équipe application, pour le 1 février 2027" in desk.words
    assert "Propositions 0" in desk.open("/equipe").part(".views")
    assert ANSWER in place.stranger().open(f"/s/{SLUG}/ce-qui-change").words


def _own_page(console: PlainBrowser) -> str:
    return console.address_of('form[action$="/phase"]').removesuffix("/phase")
