"""Handing letters to a real server: what it answers, and what becomes of the attempt."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from aiosmtplib import SMTP
from vivavoce.core.errors import Unprocessable
from vivavoce.core.mail import CalendarFile, Letter, Mailbox, SendOutcome
from vivavoce.core.mail_settings import Security, SmtpServer
from vivavoce.mail.smtp import SmtpTransport

from tests.mail.post_office import Answering, PostOffice, only_robin, open_office

pytestmark = pytest.mark.anyio

LETTER = Letter(
    message_id="mail_1@interviews.test",
    date=datetime(2026, 6, 2, 7, 48, tzinfo=UTC),
    sender=Mailbox("Lantern Works", "interviews@interviews.test"),
    recipient=Mailbox("Zoë Ångström", "zoe@example.org"),
    language_tag="en",
    subject="Your interview: Überblick",
    text="Hello Zoë.\n.\nA line of one dot.\n",
    html="<p>Hello Zoë.</p>",
    calendar=CalendarFile("REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
)


class Ledger:
    """Counts the moments at which the message was about to leave."""

    def __init__(self, *, allows: bool = True) -> None:
        self.times = 0
        self._allows = allows

    async def __call__(self) -> bool:
        self.times += 1
        return self._allows


def says(answer: str) -> PostOffice:
    async def answering(_: Envelope) -> str:
        return answer

    return PostOffice(data=answering)


def office_that_answers(stage: str, answering: Answering) -> PostOffice:
    return PostOffice(mail=answering) if stage == "mail" else PostOffice(rcpt=answering)


async def sent(
    server: SmtpServer, ledger: Ledger | None = None, letter: Letter = LETTER, seconds: float = 5
) -> SendOutcome:
    return await SmtpTransport(server, seconds).send(letter, ledger or Ledger())


async def test_a_letter_arrives_as_it_was_written() -> None:
    async with open_office(PostOffice()) as office:
        assert await sent(office.address()) is SendOutcome.SENT
    (message,) = office.messages
    assert office.envelopes[0].mail_from == "interviews@interviews.test"
    assert office.envelopes[0].rcpt_tos == ["zoe@example.org"]
    assert message["From"] == "Lantern Works <interviews@interviews.test>"
    assert message["To"] == "Zoë Ångström <zoe@example.org>"
    assert message["Subject"] == LETTER.subject
    assert message["Message-ID"] == "<mail_1@interviews.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["Date"] == "Tue, 02 Jun 2026 07:48:00 +0000"
    text = message.get_body(("plain",))
    assert text is not None
    assert text.get_content().splitlines() == LETTER.text.splitlines()
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "text/calendar"]
    attached = next(message.iter_attachments())
    assert attached.get_filename() == "interview.ics"
    assert attached.get_content_type() == "text/calendar"
    assert attached["Content-Type"].params["method"] == "REQUEST"
    assert LETTER.calendar is not None
    assert attached.get_payload(decode=True) == LETTER.calendar.text.encode()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("451 Try again later", SendOutcome.DEFERRED),
        ("421 Going down", SendOutcome.DEFERRED),
        ("550 No such person here", SendOutcome.REFUSED),
        ("554 Not this message", SendOutcome.REFUSED),
    ],
)
async def test_what_the_server_answers_to_the_message_decides(
    answer: str, outcome: SendOutcome
) -> None:
    async with open_office(says(answer)) as office:
        assert await sent(office.address()) is outcome


@pytest.mark.parametrize("stage", ["mail", "rcpt"])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("450 Busy", SendOutcome.DEFERRED), ("550 Never", SendOutcome.REFUSED)],
)
async def test_a_refused_envelope_hands_nothing_over(
    stage: str, answer: str, outcome: SendOutcome
) -> None:
    async def answering(_: Envelope) -> str:
        return answer

    ledger = Ledger()
    async with open_office(office_that_answers(stage, answering)) as office:
        assert await sent(office.address(), ledger) is outcome
    assert (ledger.times, office.envelopes) == (0, [])


async def test_a_server_that_hangs_up_after_the_message_leaves_it_uncertain() -> None:
    office = PostOffice()

    async def hang_up(_: Envelope) -> str:
        office.hang_up()
        return "250 nobody hears this"

    office.data = hang_up
    async with open_office(office):
        assert await sent(office.address()) is SendOutcome.UNCERTAIN


async def test_a_server_that_never_answers_the_message_leaves_it_uncertain() -> None:
    async def hang(_: Envelope) -> str:
        await asyncio.Event().wait()
        return "250 never"

    async with open_office(PostOffice(data=hang)) as office:
        assert await sent(office.address(), seconds=0.3) is SendOutcome.UNCERTAIN


async def test_a_server_that_never_answers_the_envelope_costs_one_timeout() -> None:
    async def hang(_: Envelope) -> str:
        await asyncio.Event().wait()
        return "250 never"

    ledger = Ledger()
    async with open_office(PostOffice(rcpt=hang)) as office:
        assert await sent(office.address(), ledger, seconds=0.3) is SendOutcome.TIMED_OUT
    assert ledger.times == 0


@asynccontextmanager
async def silent_server() -> AsyncIterator[int]:
    """Takes connections and says nothing."""
    writers = []

    async def hold(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    server = await asyncio.start_server(hold, "localhost", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for writer in writers:
            writer.transport.abort()
        server.close()
        await server.wait_closed()


async def test_a_server_that_does_not_greet_is_given_up() -> None:
    async with silent_server() as port:
        server = SmtpServer("localhost", port, Security.NONE)
        assert await sent(server, seconds=0.3) is SendOutcome.TIMED_OUT


async def test_where_nobody_listens_nothing_is_lost() -> None:
    async with silent_server() as port:
        pass
    server = SmtpServer("localhost", port, Security.NONE)
    assert await sent(server) is SendOutcome.UNREACHABLE


async def test_what_was_settled_meanwhile_does_not_leave() -> None:
    async with open_office(PostOffice()) as office:
        outcome = await sent(office.address(), Ledger(allows=False))
    assert outcome is SendOutcome.OVERTAKEN
    assert office.envelopes == []


async def test_starttls_is_demanded(server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    async with open_office(PostOffice(), tls_context=server_tls, require_starttls=True) as office:
        transport = SmtpTransport(office.address(Security.STARTTLS), 5, client_tls)
        assert await transport.send(LETTER, Ledger()) is SendOutcome.SENT
    assert office.sessions[0].ssl is not None
    async with open_office(PostOffice()) as plain:
        assert await sent(plain.address(Security.STARTTLS)) is SendOutcome.UNAUTHENTICATED
    assert plain.envelopes == []


async def test_tls_is_spoken_from_the_first_byte(
    server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    async with open_office(PostOffice(), tls=server_tls) as office:
        transport = SmtpTransport(office.address(Security.TLS), 5, client_tls)
        assert await transport.send(LETTER, Ledger()) is SendOutcome.SENT


async def test_a_certificate_that_nobody_vouches_for_gets_no_letter(
    server_tls: ssl.SSLContext,
) -> None:
    async with open_office(PostOffice(), tls=server_tls) as office:
        assert await sent(office.address(Security.TLS)) is SendOutcome.UNREACHABLE
    assert office.envelopes == []


@pytest.mark.parametrize(
    ("password", "outcome"),
    [("right", SendOutcome.SENT), ("wrong", SendOutcome.UNAUTHENTICATED)],
)
async def test_a_password_opens_the_server(
    password: str, outcome: SendOutcome, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    options: dict[str, Any] = {"tls_context": server_tls, "require_starttls": True}
    login: dict[str, Any] = {"authenticator": only_robin, "auth_required": True}
    async with open_office(PostOffice(), **options, **login) as office:
        server = office.address(Security.STARTTLS, username="robin", password=password)
        assert await SmtpTransport(server, 5, client_tls).send(LETTER, Ledger()) is outcome


async def test_an_address_in_another_script_needs_a_server_that_reads_it() -> None:
    recipient = Mailbox("", "zoë@exämple.org")
    letter = replace(LETTER, recipient=recipient)
    async with open_office(PostOffice()) as office:
        assert await sent(office.address(), letter=letter) is SendOutcome.SENT
    assert office.envelopes[0].rcpt_tos == ["zoë@xn--exmple-cua.org"]
    assert office.envelopes[0].mail_options == ["SMTPUTF8"]


@pytest.mark.parametrize(
    "address", ["zoe@example.org\r\nRCPT TO:<evil@example.org>", "a@b, c@d", "", "zoe@" + "ä" * 80]
)
async def test_what_is_not_one_address_reaches_no_server(address: str) -> None:
    letter = replace(LETTER, recipient=Mailbox("Zoë", address))
    async with open_office(PostOffice()) as office:
        assert await sent(office.address(), letter=letter) is SendOutcome.REFUSED
    assert office.protocols == []


async def test_no_name_and_no_subject_becomes_a_header() -> None:
    hostile = "Zoë\r\nBcc: evil@example.org\x00\u2028X"
    letter = replace(
        LETTER, recipient=Mailbox(hostile, "zoe@example.org"), subject="Hi\r\n\r\n<script>"
    )
    async with open_office(PostOffice()) as office:
        assert await sent(office.address(), letter=letter) is SendOutcome.SENT
    (message,) = office.messages
    assert message["Bcc"] is None
    assert message["Subject"] == "Hi <script>"
    assert office.envelopes[0].rcpt_tos == ["zoe@example.org"]


async def test_an_interrupted_attempt_leaves_no_connection_open() -> None:
    async def interrupted() -> bool:
        raise Unprocessable("interrupted", "Nothing can be written down now.")

    async with open_office(PostOffice()) as office:
        closed: list[bool] = []

        class Watched(SmtpTransport):
            def _client(self) -> SMTP:
                client = super()._client()
                closed.append(False)
                end = client.close

                def close() -> None:
                    end()
                    closed[-1] = not client.is_connected

                client.close = close  # type: ignore[method-assign]
                return client

        with pytest.raises(Unprocessable):
            await Watched(office.address(), 5).send(LETTER, interrupted)

        assert closed == [True]
