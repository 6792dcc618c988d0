"""Every mail as a mail program shows it: narrow and wide, light and dark, read without a strain.

The pictures of the last run lie in ``build/mails``, to be looked at.
"""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select, text

from app import alerts, all_mails, author_mails, bursts, following, invitations, tasks
from app.accounts import Account
from app.catalogue import Service
from app.config import ROOT
from app.db import db, will_write
from app.editions import Delivery, Edition
from app.factory import create_app
from app.mail import OutboxRow
from app.subscriptions import Subscription
from feedback.models import Feedback, Message
from tests.app import digest_rows as rows
from tests.app.test_full_week import full_week
from tests.app.test_role_editions import fill_territory
from tests.browser.checks import AXE, CLIPPED, TOO_WIDE
from tests.conftest import NOON, settings, writing
from tests.fakes import FakeRuntime, StandingClock

pytestmark = pytest.mark.browser
LOOKS = [(width, scheme) for width in (360, 700) for scheme in ("light", "dark")]
PICTURES = ROOT / "build" / "mails"
WRITTEN = {  # by each template: the kinds of mails
    "alert": {"nag", "burst"},
    "all_mails": {"all"},
    "author": {"news"},
    "author_optin": {"author-optin"},
    "invitation": {"invitation"},
    "optin": {"optin"},
    "public": {"public", "public-full"},
    "role": {"expert", "facilitator", "territory"},
    "team": {"team", "team-full"},
}
SHARED = {"charts", "frame", "layout"}  # parts of these
KINDS = sorted(set().union(*WRITTEN.values()))
WHOLE = CLIPPED.replace("main *, header *, footer *", "body *")
# What axe asks of words, tables and links; that a mail has no landmarks is no fault.
RULES = ["color-contrast", "link-name", "empty-heading", "heading-order", "th-has-data-cells"]
RULES += ["document-title", "html-has-lang", "valid-lang", "list", "listitem", "aria-hidden-focus"]
RUN_AXE = """(rules) => axe.run(document, {runOnly: {type: 'rule', values: rules}}).then((found) =>
  [...found.violations, ...found.incomplete].flatMap((each) => each.nodes.map((node) =>
    `${each.id}: ${node.target.join(' ')} ${node.failureSummary.replace(/\\s+/g, ' ')}`)))
  .then((found) => found.filter((each) => !each.includes('only non-text characters')))"""  # rings
# A bar says nothing that its number does not, and is still to be seen (WCAG 1.4.11).
PALE_BARS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((each) => {
    const part = each / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const light = (colour) => {
    const [red, green, blue] = parts(colour);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = light(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll('td.bar')].map((each) => {
    const box = each.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) return 0;
    const own = light(getComputedStyle(each).backgroundColor);
    return (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05);
  }).filter((ratio) => ratio < 3);
}"""
STICKS_OUT = """() =>
  document.documentElement.scrollWidth - document.documentElement.clientWidth"""
WHERE = """() => [getComputedStyle(document.body).backgroundColor,
  document.querySelectorAll('h1').length]"""


def write_every_mail(app: Flask) -> None:
    """Let each kind of mail have something to say, and put it in the outbox."""
    with writing(app):
        fill_territory()
        full_week()
    with writing(app):
        will_write()
        for weeks in range(11, -1, -1):  # a dozen weeks: as long as a small curve gets
            tasks.digest("k", NOON - timedelta(weeks=weeks))
        _alerts()
        _of_codes()
        invited = db.session.scalars(select(Account).filter_by(email="expert@example.fr")).one()
        invitations.invite(invited)


def _alerts() -> None:
    service = db.session.scalars(select(Service).filter_by(name="Service calme")).one()
    reader = rows.member(service)
    about = {"audience": "team", "service_id": service.id, "account_id": reader.id}
    db.session.add(Subscription(**about, confirmed=True, created=rows.BEFORE, bursts=True))
    late = {"thread_state": "waiting", "waiting_since": rows.BEFORE}
    rows.fill(service, None, rows.BEFORE, 2, reply_due=rows.IN_WEEK, **late)
    for _ in range(bursts.LEAST):
        bursts.note(service, NOON)
    alerts.tell_bursts(NOON + bursts.WINDOW)
    alerts.nag(NOON + timedelta(days=3))


def _of_codes() -> None:
    """Ask for mails as a follower and as the author of a retour, who then gets an answer.

    Another follower asks for the link to all that she follows.
    """
    service = db.session.scalars(select(Service).filter_by(name="Service calme")).one()
    following.ask(service, "nouvelle@example.org", NOON)
    faithful = select(Subscription).filter_by(address="fidele@example.org")
    all_mails.send_link(db.session.scalars(faithful).all()[0], NOON)
    retour = db.session.scalars(select(Feedback).filter_by(service_id=service.id)).first()
    assert retour is not None
    author_mails.ask(retour, "autrice@example.org", NOON)
    (row,) = db.session.scalars(select(author_mails.AuthorMail))
    row.confirmed = True
    said = {"sender": "team", "text": "C’est réparé.", "day": rows.MONDAY}
    db.session.add(Message(feedback=retour, position=900, **said))
    db.session.flush()
    author_mails.AUTHORS.tell(NOON + timedelta(days=1))


def _kind(row: OutboxRow, deliveries: dict[str, Edition], full: int) -> str:
    """Return what a mail is; one of the fullest week goes by a name of its own."""
    if edition := deliveries.get(row.key):
        return f"{edition.audience}-full" if edition.service_id == full else edition.audience
    if row.key.startswith("optin-") and row.to.startswith("autrice"):
        return "author-optin"
    return row.key.partition("-")[0]


@pytest.fixture(scope="module")
def mails(migrated_database: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The HTML part of the newest mail of each kind."""
    folder = tmp_path_factory.mktemp("mails")
    shutil.copy(migrated_database, folder / "boucle.db")
    app = create_app(settings(), folder, StandingClock(NOON), FakeRuntime(folder))
    write_every_mail(app)
    with app.app_context():
        full = db.session.scalar(
            text("SELECT service_id FROM theme WHERE name LIKE 'Thème 00%' LIMIT 1")
        )
        known = {each.id: each.edition for each in db.session.scalars(select(Delivery))}
        waiting = db.session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        found = {_kind(row, known, full): row.html for row in waiting}
        db.engine.dispose()
    return found


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def reader(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A mail program's window: no script of the mail runs, nothing is loaded."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url))
    yield page
    context.close()
    assert asked == []


def test_every_kind_of_mail_is_looked_at(mails: dict[str, str]) -> None:
    templates = {each.stem for each in (ROOT / "templates" / "mail").glob("*.html")}
    assert templates == SHARED | WRITTEN.keys()
    assert sorted(mails) == KINDS
    assert all(mails.values()), "each has an HTML part"
    assert "td class" in mails["team-full"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_stands_every_look(reader: Page, mails: dict[str, str], kind: str) -> None:
    reader.set_content(mails[kind])
    size = reader.viewport_size
    assert size is not None
    ground, headings = reader.evaluate(WHERE)
    is_dark = reader.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    PICTURES.mkdir(parents=True, exist_ok=True)
    look = f"{size['width']}-{'dark' if is_dark else 'light'}"
    reader.screenshot(path=PICTURES / f"{kind}-{look}.png", full_page=True)
    assert headings == 1
    assert ground == ("rgb(21, 25, 30)" if is_dark else "rgb(251, 248, 243)")
    assert reader.evaluate(TOO_WIDE) == []
    assert reader.evaluate(STICKS_OUT) == 0
    assert reader.evaluate(WHOLE) == []
    assert reader.evaluate(PALE_BARS) == []
    reader.evaluate(AXE.read_text("utf-8"))
    assert reader.evaluate(RUN_AXE, RULES) == []


def test_a_pale_word_a_pale_bar_and_a_wide_line_are_found(
    reader: Page, mails: dict[str, str]
) -> None:
    pale = re.sub(r"(?<!background: )#56606b", "#9aa3ad", mails["team"])
    reader.set_content(pale.replace("#b4bbc3", "#505862"))
    reader.evaluate(AXE.read_text("utf-8"))
    assert any("color-contrast" in each for each in reader.evaluate(RUN_AXE, RULES))
    dull = re.sub(
        r"background: #(0a6558|857d70|6ccfbb|8b95a0)", "background: #777777", mails["team"]
    )
    reader.set_content(
        dull.replace("background: #fbf8f3", "background: #888888").replace("#15191e", "#888888")
    )
    assert reader.evaluate(PALE_BARS)
    unbroken = mails["team"].replace("overflow-wrap: break-word", "")
    reader.set_content(unbroken.replace("<h1>", "<h1>" + "é" * 90))
    assert reader.evaluate(STICKS_OUT) > 0
