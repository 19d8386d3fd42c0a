"""The durable audio of a session: an append-only spool, and the recording made from it."""

from typing import Protocol


class RecordingSpool(Protocol):
    """Two append-only tracks on the clock of the candidate's microphone (16 kHz samples from 0)."""

    @property
    def candidate_samples(self) -> int:
        """How many samples of the candidate were appended, durable or not."""
        ...

    @property
    def durable_samples(self) -> int:
        """How many samples of the candidate are known to survive a power cut."""
        ...

    def append_candidate(self, pcm: bytes) -> None:
        """Append 16 kHz PCM16. Cheap; durable only after `flush`."""
        ...

    def append_interviewer(self, at_sample: int, pcm: bytes) -> None:
        """24 kHz PCM16 that the candidate heard, from `at_sample` of the candidate's clock on."""
        ...

    async def flush(self) -> int:
        """Write and fsync what was appended; returns `durable_samples`.

        Raises `EngineFailure` code `disk_full`; nothing is lost, and a later flush tries again.
        """
        ...

    async def read_candidate(self, from_sample: int) -> bytes:
        """The durable candidate audio from `from_sample` on, 16 kHz PCM16."""
        ...

    async def close(self) -> None:
        """Flush and release the files."""
        ...


class Recordings(Protocol):
    async def open(self, session_id: str) -> RecordingSpool:
        """Open or re-open a session's spool, dropping a torn last record."""
        ...

    async def finish(self, session_id: str) -> str:
        """Encode to stereo Ogg Opus, left candidate, right interviewer. Idempotent.

        Returns the path of the file.
        """
        ...
