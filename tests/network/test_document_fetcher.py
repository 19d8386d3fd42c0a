import asyncio
import gzip
from contextlib import suppress

import pytest
from vivavoce.core.errors import EngineFailure, Unprocessable
from vivavoce.core.knowledge import DocumentKind, kind_of
from vivavoce.network.document_fetcher import HttpDocumentFetcher
from vivavoce.network.guarded_http import Limits, Reach

from tests.network.receiver import Reply, receiving
from tests.network.test_guarded_http import Names, peer, url_of

pytestmark = pytest.mark.anyio


def fetcher(limits: Limits | None = None) -> HttpDocumentFetcher:
    return HttpDocumentFetcher(Reach(private_allowed=True), limits or Limits())


async def test_an_address_in_the_letters_of_its_language_is_fetched() -> None:
    with receiving(lambda _: Reply(200, body=b"I led the billing team.")) as receiver:
        body = await fetcher().fetch(f"{receiver.url}/Lebenslauf_M\u00fcller%20neu.pdf?v=\u00e4")

    assert body == b"I led the billing team."
    assert receiver.received[0].path == "/hook/Lebenslauf_M%C3%BCller%20neu.pdf?v=%C3%A4"


@pytest.mark.parametrize(
    "url",
    ["https://example.com:99999/x", "https://example.com:port/x", "https://[::1/x"],
)
async def test_what_is_no_web_address_is_refused_for_good(url: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        await fetcher().fetch(url)
    assert refused.value.code == "document_address"


async def test_a_private_address_is_refused_unless_allowed() -> None:
    with receiving() as receiver, pytest.raises(Unprocessable) as refused:
        await HttpDocumentFetcher(Reach()).fetch(receiver.url)
    assert (refused.value.code, receiver.received) == ("document_address", [])


@pytest.mark.parametrize("status", [429, 503])
async def test_a_server_that_is_down_may_be_asked_again(status: int) -> None:
    with receiving(lambda _: Reply(status)) as receiver, pytest.raises(EngineFailure) as failed:
        await fetcher().fetch(receiver.url)
    assert failed.value.code == "document_unreachable"


async def test_a_missing_document_and_one_that_is_too_large_are_refused() -> None:
    with receiving(lambda _: Reply(404)) as receiver, pytest.raises(Unprocessable) as refused:
        await fetcher().fetch(receiver.url)
    assert refused.value.code == "document_refused"

    with (
        receiving(lambda _: Reply(200, body=b"x" * 11)) as receiver,
        pytest.raises(Unprocessable) as refused,
    ):
        await fetcher(Limits(body_bytes=10)).fetch(receiver.url)
    assert refused.value.code == "document_too_large"


async def test_a_redirect_is_refused_and_not_followed() -> None:
    with receiving(lambda _: Reply(200, body=b"secret")) as inside:
        moved = Reply(302, {"location": inside.url})
        with receiving(lambda _: moved) as receiver, pytest.raises(Unprocessable) as refused:
            await fetcher().fetch(receiver.url)

    assert (refused.value.code, inside.received) == ("document_refused", [])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.8",
        "169.254.169.254",
        "::1",
        "fd00::8",
        "::ffff:192.168.0.1",
        "93.184.215.14 127.0.0.1",
    ],
)
async def test_a_name_that_leads_inside_is_refused_whatever_else_it_leads_to(address: str) -> None:
    reach = Reach(resolve=Names(address))
    with pytest.raises(Unprocessable) as refused:
        await HttpDocumentFetcher(reach).fetch("https://files.example.org/cv.pdf")
    assert refused.value.code == "document_address"


async def test_the_name_is_looked_up_once_and_the_connection_goes_to_what_was_judged() -> None:
    with receiving(lambda _: Reply(200, body=b"text")) as receiver:
        port = receiver.url.rpartition(":")[2].partition("/")[0]
        names = Names("127.0.0.1", "203.0.113.9")
        pinned = HttpDocumentFetcher(Reach(private_allowed=True, resolve=names))
        assert await pinned.fetch(f"http://files.example.org:{port}/cv.txt") == b"text"

    assert names.asked == ["files.example.org"]
    assert receiver.received[0].headers["host"] == f"files.example.org:{port}"


async def test_who_answers_drop_by_drop_runs_out_of_time() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n%PDF")
        await reader.read(-1)
        writer.close()

    async with await peer(drip) as server:
        hasty = HttpDocumentFetcher(
            Reach(private_allowed=True, resolve=Names("127.0.0.1")), Limits(seconds=0.2)
        )
        with pytest.raises(EngineFailure) as failed:
            await hasty.fetch(url_of(server))
    assert failed.value.code == "document_unreachable"


async def test_of_an_answer_without_end_no_more_is_read_than_a_document_may_hold() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        with suppress(ConnectionError):
            while sent < 50_000_000:
                writer.write(b"2710\r\n" + b"y" * 10_000 + b"\r\n")
                sent += 10_000
                await writer.drain()
        writer.close()

    async with await peer(flood) as server:
        reach = Reach(private_allowed=True, resolve=Names("127.0.0.1"))
        with pytest.raises(Unprocessable) as refused:
            await HttpDocumentFetcher(reach, Limits(body_bytes=100_000)).fetch(url_of(server))
    assert refused.value.code == "document_too_large"
    assert sent < 50_000_000


async def test_a_compressed_answer_is_taken_as_it_came_and_never_unpacked() -> None:
    bomb = gzip.compress(b"0" * 5_000_000)
    coded = Reply(200, {"content-encoding": "gzip", "content-type": "text/plain"}, bomb)
    with receiving(lambda _: coded) as receiver:
        body = await fetcher(Limits(body_bytes=len(bomb))).fetch(receiver.url)

    assert body == bomb
    assert "accept-encoding" not in receiver.received[0].headers
    with pytest.raises(Unprocessable) as refused:
        kind_of(body)
    assert refused.value.code == "document_type"


async def test_a_file_is_what_it_contains_and_not_what_the_server_calls_it() -> None:
    named = Reply(200, {"content-type": "application/pdf"}, b"<html>Please sign in.</html>")
    with receiving(lambda _: named) as receiver:
        body = await fetcher().fetch(receiver.url)
    with pytest.raises(Unprocessable) as refused:
        kind_of(body)
    assert refused.value.code == "document_type"
    assert kind_of(b"I know <html> and CSS.") is DocumentKind.TXT


@pytest.mark.parametrize("garbage", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 OK\r\n\r\n"])
async def test_who_speaks_no_http_may_be_asked_again(garbage: bytes) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(garbage)
        writer.close()

    async with await peer(babble) as server:
        reach = Reach(private_allowed=True, resolve=Names("127.0.0.1"))
        with pytest.raises(EngineFailure) as failed:
            await HttpDocumentFetcher(reach).fetch(url_of(server))
    assert failed.value.code == "document_unreachable"
