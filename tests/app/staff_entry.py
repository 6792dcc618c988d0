"""A member of staff at the way in, as the pages lead: passphrase, second proof, first phone."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP

from app.accounts import Role
from app.second_factor import demo_code, give_demo_factor
from app.sign_in import create_account, grant
from tests import factories
from tests.conftest import writing
from tests.factories import TODAY
from tests.plain_browser import PlainBrowser

PASSPHRASE = "quatre mots très simples"
ADDRESS = "paul.durand@example.fr"


def hire(app: Flask, *roles: Role, address: str = ADDRESS, phone: bool = True) -> int:
    """Return the id of a new account, with the code of the demonstration or without any proof."""
    with writing(app):
        account = create_account(address, "Paul", PASSPHRASE, factories.organisation(), TODAY)
        grant(account, *roles)
        if phone:
            give_demo_factor(account)
        return account.id


def knock(client: FlaskClient, address: str = ADDRESS, words: str = PASSPHRASE) -> PlainBrowser:
    """Give the passphrase; return the browser where that leads."""
    browser = PlainBrowser(client).open("/connexion")
    return browser.submit("/connexion", email=address, password=words)


def come_in(app: Flask, client: FlaskClient, address: str = ADDRESS, **more: str) -> PlainBrowser:
    """Give the passphrase and the code of the demonstration."""
    code = demo_code(app.config["CLOCK"]())
    return knock(client, address).submit("/connexion/code", code=code, **more)


class Phone:
    """A code app that photographed the square of the page, and shows what it says now."""

    def __init__(self, app: Flask, page: str) -> None:
        key = re.search(r"<code>([A-Z0-9 -]+)</code>", page)
        assert key, "the page shows a key to copy"
        self.app, self.secret = app, TOTP(key=key[1].replace(" ", "").replace("-", ""))

    def code(self, later: int = 0) -> str:
        """Return the code that it shows, ``later`` seconds from now."""
        moment = self.app.config["CLOCK"]() + timedelta(seconds=later)
        token: str = self.secret.generate(moment.timestamp()).token
        return token
