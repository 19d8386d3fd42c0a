"""The interview socket `vv.v1`: admits a browser, and translates between it and a conversation."""

import asyncio
from urllib.parse import urlsplit

from starlette.responses import JSONResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from vivavoce.conversation.conversation import Conversation
from vivavoce.core import wire_messages as messages
from vivavoce.core.errors import (
    AtCapacity,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    TooLarge,
    Unauthenticated,
    VivavoceError,
)
from vivavoce.core.framing import FRAME_SAMPLES, FloodGuard, MicSequence, require_place
from vivavoce.core.session_lifecycle import SessionStatus, is_terminal
from vivavoce.core.transcript import Signal
from vivavoce.core.wire import MIC_RATE, FrameFlag, unpack
from vivavoce.core.wire_messages import CloseCode, ControlOp
from vivavoce.services.bundle import Services
from vivavoce.services.consent_texts import consent_terms
from vivavoce.services.live_interviews import LiveInterviews
from vivavoce.services.live_sessions import LiveSession
from vivavoce.web.connection import Connection
from vivavoce.web.embed.config import consent_json
from vivavoce.web.state import State

PROTOCOL = "vv.v1"
TICKET_PREFIX = "vv.ticket."
LONGEST_MESSAGE_BYTES = 64 * 1024
LONGEST_SIGNAL_FIELDS = 16
HELLO_WITHIN_SECONDS = 15.0
# Reading, agreeing and trying the microphone; a page left open must not keep a place for ever.
START_WITHIN_SECONDS = 15 * 60.0
# A message costs its receiver work however little it carries.
LEAST_CHARGED_SAMPLES = MIC_RATE // 100

_CLOSE_CODES: tuple[tuple[type[VivavoceError], CloseCode], ...] = (
    (RateLimited, CloseCode.RATE),
    (TooLarge, CloseCode.TOO_BIG),
    (AtCapacity, CloseCode.CAPACITY),
    (NotFound, CloseCode.SESSION),
    (Unauthenticated, CloseCode.TICKET),
    (Forbidden, CloseCode.ORIGIN),
    (Conflict, CloseCode.ENDED),
    (Invalid, CloseCode.PROTOCOL),
)


async def interview_socket(websocket: WebSocket) -> None:
    """`/ws/v1/{session_id}`; every refusal before the socket is accepted is an HTTP answer."""
    services: Services = websocket.state["services"]
    live: LiveInterviews = websocket.state["live"]
    session_id = websocket.path_params["session_id"]
    try:
        _require_origin(websocket, services.instance_url)
        await services.tickets.redeem(session_id, _ticket(websocket))
        session = await services.live_sessions.load_live_session(session_id)
        if is_terminal(session.status):
            raise Forbidden("session_ended", "This interview has ended.")
        in_progress = session.status is SessionStatus.IN_PROGRESS
        conversation = await live.enter(session_id, in_progress=in_progress)
    except VivavoceError as refusal:
        body = {"error": refusal.message, "code": refusal.code, "issues": []}
        headers = {"retry-after": "30"} if refusal.status == AtCapacity.status else None
        await websocket.send_denial_response(JSONResponse(body, refusal.status, headers))
        return
    await websocket.accept(subprotocol=PROTOCOL)
    await InterviewSocket(websocket, services, live, session, conversation).run()


def _require_origin(websocket: WebSocket, instance_url: str) -> None:
    """Only our own frame application opens the socket, whatever page it is embedded in."""
    origin = websocket.headers.get("origin", "")
    own = urlsplit(instance_url)
    if origin != f"{own.scheme}://{own.netloc}":
        raise Forbidden("origin", "This origin may not open the interview socket.")


def _ticket(websocket: WebSocket) -> str:
    offered: list[str] = websocket.scope["subprotocols"]
    tickets = [
        each.removeprefix(TICKET_PREFIX) for each in offered if each.startswith(TICKET_PREFIX)
    ]
    if PROTOCOL not in offered or len(tickets) != 1:
        raise Unauthenticated("ticket", "The socket needs the protocol vv.v1 and one ticket.")
    return tickets[0]


class LiveState(State):
    live: LiveInterviews


class InterviewSocket:
    def __init__(
        self,
        websocket: WebSocket,
        services: Services,
        live: LiveInterviews,
        session: LiveSession,
        conversation: Conversation,
    ) -> None:
        self._websocket = websocket
        self._services = services
        self._live = live
        self._session = session
        self._conversation = conversation
        self._connection = Connection(websocket)
        self._sequence: MicSequence | None = None
        self._flood = FloodGuard(self._now_ms())
        self._chatter = FloodGuard(self._now_ms())
        self._deadline = asyncio.timeout(HELLO_WITHIN_SECONDS)
        self._greeted = False
        self._consented = session.consent_given
        self._resume = messages.Resume.NONE
        self._terms = consent_terms(session.language)

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                pumping = group.create_task(self._connection.pump())
                receiving = group.create_task(self._receive())
                # What was said before the other side went is heard to its end.
                pumping.add_done_callback(lambda _: self._connection.open or receiving.cancel())
                receiving.add_done_callback(lambda _: self._connection.close(CloseCode.IDLE, "bye"))
        finally:
            await self._live.detach(self._session.session_id, self._connection)

    async def _receive(self) -> None:
        try:
            async with self._deadline:
                # Once closing, whatever still arrives belongs to the connection that came after.
                while self._connection.open:
                    await self._receive_one()
        except WebSocketDisconnect:
            return
        except TimeoutError:
            self._connection.close(CloseCode.IDLE, "not started")
        except VivavoceError as error:
            self._refuse(error)

    async def _receive_one(self) -> None:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message["code"])
        text, data = message.get("text"), message.get("bytes")
        if data is not None:
            await self._hear(data)
        elif text is not None:
            await self._read(text)

    async def _read(self, text: str) -> None:
        if len(text) > messages.LONGEST_MESSAGE:
            raise TooLarge("message_too_long", "A message is longer than 16 KB.")
        self._chatter.accept(max(len(text), LEAST_CHARGED_SAMPLES), self._now_ms())
        message = messages.parse_client(text)
        if message is not None:
            await self._obey(message)

    def _refuse(self, error: VivavoceError) -> None:
        code = next((code for kind, code in _CLOSE_CODES if isinstance(error, kind)), None)
        close = CloseCode.INTERNAL if code is None else code
        retryable = close in (CloseCode.INTERNAL, CloseCode.RATE)
        self._connection.send(messages.ErrorMessage(error.code, error.message, retryable))
        self._connection.close(close, error.code)

    async def _hear(self, data: bytes) -> None:
        if not self._greeted:
            raise _hello_expected()
        frame = unpack(data)
        self._flood.accept(max(frame.samples, LEAST_CHARGED_SAMPLES), self._now_ms())
        require_place(frame)
        if self._sequence is None:
            return  # the device check: nothing is kept
        pieces = self._sequence.accept(frame)
        if len(pieces) > 1:  # the device admits a gap, now silence
            self._conversation.returned()
        await self._take_in(pieces, muted=FrameFlag.MUTED in frame.flags)

    async def _take_in(self, pieces: tuple[bytes, ...], *, muted: bool) -> None:
        if len(pieces) == 1:
            await self._conversation.foresee(pieces[0])
        for pcm in pieces:
            if not self._connection.open:
                return  # whoever came after goes on from what was heard
            self._conversation.hear(pcm, muted=muted)
            if len(pieces) > 1:
                await asyncio.sleep(0)  # a quarter of an hour of silence is work; others talk

    async def _obey(self, message: messages.ClientMessage) -> None:
        match message:
            case messages.Hello():
                await self._greet(message)
            case _ if not self._greeted:
                raise _hello_expected()
            case messages.Ping(n):
                self._connection.send(messages.Pong(n))
            case messages.Stats():
                return
            case messages.Mic(id=name):
                self._acknowledge(name)
            case messages.Bye():
                self._connection.close(CloseCode.IDLE, "bye")
            case _:
                await self._obey_known(message)

    async def _obey_known(
        self,
        message: messages.Consent
        | messages.Control
        | messages.SignalReported
        | messages.Played
        | messages.Cancelled
        | messages.Lead
        | messages.Gap
        | messages.AnswerText,
    ) -> None:
        match message:
            case messages.Consent(policy_version, items):
                await self._services.sessions.consent(
                    self._session.session_id, policy_version, items, self._terms.language
                )
                self._consented = True
            case messages.Control(ControlOp.START, name):
                await self._start()
                self._acknowledge(name)
            case messages.Lead(ms):
                self._conversation.playout.lead(ms)
            case messages.SignalReported(kind, at, data, name):
                detail = dict(list(data.items())[:LONGEST_SIGNAL_FIELDS])
                await self._conversation.signal(Signal(kind, at, detail, name or None))
                self._acknowledge(name)
            case _:
                await self._pass_on(message)

    async def _pass_on(
        self,
        message: messages.Played
        | messages.Cancelled
        | messages.Gap
        | messages.AnswerText
        | messages.Control,
    ) -> None:
        if not self._conversation.begun:
            raise Invalid("not_started", "The interview has not started yet.")
        match message:
            case messages.AnswerText() | messages.Control():
                await self._wish(message)
            case messages.Played(utt, pts):
                self._conversation.playout.played(utt, pts)
            case messages.Cancelled(utt, pts):
                self._conversation.playout.cancelled(utt, pts)
            case messages.Gap(utt, pts, ms):
                self._conversation.playout.gap(utt, pts, ms)

    async def _wish(self, message: messages.AnswerText | messages.Control) -> None:
        if isinstance(message, messages.AnswerText):
            taken = await self._conversation.answer_typed(message.text, message.id)
        else:
            taken = await self._conversation.control(message.op, message.id)
        if taken:
            self._acknowledge(message.id)

    def _acknowledge(self, name: str) -> None:
        """What the client named is durable: it need not be sent again on the next connection."""
        if name:
            self._connection.send(messages.Ack(name))

    async def _greet(self, hello: messages.Hello) -> None:
        if self._greeted:
            raise Invalid("hello_again", "Hello was said already.")
        self._greeted = True
        self._resume = hello.resume
        self._terms = consent_terms(hello.locale, self._session.language)
        session_id = self._session.session_id
        await self._conversation.flush()
        handle = await self._services.launches.rotate_handle(session_id)
        begun = self._conversation.begun
        started = begun or self._session.status is SessionStatus.IN_PROGRESS
        heard = self._conversation.heard_samples
        self._wait_for_start(started)
        self._connection.send(
            messages.Ready(
                state=str(SessionStatus.IN_PROGRESS if started else self._session.status),
                handle=handle,
                mic_ack=heard // FRAME_SAMPLES - 1,
                limits={"message_bytes": LONGEST_MESSAGE_BYTES, "ring_seconds": 60},
                question=self._question() if started else None,
                phase=self._phase(started),
                consent=consent_json(self._terms),
            )
        )
        await self._live.attach(session_id, self._conversation, self._connection, hello.resume)
        if started and not self._conversation.begun:
            await self._conversation.begin(hello.resume)

    def _phase(self, started: bool) -> str:
        if not started:
            return "consent"
        return "paused" if self._conversation.page.resting else "live"

    def _question(self) -> messages.Json:
        number, of = self._conversation.page.progress
        return {"no": number, "of": of}

    async def _start(self) -> None:
        if not self._consented:
            raise Forbidden("consent_required", "The interview starts after consent.")
        self._wait_for_start(True)
        if not self._conversation.begun:
            await self._conversation.begin(self._resume)

    def _wait_for_start(self, started: bool) -> None:
        """From the start on every frame counts; until then, the page may not stay for ever."""
        loop = asyncio.get_running_loop()
        self._deadline.reschedule(None if started else loop.time() + START_WITHIN_SECONDS)
        if started and self._sequence is None:
            heard = self._conversation.heard_samples
            self._sequence = MicSequence(heard, heard // FRAME_SAMPLES - 1)

    def _now_ms(self) -> int:
        return round(asyncio.get_running_loop().time() * 1000)


def _hello_expected() -> Invalid:
    return Invalid("hello_expected", "The first message must be hello.")
