"""A participant's phone as its page makes it behave: it polls, writes, votes, and comes back.

It believes only what was acknowledged, so that what it holds can be compared with the database.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html import unescape
from itertools import count
from random import Random

from tests.workshop_bench.wire import Browser, Reply

POLL = re.compile(r'data-hx-get="([^"]+/etat[^"]*)" data-hx-trigger="every (\d+)ms')
PHASE = re.compile(r'<section id="room-(?:live|over)"[^>]* data-phase="(\w+)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')
ROW = re.compile(r'name="plus" value="([^"]+)"')
OWN = re.compile(r'name="moins" value="([^"]+)".*?<output>(\d*)', re.S)
BACK = 10.0  # seconds that a killed site may take until all is as before
FIRST, LONGEST = 1.0, 2.0  # seconds at most until a hand sends again what reached nobody


def pause(tries: int, chance: Random) -> float:
    """Return the seconds until somebody presses « Renvoyer », after as many ``tries`` in vain.

    The page never sends again by itself (``static/boucle.js``): people press when they have seen
    that nothing came, each at a moment of their own and less hastily each time. A room that presses
    in step is no room of people.
    """
    return chance.uniform(0, min(LONGEST, FIRST * 2 ** (tries - 1)))


@dataclass
class Log:
    """What happened to everybody: each list holds one entry for each thing that happened."""

    pressed: dict[str, float] = field(default_factory=dict)  # what the room shall see: since when
    seen: list[float] = field(default_factory=list)  # seconds from pressed until a phone showed it
    actions: list[float] = field(default_factory=list)  # seconds of acknowledged posts
    recovering: list[float] = field(default_factory=list)  # of them, in the time to be back
    polls: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    outages: list[tuple[float, float]] = field(default_factory=list)
    down_since: float | None = None  # while the site was killed and has not answered yet

    def was_away(self, began: float, ended: float) -> bool:
        """Say whether the site was killed between the two moments."""
        away = list(self.outages)
        if self.down_since is not None:
            away.append((self.down_since, time.perf_counter()))
        return any(start <= ended and began <= end for start, end in away)

    def acted(self, reply: Reply) -> None:
        """Count an acknowledged action, unless it waited for a killed site."""
        if not self.was_away(reply.began, reply.ended):
            back = any(start <= reply.began <= start + BACK for start, _end in self.outages)
            (self.recovering if back else self.actions).append(reply.seconds)

    def polled(self, reply: Reply) -> None:
        """Count an answered poll, unless it waited for a killed site."""
        if not self.was_away(reply.began, reply.ended):
            self.polls.append(reply.seconds)

    def fault(self, what: str, reply: Reply) -> None:
        """Count an error, unless nobody answered because the site was killed just then."""
        if reply.status or not self.was_away(reply.began, reply.ended):
            self.errors.append(f"{what}: {reply.status}")


@dataclass
class Phone:
    """One participant; ``cards`` and ``votes`` are what the site acknowledged."""

    browser: Browser
    code: str
    log: Log
    chance: Random
    cards: list[str] = field(default_factory=list)
    votes: Counter[str] = field(default_factory=Counter)
    phase: str = ""
    page: str = ""  # the last part of the page that was shown
    groups: list[str] = field(default_factory=list)
    form: dict[str, str] = field(default_factory=dict)
    _poll: str = ""
    _every: float = 3.0
    _shown: set[str] = field(default_factory=set)
    _here_since: float = field(default_factory=time.perf_counter)

    async def enter(self, name: str = "") -> None:
        """Open the short link, type a name, find the room."""
        door = await self._until_answered(lambda: self.browser.get(f"/atelier?code={self.code}"))
        form = {"code": self.code, "name": name, **self._token(door.text)}
        seated = await self._until_answered(lambda: self.browser.post("/atelier", form))
        await self._open_room(await self.browser.follow(seated))

    async def reload(self) -> None:
        """Open the room anew, as a phone that was closed does."""
        await self._open_room(
            await self._until_answered(lambda: self.browser.get(f"/atelier/{self.code}"))
        )

    async def _open_room(self, page: Reply) -> None:
        if page.status == 0:
            page = await self._until_answered(lambda: self.browser.get(f"/atelier/{self.code}"))
        if page.status != 200:
            self.log.fault("open the room", page)
        self.form = self._token(page.text) | self._key(page.text)
        self._show(page)

    async def _until_answered(self, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        tries = 0
        while (reply := await ask()).status == 0:
            self.log.fault("open a page", reply)
            tries += 1
            await asyncio.sleep(pause(tries, self.chance))
        return reply

    async def stay(self) -> None:
        """Poll as the page says until the session is over."""
        while self.phase != "closed":
            await asyncio.sleep(self._every)
            reply = await self.browser.get(self._poll, partial=True)
            if reply.status in (200, 204, 304):
                self.log.polled(reply)
                if reply.status == 200:
                    self._show(reply)
            else:
                self.log.fault("poll", reply)

    async def write(self, text: str) -> None:
        """Send a card; unanswered, send the same form again until somebody answers."""
        form = {**self.form, "text": text, "prompt": "0"}
        if (reply := await self._act("idees", form)).status == 200:
            self.cards.append(text)
            self.form |= self._key(reply.text)

    async def finish(self) -> None:
        """Say that one has finished."""
        await self._act("fini", {**self.form, "fini": "1", "de": "write", "text": ""})

    async def vote(self, group: str, more: bool = True) -> None:
        """Give a vote or take one back; unanswered, look at what the site kept instead."""
        form = {**self.form, "plus" if more else "moins": group}
        reply = await self.browser.post(f"/atelier/{self.code}/votes", form, partial=True)
        if reply.status == 200:
            self.log.acted(reply)
            self.votes[group] += 1 if more else -1
            self._show(reply)
        else:
            self.log.fault("vote", reply)
            if reply.status == 0:
                await self.reload()
                self.votes = Counter(self._own_votes())

    def _own_votes(self) -> dict[str, int]:
        """Return the votes that the page says are one's own."""
        return {group: int(shown) for group, shown in OWN.findall(self.page) if shown}

    async def _act(self, what: str, form: dict[str, str]) -> Reply:
        for tries in count(1):
            reply = await self.browser.post(f"/atelier/{self.code}/{what}", form, partial=True)
            if reply.status == 200:
                self.log.acted(reply)
                return reply
            self.log.fault(what, reply)
            if reply.status:
                break
            await asyncio.sleep(pause(tries, self.chance))
        return reply

    def _show(self, reply: Reply) -> None:
        if phase := PHASE.search(reply.text):  # else a vote's answer: one row and the asker
            self.page, self.phase = reply.text, phase[1]
            self.groups = ROW.findall(reply.text)
        if poll := POLL.search(reply.text):
            self._poll, self._every = unescape(poll[1]), int(poll[2]) / 1000
        for what, since in self.log.pressed.items():
            if what not in self._shown and (what == self.phase or what in reply.text):
                self._shown.add(what)
                if self._here_since <= since and not self.log.was_away(since, reply.ended):
                    self.log.seen.append(reply.ended - since)

    @staticmethod
    def _token(text: str) -> dict[str, str]:
        found = TOKEN.search(text)
        return {"csrf_token": found[1]} if found else {}

    @staticmethod
    def _key(text: str) -> dict[str, str]:
        found = KEY.search(text)
        return {"key": found[1]} if found else {}
