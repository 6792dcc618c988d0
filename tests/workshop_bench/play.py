"""A session from the lobby to its close: a facilitator who leads, a room of phones that follows."""

import asyncio
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from random import Random
from typing import Any

from app.second_factor import demo_code
from tests.workshop_bench.console_state import read
from tests.workshop_bench.phones import Log, Phone
from tests.workshop_bench.stage import MAIL, WORDS, Stage
from tests.workshop_bench.wire import Browser, Reply

CARDS_EACH, VOTES_EACH = 3, 5
TICK = re.compile(r'name="cards" value="([^"]+)"')
LATE = 0.05  # of the phones arrive when people vote already
IDEAS = (
    "Un rappel la veille, par SMS, numéro {}",
    "Je voudrais parler à quelqu’un au téléphone quand la mesure s’affole, cas {}",
    "La courbe de la semaine est trop petite sur mon écran, remarque {}",
    "Mes mesures n’arrivent pas chez mon médecin : essai {} depuis mardi",
)


@dataclass(frozen=True)
class Pace:
    """How long the room stays in each phase, in seconds; people act somewhere within it."""

    join: float = 15
    write: float = 60
    read: float = 12
    group: float = 24
    vote: float = 45
    end: float = 10


@dataclass
class Played:
    """What a session left behind, for the report."""

    phones: int
    log: Log
    lost_cards: int = 0
    doubled_cards: int = 0
    kept_cards: int = 0
    lost_votes: int = 0
    kept_votes: int = 0
    most_given: int = 0
    console_lost: list[str] = field(default_factory=list)  # parts, after a reload or a kill
    load: float = 0.0  # processes that wanted a core in the minute before
    first_view: Counter[str] = field(default_factory=Counter)


@dataclass
class Facilitator:
    """The one who leads: presses a button of the console and says when it was pressed."""

    browser: Browser
    log: Log
    clock: Callable[[], datetime]  # of the site: its codes live for half a minute
    console: str = ""
    page: str = ""

    async def sign_in(self) -> None:
        """Come in by the page that every team uses."""
        door = await self.browser.get("/connexion")
        form = {"email": MAIL, "password": WORDS, **Phone._token(door.text)}
        self._check("sign in", await self.browser.post("/connexion", form))
        door = await self.browser.get("/connexion/code")
        proof = {"code": demo_code(self.clock()), **Phone._token(door.text)}
        self._check("second proof", await self.browser.post("/connexion/code", proof))

    async def plan(self) -> str:
        """Open a session and return its code."""
        path = "/equipe/ateliers/nouveau"
        page = await self.browser.get(path)
        subject = re.search(r'<option[^>]* value="(\d+)"', page.text)
        assert subject
        form = {"title": "Une salle pleine", "subject": subject[1], "prompts": "Que changer ?"}
        votes = {"votes_each": str(VOTES_EACH), "votes_per_group": "3"}
        made = await self.browser.post(path, {**form, **votes, **Phone._token(page.text)})
        self.console = made.location
        code = re.search(r'class="join-code">(\w{3}) (\w{3})<', await self.look())
        assert code
        return code[1] + code[2]

    async def look(self) -> str:
        """Open the console anew, as after a reload."""
        reply = await self.browser.get(self.console)
        self._check("console", reply)
        self.page = reply.text
        return reply.text

    async def press(self, what: str, awaited: str = "", **form: Any) -> None:
        """Press one button; the phones watch for what it makes them show, if anything."""
        token = Phone._token(self.page)
        if awaited:
            self.log.pressed[awaited] = time.perf_counter()
        reply = await self.browser.post(f"{self.console}/{what}", {**form, **token})
        self._check(what, reply)
        self.log.acted(reply)

    async def go(self, old: str, new: str) -> None:
        """Go to another phase."""
        await self.press("phase", new, de=old, vers=new)

    async def stop_the_clock(self) -> None:
        """Start a timer and let it stand: seconds that run would differ at each look."""
        await self.press("minuteur", geste="depart", minutes="5")
        await self.press("minuteur", geste="pause")

    async def hide(self, tick: str) -> None:
        """Take the card of ``tick`` off the board."""
        await self.press("groupes", geste="masquer", cards=tick, reason="Dite deux fois.")

    def _check(self, what: str, reply: Reply) -> None:
        if reply.status not in (200, 302, 303):
            self.log.fault(f"facilitator: {what}", reply)


@dataclass
class Session:
    """One run of the whole session."""

    stage: Stage
    pace: Pace
    heads: int
    kills: bool = True
    log: Log = field(default_factory=Log)
    chance: Random = field(default_factory=lambda: Random(7))
    phones: list[Phone] = field(default_factory=list)
    staying: list["asyncio.Task[None]"] = field(default_factory=list)

    async def play(self) -> Played:
        """Lead the room through all phases and compare what was kept with what was promised."""
        lead = Facilitator(Browser(self.stage.port), self.log, self.stage.clock)
        await self._await_site()
        await lead.sign_in()
        code = await lead.plan()
        played = Played(self.heads, self.log, load=os.getloadavg()[0])
        played.first_view = await first_view(self.stage.port, code)
        late = max(1, round(LATE * self.heads))
        await self._join(code, self.heads - late, self.pace.join)
        await lead.look()
        await lead.go("lobby", "write")
        await self._write(lead, played)
        await lead.go("write", "reveal")
        await asyncio.sleep(self.pace.read)
        await lead.go("reveal", "group")
        await self._group(lead)
        await lead.go("group", "vote")
        here = list(self.phones)
        await asyncio.gather(self._join(code, late, self.pace.vote / 3), self._vote(here))
        self._compare(played)
        await lead.go("vote", "discuss")
        await asyncio.sleep(self.pace.end)
        await lead.stop_the_clock()
        played.console_lost += await self._look_again(lead)
        for old, new in (("discuss", "decide"), ("decide", "closed")):
            await lead.go(old, new)
            await asyncio.sleep(self.pace.end)
        await asyncio.wait(self.staying, timeout=10)
        return played

    async def _await_site(self) -> None:
        stranger = Browser(self.stage.port)
        while (await stranger.get("/atelier")).status != 200:
            await asyncio.sleep(0.2)

    async def _join(self, code: str, heads: int, seconds: float) -> None:
        new = [
            Phone(Browser(self.stage.port), code, self.log, Random(self.chance.random()))
            for _ in range(heads)
        ]
        self.phones += new
        await asyncio.gather(*(self._arrive(phone, seconds) for phone in new))

    async def _arrive(self, phone: Phone, seconds: float) -> None:
        await asyncio.sleep(phone.chance.uniform(0, seconds))
        await phone.enter("Ana" if phone.chance.random() < 0.3 else "")
        self.staying.append(asyncio.create_task(phone.stay()))
        if phone.phase == "vote":
            await self._vote_of(phone, self.pace.vote / 2)

    async def _write(self, lead: Facilitator, played: Played) -> None:
        asked = asyncio.gather(*(self._cards_of(phone, n) for n, phone in enumerate(self.phones)))
        await lead.stop_the_clock()
        if self.kills:
            await asyncio.sleep(self.pace.write / 2)
        played.console_lost += await self._look_again(lead, moving=("counts",))
        await asked

    async def _look_again(self, lead: Facilitator, moving: Collection[str] = ()) -> list[str]:
        """Return which parts of the console a reload changes, after a kill where the site is."""
        before = read(await lead.look())
        if self.kills:
            await self._crash()
        return before.lost(read(await lead.look()), moving)

    async def _cards_of(self, phone: Phone, number: int) -> None:
        moments = sorted(phone.chance.uniform(4, self.pace.write) for _ in range(CARDS_EACH))
        began = time.perf_counter()
        for index, moment in enumerate(moments):
            await asyncio.sleep(max(0, moment - (time.perf_counter() - began)))
            idea = phone.chance.choice(IDEAS).format(f"{number}/{index}")
            await phone.write(idea)
        await phone.finish()

    async def _crash(self) -> None:
        self.log.down_since = began = time.perf_counter()
        self.stage.kill()
        self.stage.raise_up()
        stranger = Browser(self.stage.port)
        while (await stranger.get("/atelier")).status != 200:
            await asyncio.sleep(0.05)
        self.log.outages.append((began, time.perf_counter()))
        self.log.down_since = None

    async def _group(self, lead: Facilitator) -> None:
        for number in range(6):
            page = await lead.look()
            chosen = self.chance.sample(TICK.findall(page), 2)
            title = f"Groupe de la salle {number}"
            await lead.press("groupes", title, title=title, into="", cards=chosen)
            await asyncio.sleep(self.pace.group / 6)
        await lead.hide(self.chance.choice(TICK.findall(await lead.look())))

    async def _vote(self, here: list[Phone]) -> None:
        crash = self._crash_later() if self.kills else asyncio.sleep(0)
        voters = [self._vote_of(phone, self.pace.vote - 8) for phone in here]
        await asyncio.gather(crash, *voters)

    async def _crash_later(self) -> None:
        await asyncio.sleep(self.pace.vote / 3)
        await self._crash()

    async def _vote_of(self, phone: Phone, seconds: float) -> None:
        began = time.perf_counter()
        moments = sorted(phone.chance.uniform(4, seconds) for _ in range(VOTES_EACH + 2))
        for index, moment in enumerate(moments):
            await asyncio.sleep(max(0, moment - (time.perf_counter() - began)))
            mine = +phone.votes
            if index == VOTES_EACH - 1 and mine:
                await phone.vote(next(iter(mine)), more=False)
            elif phone.groups and sum(mine.values()) < VOTES_EACH:
                free = [group for group in phone.groups if mine[group] < 3]
                await phone.vote(phone.chance.choice(free))

    def _compare(self, played: Played) -> None:
        there = self.stage.cards()
        promised = [text for phone in self.phones for text in phone.cards]
        played.kept_cards = len(promised)
        played.lost_cards = sum(1 for text in promised if not there[text])
        played.doubled_cards = sum(count - 1 for count in there.values() if count > 1)
        given = sum((+phone.votes for phone in self.phones), Counter[str]())
        kept = self.stage.dots()
        played.kept_votes = given.total()
        played.lost_votes = (given - kept).total() + (kept - given).total()
        played.most_given = self.stage.most_given()


async def first_view(port: int, code: str) -> Counter[str]:
    """Return the bytes of the door and of the room, each opened first with all its files."""
    phone = Phone(Browser(port), code, Log(), Random(1))
    found: Counter[str] = Counter()
    files: dict[str, int] = {}
    for name, path in (("door", f"/atelier?code={code}"), ("room", f"/atelier/{code}")):
        page = await phone.browser.get(path)
        found[name] = page.size
        for address in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)):
            if address not in files:
                files[address] = (await phone.browser.get(unescape(address))).size
            found[name] += files[address]
        if name == "door":
            await phone.enter()
    return found
