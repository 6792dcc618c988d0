"""Drawing a PIN on the console for a colleague who helps to run the room, but has no phone here."""

from flask import Response, request
from sqlalchemy import func, select

from app import pins
from app.access import Verb, staff
from app.account_views import account
from app.accounts import Account
from app.db import db
from app.web import render
from workshops.console_views import own_or_404


@account.post("/equipe/ateliers/<workshop_id>/pin")
@staff(Verb.RUN_SESSIONS)
def draw_pin(workshop_id: str) -> Response:
    """Show a PIN once, to be said aloud; the page is not kept and the PIN is stored sealed."""
    workshop = own_or_404(workshop_id)
    address = request.form.get("address", "").strip().lower()
    colleague = db.session.scalar(select(Account).where(func.lower(Account.email) == address))
    try:
        pin = pins.draw(colleague)
    except pins.NotOnlyAFacilitator:
        return render("account/pin_drawn.html", status=422, workshop=workshop, address=address)
    db.session.commit()
    minutes = int(pins.VALID.total_seconds() // 60)
    return render(
        "account/pin_drawn.html", workshop=workshop, pin=pin, person=colleague, minutes=minutes
    )
