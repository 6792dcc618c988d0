"""What a first visit of a page weighs: bytes on the wire and requests, with a cold cache."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser

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


def weigh(browser: Browser, url: str, js: bool) -> Weight:
    """Open ``url`` in a new browser, as a first visit, and count what came over the wire."""
    context = browser.new_context(java_script_enabled=js, locale="fr-FR")
    page = context.new_page()
    wire = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    weight = Weight(urlsplit(url).path, js)

    def came(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        size = int(event["encodedDataLength"])
        weight.by_kind[kind] = weight.by_kind.get(kind, 0) + size
        weight.requests += 1

    wire.on(
        "Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]})
    )
    wire.on("Network.loadingFinished", came)
    wire.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    context.close()
    return weight
