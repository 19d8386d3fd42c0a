"""One websocket as the outlet of a conversation: sending never blocks, and never piles up."""

import asyncio
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from vivavoce.core.wire import Frame, pack
from vivavoce.core.wire_messages import CloseCode, ServerMessage, render

# A minute of everything the server ever says; a client that is further behind is not reading.
WAITING_MESSAGES = 2_000
# Audio is at most 4 s ahead of what was played, so only who does not read can hold this up.
SEND_WITHIN_SECONDS = 10.0
# Frames of audio come some at a time; each batch is sent within one time limit.
BATCH = 16


@dataclass(frozen=True)
class _Close:
    code: int
    reason: str


class Connection:
    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._waiting: asyncio.Queue[str | bytes | _Close] = asyncio.Queue(WAITING_MESSAGES)
        self._closing = False
        self._gone = False

    def send(self, message: ServerMessage) -> None:
        self._put(render(message))

    def send_audio(self, frame: Frame) -> None:
        self._put(pack(frame))

    def close(self, code: CloseCode, reason: str) -> None:
        if self._closing:
            return
        self._put(_Close(code, reason))
        self._closing = True

    async def pump(self) -> None:
        """Send what waits until the connection is closed from either side, or hangs."""
        try:
            while await self._deliver_some():
                pass
        except WebSocketDisconnect:
            self._gone = True  # what was said before that may still wait to be read
        except (TimeoutError, RuntimeError):
            pass  # the latter: the server library has given the connection up, and says it so
        finally:
            self._closing |= not self._gone

    async def _deliver_some(self) -> bool:
        """Wait for something and send what waits with it; whether the connection is still open."""
        batch = [await self._waiting.get()]
        while len(batch) < BATCH and not self._waiting.empty():
            batch.append(self._waiting.get_nowait())
        async with asyncio.timeout(SEND_WITHIN_SECONDS):
            for item in batch:
                await self._deliver(item)
        return not isinstance(batch[-1], _Close)  # nothing is put behind it

    async def _deliver(self, item: str | bytes | _Close) -> None:
        match item:
            case bytes():
                await self._websocket.send_bytes(item)
            case str():
                await self._websocket.send_text(item)
            case _Close(code, reason):
                await self._websocket.close(code, reason)

    @property
    def open(self) -> bool:
        """Whether what arrives on it counts, as it does after the other side has gone."""
        return self._websocket.client_state is WebSocketState.CONNECTED and not self._closing

    def _put(self, item: str | bytes | _Close) -> None:
        if self._closing or self._gone:
            return
        if self._waiting.full():
            # Nothing of it would arrive in time; the client comes back with its own backlog.
            self._closing = True
            while not self._waiting.empty():
                self._waiting.get_nowait()
            item = _Close(CloseCode.RATE, "the client does not read")
        self._waiting.put_nowait(item)
