"""A mail server on this machine: keeps what it takes, and answers as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from vivavoce.core.mail_settings import Security, SmtpServer

OK = "250 OK"
Answering = Callable[[Envelope], Awaitable[str]]


async def accepted(_: Envelope) -> str:
    return OK


@dataclass
class PostOffice:
    """`mail`, `rcpt` and `data` answer each command; what `data` is asked about is kept."""

    mail: Answering = accepted
    rcpt: Answering = accepted
    data: Answering = accepted
    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    protocols: list[SMTP] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        return [
            message_from_bytes(envelope.content, EmailMessage, policy=policy.default)
            for envelope in self.envelopes
            if isinstance(envelope.content, bytes)
        ]

    def address(self, security: Security = Security.NONE, **login: str) -> SmtpServer:
        return SmtpServer("localhost", self.port, security, **login)

    async def handle_MAIL(  # noqa: N802 (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from, envelope.mail_options = address, options
        return await self.mail(envelope)

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self.rcpt(envelope)

    async def handle_DATA(  # noqa: N802 (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.envelopes.append(envelope)
        self.sessions.append(session)
        return await self.data(envelope)

    def hang_up(self) -> None:
        for protocol in self.protocols:
            if isinstance(protocol.transport, asyncio.WriteTransport):
                protocol.transport.abort()


def only_robin(*arguments: Any) -> AuthResult:  # noqa: ANN401
    given = arguments[-1]
    right = isinstance(given, LoginPassword) and given.password == b"right"
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def open_office(
    office: PostOffice,
    tls: ssl.SSLContext | None = None,
    **options: Any,  # noqa: ANN401
) -> AsyncIterator[PostOffice]:
    """Listens on a free port. `tls` encrypts from the first byte; `tls_context` offers STARTTLS."""

    def protocol() -> SMTP:
        made = SMTP(office, enable_SMTPUTF8=True, hostname="localhost", **options)
        office.protocols.append(made)
        return made

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "localhost", 0, ssl=tls)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        office.hang_up()
        server.close()
        await server.wait_closed()
