"""What is checked of a page in the browser: axe, its width, its targets, its text made larger."""

from pathlib import Path

from playwright.sync_api import Page

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
RUN_AXE = """(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}}).then((found) =>
  found.violations.flatMap((each) => each.nodes.map((node) =>
    `${each.id}: ${node.target.join(' ')} ${node.failureSummary.replace(/\\s+/g, ' ')}`)))"""
# What is folded is looked at too, then folded again.
UNFOLD = """() => document.querySelectorAll('details:not([open])').forEach((each) => {
  each.dataset.folded = '';
  each.open = true;
})"""
FOLD = """() => document.querySelectorAll('[data-folded]').forEach((each) => {
  delete each.dataset.folded;
  each.open = false;
})"""


def axe(page: Page) -> list[str]:
    """Return what axe-core finds on ``page``."""
    if not page.evaluate("() => typeof axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(RUN_AXE, TAGS)
    return found


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
