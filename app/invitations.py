"""An invitation by mail: its link lets one choose a passphrase, once, within three days.

It is also the way back for who lost passphrase and phone: an administrator sends another one.
"""

import secrets
from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_security import hash_password

from app import mail, second_factor, staff_tokens
from app.accounts import Account
from app.days import now
from app.digest_mails import absolute, text_part, written
from app.mail_foot import Foot
from app.mail_reasons import invitation_reason
from app.passphrases import check_passphrase
from app.sign_in import end_everywhere, security
from app.staff_tokens import Door

VALID = timedelta(days=3)


def invite(account: Account) -> None:
    """Put the mail with the link in the outbox; an earlier link opens nothing any more."""
    word = secrets.token_urlsafe(24)
    token = staff_tokens.issue(account, Door.INVITATION, _seal(word), now() + VALID)
    with force_locale("fr"):
        url = absolute("account.invitation", token=word)
        foot = Foot(invitation_reason(), absolute("pages.legal"))
        context = {"name": account.name, "url": url, "days": VALID.days, "foot": foot}
        text = text_part("mail/invitation.txt", context)
        html = written("mail/invitation.html", context)
        subject = _("Votre compte pour l’espace équipe de Boucle")
    mail.put(mail.Mail(f"invitation-{token.id}", account.email, subject, text, html), now())


def invited(word: str) -> Account | None:
    """Return the open account that the link with ``word`` was sent to, or None."""
    token = staff_tokens.by_digest(Door.INVITATION, _seal(word))
    return token.account if token and token.account.active else None


def accept(account: Account, passphrase: str) -> None:
    """Give ``account`` its passphrase; what opened it before opens nothing any more.

    Raises ``WeakPassphrase``.
    """
    check_passphrase(passphrase, account.email, account.name)
    account.password = hash_password(security.password_util.normalize(passphrase))
    second_factor.forget(account)
    staff_tokens.withdraw(account)
    end_everywhere(account)


def _seal(word: str) -> str:
    return staff_tokens.seal(current_app.config["SECRET_KEY"], Door.INVITATION, word)
