"""A real SMTP server on a free port of this machine, that answers as a test tells it to."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event, Thread
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult

KEPT = "250 kept"
SLOW = "slow"  # says nothing until the test is over
DROPPED = "dropped"  # hangs up with the mail in hand
NAME, PASSPHRASE = b"boucle", b"sesame"


@dataclass
class MailServer:
    """What the server took; ``answers`` are given one after the other, then it takes everything."""

    answers: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    port: int = 0
    calls: int = 0  # connections that were opened
    arrived: Callable[[], object] = lambda: None  # called with a mail in hand, before the answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        """Answer the next mail; the name is aiosmtpd's."""
        self.arrived()
        answer = self.answers.pop(0) if self.answers else KEPT
        if answer == DROPPED:
            server.transport.abort()
        if answer == SLOW:
            await asyncio.Event().wait()
        if answer.startswith("250"):
            self.taken.append(envelope.content)
        return answer

    def let_in(self, *asked: Any) -> AuthResult:
        """Say whether name and passphrase are the right ones; the last of ``asked`` holds them."""
        return AuthResult(success=(asked[-1].login, asked[-1].password) == (NAME, PASSPHRASE))

    @property
    def messages(self) -> list[EmailMessage]:
        """Return what was taken, read as a mail program reads it."""
        read = (message_from_bytes(raw, policy=policy.default) for raw in self.taken)
        return [cast(EmailMessage, each) for each in read]


@contextmanager
def mail_server(*answers: str) -> Iterator[MailServer]:
    """Run a server in a thread of its own; aiosmtpd's controller wants a port chosen beforehand."""
    handler, loop, ready = MailServer(list(answers)), asyncio.new_event_loop(), Event()

    def protocol() -> SMTP:
        handler.calls += 1
        # In clear on one machine only: what is tested is that we sign in, not how.
        return SMTP(handler, loop=loop, authenticator=handler.let_in, auth_require_tls=False)

    def serve() -> None:
        asyncio.set_event_loop(loop)
        making = loop.create_server(protocol, "127.0.0.1", 0)
        server = loop.run_until_complete(making)
        handler.port = server.sockets[0].getsockname()[1]
        ready.set()
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):  # those of slow answers
            task.cancel()
        loop.run_until_complete(server.wait_closed())
        loop.close()

    thread = Thread(target=serve)
    thread.start()
    ready.wait()
    try:
        yield handler
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
