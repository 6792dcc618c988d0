"""What a visit of a page weighs: bytes on the wire and requests, the cache cold or warm."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

# On the wire, compressed: HTML, styles and scripts each within theirs, all within 35 KB.
KIB = 1024
BUDGETS = {"Document": 10 * KIB, "Stylesheet": 6 * KIB, "Script": 20 * KIB}
BUDGET = 35 * KIB
REQUESTS = 6


@dataclass
class Weight:
    """The bytes of one visit by kind of resource, headers included."""

    path: str
    js: bool
    by_kind: dict[str, int] = field(default_factory=dict)
    requests: int = 0

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.by_kind.values())

    @property
    def line(self) -> str:
        """One line of the table."""
        parts = " ".join(f"{kind} {size}" for kind, size in sorted(self.by_kind.items()))
        how = "js" if self.js else "no-js"
        return f"{self.path:32} {how:5} {self.total:6} bytes {self.requests} requests ({parts})"

    def faults(self) -> list[str]:
        """Return what is over the budget."""
        found = [
            f"{kind} {self.by_kind[kind]} > {most}"
            for kind, most in BUDGETS.items()
            if self.by_kind.get(kind, 0) > most
        ]
        if self.total > BUDGET:
            found.append(f"{self.total} bytes > {BUDGET}")
        if self.requests > REQUESTS:
            found.append(f"{self.requests} requests > {REQUESTS}")
        return found


class Scales:
    """Counts into a weight what comes over the wire of one page; what is kept costs nothing."""

    def __init__(self, page: Page, weight: Weight) -> None:
        self.weight = weight
        self.wire = page.context.new_cdp_session(page)
        self.kinds: dict[str, str] = {}
        self.wire.on("Network.responseReceived", self._name)
        self.wire.on("Network.loadingFinished", self._came)
        self.wire.send("Network.enable")

    def _name(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]

    def _came(self, event: dict[str, Any]) -> None:
        size = int(event["encodedDataLength"])
        if size:
            kind = self.kinds.get(event["requestId"], "Other")
            self.weight.by_kind[kind] = self.weight.by_kind.get(kind, 0) + size
            self.weight.requests += 1


def weigh(browser: Browser, url: str, js: bool) -> Weight:
    """Open ``url`` in a new browser, as a first visit, and count what came over the wire."""
    return weigh_both(browser, url, js)[0]


def weigh_both(
    browser: Browser, url: str, js: bool, prepare: Callable[[Page], None] | None = None
) -> tuple[Weight, Weight]:
    """Return what the first and the second visit of ``url`` weigh in one new browser.

    What ``prepare`` does before, to hold a code for instance, is neither counted nor kept.
    """
    context = browser.new_context(java_script_enabled=js, locale="fr-FR")
    page = context.new_page()
    if prepare:
        prepare(page)
        context.new_cdp_session(page).send("Network.clearBrowserCache")
    weights = []
    for _ in range(2):
        weight = Weight(urlsplit(url).path, js)
        scales = Scales(page, weight)
        page.goto(url, wait_until="networkidle")
        scales.wire.detach()
        weights.append(weight)
    context.close()
    return weights[0], weights[1]
