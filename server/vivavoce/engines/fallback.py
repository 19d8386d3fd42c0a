"""Local engines that stand in for servers: same audio, same words, while the server is away.

An interview never ends because of a server: what fails is done again here. The interviewer's own
stand-in is in `conversation.fallback_interviewer`, because rules can take the place of a model.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

from vivavoce.core.errors import EngineFailure
from vivavoce.engines.languages import iso_language
from vivavoce.ports.engines import (
    Hypothesis,
    Speech,
    Synthesizer,
    Transcriber,
    TranscriptionStream,
)
from vivavoce.ports.standing_in import ServerWatch

E = TypeVar("E")


@dataclass(frozen=True)
class StandIn(Generic[E]):
    """An engine on this machine, opened in advance for a role that a server plays."""

    engine: E
    name: str


class FallbackTranscriber:
    """`Transcriber`; a language that only the server knows has no stand-in."""

    def __init__(self, server: Transcriber, stand_in: Transcriber, watch: ServerWatch) -> None:
        self.name = server.name
        self.languages = server.languages
        self._server = server
        self._stand_in = stand_in
        self._watch = watch

    def open(self, session: str, language: str) -> TranscriptionStream:
        if iso_language(language) not in self._stand_in.languages:
            return self._server.open(session, language)
        return _FallbackStream(self._server, self._stand_in, self._watch, (session, language))


class _FallbackStream:
    """Keeps the utterance, so that the stand-in can hear all of it."""

    def __init__(
        self,
        server: Transcriber,
        stand_in: Transcriber,
        watch: ServerWatch,
        place: tuple[str, str],
    ) -> None:
        self._stand_in = stand_in
        self._watch = watch
        self._place = place
        self._heard = bytearray()
        self._local: TranscriptionStream | None = None
        self._remote = server.open(*place) if watch.permit() is not None else None
        self._closed = False

    def feed(self, pcm: bytes) -> None:
        self._heard += pcm
        for stream in (self._remote, self._local):
            if stream is not None:
                stream.feed(pcm)

    async def partial(self) -> Hypothesis:
        return await self._hypothesis(final=False)

    async def final(self) -> Hypothesis:
        heard = await self._hypothesis(final=True)
        self._watch.served(self._place[0], by_server=self._local is None)
        return heard

    async def close(self) -> None:
        self._closed = True
        self._heard.clear()
        for stream in (self._remote, self._local):
            if stream is not None:
                await stream.close()

    async def _hypothesis(self, *, final: bool) -> Hypothesis:
        permit = self._watch.permit()
        if self._remote is not None and self._local is None and permit is not None:
            try:
                heard = await _words(self._remote, final=final)
            except EngineFailure as failure:
                self._watch.failed(permit, failure)
            else:
                self._watch.succeeded(permit)
                return heard
        if self._closed:  # while the server was asked; nobody wants to know any more
            return Hypothesis(())
        return await _words(self._open_local(), final=final)

    def _open_local(self) -> TranscriptionStream:
        """From here on to the end of the utterance: two engines do not agree word by word."""
        if self._local is None:
            self._local = self._stand_in.open(*self._place)
            self._local.feed(bytes(self._heard))
        return self._local


async def _words(stream: TranscriptionStream, *, final: bool) -> Hypothesis:
    return await (stream.final() if final else stream.partial())


class FallbackSynthesizer:
    """`Synthesizer`; what the stand-in says is marked, so that it is not kept as the server's."""

    def __init__(self, server: Synthesizer, stand_in: Synthesizer, watch: ServerWatch) -> None:
        self.name = server.name
        self.file_hash = server.file_hash
        self.languages = server.languages
        self._server = server
        self._stand_in = stand_in
        self._watch = watch

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        ask_server = partial(
            self._server.synthesize, text, language=language, voice=voice, speed=speed, ahead=ahead
        )
        if iso_language(language) not in self._stand_in.languages:
            return await ask_server()
        permit = self._watch.permit()
        if permit is not None:
            try:
                speech = await ask_server()
            except EngineFailure as failure:
                self._watch.failed(permit, failure)
            else:
                self._watch.succeeded(permit)
                return speech
        # In the stand-in's own voice: it does not know the names of the server's.
        spoken = await self._stand_in.synthesize(text, language=language, speed=speed, ahead=ahead)
        return replace(spoken, lasting=False)
