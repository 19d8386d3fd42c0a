"""Handing letters to a mail server; however an attempt ends, it ends as an outcome."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from vivavoce.core.errors import Unprocessable
from vivavoce.core.mail import Letter, SendOutcome
from vivavoce.core.mail_settings import Security, SmtpServer
from vivavoce.mail.message import Packed, packed
from vivavoce.ports.mail import HandOver

FAREWELL_SECONDS = 2.0
PERMANENT = 500  # RFC 5321, 4.2.1: the first digit says whether trying again has a point


@dataclass
class _Progress:
    """Whether the message may have left."""

    hand_over: HandOver
    handed_over: bool = field(default=False)


class SmtpTransport:
    """A `ports.mail.MailTransport`; each letter has a connection of its own."""

    def __init__(
        self, server: SmtpServer, timeout_seconds: float, tls: ssl.SSLContext | None = None
    ) -> None:
        self.longest_attempt_seconds = timeout_seconds + FAREWELL_SECONDS
        self._server = server
        self._timeout_seconds = timeout_seconds
        self._tls = tls

    async def send(self, letter: Letter, hand_over: HandOver) -> SendOutcome:
        try:
            message = packed(letter)
        except Unprocessable:
            return SendOutcome.REFUSED
        client, progress = self._client(), _Progress(hand_over)
        try:
            outcome = await self._tried(client, message, progress)
            await _farewell(client)
        finally:
            client.close()
        return outcome

    async def _tried(self, client: SMTP, message: Packed, progress: _Progress) -> SendOutcome:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await client.connect()
                return await _delivered(client, message, progress)
        except (SMTPException, OSError, TimeoutError) as error:
            return _outcome_after(error) if progress.handed_over else _outcome_before(error)

    def _client(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            timeout=self._timeout_seconds,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=self._tls,
        )


async def _delivered(client: SMTP, message: Packed, progress: _Progress) -> SendOutcome:
    options = ["SMTPUTF8"] if message.needs_utf8 else []
    if message.needs_utf8:
        await client.ehlo()
        if not client.supports_extension("smtputf8"):
            return SendOutcome.REFUSED
    encoding = "utf-8" if message.needs_utf8 else "ascii"
    await client.mail(message.sender, options=options, encoding=encoding)
    await client.rcpt(message.recipient, encoding=encoding)
    if not await progress.hand_over():
        return SendOutcome.OVERTAKEN
    progress.handed_over = True
    await client.data(message.content)
    return SendOutcome.SENT


def _outcome_before(error: SMTPException | OSError) -> SendOutcome:
    """The message has not left."""
    if isinstance(error, SMTPAuthenticationError | SMTPNotSupported):
        return SendOutcome.UNAUTHENTICATED
    if type(error) is SMTPException:  # how the library says that there is no STARTTLS
        return SendOutcome.UNAUTHENTICATED
    if isinstance(error, TimeoutError):
        return SendOutcome.TIMED_OUT
    if isinstance(error, SMTPSenderRefused | SMTPRecipientRefused) and error.code >= PERMANENT:
        return SendOutcome.REFUSED
    if isinstance(error, SMTPResponseException):
        return SendOutcome.DEFERRED
    return SendOutcome.UNREACHABLE


def _outcome_after(error: SMTPException | OSError) -> SendOutcome:
    """Only an answer of the server says that it has not taken the message."""
    if not isinstance(error, SMTPDataError):
        return SendOutcome.UNCERTAIN
    return SendOutcome.REFUSED if error.code >= PERMANENT else SendOutcome.DEFERRED


async def _farewell(client: SMTP) -> None:
    """What has been answered stands, however the connection ends."""
    if client.is_connected:
        with suppress(SMTPException, OSError, TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await client.quit()
