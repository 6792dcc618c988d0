"""What production must not be started with, one sentence each: unsafe, or a placeholder left over.

Decides on values alone; ``app/config.py`` asks, and refuses to start.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

SECRETS = ("SECRET_KEY", "RECEIPT_SECRET", "PASSWORD_SALT")
SHORTEST_SECRET = 32  # signs: what `python -m app.config` writes has 43
FEWEST_SIGNS = 10  # different ones, or it was typed rather than drawn
ON = ("1", "true", "yes", "on")
NAMED = {  # what the legal notice and the privacy notice cannot be without
    "OPERATOR": "who runs this site",
    "OPERATOR_ADDRESS": "the postal address of who runs it",
    "OPERATOR_CONTACT": "how to reach the data protection officer",
    "PUBLICATION_DIRECTOR": "who answers for what is published",
    "HOSTED_BY": "name, address and telephone of the host",
    "HOSTED_IN": "the country where the server stands",
}
THIS_MACHINE = (None, "localhost", "127.0.0.1", "0.0.0.0")  # nosec B104: refused, not bound
PLACEHOLDERS = ("todo", "xxx", "à compléter", "a completer", "example.", "exemple.", "changeme")


def refusals(values: Mapping[str, str], environ: Mapping[str, str]) -> list[str]:
    """Return one sentence for each value that production must not be started with."""
    return [*_debugging(environ), *_secrets(values), *_addresses(values), *_notices(values)]


def _debugging(environ: Mapping[str, str]) -> Iterator[str]:
    for name in ("FLASK_DEBUG", "WERKZEUG_DEBUG_PIN", "FLASK_TESTING"):
        if environ.get(name, "").lower() in ON or (name.endswith("PIN") and environ.get(name)):
            yield f"{name} is set: debugging shows code and words of people to anybody."


def _secrets(values: Mapping[str, str]) -> Iterator[str]:
    for name in SECRETS:
        value = values[name]
        if len(value) < SHORTEST_SECRET or len(set(value)) < FEWEST_SIGNS:
            yield f"{name} is short or simple: let `python -m app.config` draw it."
    if len({values[name] for name in SECRETS}) < len(SECRETS):
        yield "SECRET_KEY, RECEIPT_SECRET and PASSWORD_SALT must differ from one another."


def _addresses(values: Mapping[str, str]) -> Iterator[str]:
    address = urlsplit(values["BASE_URL"])
    if address.scheme != "https":
        yield f"BASE_URL must start with https://, got {values['BASE_URL']!r}."
    if values["HTTPS"].lower() != "true":
        yield "HTTPS must be true: cookies would travel in the open."
    hosts = [host.strip() for host in values["TRUSTED_HOSTS"].split(",") if host.strip()]
    if not hosts and address.hostname in THIS_MACHINE:
        yield "TRUSTED_HOSTS is empty and BASE_URL names this machine: say which host is ours."
    if any("*" in host or host.startswith(".") for host in hosts):
        yield "TRUSTED_HOSTS must name each host: a pattern lets in the hosts of strangers."
    if values["MAIL_READER_URL"]:
        yield "MAIL_READER_URL is the demonstration's: it would show mails to anybody."


def _notices(values: Mapping[str, str]) -> Iterator[str]:
    for name, meaning in NAMED.items():
        value = values[name].strip().lower()
        if not value:
            yield f"{name} is empty: the legal notice must say {meaning}."
        elif any(word in value for word in PLACEHOLDERS):
            yield f"{name} still holds a placeholder: the legal notice must say {meaning}."
    if "localhost" in values["MAIL_FROM"]:
        yield "MAIL_FROM still names localhost: answers and refusals would go nowhere."
