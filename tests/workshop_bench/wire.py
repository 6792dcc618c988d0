"""A browser's requests over real HTTP, many at once: cookies, pressed answers, seconds, bytes."""

import asyncio
import gzip
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urldefrag, urlencode

import brotli

PATIENCE = 30  # seconds until a request that nobody answers counts as an error
PARTIAL = {"HX-Request": "true"}


@dataclass(frozen=True)
class Reply:
    """What came back, or a status of 0 when nothing did."""

    status: int
    text: str = ""
    location: str = ""
    began: float = 0.0
    ended: float = 0.0
    size: int = 0  # bytes on the wire, headers included

    @property
    def seconds(self) -> float:
        """How long the asker waited."""
        return self.ended - self.began


@dataclass
class Browser:
    """One browser of the room: it keeps its cookies and asks one port of this machine."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, partial: bool = False) -> Reply:
        """Return what ``path`` answers."""
        return await self._ask("GET", path, "", PARTIAL if partial else {})

    async def post(self, path: str, form: Mapping[str, Any], partial: bool = False) -> Reply:
        """Return what a form sent to ``path`` answers."""
        own = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            **(PARTIAL if partial else {}),
        }
        return await self._ask("POST", path, urlencode(form, doseq=True), own)

    async def follow(self, reply: Reply) -> Reply:
        """Go where ``reply`` leads, if it leads anywhere."""
        return await self.get(urldefrag(reply.location).url) if reply.location else reply

    async def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> Reply:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                raw = await self._exchange(method, path, body, headers)
        except (OSError, TimeoutError):
            return Reply(0, began=began, ended=time.perf_counter())
        ended = time.perf_counter()
        return self._read(raw, began, ended) if raw else Reply(0, began=began, ended=ended)

    async def _exchange(self, method: str, path: str, body: str, headers: dict[str, str]) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = {
            "Host": f"127.0.0.1:{self.port}",
            "Accept-Encoding": "gzip, br",
            "Accept-Language": "fr",
            "Connection": "close",
            "Content-Length": str(len(body.encode())),
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        try:
            writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()

    def _read(self, raw: bytes, began: float, ended: float) -> Reply:
        head, _, body = raw.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        pairs = [line.partition(": ")[::2] for line in lines]
        for name, value in pairs:
            if name.lower() == "set-cookie":
                self.cookies |= {key: each.value for key, each in SimpleCookie(value).items()}
        found = {name.lower(): value for name, value in pairs}
        if len(body) < int(found.get("content-length", 0)):
            return Reply(0, began=began, ended=ended)  # cut off: nobody may believe it
        text = unpressed(body, found.get("content-encoding", ""))
        code = int(status.split()[1])
        return Reply(code, text, found.get("location", ""), began, ended, len(raw))


def unpressed(body: bytes, how: str) -> str:
    """Return the text of ``body``, which was pressed as ``how`` says."""
    if how == "br":
        body = brotli.decompress(body)
    elif how == "gzip":
        body = gzip.decompress(body)
    return body.decode("utf-8", "replace")
