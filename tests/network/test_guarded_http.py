import asyncio
import ssl
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from vivavoce.core.webhooks import AttemptOutcome
from vivavoce.network.guarded_http import Limits, Reach
from vivavoce.network.webhook_sender import LONGEST_EXCERPT, HttpWebhookSender

from tests.network.receiver import Reply, receiving

pytestmark = pytest.mark.anyio

BODY = b'{"id":"evt_1"}'
Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Names:
    """A resolver whose answers change from question to question; the last one stays."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> tuple[str, ...]:
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return tuple(answer.split())


def sender(**reach: object) -> HttpWebhookSender:
    return HttpWebhookSender(Reach(**{"private_allowed": True, **reach}))  # type: ignore[arg-type]


async def peer(behave: Peer) -> asyncio.Server:
    return await asyncio.start_server(behave, "127.0.0.1", 0)


def url_of(server: asyncio.Server, scheme: str = "http") -> str:
    port = server.sockets[0].getsockname()[1]
    return f"{scheme}://hooks.example.org:{port}/in"


async def test_the_body_arrives_byte_for_byte_with_its_headers() -> None:
    with receiving(lambda _: Reply(200, body=b"thanks")) as receiver:
        answer = await sender().post(receiver.url, {"webhook-id": "evt_1"}, BODY)

    assert (answer.outcome, answer.status_code) == (AttemptOutcome.DELIVERED, 200)
    assert answer.excerpt == "thanks"
    assert receiver.received[0].body == BODY
    assert receiver.received[0].headers["webhook-id"] == "evt_1"


async def test_a_redirect_is_a_failure_and_is_not_followed() -> None:
    with receiving() as elsewhere:
        moved = Reply(307, {"location": elsewhere.url})
        with receiving(lambda _: moved) as receiver:
            answer = await sender().post(receiver.url, {}, BODY)

    assert answer.outcome is AttemptOutcome.REDIRECTED
    assert elsewhere.received == []


async def test_a_loopback_address_is_never_connected_to_unless_allowed() -> None:
    with receiving() as receiver:
        strict = HttpWebhookSender(Reach())
        for url in (receiver.url, receiver.url.replace("127.0.0.1", "localhost")):
            answer = await strict.post(url, {}, BODY)
            assert answer.outcome is AttemptOutcome.FORBIDDEN_ADDRESS

    assert receiver.received == []


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    names = Names("93.184.215.14 127.0.0.1")
    answer = await sender(private_allowed=False, resolve=names).post("http://a.test/", {}, BODY)

    assert answer.outcome is AttemptOutcome.FORBIDDEN_ADDRESS


async def test_the_name_is_looked_up_once_and_a_later_answer_gains_nothing() -> None:
    with receiving() as receiver:
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        names = Names("127.0.0.1", "203.0.113.9")
        url = f"http://hooks.example.org:{port}/in"
        answer = await sender(resolve=names).post(url, {}, BODY)

    assert answer.outcome is AttemptOutcome.DELIVERED
    assert names.asked == ["hooks.example.org"]
    assert receiver.received[0].headers["host"] == f"hooks.example.org:{port}"


async def test_a_name_that_turns_private_is_refused_at_the_next_attempt() -> None:
    names = Names("127.0.0.1", "127.0.0.1")
    with receiving() as receiver:
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        url = f"http://hooks.example.org:{port}/in"
        before = await sender(resolve=names).post(url, {}, BODY)
        after = await sender(resolve=names, private_allowed=False).post(url, {}, BODY)

    assert before.outcome is AttemptOutcome.DELIVERED
    assert after.outcome is AttemptOutcome.FORBIDDEN_ADDRESS
    assert len(names.asked) == 2
    assert len(receiver.received) == 1


async def test_the_next_address_of_a_name_is_tried_when_the_first_is_closed() -> None:
    with receiving() as receiver:
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        names = Names("127.77.0.1 127.0.0.1")
        answer = await sender(resolve=names).post(f"http://a.test:{port}/", {}, BODY)

    assert answer.outcome is AttemptOutcome.DELIVERED


async def test_of_a_long_answer_only_the_beginning_is_kept() -> None:
    with receiving(lambda _: Reply(500, body=b"x" * 1_000_000)) as receiver:
        answer = await sender().post(receiver.url, {}, BODY)

    assert (answer.outcome, answer.status_code) == (AttemptOutcome.REFUSED, 500)
    assert answer.excerpt == "x" * LONGEST_EXCERPT


async def test_an_answer_without_end_is_cut_off() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while sent < 50_000_000:
                writer.write(b"y" * 10_000)
                sent += 10_000
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    async with await peer(flood) as server:
        answer = await sender(resolve=Names("127.0.0.1")).post(url_of(server), {}, BODY)

    assert answer.outcome is AttemptOutcome.DELIVERED
    assert sent < 50_000_000


async def test_who_answers_drop_by_drop_runs_out_of_time() -> None:
    gone = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nz")
        await reader.read(-1)
        writer.close()
        gone.set()

    async with await peer(drip) as server:
        reach = Reach(private_allowed=True, resolve=Names("127.0.0.1"))
        hasty = HttpWebhookSender(reach, Limits(seconds=0.2))
        answer = await hasty.post(url_of(server), {}, BODY)
        await gone.wait()

    assert answer.outcome is AttemptOutcome.TIMED_OUT


@pytest.mark.parametrize("garbage", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 OK\r\n\r\n"])
async def test_who_speaks_no_http_is_unreachable(garbage: bytes) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(garbage)
        writer.close()

    async with await peer(babble) as server:
        answer = await sender(resolve=Names("127.0.0.1")).post(url_of(server), {}, BODY)

    assert answer.outcome is AttemptOutcome.UNREACHABLE


async def test_a_closed_port_and_an_unknown_name_are_unreachable() -> None:
    with receiving() as receiver:
        closed = receiver.url
    assert (await sender().post(closed, {}, BODY)).outcome is AttemptOutcome.UNREACHABLE
    unknown = await sender().post("http://does-not-exist.invalid/", {}, BODY)
    assert unknown.outcome is AttemptOutcome.UNREACHABLE


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *(
                "-nodes",
                "-days",
                "2",
                "-subj",
                f"/CN={name}",
                "-addext",
                f"subjectAltName=DNS:{name}",
            ),
            *("-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return key, cert


async def test_tls_speaks_of_the_name_and_verifies_it_at_the_pinned_address(tmp_path: Path) -> None:
    key, cert = certificate(tmp_path, "hooks.example.org")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert, key)
    asked_for: list[str | None] = []
    serving.sni_callback = lambda _, name, __: asked_for.append(name)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    trusting = ssl.create_default_context(cafile=str(cert))
    async with await asyncio.start_server(accept, "127.0.0.1", 0, ssl=serving) as server:
        posting = sender(resolve=Names("127.0.0.1"), tls=trusting)
        url = url_of(server, "https")
        right = await posting.post(url, {}, BODY)
        wrong = await posting.post(url.replace("hooks.", "other."), {}, BODY)
        unknown = await sender(resolve=Names("127.0.0.1")).post(url, {}, BODY)

    assert right.outcome is AttemptOutcome.DELIVERED
    assert asked_for[0] == "hooks.example.org"
    assert wrong.outcome is AttemptOutcome.UNREACHABLE
    assert unknown.outcome is AttemptOutcome.UNREACHABLE
