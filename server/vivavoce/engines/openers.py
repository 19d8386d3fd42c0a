"""How each role's engine is made: from a path, or embedded; imports happen only when one is."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from vivavoce.core.engine_note import EngineNote
from vivavoce.core.errors import EngineFailure
from vivavoce.core.model_manifest import Role
from vivavoce.engines.fallback import StandIn
from vivavoce.engines.installed import FoundModel, find_installed
from vivavoce.engines.lanes import JobTimes, Lane
from vivavoce.engines.servers import REMOTE_WORKERS, Servers
from vivavoce.engines.silero import SileroSession
from vivavoce.ports.documents import Embedder
from vivavoce.ports.engines import LanguageModel, Synthesizer, Transcriber, TurnDetector

AUTO, EMBEDDED, NO_STAND_IN = "auto", "embedded", "none"
URL_SCHEMES = ("http://", "https://")
PULL = "Run `vivavoce models pull` to use a real one."
CHECK = "Run `vivavoce models verify` to see which file to fetch again."
RULES = "rule-based interviewer"
WORDS = "words alone"


@dataclass(frozen=True)
class ThreadBudget:
    """Threads per lane; 0 is planned from the cores."""

    transcriber: int = 0
    language_model: int = 0
    language_model_hurried: int = 0
    synthesizer: int = 0
    turn_detector: int = 1
    embedder: int = 1


class Closable(Protocol):
    async def close(self) -> None: ...


_WITHOUT = {Role.LANGUAGE_MODEL: RULES, Role.EMBEDDER: WORDS}  # what does without a model
E = TypeVar("E")
C = TypeVar("C", bound=Closable)


@dataclass(frozen=True)
class RoleMakers(Generic[E]):
    """`weights` names the file or folder of an installed model that `from_path` takes."""

    weights: Callable[[FoundModel], Path]
    from_path: Callable[[Path], Awaitable[E]]
    embedded: Callable[[], Awaitable[E]]
    from_url: Callable[[str, StandIn[E] | None], Awaitable[E]] | None = None
    can_stand_in: bool = True  # for a server that is away


@dataclass
class Opener:
    """`fallback`: the word for who stands in for servers, or `none`."""

    models_dir: Path
    box_size: str
    fallback: str = AUTO
    notes: list[EngineNote] = field(default_factory=list)

    async def open(self, role: Role, word: str, makers: RoleMakers[E]) -> E:
        if word == AUTO:
            return await self._open_best(role, makers)
        if word == EMBEDDED:
            return self._noted(role, await makers.embedded(), True, "It was chosen.")
        if word.startswith(URL_SCHEMES):
            return await self._open_remote(role, word, makers)
        return self._noted(role, await makers.from_path(Path(word)), False, "It was chosen.")

    async def _open_remote(self, role: Role, url: str, makers: RoleMakers[E]) -> E:
        if makers.from_url is None:
            message = f"The {role.replace('_', ' ')} cannot be a remote server."
            raise EngineFailure("engine_unsupported", message)
        stand_in = None
        if self.fallback != NO_STAND_IN and makers.can_stand_in:
            local = Opener(self.models_dir, self.box_size)
            engine = await local.open(role, self.fallback, makers)
            stand_in = StandIn(engine, local.notes[-1].engine)
        served = await makers.from_url(url, stand_in)
        return self._noted(
            role, served, False, "It was chosen.", stand_in=stand_in.name if stand_in else ""
        )

    async def _open_best(self, role: Role, makers: RoleMakers[E]) -> E:
        found = await asyncio.to_thread(find_installed, self.models_dir, role, self.box_size)
        failure = found if isinstance(found, EngineFailure) else None
        if isinstance(found, FoundModel):
            try:
                engine = await makers.from_path(makers.weights(found))
            except EngineFailure as broken:
                failure = broken
            else:
                return self._noted(role, engine, False, "Its files are installed and verified.")
        reason = failure.message if failure else ""
        advice = PULL if failure and failure.code in ("model_missing", "engine_missing") else CHECK
        return self._noted(role, await makers.embedded(), True, reason, advice)

    def _noted(
        self,
        role: Role,
        engine: E,
        embedded: bool,
        reason: str,
        advice: str = "",
        *,
        stand_in: str = "",
    ) -> E:
        name = str(getattr(engine, "name", _WITHOUT.get(role, "")))
        self.notes.append(EngineNote(role, name, embedded, reason, advice, stand_in))
        return engine


@dataclass(frozen=True)
class RoleOpeners:
    """Makes engines and leaves their closing to the stack."""

    stack: AsyncExitStack
    silero: SileroSession
    threads: ThreadBudget
    sessions: int
    full_whisper_window: bool
    observe: Callable[[JobTimes], None] | None
    servers: Servers

    def transcriber(self) -> RoleMakers[Transcriber]:
        async def from_path(path: Path) -> Transcriber:
            from vivavoce.engines.transcriber_whisper import WhisperTranscriber

            lane = self._keep(self._lane("transcriber"))
            return await WhisperTranscriber.load(
                path, lane, self.silero, self.threads.transcriber, self.full_whisper_window
            )

        async def embedded() -> Transcriber:
            from vivavoce.engines.transcriber_sphinx import SphinxTranscriber

            return self._keep(await SphinxTranscriber.start())

        async def from_url(url: str, stand_in: StandIn[Transcriber] | None) -> Transcriber:
            lane = self._keep(self._lane("transcriber", REMOTE_WORKERS))
            return self.servers.transcriber(url, lane, self.silero, stand_in)

        return RoleMakers(lambda found: found.folder, from_path, embedded, from_url)

    def language_model(self) -> RoleMakers[LanguageModel | None]:
        async def from_path(path: Path) -> LanguageModel | None:
            from vivavoce.engines.language_model_llama import LlamaLanguageModel
            from vivavoce.engines.llama_model import LlamaLimits

            threads = self.threads
            limits = LlamaLimits(
                threads.language_model, threads.language_model_hurried, self.sessions
            )
            return self._keep(await LlamaLanguageModel.open(path, limits, self.observe))

        async def embedded() -> LanguageModel | None:
            return None

        async def from_url(
            url: str, stand_in: StandIn[LanguageModel | None] | None
        ) -> LanguageModel | None:
            return self.servers.language_model(url, stand_in)

        return RoleMakers(lambda found: found.file(".gguf"), from_path, embedded, from_url)

    def synthesizer(self) -> RoleMakers[Synthesizer]:
        async def from_path(path: Path) -> Synthesizer:
            from vivavoce.engines.synthesizer_kokoro import KokoroSynthesizer, voices_beside

            lane = self._keep(self._lane("synthesizer"))
            return await KokoroSynthesizer.open(
                path, voices_beside(path), lane, self.threads.synthesizer
            )

        async def embedded() -> Synthesizer:
            from vivavoce.engines.synthesizer_espeak import EspeakSynthesizer

            return await EspeakSynthesizer.open(self._keep(self._lane("synthesizer")))

        async def from_url(url: str, stand_in: StandIn[Synthesizer] | None) -> Synthesizer:
            return self.servers.synthesizer(url, stand_in)

        return RoleMakers(lambda found: found.file(".onnx"), from_path, embedded, from_url)

    def turn_detector(self) -> RoleMakers[TurnDetector]:
        async def from_path(path: Path) -> TurnDetector:
            from vivavoce.engines.turn_detector_smart import SmartTurnDetector

            lane = self._keep(self._lane("turn-detector"))
            return await SmartTurnDetector.open(path, lane, self.threads.turn_detector)

        async def embedded() -> TurnDetector:
            from vivavoce.engines.turn_detector_rules import RuleTurnDetector

            return RuleTurnDetector()

        return RoleMakers(lambda found: found.file(".onnx"), from_path, embedded)

    def embedder(self) -> RoleMakers[Embedder | None]:
        async def from_path(path: Path) -> Embedder | None:
            from vivavoce.engines.embedder_llama import LlamaEmbedder

            lane = self._lane("embedder")
            embedder = self._keep(await LlamaEmbedder.open(path, lane, self.threads.embedder))
            self._keep(lane)  # closed first, as it works with the model
            return embedder

        async def embedded() -> Embedder | None:
            return None

        async def from_url(url: str, _: StandIn[Embedder | None] | None) -> Embedder | None:
            return self.servers.embedder(url)

        # While a server is away words find things: another model's vectors are no comparison.
        return RoleMakers(
            lambda found: found.file(".gguf"), from_path, embedded, from_url, can_stand_in=False
        )

    def _lane(self, name: str, workers: int = 1) -> Lane:
        return Lane(name, workers=workers, observe=self.observe)

    def _keep(self, engine: C) -> C:
        self.stack.push_async_callback(engine.close)
        return engine
