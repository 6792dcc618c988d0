"""Whatever people press, in whatever order: nothing is lost and nothing leaks."""

from collections import Counter

from flask import Flask
from hypothesis import HealthCheck, assume, settings
from hypothesis import Phase as HypothesisPhase
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db
from tests.workshops.rooms import HTMX, Phone, Room, open_room
from workshops.models import Card, CardGroup, Participant, Vote, Workshop
from workshops.phases import MOVES, ORDER, RULES, Act

PHONES = st.integers(0, 2)
REASON = "Parle d’une collègue"
PICK = st.integers(0, 50)


class AnyOrder(RuleBasedStateMachine):
    """Three phones and a facilitator who press what they like; ``said`` is what must be kept."""

    app: Flask  # one for all runs; each has a session of its own

    def __init__(self) -> None:
        super().__init__()
        with self.app.app_context():
            self.engine = db.engine
        self.room: Room = open_room(self.app)
        self.phones: list[Phone] = []
        self.people: list[str] = []  # the id of each phone's participant
        for _ in range(3):
            self.phones.append(self.room.phone())
            ids = [found[0] for found in self.rows(select(Participant.id))]
            self.people += [new for new in ids if new not in self.people]
        self.said: dict[str, int] = {}  # text of each card, and whose it is
        self.hidden: set[str] = set()
        self.votes: list[Counter[str]] = [Counter() for _ in self.phones]
        self.written = 0

    # What the database holds

    def rows(self, query):  # type: ignore[no-untyped-def]
        """Return what was committed."""
        with Session(self.engine) as session:
            return list(session.execute(query.where(self.own(query))))

    def own(self, query):  # type: ignore[no-untyped-def]
        """Return the condition of this session's rows."""
        table = query.columns_clause_froms[0]
        return (table.c.id if table.name == "workshop" else table.c.workshop_id) == self.room.id

    @property
    def phase(self) -> str:
        """The phase that the session is in."""
        return str(self.rows(select(Workshop.phase))[0][0])

    def accepts(self, act: Act) -> bool:
        """Say whether the phase takes this act."""
        return act in RULES[self.phase].accepts  # type: ignore[index]

    # What people do

    @initialize()
    def begin(self) -> None:
        """Start where people write."""
        self.room.walk("lobby", "write")

    @rule(where=st.sampled_from(ORDER))
    def go(self, where: str) -> None:
        """Go anywhere but to the end."""
        assume(where != "closed")
        old = self.phase
        answer = self.room.move(old, where)
        allowed = where in MOVES[old]  # type: ignore[index]
        assert answer.status_code == (303 if allowed else 409)
        assert self.phase == (where if allowed else old)

    @rule(who=PHONES)
    def write(self, who: int) -> None:
        """Write a card of words that nobody else writes."""
        text = f"Idée-{self.written}-de-la-salle."
        self.written += 1
        accepted = self.accepts(Act.WRITE)
        answer = self.phones[who].write(text)
        assert answer.status_code == (303 if accepted else 409)
        if accepted:
            self.said[text] = who

    @precondition(lambda self: self.said)
    @rule(which=PICK)
    def change(self, which: int) -> None:
        """Change the words of one's own card; another phone may not."""
        text = sorted(self.said)[which % len(self.said)]
        owner, card = self.said[text], self.card(text)
        other = self.phones[(owner + 1) % 3]
        assert other.send(f"idees/{card}", text="Volée").status_code == 404
        accepted = self.accepts(Act.WRITE)
        answer = self.phones[owner].send(f"idees/{card}", text=f"{text}+")
        assert answer.status_code == (303 if accepted else 409)
        if accepted:
            self.said[f"{text}+"] = self.said.pop(text)
            if text in self.hidden:
                self.hidden.remove(text)
                self.hidden.add(f"{text}+")

    @precondition(lambda self: self.said)
    @rule(which=PICK)
    def take_back(self, which: int) -> None:
        """Take one's own card back."""
        text = sorted(self.said)[which % len(self.said)]
        accepted = self.accepts(Act.WRITE)
        answer = self.phones[self.said[text]].send(f"idees/{self.card(text)}/retirer")
        assert answer.status_code == (303 if accepted else 409)
        if accepted:
            del self.said[text]
            self.hidden.discard(text)

    @precondition(lambda self: self.said)
    @rule(which=PICK, back=st.booleans())
    def hide(self, which: int, back: bool) -> None:
        """Take a card off the board, or put it back."""
        text = sorted(self.said)[which % len(self.said)]
        accepted = self.accepts(Act.HIDE)
        how = {"geste": "remettre"} if back else {"reason": REASON}
        answer = self.room.press(f"idees/{self.card(text)}/masquer", **how)
        assert answer.status_code == (303 if accepted else 409)
        if accepted:
            (self.hidden.discard if back else self.hidden.add)(text)

    @precondition(lambda self: len(self.said) > 1)
    @rule(first=PICK, second=PICK, into=st.none() | PICK)
    def gather(self, first: int, second: int, into: int | None) -> None:
        """Put two cards together, in a new group or in one that exists."""
        texts = sorted(self.said)
        chosen = {texts[first % len(texts)], texts[second % len(texts)]}
        groups = self.groups()
        target = groups[into % len(groups)] if into is not None and groups else ""
        accepted = self.accepts(Act.ARRANGE) and (len(chosen) > 1 or bool(target))
        cards = [self.card(text) for text in chosen]
        answer = self.room.press("groupes", cards=cards, into=target, title="Groupe")
        assert answer.status_code == (303 if accepted else 409)
        self.learn_votes()  # votes of a group that merged went along, up to the cap

    @rule(which=PICK)
    def separate(self, which: int) -> None:
        """Let the cards of a group stand alone."""
        if groups := self.groups():
            answer = self.room.press(f"groupes/{groups[which % len(groups)]}", geste="separer")
            assert answer.status_code == (303 if self.accepts(Act.ARRANGE) else 409)
            self.learn_votes()

    @rule(who=PHONES, which=PICK, more=st.booleans())
    def vote(self, who: int, which: int, more: bool) -> None:
        """Give a vote or take one back; past the budget or the cap it is refused."""
        if not (groups := self.groups()):
            return
        group, mine = groups[which % len(groups)], self.votes[who]
        free = mine.total() < 5 and mine[group] < 3
        accepted = self.accepts(Act.VOTE) and (free if more else mine[group] > 0)
        answer = self.phones[who].vote(group, "plus" if more else "moins")
        assert answer.status_code == (303 if accepted else 409)
        if accepted:
            mine[group] += 1 if more else -1

    @rule(who=PHONES)
    def come_back(self, who: int) -> None:
        """Close the phone and open the session again: the same seat, the same budget."""
        assert self.phones[who].join().status_code == 303

    def card(self, text: str) -> str:
        """Return the id of the card that says ``text``."""
        return str(self.rows(select(Card.id).where(Card.text == text))[0][0])

    def groups(self) -> list[str]:
        """Return the groups, in a fixed order."""
        return sorted(found[0] for found in self.rows(select(CardGroup.id)))

    def learn_votes(self) -> None:
        """Take the votes as the database has them: never more than before, for any phone."""
        now = self.kept_votes()
        for old, new in zip(self.votes, now, strict=True):
            assert new.total() <= old.total()
        self.votes = now

    def kept_votes(self) -> list[Counter[str]]:
        """Return the votes of each phone, as they were committed."""
        found: list[Counter[str]] = [Counter() for _ in self.phones]
        for person, group, dots in self.rows(select(Vote.participant_id, Vote.group_id, Vote.dots)):
            found[self.people.index(person)][group] += dots
        return found

    # What must hold after every step

    @invariant()
    def no_card_is_lost_or_doubled(self) -> None:
        """The board holds what was acknowledged, each once."""
        assert Counter(text for (text,) in self.rows(select(Card.text))) == Counter(list(self.said))

    @invariant()
    def no_vote_is_lost_or_beyond_the_budget(self) -> None:
        """The ballot holds what was acknowledged, within the budget and the cap."""
        kept = self.kept_votes()
        assert kept == [+votes for votes in self.votes]
        assert all(votes.total() <= 5 for votes in kept)
        assert all(dots <= 3 for votes in kept for dots in votes.values())

    @invariant()
    def nobody_receives_a_card_that_is_hidden_from_them(self) -> None:
        """In no answer: the page, the polled part, the big screen, the console."""
        shown = RULES[self.phase].cards_shown  # type: ignore[index]
        for number, phone in enumerate(self.phones):
            answers = [phone.look(), phone.poll().text]
            for text, owner in self.said.items():
                if owner != number and (not shown or text in self.hidden):
                    assert not any(text in answer for answer in answers)
            if not any(self.said[text] == number for text in self.hidden):
                assert not any(REASON in answer for answer in answers)
        path = f"/atelier/{self.room.code}/ecran"
        wall = [phone.client.get(path).text, phone.client.get(path, headers=HTMX).text]
        wall += [self.room.desk.get(f"/equipe/ateliers/{self.room.id}").text] if not shown else []
        for text in self.said if not shown else self.hidden:
            assert not any(text in answer for answer in wall)


def test_nothing_is_lost_and_nothing_leaks_whatever_people_press(app: Flask) -> None:
    AnyOrder.app = app
    few = settings(
        max_examples=5,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        phases=[HypothesisPhase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnyOrder, settings=few)
