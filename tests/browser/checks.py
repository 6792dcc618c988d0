"""What is checked of a page in the browser: axe, its width, its targets, its text made larger."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.browser import rgaa_log

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]
NARROW = (320, 360)
TARGET, DESK_TARGET = 44, 24  # pixels: a citizen's thumb, a colleague's mouse (quality.md §9.18)

# Links inside a sentence are exempt (WCAG 2.5.8); a choice is as large as its label.
SMALL_TARGETS = """(least) => {
  const found = [];
  for (const each of document.querySelectorAll(
      'a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    const box = (each.closest('label') || each).getBoundingClientRect();
    const style = getComputedStyle(each);
    if (!box.width || !box.height || style.visibility === 'hidden') continue;
    if (each.classList.contains('visually-hidden')) continue;
    const cover = each.matches('a') && getComputedStyle(each, '::after').position === 'absolute';
    if (cover || (each.matches('a') && style.display === 'inline' && each.closest('p, li, td')))
      continue;
    if (Math.min(box.height, box.width) < least - 0.5)
      found.push(`${each.outerHTML.slice(0, 90)}: ${box.width.toFixed()}×${box.height.toFixed()}`);
  }
  return found;
}"""
TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.querySelectorAll('body *')]
    .filter((each) => each.getBoundingClientRect().right > root.clientWidth + 1)
    .map((each) => each.outerHTML.slice(0, 80)).slice(-5);
}"""
# Letters, words and lines further apart (WCAG 1.4.12): nothing may stick out or be cut.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('body * { line-height: 1.5 !important; letter-spacing: .12em !important;'
    + 'word-spacing: .16em !important }');
  document.adoptedStyleSheets.push(sheet);
}"""
DOUBLED = "() => { document.documentElement.style.fontSize = '225%'; }"  # of the usual 112.5%
CLOSER = "() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); }"
HALVED = "() => { document.documentElement.style.fontSize = ''; }"
# axe leaves duplicates out since WCAG 2.2 did: yet a label then names the wrong field.
DUPLICATES = """() => {
  const ids = [...document.querySelectorAll('[id]')].map((each) => each.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `two elements #${id}`);
}"""
RUN_AXE = """(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}}).then((found) => [
  found.violations.flatMap((each) => each.nodes.map((node) =>
    `${each.id}: ${node.target.join(' ')} ${node.failureSummary.replace(/\\s+/g, ' ')}`)),
  found.incomplete.flatMap((each) => each.nodes.map((node) => [each.id,
    [...node.any, ...node.all, ...node.none].map((check) => check.data?.messageKey ?? check.id)[0]
      ?? ''])),
  ['violations', 'incomplete', 'passes', 'inapplicable'].flatMap((kind) =>
    found[kind].map((each) => [each.id, kind]))])"""
# Text that its own box hides: nothing that is read may be cut. What scrolls can be reached, and a
# link that ends in an ellipsis leads to the whole of it.
CLIPPED = """() => [...document.querySelectorAll('main *, header *, footer *')].filter((each) => {
  const style = getComputedStyle(each);
  const hides = (value) => value === 'hidden' || value === 'clip';
  if (each.closest('.visually-hidden, svg') || !each.textContent.trim()) return false;
  if (each.matches('a') && style.textOverflow === 'ellipsis') return false;
  return (hides(style.overflowX) && each.scrollWidth > each.clientWidth + 1)
    || (hides(style.overflowY) && each.scrollHeight > each.clientHeight + 1);
}).map((each) => each.outerHTML.slice(0, 80))"""
HIGH_BARS = """() => [...document.querySelectorAll('body *')].filter((each) =>
  ['sticky', 'fixed'].includes(getComputedStyle(each).position)
    && each.getBoundingClientRect().height > innerHeight / 2)
  .map((each) => each.outerHTML.slice(0, 80))"""
MOVING = """() => document.getAnimations().filter((each) => each.playState === 'running')
  .map((each) => each.effect.target.outerHTML.slice(0, 80))"""
# What is folded is looked at too, then folded again.
UNFOLD = """() => document.querySelectorAll('details:not([open])').forEach((each) => {
  each.dataset.folded = '';
  each.open = true;
})"""
FOLD = """() => document.querySelectorAll('[data-folded]').forEach((each) => {
  delete each.dataset.folded;
  each.open = false;
})"""


def narrow_faults(page: Page, target: int) -> list[str]:
    """Return what sticks out at the narrowest widths, and targets smaller than ``target``."""
    faults: list[str] = []
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 740})
        faults += [f"{width}: {each}" for each in page.evaluate(TOO_WIDE)]
    faults += page.evaluate(SMALL_TARGETS, target)
    page.evaluate(SPACED)
    faults += [f"spaced: {each}" for each in page.evaluate(TOO_WIDE)]
    page.evaluate(CLOSER)
    if target == TARGET:
        page.evaluate(DOUBLED)
        faults += [f"doubled: {each}" for each in page.evaluate(TOO_WIDE)]
        page.evaluate(HALVED)
    return faults


@dataclass(frozen=True)
class Found:
    """What axe says of a page: faults, and what it leaves to a person, as (rule, reason)."""

    faults: list[str]
    undecided: set[tuple[str, str]]


def examine(page: Page) -> Found:
    """Return what axe-core finds on ``page`` and what it cannot decide."""
    if not page.evaluate("() => typeof axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    faults, undecided, outcomes = page.evaluate(RUN_AXE, TAGS)
    rgaa_log.keep(page, outcomes)
    return Found(faults, {(rule, reason) for rule, reason in undecided})


def axe(page: Page) -> list[str]:
    """Return what axe-core finds on ``page``."""
    return examine(page).faults


def clipped_faults(page: Page) -> list[str]:
    """Return what is cut when text is spaced (WCAG 1.4.12), and when it is twice as large."""
    faults: list[str] = []
    for name, change, back in (("spaced", SPACED, CLOSER), ("doubled", DOUBLED, HALVED)):
        page.evaluate(change)
        faults += [f"{name}: cut: {each}" for each in page.evaluate(CLIPPED)]
        page.evaluate(back)
    return faults


def turned_faults(page: Page) -> list[str]:
    """Return what goes wrong on a phone that lies on its side, and what moves though it must not.

    A bar that stays must leave most of a low screen to the page.
    """
    page.set_viewport_size({"width": 640, "height": 360})
    page.emulate_media(reduced_motion="reduce")
    faults = [f"landscape: {each}" for each in page.evaluate(TOO_WIDE)]
    faults += [f"landscape: bar too high: {each}" for each in page.evaluate(HIGH_BARS)]
    faults += [f"moves: {each}" for each in page.evaluate(MOVING)]
    page.emulate_media(reduced_motion="no-preference")
    return faults
