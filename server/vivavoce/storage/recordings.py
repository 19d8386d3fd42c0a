"""The spool that a conversation writes while it happens: a power cut costs a second at most.

Each session has a folder with `candidate.pcm` (16 kHz PCM16), `interviewer.log` and, once finished,
`recording.ogg`. All disk work is done in worker threads; a lock that such a thread holds keeps it
safe when the call that waits for it is cancelled.
"""

import asyncio
import errno
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vivavoce.core.errors import EngineFailure, Invalid, NotFound
from vivavoce.storage.interviewer_log import heard_record, whole_records
from vivavoce.storage.recording_encoder import encode_recording, newest_ns

SAMPLE_BYTES = 2
CANDIDATE = "candidate.pcm"
INTERVIEWER = "interviewer.log"
RECORDING = "recording.ogg"
_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class AppendOnlyFile:
    """Bytes that wait, and a file of those that survived; a failed write is repeated as a whole."""

    def __init__(self, path: Path, durable_bytes: int) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._waiting: list[bytes] = []
        self._waiting_lock = threading.Lock()
        self.total_bytes = self.durable_bytes = durable_bytes
        os.ftruncate(self._file, durable_bytes)
        os.fsync(self._file)

    def append(self, piece: bytes) -> None:
        with self._waiting_lock:
            self._waiting.append(piece)
            self.total_bytes += len(piece)

    def write(self) -> None:
        """Write and fsync what waits. Not for two threads at once."""
        with self._waiting_lock:
            pieces = self._waiting[:]
        sound = memoryview(b"".join(pieces))
        if not sound:
            return
        written = 0
        while written < len(sound):
            written += os.pwrite(self._file, sound[written:], self.durable_bytes + written)
        os.fsync(self._file)
        with self._waiting_lock:
            del self._waiting[: len(pieces)]
            self.durable_bytes += len(sound)

    def read(self, offset: int) -> bytes:
        """The durable bytes from `offset` on."""
        pieces: list[bytes] = []
        while piece := os.pread(self._file, max(0, self.durable_bytes - offset), offset):
            pieces.append(piece)
            offset += len(piece)
        return b"".join(pieces)

    def close(self) -> None:
        os.close(self._file)
        self._file = -1  # the number may soon be that of another file


class FileSpool:
    """One session's two tracks; see `vivavoce.ports.recording.RecordingSpool`."""

    def __init__(self, candidate: AppendOnlyFile, interviewer: AppendOnlyFile) -> None:
        self._candidate = candidate
        self._interviewer = interviewer
        self._disk_lock = threading.Lock()
        self._closed = False

    @property
    def candidate_samples(self) -> int:
        return self._candidate.total_bytes // SAMPLE_BYTES

    @property
    def durable_samples(self) -> int:
        return self._candidate.durable_bytes // SAMPLE_BYTES

    def append_candidate(self, pcm: bytes) -> None:
        _require_whole_samples(pcm)
        self._candidate.append(pcm)

    def append_interviewer(self, at_sample: int, pcm: bytes) -> None:
        _require_whole_samples(pcm)
        self._interviewer.append(heard_record(at_sample, pcm))

    async def flush(self) -> int:
        await asyncio.to_thread(self._write)
        return self.durable_samples

    async def read_candidate(self, from_sample: int) -> bytes:
        return await asyncio.to_thread(self._read, from_sample * SAMPLE_BYTES)

    async def close(self) -> None:
        await asyncio.to_thread(self._write_and_close)

    def _read(self, offset: int) -> bytes:
        with self._disk_lock, _disk_failures():
            return self._candidate.read(offset)

    def _write(self) -> None:
        with self._disk_lock, _disk_failures():
            self._candidate.write()
            self._interviewer.write()

    def _write_and_close(self) -> None:
        if self._closed:
            return
        try:
            self._write()
        finally:
            with self._disk_lock:
                self._closed = True
                self._candidate.close()
                self._interviewer.close()


class FileRecordings:
    """All recordings, one folder each; see `vivavoce.ports.recording.Recordings`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._encoding = asyncio.Lock()  # one at a time: it is heavy, and interviews go on

    async def open(self, session_id: str) -> FileSpool:
        return await asyncio.to_thread(_open_spool, self._of(session_id))

    async def finish(self, session_id: str) -> str:
        folder = self._of(session_id)
        async with self._encoding:
            return await asyncio.to_thread(_finish, folder)

    async def remove(self, session_id: str) -> None:
        """Erase everything of a session; nothing happens when there is nothing."""
        await asyncio.to_thread(shutil.rmtree, self._of(session_id), ignore_errors=True)

    def _of(self, session_id: str) -> Path:
        if not _SAFE_NAME.fullmatch(session_id):
            raise Invalid("session_id", "This is not the id of a session.")
        return self._folder / session_id


def _finish(folder: Path) -> str:
    candidate, interviewer = folder / CANDIDATE, folder / INTERVIEWER
    recording = folder / RECORDING
    with _disk_failures():
        if not (_has_audio(candidate) or _has_audio(interviewer)):
            raise NotFound("recording", "Nothing was recorded in this session.")
        made_from_ns = newest_ns(candidate, interviewer)
        if not recording.exists() or recording.stat().st_mtime_ns != made_from_ns:
            encode_recording(candidate, interviewer, recording)
            _sync_folder(folder)
    return str(recording)


def _has_audio(track: Path) -> bool:
    return track.exists() and track.stat().st_size > 0


def _open_spool(folder: Path) -> FileSpool:
    with _disk_failures():
        folder.mkdir(parents=True, exist_ok=True)
        candidate = _open_candidate(folder / CANDIDATE)
        try:
            interviewer = _open_interviewer(folder / INTERVIEWER)
        except OSError:
            candidate.close()
            raise
        _sync_folder(folder)
        _sync_folder(folder.parent)
    return FileSpool(candidate, interviewer)


def _open_candidate(path: Path) -> AppendOnlyFile:
    size = path.stat().st_size if path.exists() else 0
    return AppendOnlyFile(path, size - size % SAMPLE_BYTES)


def _open_interviewer(path: Path) -> AppendOnlyFile:
    whole_bytes = 0
    if path.exists():
        with path.open("rb") as log:
            whole_bytes = max((record.end for record in whole_records(log)), default=0)
    return AppendOnlyFile(path, whole_bytes)


def _sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut too."""
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def _require_whole_samples(pcm: bytes) -> None:
    if len(pcm) % SAMPLE_BYTES:
        raise Invalid("pcm_length", "PCM16 comes in whole samples.")


@contextmanager
def _disk_failures() -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        if failure.errno in _DISK_FULL:
            raise EngineFailure("disk_full", "The disk for recordings is full.") from failure
        raise EngineFailure("disk_failed", "The disk for recordings does not work.") from failure
