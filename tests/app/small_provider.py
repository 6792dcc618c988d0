"""A small OpenID provider that really runs: discovery, codes for one use, signed tokens, keys.

As strict as the State's: state and nonce of 32 characters, no parameter that it does not know, and
what it tells of the person is signed.
"""

import json
import secrets
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "boucle", "a secret of two"
KNOWN = {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce"}


@dataclass
class Provider:
    """What it knows of the person who signs in there, and what it was asked."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    amr: list[str] = field(default_factory=list)
    changed_nonce: str = ""  # to answer another request than the one that was made
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def sign(self, claims: dict[str, Any]) -> str:
        """Return ``claims`` signed by the provider's key."""
        return str(jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key))

    def id_token(self, asked: dict[str, str]) -> str:
        """Return who came, for whom, and when."""
        now = int(time.time())
        times = {"iat": now, "exp": now + 60, "auth_time": now}
        who = {"iss": self.url, "aud": CLIENT, "sub": self.person["sub"], "amr": self.amr}
        return self.sign({**who, **times, "nonce": self.changed_nonce or asked["nonce"]})


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider on a free port until the block ends."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            """Answer discovery, keys, who came, and the way in."""
            path = urlsplit(self.path)
            if path.path == "/authorize":
                self._authorize({k: v[0] for k, v in parse_qs(path.query).items()})
            elif path.path == "/userinfo":
                assert self.headers["Authorization"] == "Bearer opened"
                self._answer(provider.sign(provider.person), "application/jwt")
            elif path.path == "/jwks":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            else:
                self._json(_metadata(provider.url))

        def do_POST(self) -> None:
            """Give tokens for a code, once, to the client that knows its secret."""
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {k: v[0] for k, v in parse_qs(body).items()}
            asked = provider.codes.pop(form.get("code", ""), None)
            known = self.headers.get("Authorization", "").removeprefix("Basic ")
            if asked is None or unquote(b64decode(known).decode()) != f"{CLIENT}:{SECRET}":
                self._json({"error": "invalid_grant"}, 400)
                return
            token = {"access_token": "opened", "token_type": "Bearer", "expires_in": 60}
            self._json({**token, "id_token": provider.id_token(asked)})

        def _authorize(self, asked: dict[str, str]) -> None:
            short = [name for name in ("state", "nonce") if len(asked.get(name, "")) < 32]
            unknown = asked.keys() - KNOWN
            if short or unknown or asked["client_id"] != CLIENT:
                provider.refused.append(f"{short} {unknown}")
                self._json({"error": "Y000400"}, 400)
                return
            code = secrets.token_urlsafe(16)
            provider.codes[code] = asked
            back = urlencode({"code": code, "state": asked["state"], "iss": provider.url})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()

        def _json(self, told: dict[str, Any], status: int = 200) -> None:
            self._answer(json.dumps(told), "application/json", status)

        def _answer(self, text: str, kind: str, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _metadata(url: str) -> dict[str, Any]:
    ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
    found = {f"{name}_endpoint": f"{url}/{path}" for name, path in ends.items()}
    signed = {"id_token_signing_alg_values_supported": ["RS256"]}
    return {"issuer": url, "jwks_uri": f"{url}/jwks", **found, **signed}
