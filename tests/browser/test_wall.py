"""The big screen is read from six metres: every text of every phase, on a screen of 1920 × 1080.

The rule. A capital is read with ease when it is at least as high as the distance divided by 300
(11 minutes of arc; the sharpest eye needs 5). From 6 m that is 20 mm. A picture 2 m wide of 1920
pixels has pixels of 1.042 mm: 19.2 of them. Capitals of the fonts that the page may get are 0.69 to
0.73 of the font size, so that the size is 19.2 / 0.69 = 28 pixels at least. A QR code is read by
a phone from ten times its width, white edge included: 600 mm, 576 pixels. A smaller picture is
read from nearer by.
"""

import math
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.accounts import Role
from app.catalogue import Service
from app.days import paris_day
from app.db import db
from tests.browser.site import Site
from tests.browser.visitor import Visit
from tests.conftest import writing
from tests.factories import account
from workshops.models import Card, CardGroup, Participant, Phase, Vote, Workshop
from workshops.talk_models import PhaseWindow

pytestmark = pytest.mark.browser
DISTANCE, ACROSS, PIXELS = 6000, 2000, 1920  # millimetres, millimetres, pixels
CAPITAL = 0.69  # of the font size
LEAST = math.ceil(DISTANCE / 300 / (ACROSS / PIXELS) / CAPITAL)
LEAST_CODE = math.ceil(DISTANCE / 10 / (ACROSS / PIXELS))
TEXTS = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const words = walk.currentNode.data.trim(), around = walk.currentNode.parentElement;
    const box = around.getBoundingClientRect();
    if (!words || box.width <= 1 || box.height <= 1) continue;
    if (around.closest('svg,script,noscript')) continue;
    if (!around.checkVisibility({visibilityProperty: true})) continue;
    found.push([parseFloat(getComputedStyle(around).fontSize), words]);
  }
  return found;
}"""


def hang(site: Site, phase: Phase) -> str:
    """Make a session in ``phase`` with everything that its big screen may show; return its code."""
    now = site.clock()
    code = "WA" + phase.name[:4].ljust(4, "X")
    with writing(site.app):
        about = db.session.scalars(select(Service)).first()
        room = Workshop(service=about, facilitator=account(Role.FACILITATOR), phase=phase.value)
        room.title, room.prompts, room.code = "Rappels", ["Que changer ?", "Que garder ?"], code
        room.day, room.focus, room.is_dry_run = paris_day(now), 0, phase == Phase.WRITE
        room.timer_until = now + timedelta(minutes=3)
        db.session.add(room)
        db.session.flush()
        seats = [Participant(workshop_id=room.id, token_hash=f"{code}{n}") for n in range(3)]
        db.session.add_all(seats)
        group = CardGroup(workshop_id=room.id, title="Les rappels", decision="keep", talk="now")
        group.timer_until = now + timedelta(minutes=2)
        alone = CardGroup(workshop_id=room.id, decision="drop")
        db.session.add_all([group, alone])
        db.session.flush()
        seats[0].finished = True
        for number, words in enumerate(("Un rappel la veille", "Appeler le [NOM]", "Un SMS")):
            card = Card(workshop_id=room.id, group_id=group.id, text=words, paper=number == 1)
            db.session.add(card)
        db.session.add(
            Card(workshop_id=room.id, group_id=alone.id, text="Des lettres plus grandes")
        )
        votes: list[tuple[Participant, CardGroup]] = [(seats[0], group), (seats[1], alone)]
        for seat, chosen in votes:
            db.session.flush()
            given: dict[str, Any] = {"participant_id": seat.id, "group_id": chosen.id, "dots": 1}
            db.session.add(Vote(workshop_id=room.id, **given))
        closes = now + timedelta(days=1)
        db.session.add(PhaseWindow(workshop_id=room.id, phase=phase.value, closes=closes))
    return code


@pytest.mark.parametrize("phase", list(Phase))
def test_every_text_is_read_from_six_metres(visit: Visit, site: Site, phase: Phase) -> None:
    screen = visit(width=PIXELS)
    screen.page.set_viewport_size({"width": PIXELS, "height": 1080})
    screen.open(f"/atelier/{hang(site, phase)}/ecran")
    texts = screen.page.evaluate(TEXTS)
    assert len(texts) > 5, "the page shows its texts"
    assert [each for each in texts if each[0] < LEAST] == []
    drawn = screen.page.locator(".qr svg").bounding_box()
    assert drawn
    assert drawn["width"] >= LEAST_CODE
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert screen.page.evaluate(fits), "nothing is cut at the side"
    screen.draw(screen.page, f"wall-{phase.value}")


def test_the_rule_finds_a_text_that_is_too_small(visit: Visit) -> None:
    page = visit(width=PIXELS).page
    page.set_content(
        f"<p style='font-size:{LEAST - 1}px'>Petit</p><p style='font-size:2em'>Oui</p>"
    )
    found = page.evaluate(TEXTS)
    assert [each for each in found if each[0] < LEAST] == [[LEAST - 1, "Petit"]]
