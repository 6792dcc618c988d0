"""The https origins that may show a service's widget: read from what a team types, line by line."""

import re
from urllib.parse import urlsplit

from flask_babel import gettext as _

MOST = 10
LONGEST = 255
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last label holds a letter: a bare network address is no site.
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")


class BadOrigin(Exception):
    """A line is no origin that may be listed; the message says why, in the reader's words."""


def read_origins(typed: str) -> list[str]:
    """Return the origins of ``typed``, one a line, each once, or raise ``BadOrigin``."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    found = list(dict.fromkeys(read_origin(line) for line in lines[: MOST + 1]))
    if len(lines) > MOST:
        raise BadOrigin(_("%(most)d adresses au plus.", most=MOST))
    return found


def read_origin(line: str) -> str:
    """Return the origin that ``line`` names, as a browser writes it."""
    shown = line[:60]
    if "*" in line:
        raise BadOrigin(_("« %(line)s » : écrivez chaque adresse en entier, sans *.", line=shown))
    try:
        parts = urlsplit(line)
        host, port = _ascii(parts.hostname or ""), parts.port
    except ValueError:
        raise BadOrigin(_("« %(line)s » n’est pas une adresse.", line=shown)) from None
    if parts.scheme != "https":
        raise BadOrigin(_("« %(line)s » : l’adresse commence par https://.", line=shown))
    extra = parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc
    if extra or "?" in line or "#" in line:
        raise BadOrigin(
            _(
                "« %(line)s » : seulement le nom du site, rien après. Exemple : https://www.exemple.fr",
                line=shown,
            )
        )
    if len(host) > LONGEST or not _HOST.fullmatch(host) or port == 0:
        raise BadOrigin(_("« %(line)s » n’est pas le nom d’un site.", line=shown))
    return f"https://{host}" if port in (None, 443) else f"https://{host}:{port}"


def _ascii(host: str) -> str:
    return host.encode("idna").decode() if host else ""
