"""A scripted candidate: what the browser's frame does, without a browser.

It keeps a ring of its microphone, sends again what was not acknowledged, plays the interviewer's
audio in no time and answers `cancel`. Nothing of it knows how the server works inside.
"""

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from socket import socket as tcp_socket
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from tests.live.serving import Server

HEADER = struct.Struct("<BBBBIII")
MIC, AGENT = 1, 2
DISCONTINUITY, RETRANSMIT = 8, 16
SAMPLES = 512
FRAME_BYTES = 2 * SAMPLES
FRAME_SECONDS = 0.032
PLAYED_SAMPLES = 24 * 32
RING_FRAMES = 60 * 16_000 // SAMPLES
SILENCE = bytes(FRAME_BYTES)
MARK_EVERY_FRAMES = 5
WAITING = ("listening", "hold")  # the latter for as long as it pleases whoever thinks or types

CONSENT = {"policy_version": "2026-11-01", "items": ["ai_interview", "recording"]}
HELLO = {"ver": "1", "locale": "en", "tz": "UTC", "caps": []}

Message = dict[str, Any]


@dataclass(frozen=True)
class Grant:
    """What the exchange of a link gives to a browser."""

    session_id: str
    resume_handle: str
    ticket: str
    ws_url: str
    expires_in: int


def mic_frame(seq: int, pcm: bytes = SILENCE, **fields: int) -> bytes:
    """A frame as it should be, but for the `fields` that are given."""
    header = {"kind": MIC, "codec": 0, "flags": 0, "rate": 16, "seq": seq, "utt": 0}
    header |= {"pts": seq * SAMPLES, **fields}
    return HEADER.pack(*header.values()) + pcm


async def open_socket(
    url: str, *protocols: str, origin: str | None, through: tcp_socket | None = None
) -> ClientConnection:
    """Raises `InvalidStatus` when the server answers with HTTP."""
    way: dict[str, Any] = {} if through is None else {"sock": through}
    return await connect(
        url,
        subprotocols=[Subprotocol(each) for each in protocols] or None,
        origin=None if origin is None else Origin(origin),
        compression=None,
        max_size=None,
        ping_interval=None,
        proxy=None,
        **way,
    )


@dataclass
class Candidate:
    """`pace`: how much faster than time the microphone runs.

    `in_time`: the speaker is as slow as the microphone, so that both tracks of the recording lie
    as they were heard; otherwise whatever arrives is reported as played at once.
    """

    server: Server
    group: asyncio.TaskGroup
    http: httpx.AsyncClient
    pace: float = 4.0
    grant: Grant | None = None
    socket: ClientConnection | None = None
    messages: list[Message] = field(default_factory=list)
    close_code: int | None = None
    captured: bytearray = field(default_factory=bytearray)  # the microphone since the start
    acknowledged: int = -1
    recording: bool = False
    greeted: bool = False
    plays: bool = True
    in_time: bool = False
    heard: dict[int, int] = field(default_factory=dict)  # utterance -> samples that arrived
    _reader: asyncio.Task[None] | None = None
    _to_say: bytearray = field(default_factory=bytearray)
    cursor: int = 0
    _sent_before: int = -1
    _totals: dict[int, int] = field(default_factory=dict)
    _played: dict[int, int] = field(default_factory=dict)
    _frames_heard: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    # Coming in

    async def exchange(self, **claims: Any) -> Grant:  # noqa: ANN401
        """A fresh link becomes a session."""
        now = int(datetime.now(UTC).timestamp())
        token = self.server.launch_token(now, **claims)
        return await self._admitted({"launch_token": token})

    async def renew(self) -> Grant:
        """The handle of before becomes a new ticket."""
        assert self.grant is not None
        return await self._admitted(
            {"session_id": self.grant.session_id, "resume_handle": self.grant.resume_handle}
        )

    async def _admitted(self, body: dict[str, str]) -> Grant:
        answer = await self.http.post("/api/v1/embed/sessions", json=body)
        assert answer.status_code == 201, f"{answer.status_code} {answer.json()['code']}"
        self.grant = Grant(**answer.json()["data"])
        return self.grant

    async def dial(self, through: tcp_socket | None = None) -> None:
        """Open the socket with the ticket at hand; nothing is said yet."""
        assert self.grant is not None
        offered = ("vv.v1", "vv.ticket." + self.grant.ticket)
        self.socket = await open_socket(
            self.grant.ws_url, *offered, origin=self.server.origin, through=through
        )
        self.close_code = None
        self.greeted = False
        self._reader = self.group.create_task(self._read(self.socket))

    async def greet(self, resume: str = "none", **wishes: object) -> Message:
        said_before = len(self.messages)
        await self.send("hello", **{**HELLO, **wishes}, resume=resume)
        await self.until(lambda: self.since(said_before, "ready") or self.close_code)
        ready = self.since(said_before, "ready")
        assert ready, f"closed with {self.close_code}"
        return ready[0]

    async def arrive(self) -> None:
        """A fresh session, up to the consent page."""
        await self.exchange()
        await self.dial()
        await self.greet()

    async def begin(self, *, microphone: bool = True) -> None:
        """A fresh session, up to the interviewer's first word."""
        await self.arrive()
        await self.start(microphone=microphone)

    async def start(self, *, microphone: bool = True) -> None:
        spoken = len(self.of("utt"))
        await self.send("consent", **CONSENT)
        await self.send("control", op="start")
        self.recording = self.greeted = microphone
        await self.until(lambda: len(self.of("utt")) > spoken)

    async def resume(self, how: str = "ring") -> Message:
        """Come back with the handle and send again what was not acknowledged."""
        await self.renew()
        await self.dial()
        ready = await self.greet(how)
        self.recording = ready["state"] == "in_progress"
        self.cursor = ready["mic_ack"] + 1
        self.greeted = True
        return ready

    def drop(self) -> None:
        """The network goes away in the middle of whatever is going on."""
        if self.socket is not None:
            self.socket.transport.abort()
            self.socket = None

    def stop_reading(self) -> ClientConnection:
        """The connection stays, but nobody takes anything from it any more."""
        assert self.socket is not None
        assert self._reader is not None
        self._reader.cancel()
        deaf, self.socket = self.socket, None
        return deaf

    # Talking

    async def send(self, t: str, **fields: Any) -> None:  # noqa: ANN401
        await self.send_raw(json.dumps({"t": t, **fields}))

    async def send_raw(self, content: str | bytes) -> None:
        assert self.socket is not None
        await self.socket.send(content)

    def say(self, pcm: bytes) -> None:
        """Speak 16 kHz PCM16 into the microphone, from now on, at the microphone's pace."""
        self._to_say += pcm

    @property
    def silent(self) -> bool:
        return not self._to_say

    async def answer(self, text: str) -> None:
        """Type an answer and listen until the interviewer has replied to it."""
        before = len(self.messages)
        await self.send("answer_text", text=text)
        await self.until(lambda: self._replied(before) or self.over)

    async def asked(self) -> None:
        """Until the interviewer has said what there is to say and waits."""
        await self.until(lambda: self.phase in WAITING or self.over)

    async def finish(self, *answers: str) -> None:
        """Type answers until the interview is over."""
        await self.asked()
        for text in (*answers, *("No, thank you.",) * 12):
            if self.over:
                return
            await self.answer(text)
        await self.until(lambda: self.over)

    async def leave(self) -> None:
        """Press the button that ends the interview."""
        before = len(self.messages)
        await self.send("control", op="end")
        await self.until(lambda: self._replied(before) or self.over)
        if not self.over:
            await self.answer("Yes.")
        assert await self.closed() == 4410

    def _replied(self, before: int) -> bool:
        """Whether something was said and heard since; a page that came back is told states, too."""
        said, ended = self.since(before, "utt"), self.since(before, "utt_end")
        return bool(said) and len(ended) >= len(said) and self.phase in WAITING

    # What was heard

    def of(self, kind: str) -> list[Message]:
        return self.since(0, kind)

    def since(self, index: int, kind: str) -> list[Message]:
        return [each for each in self.messages[index:] if each["t"] == kind]

    @property
    def phase(self) -> str:
        states = self.of("state")
        return str(states[-1]["phase"]) if states else ""

    @property
    def over(self) -> bool:
        return bool(self.of("ended"))

    @property
    def session_id(self) -> str:
        assert self.grant is not None
        return self.grant.session_id

    @property
    def errors(self) -> list[str]:
        return [str(each["code"]) for each in self.of("error")]

    async def until(self, condition: Callable[[], object], seconds: float = 30) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            talk = [each for each in self.messages if each["t"] not in ("mic_ack", "transcript")]
            seen = [" ".join(map(str, each.values()))[:40] for each in talk[-12:]]
            raise AssertionError(f"Not in time: {seen} {self.errors} {self.close_code}") from None

    async def server_says(self, condition: Callable[[Message], object]) -> Message:
        """The session as the customer's API shows it, once `condition` holds for it."""
        for _ in range(300):
            found = self.server.session(self.session_id)
            if condition(found):
                return found
            await asyncio.sleep(0.1)
        raise AssertionError("The session did not become what was expected.")

    async def closed(self, seconds: float = 15) -> int:
        """The close code with which the server ends this connection."""
        await self.until(lambda: self.close_code is not None, seconds)
        assert self.close_code is not None
        return self.close_code

    # The device

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for content in socket:
                if isinstance(content, str):
                    await self._obey(json.loads(content))
                else:
                    await self._play(content)
        except ConnectionClosed:
            pass
        finally:
            if self.socket is socket:
                self.socket = None
                self.close_code = socket.close_code
            self._changed.set()

    async def _obey(self, message: Message) -> None:
        self.messages.append(message)
        self._changed.set()
        match message["t"]:
            case "ready" | "handle":
                assert self.grant is not None
                self.grant = Grant(**{**vars(self.grant), "resume_handle": message["handle"]})
            case "mic_ack":
                self.acknowledged = max(self.acknowledged, message["seq"])
            case "utt_end":
                self._totals[message["utt"]] = message["pts_total"]
                await self._mark_arrived(message["utt"])
            case "cancel":
                utt = message["utt"]
                await self._report("cancelled", utt=utt, pts=self._played.get(utt, 0))
            case _:
                pass

    async def _play(self, content: bytes) -> None:
        kind, _, _, _, _, utt, pts = HEADER.unpack_from(content)
        assert kind == AGENT
        self.heard[utt] = pts + (len(content) - HEADER.size) // 2
        self._frames_heard += 1
        self._changed.set()
        if self._frames_heard % MARK_EVERY_FRAMES == 0 or utt in self._totals:
            await self._mark_arrived(utt)

    async def _mark_arrived(self, utt: int) -> None:
        if self.plays and not self.in_time and self.heard.get(utt, 0):
            self._played[utt] = self.heard[utt]
            await self._report("played", utt=utt, pts=self.heard[utt])

    async def _play_a_little(self) -> None:
        """As much of the present line as the microphone hears in one frame."""
        utt = max(self.heard, default=0)
        played, arrived = self._played.get(utt, 0), self.heard.get(utt, 0)
        if played < arrived:
            self._played[utt] = min(arrived, played + PLAYED_SAMPLES)
            await self._report("played", utt=utt, pts=self._played[utt])

    async def _report(self, t: str, **fields: int) -> None:
        """Nobody hears it any more when the connection is closing; what came before is read."""
        with suppress(ConnectionClosed, AssertionError):
            await self.send(t, **fields)

    async def microphone(self) -> None:
        """Runs for as long as the candidate is there, connected or not."""
        clock = asyncio.get_running_loop()
        due = clock.time()
        while True:
            due = max(due + FRAME_SECONDS / self.pace, clock.time() - 1)
            await asyncio.sleep(max(0, due - clock.time()))
            if self.recording:
                self.captured += self._next_frame()
                self._changed.set()
                await self._pump()
            if self.in_time and self.plays and self.socket is not None:
                await self._play_a_little()

    def _next_frame(self) -> bytes:
        frame = bytes(self._to_say[:FRAME_BYTES])
        del self._to_say[:FRAME_BYTES]
        return frame.ljust(FRAME_BYTES, b"\0")

    async def _pump(self) -> None:
        newest = len(self.captured) // FRAME_BYTES
        while (socket := self.socket) is not None and self.greeted and self.cursor < newest:
            flags, seq = 0, self.cursor
            if newest - seq > RING_FRAMES:
                seq, flags = newest - RING_FRAMES, DISCONTINUITY
            if seq <= self._sent_before:
                flags |= RETRANSMIT
            pcm = bytes(self.captured[seq * FRAME_BYTES :][:FRAME_BYTES])
            try:
                await socket.send(mic_frame(seq, pcm, flags=flags))
            except ConnectionClosed:
                return
            if self.socket is socket:
                self.cursor = seq + 1
                self._sent_before = max(self._sent_before, seq)


_addresses = iter(range(2, 250))


@asynccontextmanager
async def candidate(server: Server, pace: float = 4.0) -> AsyncIterator[Candidate]:
    """Each candidate has an address of their own, because servers count requests by address."""
    transport = httpx.AsyncHTTPTransport(local_address=f"127.0.0.{next(_addresses)}")
    async with (
        httpx.AsyncClient(base_url=server.origin, transport=transport, timeout=20) as http,
        asyncio.TaskGroup() as group,
    ):
        person = Candidate(server, group, http, pace)
        microphone = group.create_task(person.microphone())
        try:
            yield person
        finally:
            microphone.cancel()
            person.drop()
