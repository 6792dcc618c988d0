"""What stands at the way in of staff: sessions end, guesses slow down, a device is trusted."""

from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Response,
    abort,
    after_this_request,
    current_app,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask_security.tf_plugin import generate_tf_validity_token, tf_set_validity_token_cookie
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app import cookies, known_devices, limits
from app.accounts import Account
from app.days import now, today
from app.db import db
from app.known_devices import Device
from app.staff_sessions import LONGEST
from workshops.sessions import is_running_one

KNOWN = "connu"  # the cookie of a browser that came in before
IDLE = timedelta(minutes=30)  # without a request
TRIES = 10  # about one account
TRIES_OF_NETWORK = 100  # a hospital signs in from one address, each of its staff in two steps
TRIES_WINDOW = timedelta(minutes=15)
OWN_KEYS = {"_user_id", "_fresh", "_id"}  # what Flask-Login itself keeps in the session
GUESSED = {  # where something secret is typed
    "security.login",
    "security.two_factor_token_validation",
    "security.two_factor_setup_validate",
    "security.mf_recovery",
    "security.verify",
    "account.pin",
}
SHUT = {"security.two_factor_rescue"}  # it would send mails of the library's own
STEPS = {  # between the passphrase and the desk
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.tf_select",
}
SECOND = {"security.two_factor_token_validation", "security.wan_signin_response"}


def aim() -> str | None:
    """Return the page that was asked for before signing in, if any: not the door itself."""
    wanted = request.args.get("next", "")
    return None if urlsplit(wanted).path in ("", url_for("security.login")) else wanted


def end_old_session() -> None:
    """Forget a staff session that is idle or old; what follows then asks to sign in."""
    if request.endpoint == "static" or "_user_id" not in session:
        return
    moment = int(now().timestamp())
    began, seen = session.get("began", moment), session.get("seen", moment)
    idle = moment - seen > IDLE.total_seconds()
    if moment - began > LONGEST.total_seconds() or (idle and not _is_facilitating()):
        session.clear()
    elif "began" not in session or moment - seen >= 60:
        session["began"], session["seen"] = began, moment


def _is_facilitating() -> bool:
    """Say whether a live session keeps this member of staff signed in: a room waits for them."""
    return is_running_one(str(session["_user_id"]))


def slow_down_guesses() -> None:
    """Answer 429 to a network, or about an account, that tried too often.

    A browser from which the account came in before is counted apart: strangers' tries about the
    account, and neighbours' in its network, do not shut its owner out.
    """
    if request.endpoint not in GUESSED or request.method != "POST":
        return
    secret = current_app.config["SECRET_KEY"]
    who = session.get("tf_user_id") or session.get("_user_id")
    address = "" if who else request.form.get("email", "").strip().lower()
    device = _device()
    counted: tuple[tuple[str, int], ...]
    counted = ((limits.network_of(request.remote_addr), TRIES_OF_NETWORK), (who or address, TRIES))
    if device and device.knows(known_devices.mark_of(who or _mark_at(address), secret)):
        counted = ((f"{device.name}|{who or address}", TRIES),)
    within = [
        limits.allow("sign in", str(each), most, TRIES_WINDOW, now(), secret)
        for each, most in counted
    ]
    db.session.commit()
    if not all(within):
        abort(429)


def _device() -> Device | None:
    cookie = request.cookies.get(cookies.own_name(KNOWN))
    return known_devices.read(cookie, current_app.config["SECRET_KEY"], today())


def _mark_at(address: str) -> str:
    """Return what marks the account at ``address``; the query is the same where there is none."""
    found = db.session.scalar(select(Account.fs_uniquifier).where(Account.email == address))
    return found or ""


def keep_shut() -> None:
    """Answer 404 where the library offers what we do not."""
    if request.endpoint in SHUT:
        abort(404)


def stay_in() -> AnyResponse | None:
    """Lead who is in already to the desk: the library would end the session of who goes back."""
    is_on_the_way = "tf_state" in session
    if request.endpoint not in STEPS or "_user_id" not in session or is_on_the_way:
        return None
    return redirect(url_for("desk.inbox"), 303)


BEFORE = (end_old_session, slow_down_guesses, keep_shut, stay_in)


def say_refused(response: Response) -> Response:
    """Answer 422 where a form of the library came back with an error."""
    if request.endpoint in GUESSED and request.method == "POST":
        response.status_code = 422 if response.status_code == 200 else response.status_code
    return response


def start_afresh(_app: Any, **_event: Any) -> None:
    """Keep nothing of the visitor's session, token included, that somebody may have planted."""
    for key in set(session) - OWN_KEYS:
        session.pop(key)
    g.pop("csrf_token", None)
    session["began"] = session["seen"] = int(now().timestamp())


def leave_nothing(_app: Any, **_event: Any) -> None:
    """Empty the session of who signs out: its row goes, so a copied cookie opens nothing."""
    session.clear()


def know_device(_app: Any, user: Account, **_event: Any) -> None:
    """Let this browser try again later, whatever strangers try about the account meanwhile."""
    secret = current_app.config["SECRET_KEY"]
    mark = known_devices.mark_of(user.fs_uniquifier, secret)
    cookie = known_devices.write(known_devices.after_entry(_device(), mark, today()), secret)

    @after_this_request
    def keep(response: Response) -> Response:
        cookies.keep(response, KNOWN, cookie, timedelta(days=known_devices.DAYS), "Strict")
        return response


def trust_device(_app: Any, user: Account, **_event: Any) -> None:
    """Let this browser enter with the passphrase alone for twelve hours, where that was ticked."""
    if request.endpoint in SECOND and request.form.get("trust"):
        token = generate_tf_validity_token(user.fs_uniquifier)
        after_this_request(partial(tf_set_validity_token_cookie, token=token))
