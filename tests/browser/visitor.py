"""One person at one browser: every page is looked at, every complaint of the browser is kept."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from app.days import utc_now
from app.second_factor import demo_code
from tests.browser.checks import (
    DESK_TARGET,
    DUPLICATES,
    FOLD,
    TARGET,
    UNFOLD,
    axe,
    narrow_faults,
)

HTML = "text/html; charset=utf-8"
SCRIPTS = re.compile(r"<script.*?</script>|</?noscript>", re.DOTALL)
SCREENS = os.environ.get("SCREENS", "")  # a folder: every screen that is looked at is drawn there
# A page left while the browser still fetches its service worker; test_phone needs it to arrive.
LEFT_EARLY = "An unknown error occurred when fetching the script."
LOOKED: list[tuple[str, bool]] = []  # every look of this run: the page's name, JavaScript or not


@dataclass
class Visitor:
    """A browser of its own with one page; ``complaints`` must stay empty."""

    context: BrowserContext
    page: Page
    url: str
    js: bool = True
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)  # statuses that the test means to provoke
    copy: Page | None = None
    now: Callable[[], datetime] = utc_now  # by the site's clock

    def watch(self) -> None:
        """Keep what the browser complains about and whom it speaks to."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", self._follow)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if not any(word in message.text for word in (LEFT_EARLY, *self.expected)):
            self.complaints.append(f"console: {message.text}")

    def _follow(self, request: Request) -> None:
        if not request.url.startswith((self.url + "/", "data:", "about:")):
            self.complaints.append(f"foreign: {request.url}")

    def open(self, path: str) -> Page:
        """Open ``path`` of the site."""
        self.page.goto(self.url + path)
        return self.page

    def look(self, name: str) -> None:
        """Check the page that stands open as a person with an assistive tool would meet it.

        With JavaScript as it came, then dark, narrow, with every fold open; without, so at once.
        """
        page = self._readable()
        before = page.viewport_size or {"width": 360, "height": 740}
        faults: list[str] = []
        if self.js:
            self.draw(page, name)
            faults += axe(page)
            page.set_viewport_size({**before, "width": min(before["width"], 360)})
            page.emulate_media(color_scheme="dark")
        page.evaluate(UNFOLD)
        self.draw(page, f"{name}-unfolded")
        faults += [f"unfolded: {fault}" for fault in axe(page)]
        page.emulate_media(color_scheme="light")
        faults += page.evaluate(DUPLICATES)
        faults += narrow_faults(page, DESK_TARGET if "/equipe" in page.url else TARGET)
        page.evaluate(FOLD)
        page.set_viewport_size(before)
        LOOKED.append((name, self.js))
        assert faults == [], f"{name} ({self.page.url}):\n" + "\n".join(faults)
        assert self.complaints == [], f"{name}: {self.complaints}"

    def _readable(self) -> Page:
        """Return the page; where JavaScript is off, a copy in which axe may run and nothing else.

        A timer never fires in a browser context without JavaScript, and axe waits for one. A click
        does not wait for the page that it leads to: half a page has no title yet.
        """
        self.page.wait_for_load_state()
        self.page.locator("head > title").wait_for(state="attached")
        if self.js:
            return self.page
        if self.copy is None:
            assert self.context.browser
            again = self.context.browser.new_context(viewport=self.page.viewport_size)
            self.copy = again.new_page()
        html = SCRIPTS.sub("", self.page.content())
        self.copy.route(self.page.url, lambda route: route.fulfill(body=html, content_type=HTML))
        self.copy.goto(self.page.url)
        self.copy.unroute_all()
        return self.copy

    def draw(self, page: Page, name: str) -> None:
        """Write a picture of the whole page where SCREENS asks for one."""
        if SCREENS:
            width = (page.viewport_size or {"width": 0})["width"]
            mode = "" if self.js else "-nojs"
            page.screenshot(path=f"{SCREENS}/{name}-{width}{mode}.png", full_page=True)

    def leave(self) -> None:
        """Close the browser."""
        if self.copy:
            self.copy.context.close()
        self.context.close()

    def cookies(self) -> list[str]:
        """Return the names of the cookies that the site has set."""
        return [str(cookie.get("name")) for cookie in self.context.cookies()]

    def sign_in(self, name: str, passphrase: str) -> None:
        """Sign in through the page."""
        self.open("/connexion")
        self.page.get_by_label("Adresse électronique").fill(f"{name}@example.fr")
        self.page.get_by_label("Phrase de passe").fill(passphrase)
        self.page.get_by_role("button", name="Entrer").click()
        self.page.get_by_label("Les six chiffres").fill(demo_code(self.now()))
        self.page.get_by_role("button", name="Entrer").click()
        self.page.wait_for_url(re.compile("/equipe"))
        assert urlsplit(self.page.url).path.startswith("/equipe")


Visit = Callable[..., Visitor]
