"""Requests to a model server that fails in every way: limits, retries, sizes, secrets."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from vivavoce.core.errors import EngineFailure
from vivavoce.core.retrying import RetryRules
from vivavoce.engines import remote_client
from vivavoce.engines.remote import RemoteAccess, RemoteFailure, RemoteLimits, RemoteServer
from vivavoce.engines.remote_client import RemoteClient, Sent

from tests.engines.openai_server import HUM, Fault, OpenAIServer, Refusal, Step

pytestmark = pytest.mark.anyio

KEY = "loopback-key"
SPEECH, CHAT = "audio/speech", "chat/completions"
ASKED = Sent(json={"input": "Welcome."})
LIMITS = RemoteLimits(
    connect_seconds=0.5,
    first_byte_seconds=0.15,
    between_seconds=0.15,
    whole_seconds=0.4,
    retry=RetryRules(attempts=3, budget_seconds=0.1, first_wait_seconds=0.001),
)
WIDE = dataclasses.replace(
    LIMITS,
    connect_seconds=10.0,
    first_byte_seconds=10.0,
    between_seconds=10.0,
    whole_seconds=20.0,
    retry=RetryRules(attempts=3, budget_seconds=10.0, first_wait_seconds=0.001),
)


@asynccontextmanager
async def talking(
    *plan: Step, limits: RemoteLimits | None = None
) -> AsyncIterator[tuple[RemoteClient, OpenAIServer]]:
    """With limits that a busy machine keeps, unless it is they that are tried."""
    server = OpenAIServer(pieces=("What ", "did ", "you ", "do?"))
    server.will(*plan)
    async with server.running():
        client = RemoteClient(RemoteServer(server.url, RemoteAccess("m", KEY), limits or WIDE))
        try:
            yield client, server
        finally:
            await client.close()


async def written(client: RemoteClient) -> list[str]:
    return [
        event["choices"][0]["delta"]["content"]
        async for event in client.events(CHAT, Sent(json={"stream": True}))
        if event["choices"]
    ]


@pytest.mark.parametrize(
    "fault", [Fault.DROP, Fault.DROP_INSIDE, Refusal(500), Refusal(503), Refusal(429), Refusal(408)]
)
async def test_a_speech_that_failed_is_asked_for_again(fault: Step) -> None:
    async with talking(fault, fault) as (client, server):
        assert await client.fetch(SPEECH, ASKED) == HUM
    assert len(server.asked) == 3


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.DROP_INSIDE])
async def test_a_connection_that_broke_is_told_from_none(fault: Fault) -> None:
    async with talking(*[fault] * 3) as (client, _):
        with pytest.raises(RemoteFailure) as failure:
            await client.fetch(SPEECH, ASKED)
    assert failure.value.code == "remote_broke"


async def test_attempts_end() -> None:
    async with talking(*[Refusal(500)] * 3) as (client, server):
        with pytest.raises(RemoteFailure) as failure:
            await client.fetch(SPEECH, ASKED)
    assert failure.value.code == "remote_refused"
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "refusal", [Refusal(400), Refusal(401), Refusal(403), Refusal(404), Fault.REDIRECT]
)
async def test_what_would_be_refused_again_is_asked_once(refusal: Step) -> None:
    async with talking(refusal) as (client, server):
        with pytest.raises(RemoteFailure, match="refused"):
            await client.fetch(SPEECH, ASKED)
    assert len(server.asked) == 1


async def test_a_server_that_asks_to_be_left_alone_for_a_moment_is() -> None:
    limits = dataclasses.replace(WIDE, retry=RetryRules(budget_seconds=2.0))
    async with talking(Refusal(429, retry_after="1"), limits=limits) as (client, _):
        began = asyncio.get_running_loop().time()
        assert await client.fetch(SPEECH, ASKED) == HUM
        assert asyncio.get_running_loop().time() - began >= 1.0


async def test_a_server_that_asks_for_longer_than_anybody_waits_is_not_asked_again() -> None:
    async with talking(Refusal(429, retry_after="30")) as (client, server):
        with pytest.raises(RemoteFailure):
            await client.fetch(SPEECH, ASKED)
    assert len(server.asked) == 1


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_INSIDE, Fault.DRIP])
async def test_no_server_is_waited_for_without_end(fault: Fault) -> None:
    async with talking(fault, limits=LIMITS) as (client, server):
        began = asyncio.get_running_loop().time()
        with pytest.raises(RemoteFailure) as failure:
            await client.fetch(SPEECH, ASKED)
        assert asyncio.get_running_loop().time() - began < 5.0
    assert failure.value.code == "remote_slow"
    assert len(server.asked) == 1  # the budget was spent on waiting


async def test_an_answer_without_an_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_client, "LARGEST_ANSWER_BYTES", 1 << 20)
    async with talking(Fault.ENDLESS) as (client, _):
        with pytest.raises(RemoteFailure) as failure:
            await client.fetch(SPEECH, ASKED)
    assert failure.value.code == "remote_too_large"


async def test_a_line_without_an_end_is_cut_off() -> None:
    async with talking(Fault.ENDLESS) as (client, _):
        with pytest.raises(RemoteFailure) as failure:
            await written(client)
    assert failure.value.code == "remote_too_large"


async def test_a_compressed_answer_was_not_asked_for() -> None:
    async with talking(Fault.COMPRESSED) as (client, _):
        with pytest.raises(RemoteFailure) as failure:
            await client.fetch(SPEECH, ASKED)
    assert failure.value.code == "remote_unreadable"


@pytest.mark.parametrize("fault", [Fault.DROP, Refusal(500)])
async def test_a_chat_is_asked_again_before_its_first_word(fault: Step) -> None:
    async with talking(fault) as (client, server):
        assert "".join(await written(client)) == "What did you do?"
    assert len(server.asked) == 2


@pytest.mark.parametrize("fault", [Fault.DROP_INSIDE, Fault.HANG_INSIDE])
async def test_a_chat_is_never_asked_again_after_its_first_word(fault: Fault) -> None:
    given: list[object] = []

    async def write(client: RemoteClient) -> None:
        async for event in client.events(CHAT, Sent(json={})):
            given.append(event)  # noqa: PERF401 - what came before the failure is kept

    async with talking(fault, limits=LIMITS) as (client, server):
        with pytest.raises(RemoteFailure) as failure:
            await write(client)
    assert given
    assert failure.value.code == "reply_broken_off"
    assert len(server.asked) == 1


async def test_a_stream_of_something_else_is_unreadable() -> None:
    async with talking(Fault.GARBAGE) as (client, _):
        with pytest.raises(RemoteFailure) as failure:
            await written(client)
    assert failure.value.code == "remote_unreadable"


@pytest.mark.parametrize(
    "error",
    [
        "This model's maximum context length is 4096 tokens.",
        "the request exceeds the available context size",
    ],
)
async def test_a_prompt_that_is_too_long_is_no_fault_of_the_server(error: str) -> None:
    async with talking(Refusal(400, error)) as (client, _):
        with pytest.raises(RemoteFailure) as failure:
            await written(client)
    assert failure.value.code == "prompt_too_long"
    assert failure.value.server_is_well


async def test_one_connection_serves_turn_after_turn() -> None:
    async with talking() as (client, server):
        for _ in range(5):
            await client.fetch(SPEECH, ASKED)
            await written(client)
    assert server.connections == 1


async def test_a_reply_that_is_left_early_closes_its_connection() -> None:
    async with talking(limits=WIDE) as (client, server):
        stream = client.events(CHAT, Sent(json={}))
        await anext(stream)
        await stream.aclose()
        await written(client)
    assert len(server.asked) == 2


async def test_a_connection_is_made_ready_once_and_then_used() -> None:
    async with talking() as (client, server):
        await client.warm()
        await client.warm()
        await client.fetch(SPEECH, ASKED)
    assert [asked.path for asked in server.asked] == ["/v1/models", "/v1/audio/speech"]
    assert server.connections == 1


async def test_work_that_nobody_waits_for_may_take_five_times_as_long() -> None:
    limits = dataclasses.replace(LIMITS, whole_seconds=0.1)
    async with talking(Fault.DRIP, limits=limits) as (client, _):
        began = asyncio.get_running_loop().time()
        with pytest.raises(RemoteFailure):
            await client.patient().fetch(SPEECH, ASKED)
        assert asyncio.get_running_loop().time() - began >= 0.5


async def test_the_key_is_sent_and_told_to_nobody() -> None:
    async with talking(Refusal(401)) as (client, server):
        with pytest.raises(RemoteFailure) as failure:
            await client.fetch(SPEECH, ASKED)
        assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
        assert server.asked[0].headers["accept-encoding"] == "identity"
        assert KEY not in repr(client.server) + str(failure.value)


def certificate(folder: Path) -> Path:
    """Of 127.0.0.1, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "models.test")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2126, 1, 1, tzinfo=UTC))
        .add_extension(address, critical=False)
        .sign(key, SHA256())
    )
    file = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + signed.public_bytes(pem))
    return file


async def test_only_a_server_with_a_trusted_certificate_gets_the_key(tmp_path: Path) -> None:
    server = OpenAIServer(certificate=certificate(tmp_path))
    async with server.running():
        for limits, trusted in (
            (WIDE, False),
            (dataclasses.replace(WIDE, ca_file=server.certificate), True),
        ):
            client = RemoteClient(RemoteServer(server.url, RemoteAccess("m", KEY), limits))
            if trusted:
                assert await client.fetch(SPEECH, ASKED) == HUM
            else:
                with pytest.raises(RemoteFailure) as failure:
                    await client.fetch(SPEECH, ASKED)
                assert failure.value.code == "remote_unreachable"
            await client.close()
    assert len(server.asked) == 1


async def test_certificates_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    for file in (tmp_path / "none.pem", tmp_path):
        limits = dataclasses.replace(LIMITS, ca_file=file)
        with pytest.raises(EngineFailure) as failure:
            RemoteClient(RemoteServer("https://models.test/v1", RemoteAccess(), limits))
        assert failure.value.code == "remote_ca_file"


@pytest.mark.parametrize(
    ("url", "key"),
    [("http://x:y/v1", ""), ("http://", ""), ("http://x/v1", "a\nb"), ("http://x/v1", "clé")],
)
def test_an_address_or_a_key_that_cannot_be_used_is_refused(url: str, key: str) -> None:
    with pytest.raises(EngineFailure) as failure:
        RemoteServer(url, RemoteAccess("m", key))
    assert failure.value.code == "remote_address"
