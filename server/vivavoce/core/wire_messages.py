"""Every JSON message of `vv.v1`, so that nothing else in the product knows how one is spelled.

What a client sends is read leniently where the protocol may grow (unknown types and fields are
ignored) and strictly where a value is used (types, sizes, characters that can be stored).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import IntEnum, StrEnum
from typing import TypeAlias

from vivavoce.core.json_fields import FieldReader, Scalar, read_object

Json: TypeAlias = "str | int | float | bool | Mapping[str, Json] | Sequence[Json] | None"

LONGEST_MESSAGE = 16 * 1024  # characters
LONGEST_ANSWER = 8000  # characters
LONGEST_ID = 64  # characters
MALFORMED = "message_malformed"


class CloseCode(IntEnum):
    PROTOCOL = 4400
    TICKET = 4401
    ORIGIN = 4403
    SESSION = 4404
    IDLE = 4408
    REPLACED = 4409
    ENDED = 4410
    TOO_BIG = 4413
    RATE = 4429
    INTERNAL = 4500  # resumable
    CAPACITY = 4503


class ControlOp(StrEnum):
    START = "start"
    REPEAT = "repeat"
    REPHRASE = "rephrase"
    SKIP = "skip"
    BACK = "back"
    HOLD = "hold"
    RESUME = "resume"
    PAUSE = "pause"
    END = "end"
    HELP = "help"


class Resume(StrEnum):
    """What a client that comes back still holds: nothing, its ring of frames, a new microphone."""

    NONE = "none"
    RING = "ring"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Hello:
    ver: str
    locale: str
    tz: str
    caps: tuple[str, ...]
    resume: Resume


@dataclass(frozen=True, slots=True)
class Consent:
    policy_version: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mic:
    state: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """The widget has played `pts` samples of utterance `utt`."""

    utt: int
    pts: int


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The widget has faded utterance `utt` out after `pts` samples."""

    utt: int
    pts: int


@dataclass(frozen=True, slots=True)
class Lead:
    """How much audio the widget wants in store, so that its network may falter."""

    ms: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Utterance `utt` was silent for `ms` before sample `pts`, because it did not come in time."""

    utt: int
    pts: int
    ms: int


@dataclass(frozen=True, slots=True)
class AnswerText:
    """`id`, here and below, is the client's own name for what it may have to send again."""

    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    op: ControlOp
    id: str = ""


@dataclass(frozen=True, slots=True)
class SignalReported:
    """`at` is in milliseconds on the recording's clock."""

    kind: str
    at: int
    data: dict[str, Scalar]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Stats:
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Ping:
    n: int


@dataclass(frozen=True, slots=True)
class Bye:
    pass


ClientMessage: TypeAlias = (
    Hello
    | Consent
    | Mic
    | Played
    | Cancelled
    | Lead
    | Gap
    | AnswerText
    | Control
    | SignalReported
    | Stats
    | Ping
    | Bye
)


@dataclass(frozen=True, slots=True)
class Ready:
    """`mic_ack` is the last microphone frame that is durable, -1 before the first."""

    state: str
    handle: str
    mic_ack: int
    limits: Mapping[str, Json] = field(default_factory=dict)
    question: Json = None
    phase: str = ""
    consent: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class State:
    phase: str
    question_no: int
    of: int
    deadline: int | None = None  # milliseconds left


@dataclass(frozen=True, slots=True)
class Utt:
    utt: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class UttEnd:
    utt: int
    pts_total: int


@dataclass(frozen=True, slots=True)
class Cancel:
    utt: int
    reason: str


@dataclass(frozen=True, slots=True)
class Duck:
    on: bool


@dataclass(frozen=True, slots=True)
class PausePlayback:
    on: bool


@dataclass(frozen=True, slots=True)
class Vad:
    speaking: bool


@dataclass(frozen=True, slots=True)
class Transcript:
    who: str
    turn: int
    text: str
    final: bool
    revision: int = 0


@dataclass(frozen=True, slots=True)
class MicAck:
    seq: int


@dataclass(frozen=True, slots=True)
class Ack:
    """The client's message `id` has been obeyed or kept, and need not be sent again."""

    id: str


@dataclass(frozen=True, slots=True)
class Handle:
    handle: str


@dataclass(frozen=True, slots=True)
class Goaway:
    reason: str
    time_left_ms: int


@dataclass(frozen=True, slots=True)
class Warn:
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    code: str
    message: str
    retryable: bool


@dataclass(frozen=True, slots=True)
class Ended:
    reason: str
    review: bool = False


@dataclass(frozen=True, slots=True)
class Pong:
    n: int


ServerMessage: TypeAlias = (
    Ready
    | State
    | Utt
    | UttEnd
    | Cancel
    | Duck
    | PausePlayback
    | Vad
    | Transcript
    | MicAck
    | Ack
    | Handle
    | Goaway
    | Warn
    | ErrorMessage
    | Ended
    | Pong
)

SERVER_TYPES: Mapping[type[ServerMessage], str] = {
    Ready: "ready",
    State: "state",
    Utt: "utt",
    UttEnd: "utt_end",
    Cancel: "cancel",
    Duck: "duck",
    PausePlayback: "pause_playback",
    Vad: "vad",
    Transcript: "transcript",
    MicAck: "mic_ack",
    Ack: "ack",
    Handle: "handle",
    Goaway: "goaway",
    Warn: "warn",
    ErrorMessage: "error",
    Ended: "ended",
    Pong: "pong",
}


def render(message: ServerMessage) -> str:
    values = {each.name: getattr(message, each.name) for each in fields(message)}
    return json.dumps(
        {"t": SERVER_TYPES[type(message)], **values}, ensure_ascii=False, separators=(",", ":")
    )


def _id(read: FieldReader) -> str:
    return read.text("id", longest=LONGEST_ID, default="")


CLIENT_TYPES: Mapping[str, Callable[[FieldReader], ClientMessage]] = {
    "hello": lambda read: Hello(
        ver=read.text("ver"),
        locale=read.text("locale", default=""),
        tz=read.text("tz", default=""),
        caps=read.texts("caps"),
        resume=read.choice("resume", Resume, Resume.NONE),
    ),
    "consent": lambda read: Consent(read.text("policy_version"), read.texts("items")),
    "mic": lambda read: Mic(read.text("state"), _id(read)),
    "played": lambda read: Played(read.number("utt"), read.number("pts")),
    "cancelled": lambda read: Cancelled(read.number("utt"), read.number("pts")),
    "lead": lambda read: Lead(read.number("ms")),
    "gap": lambda read: Gap(read.number("utt"), read.number("pts"), read.number("ms")),
    "answer_text": lambda read: AnswerText(read.text("text", longest=LONGEST_ANSWER), _id(read)),
    "control": lambda read: Control(read.choice("op", ControlOp), _id(read)),
    "signal": lambda read: SignalReported(
        read.text("kind"), read.number("at"), read.scalars("data"), _id(read)
    ),
    "stats": lambda read: Stats(read.numbers()),
    "ping": lambda read: Ping(read.number("n")),
    "bye": lambda _: Bye(),
}


def parse_client(text: str) -> ClientMessage | None:
    """None for a type unknown here. Raises `Invalid` code `message_malformed` with its issues."""
    reader = FieldReader(read_object(text, longest=LONGEST_MESSAGE, code=MALFORMED))
    build = CLIENT_TYPES.get(reader.text("t"))
    reader.require_sound(MALFORMED)
    if build is None:
        return None
    message = build(reader)
    reader.require_sound(MALFORMED)
    return message
