"""Makes the finished recording: stereo Ogg Opus, the candidate left, the interviewer right.

Both tracks are read, resampled, mixed and encoded block by block, so that an interview of any
length takes the same little memory.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeAlias

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from vivavoce.core.errors import EngineFailure
from vivavoce.storage.interviewer_log import Heard, whole_records

Samples: TypeAlias = NDArray[np.int16]

RATE = 48_000
CANDIDATE_RATE = 16_000
INTERVIEWER_RATE = 24_000
BLOCK_SAMPLES = RATE
BITS_PER_SECOND = 64_000
# Marks are counted in samples of another clock; a step below this is rounding, not a gap.
SEAM_SAMPLES = RATE * 20 // 1000
_CANDIDATE_FACTOR = RATE // CANDIDATE_RATE
_INTERVIEWER_FACTOR = RATE // INTERVIEWER_RATE


def encode_recording(candidate: Path, interviewer: Path, target: Path) -> None:
    """Replace `target` at once or leave it as it is. Raises `OSError`, or `EngineFailure`."""
    made_from_ns = newest_ns(candidate, interviewer)
    handle, name = tempfile.mkstemp(suffix=".ogg", prefix=".", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as output:
            _encode(_stereo(candidate, interviewer), output)
            output.flush()
            os.fsync(output.fileno())
        # A recording is as old as the tracks it was made from, so that one can tell if they grew.
        os.utime(temporary, ns=(made_from_ns, made_from_ns))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def newest_ns(*tracks: Path) -> int:
    """When the last of the tracks that exist was written."""
    return max(track.stat().st_mtime_ns for track in tracks if track.exists())


def _encode(blocks: Iterable[Samples], output: BinaryIO) -> None:
    try:
        with av.open(output, "w", format="ogg") as container:
            stream = container.add_stream("libopus", rate=RATE, layout="stereo")
            stream.bit_rate = BITS_PER_SECOND
            position = 0
            for block in blocks:
                frame = av.AudioFrame.from_ndarray(block, format="s16", layout="stereo")
                frame.sample_rate = RATE
                frame.pts = position
                position += frame.samples
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except av.FFmpegError as failure:
        if isinstance(failure.__context__, OSError):  # the disk failed, not the codec
            raise failure.__context__ from None
        raise EngineFailure("recording_encoding", "The recording cannot be encoded.") from failure


def _stereo(candidate: Path, interviewer: Path) -> Iterator[Samples]:
    """Blocks of interleaved stereo, shape (1, 2 · samples), as long as the longer track."""
    left = _Track(_candidate_pieces(candidate))
    right = _Track(_interviewer_pieces(interviewer))
    while length := max(left.available(BLOCK_SAMPLES), right.available(BLOCK_SAMPLES)):
        block = np.stack((left.take(length), right.take(length)), axis=1)
        yield np.ascontiguousarray(block).reshape(1, -1)


class _Track:
    """Pieces of any lengths, taken in blocks; silence after the last."""

    def __init__(self, pieces: Iterator[Samples]) -> None:
        self._pieces = pieces
        self._waiting: list[Samples] = []
        self._samples = 0

    def available(self, wanted: int) -> int:
        while self._samples < wanted and (piece := next(self._pieces, None)) is not None:
            self._waiting.append(piece)
            self._samples += len(piece)
        return min(self._samples, wanted)

    def take(self, length: int) -> Samples:
        available = self.available(length)
        joined = np.concatenate([*self._waiting, np.zeros(length - available, np.int16)])
        self._waiting = [joined[length:]]
        self._samples -= available
        return joined[:length]


def _candidate_pieces(path: Path) -> Iterator[Samples]:
    resampler = _Resampler(CANDIDATE_RATE)
    with path.open("rb") as track:
        while pcm := track.read(2 * CANDIDATE_RATE):
            yield resampler.feed(_samples(pcm))
    yield resampler.finish()


def _interviewer_pieces(path: Path) -> Iterator[Samples]:
    """Every record where it was heard; what overlaps an earlier one is clipped."""
    if not path.exists():
        return
    resampler = _Resampler(INTERVIEWER_RATE)
    run_start = 0  # where the present run of adjoining records began, at 48 kHz
    with path.open("rb") as log:
        for record in whole_records(log):
            start = record.at_sample * _CANDIDATE_FACTOR
            position = run_start + resampler.fed_samples * _INTERVIEWER_FACTOR
            if start > position + SEAM_SAMPLES:
                yield resampler.finish()
                yield from _silence(start - position)
                resampler, run_start, position = _Resampler(INTERVIEWER_RATE), start, start
            overlap = max(0, position - start) if position > start + SEAM_SAMPLES else 0
            yield resampler.feed(_heard(log, record)[overlap // _INTERVIEWER_FACTOR :])
    yield resampler.finish()


def _heard(log: BinaryIO, record: Heard) -> Samples:
    log.seek(record.offset)
    return _samples(log.read(record.length))


def _silence(samples: int) -> Iterator[Samples]:
    for begin in range(0, samples, BLOCK_SAMPLES):
        yield np.zeros(min(BLOCK_SAMPLES, samples - begin), np.int16)


def _samples(pcm: bytes) -> Samples:
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(np.int16)


class _Resampler:
    """To 48 kHz; all it returns together is exactly as long as what it was fed."""

    def __init__(self, rate: int) -> None:
        self._stream = soxr.ResampleStream(rate, RATE, 1, dtype="int16")
        self._factor = RATE // rate
        self._returned_samples = 0
        self.fed_samples = 0

    def feed(self, samples: Samples) -> Samples:
        self.fed_samples += len(samples)
        return self._resample(samples, last=False)

    def finish(self) -> Samples:
        missing = max(0, self.fed_samples * self._factor - self._returned_samples)
        tail = self._resample(np.zeros(0, np.int16), last=True)[:missing]
        return np.concatenate((tail, np.zeros(missing - len(tail), np.int16)))

    def _resample(self, samples: Samples, *, last: bool) -> Samples:
        resampled: Samples = self._stream.resample_chunk(samples, last=last)
        self._returned_samples += len(resampled)
        return resampled
