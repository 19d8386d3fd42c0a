"""Which engine plays which role on this box, said out loud.

`auto` takes the real engine when its files verify and the embedded one otherwise, with a note. A
path that was asked for and does not work is an error: nobody gets another engine than they chose.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from vivavoce.core.engine_note import EngineNote
from vivavoce.core.model_manifest import Role
from vivavoce.engines.gathering import Gathering
from vivavoce.engines.lanes import JobTimes
from vivavoce.engines.openers import AUTO, Opener, RoleOpeners, ThreadBudget
from vivavoce.engines.remote import RemoteAccess, RemoteLimits
from vivavoce.engines.server_watch import Observers, RemoteWatch
from vivavoce.engines.servers import Greet, RemoteChoice, Servers, ThinkingStandIn
from vivavoce.engines.silero import SileroSession
from vivavoce.engines.speech_cache import CachedSynthesizer
from vivavoce.engines.vad import GatedSileroDetector
from vivavoce.ports.documents import Embedder
from vivavoce.ports.engines import (
    LanguageModel,
    Synthesizer,
    Transcriber,
    TurnDetector,
    VoiceActivityDetector,
)

__all__ = [
    "EngineChoice",
    "EngineNote",
    "Engines",
    "Greet",
    "Observers",
    "RemoteAccess",
    "RemoteChoice",
    "RemoteLimits",
    "ThreadBudget",
    "open_engines",
    "plan_threads",
]


@dataclass(frozen=True)
class EngineChoice:
    """One word per role: `auto`, `embedded`, a path, or for most roles an `http(s)://…/v1` URL.

    Threads of 0 are planned for the box.
    """

    models_dir: Path
    cache_dir: Path
    transcriber: str = AUTO
    language_model: str = AUTO
    synthesizer: str = AUTO
    turn_detector: str = AUTO
    embedder: str = AUTO
    box_size: str = "small"
    threads: ThreadBudget = field(default_factory=ThreadBudget)
    full_whisper_window: bool = False
    sessions: int = 8  # that the language model keeps a cache for
    observe: Callable[[JobTimes], None] | None = None
    remote: RemoteChoice = field(default_factory=RemoteChoice)  # for roles with a URL
    fallback: str = AUTO  # who stands in for servers: `auto`, `embedded` or `none`


@dataclass(frozen=True)
class Engines:
    transcriber: Transcriber
    language_model: LanguageModel | None  # None: the rule-based interviewer
    synthesizer: Synthesizer
    turn_detector: TurnDetector
    embedder: Embedder | None  # None: documents are found by their words
    new_vad: Callable[[], VoiceActivityDetector]
    notes: tuple[EngineNote, ...]
    patient_model: LanguageModel | None = None  # for work that nobody waits for
    thinking_stand_in: ThinkingStandIn | None = None
    greetings: Mapping[Role, Greet] = field(default_factory=dict)  # of the roles that are servers


@asynccontextmanager
async def open_engines(choice: EngineChoice) -> AsyncIterator[Engines]:
    """Open all engines, and close them in reverse order. Raises `EngineFailure`."""
    silero = await asyncio.to_thread(SileroSession)
    gathering = Gathering(silero)
    async with AsyncExitStack() as stack:
        servers = Servers(stack, choice.remote, choice.observe)
        makers = RoleOpeners(
            stack,
            silero,
            plan_threads(choice.threads, os.cpu_count() or 1),
            choice.sessions,
            choice.full_whisper_window,
            choice.observe,
            servers,
        )
        opener = Opener(choice.models_dir, choice.box_size, choice.fallback)
        transcriber = await opener.open(Role.TRANSCRIBER, choice.transcriber, makers.transcriber())
        language_model = await opener.open(
            Role.LANGUAGE_MODEL, choice.language_model, makers.language_model()
        )
        synthesizer = await opener.open(Role.SYNTHESIZER, choice.synthesizer, makers.synthesizer())
        detector = await opener.open(
            Role.TURN_DETECTOR, choice.turn_detector, makers.turn_detector()
        )
        embedder = await opener.open(Role.EMBEDDER, choice.embedder, makers.embedder())
        engines = Engines(
            transcriber,
            language_model,
            CachedSynthesizer(synthesizer, choice.cache_dir),
            detector,
            embedder,
            lambda: GatedSileroDetector(gathering),
            tuple(opener.notes),
            servers.patient_model or language_model,
            servers.thinking_stand_in,
            servers.greetings,
        )
        async with _watching(servers.watches):
            yield engines


@asynccontextmanager
async def _watching(watches: Sequence[RemoteWatch]) -> AsyncIterator[None]:
    """Probe servers that were found failing, until the block ends."""
    if not watches:
        yield
        return
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(watch.run()) for watch in watches]
        try:
            yield
        finally:
            for task in running:
                task.cancel()


def plan_threads(wanted: ThreadBudget, cores: int) -> ThreadBudget:
    """Fill in the zeros.

    While a candidate speaks, transcribing and prefilling run side by side, so each of them gets
    half of the cores. Afterwards everybody waits for the first clause: the end of its prompt is
    read, and it is spoken, with all. Written it is with half: two threads that wait for each other
    at every token are slower than one as soon as anything else runs.
    """
    half = max(1, cores // 2)
    return replace(
        wanted,
        transcriber=wanted.transcriber or half,
        language_model=wanted.language_model or half,
        language_model_hurried=wanted.language_model or cores,
        synthesizer=wanted.synthesizer or cores,
    )
