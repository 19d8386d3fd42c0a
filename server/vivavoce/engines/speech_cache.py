"""Speech kept on disk, so that a fixed text is synthesized once and then played without latency."""

import asyncio
import hashlib
import logging
import os
import tempfile
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from vivavoce.ports.engines import Speech, Synthesizer

log = logging.getLogger(__name__)

SUFFIX = ".pcm"


@dataclass(frozen=True, eq=False)
class _UnderWay:
    """One synthesis; `speech` is None when it failed or nobody waits for it any more."""

    ahead: bool
    speech: asyncio.Future[Speech | None]


class CachedSynthesizer:
    """A `Synthesizer` that remembers; the oldest unused speech goes when the folder is full.

    Concurrent requests for one text share one synthesis, but nobody who is to be heard now waits
    for what is only prepared. The files hold audio only; their names are
    hashes, so no text can be read from the folder.
    """

    def __init__(self, synthesizer: Synthesizer, folder: Path, limit_bytes: int = 1 << 29) -> None:
        self._synthesizer = synthesizer
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._disk_lock = threading.Lock()  # two evictions at once would take each other's files
        self._under_way: dict[str, _UnderWay] = {}
        self.name = synthesizer.name
        self.file_hash = synthesizer.file_hash
        self.languages = synthesizer.languages
        folder.mkdir(parents=True, exist_ok=True)
        self._held_bytes = sum(path.stat().st_size for path in folder.glob(f"*{SUFFIX}"))

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        key = self._key(text, language, voice or "", speed)
        make = partial(
            self._synthesizer.synthesize,
            text,
            language=language,
            voice=voice,
            speed=speed,
            ahead=ahead,
        )
        while (other := self._under_way.get(key)) is not None:
            if other.ahead and not ahead:
                return await self._overtake(key, other, make)
            # Whoever synthesizes may be cancelled or fail; then the next one tries.
            if (shared := await asyncio.shield(other.speech)) is not None:
                return shared
        return await self._make(key, make, ahead=ahead)

    async def _make(
        self, key: str, make: Callable[[], Awaitable[Speech]], *, ahead: bool
    ) -> Speech:
        mine = _UnderWay(ahead, asyncio.get_running_loop().create_future())
        self._under_way[key] = mine
        speech: Speech | None = None
        try:
            speech = await asyncio.to_thread(self._read, key)
            if speech is None:
                speech = await make()
                if speech.lasting:
                    await self._keep(key, speech)
            return speech
        finally:
            if self._under_way.get(key) is mine:  # nobody in more of a hurry took the place
                del self._under_way[key]
            mine.speech.set_result(speech)

    async def _overtake(
        self, key: str, behind: _UnderWay, make: Callable[[], Awaitable[Speech]]
    ) -> Speech:
        """Ask again without waiting for spare work; whoever is ready first is heard."""
        loop = asyncio.get_running_loop()
        limit = asyncio.timeout(None)

        def ready(done: asyncio.Future[Speech | None]) -> None:
            if done.result() is not None:
                with suppress(RuntimeError):  # ours was ready at the same moment
                    limit.reschedule(loop.time())

        behind.speech.add_done_callback(ready)
        try:
            async with limit:
                return await self._make(key, make, ahead=False)
        except TimeoutError:
            shared = behind.speech.result() if limit.expired() else None
            if shared is None:
                raise
            return shared
        finally:
            behind.speech.remove_done_callback(ready)

    async def _keep(self, key: str, speech: Speech) -> None:
        """A folder that cannot be written costs time, not the interview."""
        try:
            await asyncio.to_thread(self._write, key, speech)
        except OSError as failure:
            log.warning("speech not cached", extra={"errno": failure.errno})

    def _key(self, text: str, language: str, voice: str, speed: float) -> str:
        parts = (self.name, self.file_hash, language, voice, f"{speed:.3f}", text)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _read(self, key: str) -> Speech | None:
        path = self._folder / f"{key}{SUFFIX}"
        try:
            pcm = path.read_bytes()
            os.utime(path)  # makes it the most recently used
        except FileNotFoundError:
            return None
        return Speech(pcm)

    def _write(self, key: str, speech: Speech) -> None:
        """Write beside and rename, so that a crash leaves no half speech."""
        if len(speech.pcm) > self._limit_bytes:
            return
        with self._disk_lock:
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                half = Path(file.name)
                try:
                    file.write(speech.pcm)
                    file.flush()
                    half.replace(self._folder / f"{key}{SUFFIX}")
                finally:
                    half.unlink(missing_ok=True)
            self._held_bytes += len(speech.pcm)
            if self._held_bytes > self._limit_bytes:
                self._evict()

    def _evict(self) -> None:
        """Drop the least recently used until a tenth of the room is free again."""
        files = [(path.stat(), path) for path in self._folder.glob(f"*{SUFFIX}")]
        files.sort(key=lambda entry: entry[0].st_mtime_ns)
        self._held_bytes = sum(stat.st_size for stat, _ in files)
        for stat, path in files:
            if self._held_bytes <= self._limit_bytes * 0.9:
                return
            path.unlink(missing_ok=True)
            self._held_bytes -= stat.st_size
