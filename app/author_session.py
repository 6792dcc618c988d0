"""The half hour in which a browser that gave a code may see its author's page.

The session keeps a signed row id, never the code; what an author may open is ``app/access.py``.
"""

from datetime import timedelta

from flask import session

from app.days import now

AUTHOR_MINUTES = 30  # then the code is asked for again


def remember_author(feedback_id: str, proof: str = "") -> None:
    """Open the author's half hour on this browser: a signed row id, never the code.

    Args:
        proof: what changes with the code, so that a changed one ends the half hour elsewhere.
    """
    until = now() + timedelta(minutes=AUTHOR_MINUTES)
    kept = {"feedback": feedback_id, "until": int(until.timestamp()), "proof": proof}
    session["author"] = kept


def author_proof() -> str:
    """Return the proof that came with the code of the open half hour, empty without one."""
    return str(session.get("author", {}).get("proof", ""))


def current_author() -> str | None:
    """Return the id of the feedback whose code this browser gave in the last half hour."""
    known = session.get("author")
    if not known or known["until"] < now().timestamp():
        return None
    return str(known["feedback"])


def forget_author() -> None:
    """Close the author's half hour."""
    session.pop("author", None)
