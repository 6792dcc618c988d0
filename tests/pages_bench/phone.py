"""What a slow phone sees of the served site, in Chromium with the network and processor held back.

400 kbit/s, 400 ms to the site and back, a quarter of this processor, 360 × 640. The delay is added
by the browser to each request; what gunicorn and the database take is as it comes.
"""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.browser.weights import Scales, Weight

BYTES_A_SECOND = 400 * 1024 // 8
ROUND_TRIP = 400  # milliseconds
SLOWDOWN = 4
SCREEN = {"width": 360, "height": 640}
TIMES = 5
PATIENCE = 60_000
TEXT = "Depuis la mise à jour, mes mesures ne partent plus."
SEND = "Envoyer mon retour"
# The paint of the largest part so far, and the time from the form's submission to the code shown.
WATCH = """() => {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.lcp = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  document.addEventListener('submit', () => { window.sent = performance.now(); }, true);
  new MutationObserver(() => {
    if (window.came || !window.sent || !document.querySelector('.code')) return;
    requestAnimationFrame(() => { window.came = performance.now(); });
  }).observe(document, { childList: true, subtree: true });
}"""
FILLED = "() => window.came && window.came - window.sent"


def first_picture(browser: Browser, url: str) -> float:
    """Return the seconds until the largest part of ``url`` is painted, the median of five."""
    return _median(browser, lambda page: _picture(page, url))


def sending(browser: Browser, url: str) -> float:
    """Return the seconds from the tap on Send to the code on the screen, the median of five."""
    return _median(browser, lambda page: _send(page, url))


def _picture(page: Page, url: str) -> float:
    page.goto(url, wait_until="networkidle")
    return float(page.wait_for_function("() => window.lcp").json_value()) / 1000


def _send(page: Page, url: str) -> float:
    page.goto(url, wait_until="networkidle")
    page.get_by_label("Moyen").check()
    page.get_by_label("Racontez").fill(TEXT)
    page.get_by_role("button", name=SEND).click()
    return float(page.wait_for_function(FILLED).json_value()) / 1000


def _median(browser: Browser, measure: Callable[[Page], float]) -> float:
    return statistics.median(_once(browser, measure) for _ in range(TIMES))


def _once(browser: Browser, measure: Callable[[Page], float]) -> float:
    with slow_page(browser) as page:
        return measure(page)


@contextmanager
def slow_page(browser: Browser) -> Iterator[Page]:
    """Yield a page of a new browser that is held back."""
    context = browser.new_context(locale="fr-FR", viewport=SCREEN)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    try:
        yield page
    finally:
        context.close()


def plain_journey(browser: Browser, url: str) -> Weight:
    """Return what it weighs to open ``url`` without JavaScript, send, and read the code."""
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    weight = Weight(url, False)
    Scales(page, weight)
    page.goto(url, wait_until="networkidle")
    page.get_by_label("Moyen").check()
    page.get_by_label("Racontez").fill(TEXT)
    page.get_by_role("button", name=SEND).click()
    page.locator(".code").wait_for()
    page.wait_for_load_state("networkidle")
    context.close()
    return weight
