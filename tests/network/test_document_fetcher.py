import pytest
from vivavoce.core.errors import EngineFailure, Unprocessable
from vivavoce.network.document_fetcher import HttpDocumentFetcher
from vivavoce.network.guarded_http import Limits, Reach

from tests.network.receiver import Reply, receiving

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
