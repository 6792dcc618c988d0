"""Reads the citizen's pages with a virtual screen reader and says what it would not have heard.

``python -m tests.screen_reader BUNDLE``, from ``make audit``, which bundles the reader:
opens the small living site, reads every public page to its end, then follows four journeys:
speaking, an error, what was sent, an answer that came. The logs are kept beside the bundle.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from tests.bench_pages import chromium
from tests.browser.site import SLUG, Site, build, seed, serve
from tests.browser.test_pages import PAGES

MOST_STEPS = 1_500
READ = """async (most) => {
  await window.virtual.start({ container: document.body });
  for (let step = 0; step < most; step += 1) {
    await window.virtual.next();
    if ((await window.virtual.lastSpokenPhrase()) === 'end of document') break;
  }
  const log = await window.virtual.spokenPhraseLog();
  await window.virtual.stop();
  return log;
}"""
LISTEN = "() => window.virtual.start({ container: document.body })"
HEARD = """async () => {
  const log = await window.virtual.spokenPhraseLog();
  await window.virtual.stop();
  return log;
}"""
# What may not be said without a name, and the end that each page must have.
NAMELESS = {"link", "button", "textbox", "radio", "checkbox", "combobox", "img", "alert"}
END = "end of document"
ENOUGH = 600  # milliseconds for what follows an answer: the reader hears changes as they come

SPEAKING = (
    "main",
    "heading, Mon suivi tension, level 1",
    "group, De façon générale, comment ça s’est passé ?",
    "radio, Pas bien, not checked, position 1, set size 3",
    "radio, Moyen, not checked, position 2, set size 3",
    "radio, Très bien, not checked, position 3, set size 3",
    "textbox, Racontez",
    "button, Envoyer mon retour",
    "contentinfo",
)
MISSING = ("button, Envoyer mon retour", "alert, Il reste un point à reprendre.")
SENT = ("button, Envoyer mon retour", "heading, C’est envoyé., level 1")
ANSWERED = (
    "heading, Ce qui s’est passé, level 2",
    "heading, L’échange, level 2",
    "Équipe",
    "Vos mesures sont gardées. La version 6.3 les enverra de nouveau",
    "button, Utile",
    "textbox, Répondre à l’équipe",
    "heading, Où je me situe, level 2",
)


def missing(log: list[str], expected: tuple[str, ...]) -> list[str]:
    """Return what is not heard of ``expected`` in its order; a phrase may go on."""
    heard = iter(log)
    return [each for each in expected if not any(line.startswith(each) for line in heard)]


def nameless(log: list[str]) -> list[str]:
    """Return the roles that were said without a name, and a page that has no end."""
    found = sorted({line for line in log if line in NAMELESS})
    return found if log and log[-1] == END else [*found, "the page has no end"]


class Reader:
    """Opens pages with the reader in them."""

    def __init__(self, context: BrowserContext, site: Site, bundle: Path) -> None:
        self.page: Page = context.new_page()
        self.site, self.bundle = site, bundle

    def open(self, path: str) -> None:
        """Open ``path``."""
        self.page.goto(self.site.path(path), wait_until="networkidle")
        self.page.add_script_tag(path=str(self.bundle))

    def read(self) -> list[str]:
        """Return what is said from the page's beginning to its end."""
        log: list[str] = self.page.evaluate(READ, MOST_STEPS)
        return log

    def listen(self) -> None:
        """Listen from now on."""
        self.page.evaluate(LISTEN)

    def heard(self) -> list[str]:
        """Return what was said since."""
        self.page.wait_for_timeout(ENOUGH)
        log: list[str] = self.page.evaluate(HEARD)
        return log

    def send(self, awaited: str) -> None:
        """Tap on Send and wait for what comes."""
        self.page.get_by_role("button", name="Envoyer mon retour").click()
        self.page.locator(awaited).first.wait_for()


def journeys(reader: Reader) -> Iterator[tuple[str, list[str], tuple[str, ...]]]:
    """Give each journey: its name, what was said, what must have been."""
    page = reader.page
    reader.open(f"/s/{SLUG}")
    yield "speaking", reader.read(), SPEAKING
    reader.listen()
    reader.send("#problem")
    yield "error", reader.heard(), MISSING
    reader.listen()
    page.get_by_label("Moyen").check()
    page.get_by_label("Racontez").fill("Depuis la mise à jour, mes mesures ne partent plus.")
    reader.send(".code")
    yield "sent", reader.heard(), SENT
    reader.open("/suivi")
    page.get_by_label("Votre code de suivi").fill(reader.site.codes["answered"])
    page.get_by_role("button", name="Ouvrir").click()
    page.wait_for_url("**/suivi/retour")
    page.add_script_tag(path=str(reader.bundle))
    yield "answer", reader.read(), ANSWERED


def faults_of(reader: Reader, logs: Path) -> list[str]:
    """Return every fault; the logs are written into ``logs``."""
    faults = []
    for name, path in PAGES.items():
        reader.open(path)
        log = reader.read()
        (logs / f"{name}.txt").write_text("\n".join(log) + "\n", "utf-8")
        faults += [f"{path}: said without a name or an end: {each}" for each in nameless(log)]
    for name, log, expected in journeys(reader):
        (logs / f"journey-{name}.txt").write_text("\n".join(log) + "\n", "utf-8")
        faults += [f"{name}: not heard: {each}" for each in missing(log, expected)]
    return faults


def main() -> None:
    """Read, keep the logs, print what is wrong; end with 1 where something is."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("bundle", type=Path)
    bundle: Path = options.parse_args().bundle
    logs = bundle.parent / "spoken"
    logs.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        app, clock = build(Path(folder))
        with serve(app, clock) as site:
            seed(site)
            context = browser.new_context(locale="fr-FR", bypass_csp=True)
            faults = faults_of(Reader(context, site, bundle), logs)
    print(*faults, sep="\n")
    print(f"{len(PAGES)} pages and 4 journeys read aloud; faults: {len(faults) or 'none'}")
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
