"""Speech kept on disk, so that a fixed text is synthesized once and then played without latency."""

import asyncio
import hashlib
import logging
import os
import tempfile
import threading
from pathlib import Path

from vivavoce.ports.engines import Speech, Synthesizer

log = logging.getLogger(__name__)

SUFFIX = ".pcm"


class CachedSynthesizer:
    """A `Synthesizer` that remembers; the oldest unused speech goes when the folder is full.

    Concurrent requests for one text share one synthesis. The files hold audio only; their names are
    hashes, so no text can be read from the folder.
    """

    def __init__(self, synthesizer: Synthesizer, folder: Path, limit_bytes: int = 1 << 29) -> None:
        self._synthesizer = synthesizer
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._disk_lock = threading.Lock()  # two evictions at once would take each other's files
        self._under_way: dict[str, asyncio.Future[Speech | None]] = {}
        self.name = synthesizer.name
        self.file_hash = synthesizer.file_hash
        self.languages = synthesizer.languages
        folder.mkdir(parents=True, exist_ok=True)
        self._held_bytes = sum(path.stat().st_size for path in folder.glob(f"*{SUFFIX}"))

    async def synthesize(
        self, text: str, *, language: str, voice: str | None = None, speed: float = 1.0
    ) -> Speech:
        key = self._key(text, language, voice or "", speed)
        while (other := self._under_way.get(key)) is not None:
            # Whoever synthesizes may be cancelled or fail; then the next one tries.
            if (shared := await asyncio.shield(other)) is not None:
                return shared
        done = self._under_way[key] = asyncio.get_running_loop().create_future()
        speech: Speech | None = None
        try:
            speech = await asyncio.to_thread(self._read, key)
            if speech is None:
                speech = await self._synthesizer.synthesize(
                    text, language=language, voice=voice, speed=speed
                )
                await self._keep(key, speech)
            return speech
        finally:
            del self._under_way[key]
            done.set_result(speech)

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
