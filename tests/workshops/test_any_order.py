"""Whatever people press, in whatever order: nothing is lost and nothing leaks."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
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
from werkzeug.test import TestResponse

from app.accounts import Role
from app.db import db
from tests.conftest import writing
from tests.factories import account, post, sign_in
from tests.workshops.rooms import HTMX, Phone, Room, open_room
from workshops import kept_codes
from workshops.console_models import BoardAct
from workshops.models import Card, CardGroup, Duplicate, Participant, Proposal, Vote, Workshop
from workshops.phases import MOVES, ORDER, RULES, Act
from workshops.talk_models import Remark

PHONES = st.integers(0, 2)
TOO_LONG = "mot " * 100
REASON = "Parle d’une collègue"
NAME = "Zoé-Quenelle-"  # of the phones, with a number
PICK = st.integers(0, 50)


class Overheard(Phone):
    """A phone that sends its forms with htmx and without by turns; each answer is listened to."""

    listen: Callable[[str], None]
    with_htmx = False

    def send(self, what: str, **form: Any) -> TestResponse:
        """Post one of the room's forms."""
        self.with_htmx = not self.with_htmx
        headers = HTMX if self.with_htmx else {}
        url = f"/atelier/{self.code}/{what}"
        answer: TestResponse = post(self.client, url, form, headers=headers)
        self.listen(answer.text)
        return answer


def was_taken(answer: TestResponse) -> bool:
    """Say whether a phone's act was taken, with htmx or without; refused by the phase or budget."""
    assert answer.status_code in (200, 303, 409)
    return answer.status_code != 409


class AnyOrder(RuleBasedStateMachine):
    """Three phones and a facilitator who press what they like; ``said`` is what must be kept."""

    app: Flask  # one for all runs; each has a session of its own

    def __init__(self) -> None:
        super().__init__()
        with self.app.app_context():
            self.engine = db.engine
        self.room: Room = open_room(self.app, prompts=("Que garder ?", "Que changer ?"))
        self.desks = [self.room.desk, self.second_desk()]
        self.said: dict[str, int] = {}  # text of each card, and whose it is
        self.hidden: set[str] = set()
        self.typed: set[str] = set()  # cards typed from paper
        self.remarks: dict[str, int] = {}  # text of each message, and whose it is
        self.phones: list[Overheard] = []
        self.people: list[str] = []  # the id of each phone's participant
        for number in range(3):
            phone = Overheard(self.app.test_client(), self.room.code)
            phone.listen = partial(self.leaks_nothing, number)
            assert phone.join(f"{NAME}{number}").status_code == 303
            self.phones.append(phone)
            ids = [found[0] for found in self.rows(select(Participant.id))]
            self.people += [new for new in ids if new not in self.people]
        self.votes: list[Counter[str]] = [Counter() for _ in self.phones]
        self.each, self.cap = 5, 3
        self.written = 0
        self.befores: list[tuple[str, object, object]] = []  # gestures, the board around each

    def second_desk(self) -> FlaskClient:
        """Return the browser of a second facilitator, invited to the session."""
        desk = self.app.test_client()
        with writing(self.app):
            guest = account(Role.FACILITATOR)
            sign_in(desk, guest)
            address = guest.email
        assert self.room.press("equipe", guest=address).status_code == 303
        return desk

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
        """Start in a room that has been through every phase once, with something of everything."""
        self.room.walk("lobby", "write")
        for who in (0, 1, 2, 0, 1):
            self.write(who)
        self.type_from_paper(lines=2, twice=True)
        for who in (0, 1, 2):
            for text in ("", TOO_LONG):
                self.write_what_cannot_be_kept(who, text)
            self.ask_for_too_many_codes(who)
        for where in ("reveal", "group"):
            self.go(where)
        self.gather(first=0, second=1, into=None)
        self.go("vote")
        for who, which in ((0, 0), (0, 0), (1, 1), (2, 2)):
            self.vote(who, which, more=True)
        self.go("discuss")
        for who in (0, 1, 2):
            self.talk(who, which=who)
        self.hide_message(which=0, back=False)
        self.go("decide")
        self.decide(which=0, decision="keep")
        self.put_with(which=1, other=2)
        self.propose(which=0)

    @rule(where=st.sampled_from((*ORDER[:-1], "discuss", "decide")))
    def go(self, where: str) -> None:
        """Go anywhere but to the end."""
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
        assert was_taken(answer) == accepted
        if accepted:
            self.said[text] = who

    @rule(who=PHONES, text=st.sampled_from(("", TOO_LONG)))
    def write_what_cannot_be_kept(self, who: int, text: str) -> None:
        """Send a card without words, or far too long: refused, as everything is out of its time."""
        phone = self.phones[who]
        assert phone.write(text).status_code == (422 if self.accepts(Act.WRITE) else 409)

    @rule(who=PHONES)
    def ask_for_too_many_codes(self, who: int) -> None:
        """Ask for one code more than a phone is given: it reads that it has to wait."""
        assert self.phones[who].send("garder", key="K").status_code == 429

    @rule(who=PHONES)
    def come_back_by_a_wrong_code(self, who: int) -> None:
        """Type a code that nobody was given."""
        assert self.phones[who].send("revenir", kept_code="0" * 16).status_code == 422

    @rule(who=PHONES, done=st.booleans())
    def say_done(self, who: int, done: bool) -> None:
        """Say that one has finished, or that one goes on."""
        form = {"fini": str(int(done)), "de": self.phase}
        assert was_taken(self.phones[who].send("fini", **form))

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
        assert was_taken(answer) == accepted
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
        assert was_taken(answer) == accepted
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
        assert self.press_board(f"idees/{self.card(text)}/masquer", **how) == (
            303 if accepted else 409
        )
        self.learn_hidden()

    @precondition(lambda self: len(self.said) > 1)
    @rule(first=PICK, second=PICK, into=st.none() | PICK)
    def gather(self, first: int, second: int, into: int | None) -> None:
        """Put two cards together, in a new group or in one that exists."""
        texts = sorted(self.said)
        chosen = {texts[first % len(texts)], texts[second % len(texts)]}
        groups = self.groups()
        target = groups[into % len(groups)] if into is not None and groups else ""
        free = not self.shut(chosen, target)
        accepted = self.accepts(Act.ARRANGE) and (len(chosen) > 1 or bool(target)) and free
        before = self.board()
        answer = self.press_board("groupes", cards=self.ticks(chosen), into=target, title="Groupe")
        assert answer == (303 if accepted else 409)
        assert accepted or self.board() == before
        self.learn_votes()  # votes of a group that merged went along, up to the cap

    @precondition(lambda self: len(self.said) > 1)
    @rule(first=PICK, second=PICK, gesture=st.sampled_from(("", "doublons", "masquer")))
    def act_on_an_old_page(self, first: int, second: int, gesture: str) -> None:
        """Tick cards where an old page showed them: refused whole, and nothing moves."""
        texts = sorted(self.said)
        chosen = {texts[first % len(texts)], texts[second % len(texts)]}
        old = [f"{self.card(text)}.ELSEWHERE000" for text in chosen]
        before = self.board()
        assert self.press_board("groupes", cards=old, geste=gesture, reason=REASON) == 409
        assert self.board() == before

    @precondition(lambda self: len(self.said) > 1)
    @rule(first=PICK, second=PICK)
    def fold(self, first: int, second: int) -> None:
        """Show one card for two that say the same; both are kept."""
        texts = sorted(self.said)
        chosen = {texts[first % len(texts)], texts[second % len(texts)]}
        accepted = self.accepts(Act.ARRANGE) and len(chosen) > 1 and not self.shut(chosen)
        answer = self.press_board("groupes", cards=self.ticks(chosen), geste="doublons")
        assert answer == (303 if accepted else 409)
        self.learn_votes()

    @rule(which=PICK, locked=st.booleans())
    def lock(self, which: int, locked: bool) -> None:
        """Lock a group or unlock it."""
        if groups := self.groups():
            gesture = "verrouiller" if locked else "deverrouiller"
            answer = self.press_board(f"groupes/{groups[which % len(groups)]}", geste=gesture)
            assert answer == (303 if self.accepts(Act.ARRANGE) else 409)

    @precondition(lambda self: self.befores)
    @rule()
    def undo_the_last(self) -> None:
        """Take the last gesture back: the board is exactly as before, or nothing moves."""
        act, before, after = self.befores[-1]
        now = self.board()
        answer = self.room.press(f"gestes/{act}/annuler")
        assert answer.status_code in (303, 409)
        if answer.status_code == 409:
            assert self.board() == now
        elif self.befores.pop() and now == after:
            assert self.board() == before
        self.votes = self.kept_votes()
        self.learn_hidden()

    @precondition(lambda self: self.befores)
    @rule(which=PICK)
    def undo_any(self, which: int) -> None:
        """Take an older gesture back, or read that it is too late: no card and no vote is lost."""
        act, _before, _after = self.befores[which % len(self.befores)]
        now = self.board()
        if self.room.press(f"gestes/{act}/annuler").status_code == 409:
            assert self.board() == now
        self.befores = []  # what was before the others is no longer known
        self.votes = self.kept_votes()
        self.learn_hidden()

    @rule(which=PICK)
    def separate(self, which: int) -> None:
        """Let the cards of a group stand alone."""
        if groups := self.groups():
            group = groups[which % len(groups)]
            free = group not in self.locked() | self.proposed()
            answer = self.press_board(f"groupes/{group}", geste="separer")
            assert answer == (303 if self.accepts(Act.ARRANGE) and free else 409)
            self.learn_votes()

    @rule(who=PHONES, which=PICK, more=st.booleans())
    def vote(self, who: int, which: int, more: bool) -> None:
        """Give a vote or take one back; past the budget or the cap it is refused."""
        if not (groups := self.groups()):
            return
        group, mine = groups[which % len(groups)], self.votes[who]
        free = mine.total() < self.each and mine[group] < self.cap
        accepted = self.accepts(Act.VOTE) and (free if more else mine[group] > 0)
        answer = self.phones[who].vote(group, "plus" if more else "moins")
        assert was_taken(answer) == accepted
        if accepted:
            mine[group] += 1 if more else -1

    @rule(which=st.sampled_from(("0", "1", "")))
    def put_in_hand(self, which: str) -> None:
        """Put one of the questions in hand, or none."""
        assert self.room.press("question", question=which).status_code == 303

    @rule(each=st.integers(1, 6), cap=st.integers(1, 4))
    def change_budget(self, each: int, cap: int) -> None:
        """Change how many votes there are; never below what somebody gave."""
        answer = self.room.press("votes", votes_each=str(each), votes_per_group=str(cap))
        assert answer.status_code in (303, 409)
        kept = self.rows(select(Workshop.votes_each, Workshop.votes_per_group))[0]
        if answer.status_code == 409:
            assert kept == (self.each, self.cap)
            assert any(
                mine.total() > each or max(mine.values(), default=0) > cap for mine in self.votes
            )
        self.each, self.cap = kept

    @rule(which=PICK, decision=st.sampled_from(("keep", "drop", "")))
    def decide(self, which: int, decision: str) -> None:
        """Keep a group, drop it, or take the decision back."""
        if groups := self.groups():
            group = groups[which % len(groups)]
            answer = self.room.press(f"groupes/{group}/decision", decision=decision)
            assert answer.status_code == (303 if self.accepts(Act.DECIDE) else 409)

    @rule(which=PICK, other=PICK)
    def put_with(self, which: int, other: int) -> None:
        """Let a group go with another: cards and votes of each stay its own."""
        if groups := self.groups():
            group, into = groups[which % len(groups)], groups[other % len(groups)]
            before = self.board()[:1]
            answer = self.room.press(f"groupes/{group}/reunir", avec=into)
            assert answer.status_code in ((303, 409) if self.accepts(Act.DECIDE) else (409,))
            assert self.board()[:1] == before

    @rule(which=PICK)
    def propose(self, which: int) -> None:
        """Make a proposal of a group, once; one that shows no card makes none."""
        if groups := self.groups():
            group = groups[which % len(groups)]
            answer = self.room.press(f"groupes/{group}/proposition")
            if answer.status_code == 303:
                assert group in self.proposed()
            assert answer.status_code in (
                (303, 404, 409) if self.accepts(Act.DECIDE) else (404, 409)
            )
            made = [found[0] for found in self.rows(select(Proposal.group_id))]
            assert len(made) == len(set(made))

    @rule(lines=st.integers(1, 3), twice=st.booleans())
    def type_from_paper(self, lines: int, twice: bool) -> None:
        """Type a batch of cards written on paper; the same form again adds none."""
        batch = [f"Papier-{self.written + n}-de-la-salle." for n in range(lines)]
        self.written += lines
        accepted = self.phase in ("write", "reveal", "group")
        for _time in range(1 + twice):
            answer = self.room.press("papier/idees", cards="\n".join(batch), key=batch[0])
            assert answer.status_code == (303 if accepted else 409)
        if accepted:
            self.typed |= set(batch)

    @rule(who=PHONES, which=PICK)
    def talk(self, who: int, which: int) -> None:
        """Write in the thread of a group that the room sees."""
        if not (groups := self.groups()):
            return
        text = f"Message-{self.written}-au-fil."
        self.written += 1
        group = groups[which % len(groups)]
        answer = self.phones[who].send(f"groupes/{group}/messages", text=text)
        kept = {found[0] for found in self.rows(select(Remark.text))}
        assert (text in kept) <= self.accepts(Act.TALK)
        if text in kept:
            assert answer.status_code == 303
            self.remarks[text] = who

    @precondition(lambda self: self.remarks)
    @rule(which=PICK, back=st.booleans())
    def hide_message(self, which: int, back: bool) -> None:
        """Take a message out of its thread, or put it back; others do not read it meanwhile."""
        text = sorted(self.remarks)[which % len(self.remarks)]
        found = self.rows(select(Remark.id, Remark.group_id).where(Remark.text == text))[0]
        how = {"geste": "remettre"} if back else {"reason": REASON}
        answer = self.room.press(f"messages/{found[0]}/masquer", **how)
        assert answer.status_code == (303 if self.accepts(Act.HIDE) else 409)
        if text in self.hidden_remarks():
            other = self.phones[(self.remarks[text] + 1) % 3].client
            assert text not in other.get(f"/atelier/{self.room.code}/groupes/{found[1]}").text

    def hidden_remarks(self) -> set[str]:
        """Return the messages that were taken out of their threads."""
        return {
            found[0] for found in self.rows(select(Remark.text).where(Remark.hidden_reason != ""))
        }

    @property
    def talks(self) -> bool:
        """Say whether the room reads threads in this phase."""
        return RULES[self.phase].results_shown  # type: ignore[index]

    @rule(who=PHONES)
    def come_back(self, who: int) -> None:
        """Close the phone and open the session again: the same seat, the same budget."""
        assert self.phones[who].join().status_code == 303

    def press_board(self, what: str, **form: object) -> int:
        """Press a button that is kept for undoing; return the status."""
        before, known = self.board(), self.acts()
        self.desks.reverse()  # the two facilitators take turns
        self.room.desk = self.desks[0]
        status = self.room.press(what, **form).status_code
        for new in self.acts() - known:
            self.befores.append((new, before, self.board()))
        return status

    def acts(self) -> set[str]:
        """Return the gestures that can be taken back."""
        return {found[0] for found in self.rows(select(BoardAct.id))}

    def board(self) -> tuple[object, ...]:
        """Return all that a gesture on the board may change, as it was committed."""
        cards = self.rows(select(Card.id, Card.group_id, Card.hidden_reason))
        groups = self.rows(select(CardGroup.id, CardGroup.title, CardGroup.locked))
        votes = self.rows(select(Vote.participant_id, Vote.group_id, Vote.dots))
        said = (sorted(tuple(map(str, row)) for row in rows) for rows in (cards, groups, votes))
        return (*said, self.folded())

    def folded(self) -> frozenset[str]:
        """Return the ids of the cards for which another is shown."""
        mine = select(Card.id).where(Card.workshop_id == self.room.id)
        with Session(self.engine) as session:
            rows = session.scalars(select(Duplicate.card_id).where(Duplicate.card_id.in_(mine)))
            return frozenset(rows)

    def locked(self) -> set[str]:
        """Return the groups that are locked."""
        return {found[0] for found in self.rows(select(CardGroup.id).where(CardGroup.locked))}

    def proposed(self) -> set[str]:
        """Return the groups that became a proposal."""
        return {found[0] for found in self.rows(select(Proposal.group_id))}

    def shut(self, texts: set[str], target: str = "") -> bool:
        """Say whether a card may not be ticked, or stands in a locked group or goes into one."""
        rows = self.rows(select(Card.id, Card.group_id).where(Card.text.in_(texts)))
        places = {place for _card, place in rows} | {target}
        unseen = any(card in self.folded() for card, _place in rows) or bool(texts & self.hidden)
        return unseen or bool(places & (self.locked() | self.proposed()))

    def ticks(self, texts: set[str]) -> list[str]:
        """Return the boxes of cards as a page shows them now."""
        held = Counter(place for (place,) in self.shown_places())
        titled = {
            found[0]
            for found in self.rows(
                select(CardGroup.id).where((CardGroup.title != "") | CardGroup.locked)
            )
        }
        found = []
        for card, place in self.rows(select(Card.id, Card.group_id).where(Card.text.in_(texts))):
            alone = place is None or (held[place] < 2 and place not in titled)
            found.append(card if alone else f"{card}.{place}")
        return found

    def shown_places(self):  # type: ignore[no-untyped-def]
        """Return the group of each card that the room may read."""
        shown = select(Card.group_id).where(Card.hidden_reason == "", Card.group_id.is_not(None))
        return self.rows(shown.where(Card.id.not_in(self.folded())))

    def card(self, text: str) -> str:
        """Return the id of the card that says ``text``."""
        return str(self.rows(select(Card.id).where(Card.text == text))[0][0])

    def groups(self) -> list[str]:
        """Return the groups, in a fixed order."""
        return sorted(found[0] for found in self.rows(select(CardGroup.id)))

    def learn_hidden(self) -> None:
        """Take the hidden cards as the database has them: a card hides its duplicates with it."""
        rows = self.rows(select(Card.text).where(Card.hidden_reason != ""))
        self.hidden = {text for (text,) in rows}

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
        kept = Counter(text for (text,) in self.rows(select(Card.text)))
        assert kept == Counter([*self.said, *self.typed])
        assert Counter(text for (text,) in self.rows(select(Remark.text))) == Counter(
            list(self.remarks)
        )

    @invariant()
    def no_vote_is_lost_or_beyond_the_budget(self) -> None:
        """The ballot holds what was acknowledged, within the budget and the cap."""
        kept = self.kept_votes()
        assert kept == [+votes for votes in self.votes]
        assert all(votes.total() <= self.each for votes in kept)
        assert all(dots <= self.cap for votes in kept for dots in votes.values())

    @invariant()
    def nobody_receives_a_card_that_is_hidden_from_them(self) -> None:
        """In no answer: the page, the polled part, the big screen, the console."""
        shown = RULES[self.phase].cards_shown  # type: ignore[index]
        for number, phone in enumerate(self.phones):
            self.leaks_nothing(number, phone.look(), phone.poll().text)
        path = f"/atelier/{self.room.code}/ecran"
        wall = [phone.client.get(path).text, phone.client.get(path, headers=HTMX).text]
        wall += [self.room.desk.get(f"/equipe/ateliers/{self.room.id}").text] if not shown else []
        for text in {*self.said, *self.typed} if not shown else self.hidden:
            assert not any(text in answer for answer in wall)
        for text in self.remarks if not self.talks else self.hidden_remarks():
            assert not any(text in answer for answer in wall)
        assert not any(NAME in answer for answer in wall[:2])

    def leaks_nothing(self, number: int, *answers: str) -> None:
        """Look for what the phone may not read in answers that it was given in this phase."""
        shown = RULES[self.phase].cards_shown  # type: ignore[index]
        withdrawn = self.hidden_remarks()
        others = {
            text
            for text, owner in self.said.items()
            if owner != number and (not shown or text in self.hidden)
        }
        others |= self.typed if not shown else set()
        others |= {
            text
            for text, owner in self.remarks.items()
            if not self.talks or (owner != number and text in withdrawn)
        }
        others |= {f"{NAME}{other}" for other in range(3) if other != number}
        mine = {text for text in self.hidden if self.said[text] == number}
        mine |= {text for text in withdrawn if self.remarks[text] == number}
        assert [text for text in others if any(text in answer for answer in answers)] == []
        assert mine or not any(REASON in answer for answer in answers)

    # The end

    def teardown(self) -> None:
        """Close from wherever the room is; the files hold what it saw, and nobody."""
        if self.phase != "closed":
            assert self.room.move(self.phase, "closed").status_code == 303
        for column in (Card.participant_id, Vote.participant_id, Remark.participant_id):
            assert {found[0] for found in self.rows(select(column))} <= {None}
        assert self.rows(select(Participant.id)) == []
        dots = sum(found[0] for found in self.rows(select(Vote.dots)))
        assert dots == sum(votes.total() for votes in self.votes)
        assert Counter(text for (text,) in self.rows(select(Card.text))) == Counter(
            [*self.said, *self.typed]
        )
        files = {form: self.file(form) for form in ("json", "csv", "md")} | {"page": self.file("")}
        folded = {
            text for card, text in self.rows(select(Card.id, Card.text)) if card in self.folded()
        }
        for text in {*self.said, *self.typed} - self.hidden - folded:
            assert text in files["json"]
            assert text in files["csv"]
        for text in set(self.remarks) - self.hidden_remarks() - self.alone():
            assert text in files["json"]
        secrets = [NAME, REASON, *self.people, *self.hidden, *self.hidden_remarks()]
        for form, written in files.items():
            for secret in secrets:
                assert secret not in written, (form, secret)

    def alone(self) -> set[str]:
        """Return the messages whose group was undone, or shows no card any more."""
        shown = {place for (place,) in self.shown_places()}
        rows = self.rows(select(Remark.text, Remark.group_id))
        return {text for text, place in rows if place not in shown}

    def file(self, form: str) -> str:
        """Return the report as a file, or as its page."""
        path = f"/equipe/ateliers/{self.room.id}/compte-rendu"
        answer = self.room.desk.get(f"{path}.{form}" if form else path)
        assert answer.status_code == 200
        return answer.text


def test_nothing_is_lost_and_nothing_leaks_whatever_people_press(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_codes, "ASKED_BY_SEAT", 0)
    AnyOrder.app = app
    few = settings(
        max_examples=5,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        phases=[HypothesisPhase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(AnyOrder, settings=few)
