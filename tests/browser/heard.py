"""What a screen reader would say and where the keyboard stands, as the browser's own tree has it.

Names and roles of what has the focus come from Chromium's accessibility tree; what live regions
say is caught as it changes. The log is in the order of things.
"""

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

REWRITE = os.environ.get("REWRITE_SPOKEN", "")  # write what is seen instead of comparing
FOLDER = Path(__file__).with_name("spoken")
# Every change of words in a live region, and every alert or status that comes with a new part.
LISTEN = """() => {
  const said = (window.said = window.said ?? []);
  const live = '[aria-live=polite], [aria-live=assertive], [role=status], [role=alert], [role=log]';
  const words = (each) => each.textContent.replace(/\\s+/g, ' ').trim();
  const say = (each) => {
    const how = each.matches('[role=alert], [aria-live=assertive]') ? 'alert' : 'status';
    const line = `${how}: ${words(each)}`;
    if (words(each) && each.checkVisibility() && said.at(-1) !== line) said.push(line);
  };
  new MutationObserver((changes) => {
    const regions = new Set();
    for (const change of changes) {
      const target = change.target.nodeType === 1 ? change.target : change.target.parentElement;
      if (target?.closest(live)) regions.add(target.closest(live));
      for (const node of change.addedNodes) {
        if (node.nodeType !== 1) continue;
        if (node.matches(live)) regions.add(node);
        node.querySelectorAll(live).forEach((each) => regions.add(each));
      }
    }
    regions.forEach(say);
  }).observe(document, { childList: true, characterData: true, subtree: true });
}"""
HIDDEN_BY_BAR = """() => {
  const each = document.activeElement;
  const box = (each.closest('label') ?? each).getBoundingClientRect();
  const bars = [...document.querySelectorAll('body *')].filter((bar) =>
    ['sticky', 'fixed'].includes(getComputedStyle(bar).position)
      && bar.checkVisibility() && !bar.contains(each));
  return bars.some((bar) => {
    const over = bar.getBoundingClientRect();
    return over.top <= box.top && over.bottom >= box.bottom && over.height > 0
      && over.left <= box.left && over.right >= box.right;
  });
}"""


def listen(page: Page) -> None:
    """Keep what live regions say from now on, on every page that opens."""
    page.add_init_script(f"({LISTEN})()")


def said(page: Page) -> list[str]:
    """Return what live regions said on the page that stands open, then forget it."""
    lines: list[str] = page.evaluate("() => (window.said ?? []).splice(0)")
    return lines


def focus_of(page: Page, wire: CDPSession | None = None) -> str:
    """Return role and name of what has the focus, from the accessibility tree."""
    wire = wire or page.context.new_cdp_session(page)
    found = wire.send("Runtime.evaluate", {"expression": "document.activeElement"})
    object_id = found["result"]["objectId"]
    query = {"objectId": object_id, "fetchRelatives": False}
    node: dict[str, Any] = wire.send("Accessibility.getPartialAXTree", query)["nodes"][0]
    role = node.get("role", {}).get("value", "")
    name = " ".join(str(node.get("name", {}).get("value", "")).split())
    name = re.sub(r"\d+", "n", name)  # counts grow with what other tests send
    return f"{role}: {name}" if name else str(role)


def land(page: Page) -> None:
    """Wait until the page has put the focus on what came with an answer; the words come before."""
    page.wait_for_function("() => document.activeElement.closest('main')")


def tab(page: Page, until: str, most: int = 80) -> list[str]:
    """Press Tab until what has the focus is ``until``; return every stop on the way.

    Each stop is in view and under no bar (WCAG 2.4.7, 2.4.11).
    """
    wire = page.context.new_cdp_session(page)
    stops: list[str] = []
    while len(stops) < most:
        page.keyboard.press("Tab")
        stops.append(focus_of(page, wire))
        assert not page.evaluate(HIDDEN_BY_BAR), f"{stops[-1]} is hidden under a bar"
        if stops[-1] == until:
            wire.detach()
            return stops
    raise AssertionError(f"{until!r} is not reached within {most} steps: {stops}")


def compare(name: str, lines: list[str]) -> None:
    """Compare ``lines`` with the golden file of ``name``, or write it where REWRITE_SPOKEN asks."""
    path = FOLDER / f"{name}.txt"
    text = "\n".join(lines) + "\n"
    if REWRITE:
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"{name} differs: REWRITE_SPOKEN=1, then read it"
