"""What a conversation is made of, and the three things that its parts may ask of its shell."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from vivavoce.core.floor_events import Event
from vivavoce.core.floor_rules import FloorRules
from vivavoce.core.planning import InterviewPlan
from vivavoce.core.template import Pace
from vivavoce.core.wire_messages import ServerMessage
from vivavoce.ports.engines import Synthesizer, Transcriber, TurnDetector, VoiceActivityDetector
from vivavoce.ports.interviewer import Interviewer
from vivavoce.ports.passages import PassageFinder

T = TypeVar("T")


@dataclass(frozen=True)
class Brief:
    session: str
    plan: InterviewPlan
    pace: Pace = Pace.NORMAL
    rules: FloorRules = field(default_factory=FloorRules)
    passages: PassageFinder | None = None  # what follow-ups may refer to


@dataclass(frozen=True)
class Engines:
    """Shared by all conversations, but for the detector of voice, which keeps one's state."""

    transcriber: Transcriber
    synthesizer: Synthesizer
    interviewer: Interviewer
    turn_detector: TurnDetector
    vad: VoiceActivityDetector


class Shell(Protocol):
    def act(self, event: Event) -> None:
        """Let the floor's machine know, and carry out what it decides."""
        ...

    def tell(self, message: ServerMessage) -> None:
        """Send to the candidate, if there is a connection."""
        ...

    async def settled(self) -> None:
        """Wait until what the interviewer was saying when it was cut off has become a turn."""
        ...

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run within the conversation's task group."""
        ...
