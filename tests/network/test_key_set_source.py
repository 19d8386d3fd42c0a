import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.network.guarded_http import Limits, Reach
from vivavoce.network.key_set_source import HttpKeySetSource

pytestmark = pytest.mark.anyio


@contextmanager
def publishing(status: int, body: bytes) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            if status == 302:
                self.send_header("location", "/elsewhere")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output to the test."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/keys"
        finally:
            server.shutdown()
            thread.join()


async def test_what_is_published_is_read() -> None:
    with publishing(200, b'{"keys": []}') as url:
        source = HttpKeySetSource(url, Reach(private_allowed=True))
        assert await source.fetch() == b'{"keys": []}'


@pytest.mark.parametrize(("status", "body"), [(302, b""), (404, b"{}"), (200, b"x" * 101)])
async def test_a_redirect_a_refusal_and_an_endless_answer_are_failures(
    status: int, body: bytes
) -> None:
    with publishing(status, body) as url:
        source = HttpKeySetSource(url, Reach(private_allowed=True), Limits(5.0, 100))
        with pytest.raises(EngineFailure):
            await source.fetch()


async def test_a_private_address_is_not_asked() -> None:
    with publishing(200, b"{}") as url, pytest.raises(EngineFailure):
        await HttpKeySetSource(url, Reach()).fetch()
