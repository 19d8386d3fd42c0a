"""Opens the engines that are servers, each watched over where somebody can stand in for it.

Libraries are imported only when a role is a server.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vivavoce.core.model_manifest import Role
from vivavoce.engines.fallback import FallbackSynthesizer, FallbackTranscriber, StandIn
from vivavoce.engines.lanes import JobTimes, Lane
from vivavoce.engines.remote import RemoteAccess, RemoteLimits, RemoteServer
from vivavoce.engines.server_watch import Observers, Pair, RemoteWatch
from vivavoce.engines.silero import SileroSession
from vivavoce.ports.documents import Embedder
from vivavoce.ports.engines import LanguageModel, Synthesizer, Transcriber

if TYPE_CHECKING:
    from vivavoce.engines.remote_client import RemoteClient

Greet = Callable[[], Awaitable[None]]  # asks for the least; raises `EngineFailure`

# Requests under way at a transcription server, of about a hundred people who speak at once.
REMOTE_WORKERS = 32


@dataclass(frozen=True)
class RemoteChoice:
    access: Mapping[Role, RemoteAccess] = field(default_factory=dict)
    limits: RemoteLimits = field(default_factory=RemoteLimits)
    observers: Observers = field(default_factory=Observers)


@dataclass(frozen=True)
class ThinkingStandIn:
    """Who leads the interview while the model's server is away: a model, or rules (None)."""

    model: LanguageModel | None
    watch: RemoteWatch


@dataclass
class Servers:
    stack: AsyncExitStack
    choice: RemoteChoice
    observe: Callable[[JobTimes], None] | None = None
    watches: list[RemoteWatch] = field(default_factory=list)
    patient_model: LanguageModel | None = None
    thinking_stand_in: ThinkingStandIn | None = None
    greetings: dict[Role, Greet] = field(default_factory=dict)

    def transcriber(
        self, url: str, lane: Lane, silero: SileroSession, stand_in: StandIn[Transcriber] | None
    ) -> Transcriber:
        from vivavoce.engines.remote_transcriber import RemoteTranscriber

        server = RemoteTranscriber(self._client(url, Role.TRANSCRIBER), lane, silero)
        self.greetings[Role.TRANSCRIBER] = server.greet
        if stand_in is None:
            return server
        watch = self._watch(Role.TRANSCRIBER, server.name, stand_in.name, server.greet)
        return FallbackTranscriber(server, stand_in.engine, watch)

    def language_model(
        self, url: str, stand_in: StandIn[LanguageModel | None] | None
    ) -> LanguageModel:
        from vivavoce.engines.remote_language_model import RemoteLanguageModel

        client = self._client(url, Role.LANGUAGE_MODEL)
        model = RemoteLanguageModel(client, self.observe)
        self.patient_model = RemoteLanguageModel(client.patient(), self.observe)
        self.greetings[Role.LANGUAGE_MODEL] = model.greet
        if stand_in is not None:
            watch = self._watch(Role.LANGUAGE_MODEL, model.name, stand_in.name, model.greet)
            self.thinking_stand_in = ThinkingStandIn(stand_in.engine, watch)
        return model

    def synthesizer(self, url: str, stand_in: StandIn[Synthesizer] | None) -> Synthesizer:
        from vivavoce.engines.remote_synthesizer import RemoteSynthesizer

        server = RemoteSynthesizer(self._client(url, Role.SYNTHESIZER), self.observe)
        self.greetings[Role.SYNTHESIZER] = server.greet
        if stand_in is None:
            return server
        watch = self._watch(Role.SYNTHESIZER, server.name, stand_in.name, server.greet)
        return FallbackSynthesizer(server, stand_in.engine, watch)

    def embedder(self, url: str) -> Embedder:
        from vivavoce.engines.remote_embedder import RemoteEmbedder

        server = RemoteEmbedder(self._client(url, Role.EMBEDDER))
        self.greetings[Role.EMBEDDER] = server.greet
        return server

    def _client(self, url: str, role: Role) -> "RemoteClient":
        from vivavoce.engines.remote_client import RemoteClient

        access = self.choice.access.get(role, RemoteAccess())
        client = RemoteClient(RemoteServer(url, access, self.choice.limits))
        self.stack.push_async_callback(client.close)
        return client

    def _watch(self, role: Role, server: str, stand_in: str, probe: Greet) -> RemoteWatch:
        watch = RemoteWatch(Pair(role, server, stand_in), probe, self.choice.observers)
        self.watches.append(watch)
        return watch
