"""A gap that a client admits is filled piece by piece, with other interviews in between."""

import asyncio
import json
import struct
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from starlette.websockets import WebSocketState
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.web.live import InterviewSocket

if TYPE_CHECKING:
    from vivavoce.conversation.conversation import Conversation
    from vivavoce.services.bundle import Services
    from vivavoce.services.live_interviews import LiveInterviews
    from vivavoce.services.live_sessions import LiveSession

QUARTER_OF_AN_HOUR = 15 * 60 * 16_000
HELLO = {"t": "hello", "ver": "1", "locale": "en", "tz": "UTC", "caps": [], "resume": "ring"}
AFTER_THE_GAP = struct.pack("<BBBBIII", 1, 0, 8, 16, 28_125, 0, QUARTER_OF_AN_HOUR) + bytes(1024)


class Browser:
    """A websocket that says hello, admits the gap, and hangs up when it was asked for more."""

    client_state = WebSocketState.CONNECTED

    def __init__(self) -> None:
        self._says: list[dict[str, Any]] = [
            {"text": json.dumps(HELLO)},
            {"bytes": AFTER_THE_GAP},
        ]

    async def receive(self) -> dict[str, Any]:
        if self._says:
            return {"type": "websocket.receive", **self._says.pop(0)}
        return {"type": "websocket.disconnect", "code": 1005}

    async def send_text(self, text: str) -> None: ...
    async def close(self, code: int, reason: str) -> None: ...


class Heard:
    """A conversation that goes on; it counts what it is given."""

    begun = True
    heard_samples = 0
    page = SimpleNamespace(progress=(1, 2), resting=False)

    def __init__(self) -> None:
        self.samples = 0
        self.came_back = 0

    async def flush(self) -> None: ...

    def returned(self) -> None:
        self.came_back += 1

    def hear(self, pcm: bytes, *, muted: bool) -> None:
        self.samples += len(pcm) // 2


async def nothing(*_: object) -> str:
    return ""


def socket_of(heard: Heard) -> InterviewSocket:
    services = SimpleNamespace(launches=SimpleNamespace(rotate_handle=nothing))
    session = SimpleNamespace(
        session_id="s1", status=SessionStatus.IN_PROGRESS, consent_given=True, language="en"
    )
    return InterviewSocket(
        cast("Any", Browser()),
        cast("Services", services),
        cast("LiveInterviews", SimpleNamespace(attach=nothing, detach=nothing)),
        cast("LiveSession", session),
        cast("Conversation", heard),
    )


@pytest.mark.anyio
async def test_a_quarter_of_an_hour_of_silence_keeps_no_other_interview_waiting() -> None:
    heard, most, before = Heard(), 0, 0
    async with asyncio.TaskGroup() as group:
        running = group.create_task(socket_of(heard).run())
        while not running.done():
            await asyncio.sleep(0)
            most, before = max(most, heard.samples - before), heard.samples
    assert heard.samples == QUARTER_OF_AN_HOUR + 512
    assert heard.came_back == 1
    assert most <= 2 * 16_000
