import resource
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from vivavoce.core.errors import EngineFailure, Invalid, NotFound
from vivavoce.storage.interviewer_log import heard_record
from vivavoce.storage.recordings import CANDIDATE, INTERVIEWER, FileRecordings

pytestmark = pytest.mark.anyio


def tone(hertz: int, rate: int, seconds: float) -> bytes:
    times = np.arange(round(rate * seconds)) / rate
    return (8000 * np.sin(2 * np.pi * hertz * times)).astype("<i2").tobytes()


def decoded(path: str) -> NDArray[np.float64]:
    """Stereo at 48 kHz, shape (2, samples), full scale 1.0."""
    with av.open(path) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("opus", 48_000, 2)
        resampler = av.AudioResampler(format="s16", layout="stereo", rate=48_000)
        frames = [part for frame in container.decode(stream) for part in resampler.resample(frame)]
    packed = np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in frames])
    return packed.T.astype(np.float64) / 32_768


def loudness(channel: NDArray[np.float64], begin_s: float, end_s: float) -> float:
    span = channel[round(begin_s * 48_000) : round(end_s * 48_000)]
    return float(np.sqrt(np.mean(span**2)))


def pitch(channel: NDArray[np.float64], begin_s: float, end_s: float) -> float:
    span = channel[round(begin_s * 48_000) : round(end_s * 48_000)]
    spectrum = np.abs(np.fft.rfft(span * np.hanning(len(span))))
    return float(np.argmax(spectrum) * 48_000 / len(span))


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def inode(path: Path) -> int:
    return path.stat().st_ino


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@contextmanager
def full_disk(at_bytes: int) -> Iterator[None]:
    """No file may grow beyond `at_bytes`, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_only_flushed_audio_counts_as_durable_and_can_be_read(tmp_path: Path) -> None:
    spool = await FileRecordings(tmp_path).open("s1")
    spool.append_candidate(b"\1\0" * 512)
    assert (spool.candidate_samples, spool.durable_samples) == (512, 0)
    assert await spool.read_candidate(0) == b""
    assert await spool.flush() == 512
    assert await spool.flush() == 512
    assert await spool.read_candidate(500) == b"\1\0" * 12
    assert await spool.read_candidate(9999) == b""
    await spool.close()


async def test_a_spool_goes_on_where_it_was_closed(tmp_path: Path) -> None:
    recordings = FileRecordings(tmp_path)
    spool = await recordings.open("s1")
    spool.append_candidate(b"\1\0" * 100)
    await spool.close()
    await spool.close()
    again = await recordings.open("s1")
    assert again.durable_samples == again.candidate_samples == 100
    again.append_candidate(b"\2\0" * 100)
    await again.flush()
    assert await again.read_candidate(0) == b"\1\0" * 100 + b"\2\0" * 100
    await again.close()


@settings(max_examples=30, deadline=None)
@given(cut_bytes=st.integers(0, 4200))
async def test_a_crash_costs_no_whole_record(
    cut_bytes: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("crash")
    (folder / "s1").mkdir()
    records = [heard_record(at * 1600, bytes([at]) * 1000) for at in range(4)]
    log = b"".join(records)[:cut_bytes]
    (folder / "s1" / INTERVIEWER).write_bytes(log)
    (folder / "s1" / CANDIDATE).write_bytes(bytes(cut_bytes))
    spool = await FileRecordings(folder).open("s1")
    assert spool.durable_samples == cut_bytes // 2
    await spool.close()
    whole = min(cut_bytes // len(records[0]), 4)
    assert (folder / "s1" / INTERVIEWER).read_bytes() == b"".join(records[:whole])


@pytest.mark.parametrize("at", [0, 5, 13, 17, 500])
async def test_a_record_that_was_damaged_is_dropped(tmp_path: Path, at: int) -> None:
    (tmp_path / "s1").mkdir()
    record = bytearray(heard_record(1600, b"\1\0" * 500))
    record[at] ^= 0x55
    (tmp_path / "s1" / INTERVIEWER).write_bytes(heard_record(0, b"\1\0") + record)
    spool = await FileRecordings(tmp_path).open("s1")
    await spool.close()
    assert (tmp_path / "s1" / INTERVIEWER).read_bytes() == heard_record(0, b"\1\0")


async def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    spool = await FileRecordings(tmp_path).open("s1")
    spool.append_candidate(b"\1\0" * 1000)
    assert await spool.flush() == 1000
    spool.append_candidate(b"\2\0" * 1000)
    spool.append_interviewer(1000, b"\3\0" * 100)
    with full_disk(at_bytes=3000):
        with pytest.raises(EngineFailure) as refused:
            await spool.flush()
        assert refused.value.code == "disk_full"
        assert (spool.durable_samples, spool.candidate_samples) == (1000, 2000)
    spool.append_candidate(b"\4\0" * 10)
    assert await spool.flush() == 2010
    assert await spool.read_candidate(0) == b"\1\0" * 1000 + b"\2\0" * 1000 + b"\4\0" * 10
    await spool.close()


async def test_a_closed_spool_writes_into_no_other_file(tmp_path: Path) -> None:
    spool = await FileRecordings(tmp_path).open("s1")
    await spool.close()
    spool.append_candidate(b"\1\0")
    with pytest.raises(EngineFailure) as refused:
        await spool.flush()
    assert refused.value.code == "disk_failed"


async def test_a_log_that_cannot_be_opened_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "s1" / INTERVIEWER).mkdir(parents=True)
    before = open_files()
    with pytest.raises(EngineFailure) as refused:
        await FileRecordings(tmp_path).open("s1")
    assert refused.value.code == "disk_failed"
    assert open_files() == before


async def test_half_a_sample_is_refused(tmp_path: Path) -> None:
    spool = await FileRecordings(tmp_path).open("s1")
    with pytest.raises(Invalid):
        spool.append_candidate(b"\0")
    with pytest.raises(Invalid):
        spool.append_interviewer(0, b"\0\0\0")
    await spool.close()


@pytest.mark.parametrize("session_id", ["", "../s1", "a/b", ".", "x" * 65])
async def test_a_session_id_leads_to_no_other_folder(tmp_path: Path, session_id: str) -> None:
    with pytest.raises(Invalid):
        await FileRecordings(tmp_path).open(session_id)


async def record_interview(tmp_path: Path) -> FileRecordings:
    """6 s of the candidate at 440 Hz; the interviewer at 1 kHz from 1 s to 2 s and 4 s to 5 s."""
    recordings = FileRecordings(tmp_path)
    spool = await recordings.open("s1")
    spool.append_candidate(tone(440, 16_000, 6))
    for begin_s in (1, 4):
        speech = tone(1000, 24_000, 1)
        for tenth in range(10):
            at = begin_s * 16_000 + tenth * 1600
            spool.append_interviewer(at, speech[tenth * 4800 : (tenth + 1) * 4800])
    await spool.close()
    return recordings


async def test_each_side_has_its_own_channel_at_its_own_time(tmp_path: Path) -> None:
    recordings = await record_interview(tmp_path)
    left, right = decoded(await recordings.finish("s1"))
    assert abs(len(left) - 6 * 48_000) <= 48 * 40
    assert pitch(left, 0.5, 5.5) == pytest.approx(440, abs=2)
    assert pitch(right, 1.1, 1.9) == pytest.approx(1000, abs=2)
    assert pitch(right, 4.1, 4.9) == pytest.approx(1000, abs=2)
    assert loudness(left, 2.2, 3.8) == pytest.approx(8000 / 32_768 / 2**0.5, rel=0.1)
    assert loudness(right, 1.1, 1.9) == pytest.approx(8000 / 32_768 / 2**0.5, rel=0.1)
    for begin_s, end_s in ((0.0, 0.95), (2.1, 3.9), (5.1, 6.0)):
        assert loudness(right, begin_s, end_s) < 0.01


async def test_a_recording_is_made_once_unless_its_tracks_grow(tmp_path: Path) -> None:
    recordings = await record_interview(tmp_path)
    path = Path(await recordings.finish("s1"))
    first = inode(path)
    assert inode(Path(await recordings.finish("s1"))) == first
    spool = await recordings.open("s1")
    spool.append_candidate(tone(440, 16_000, 1))
    await spool.close()
    assert decoded(await recordings.finish("s1")).shape[1] == pytest.approx(7 * 48_000, abs=1920)
    assert names(tmp_path / "s1") == [CANDIDATE, INTERVIEWER, path.name]


async def test_speech_that_overlaps_is_clipped_and_the_longer_track_sets_the_length(
    tmp_path: Path,
) -> None:
    recordings = FileRecordings(tmp_path)
    spool = await recordings.open("s1")
    spool.append_candidate(tone(440, 16_000, 0.5))
    spool.append_interviewer(0, tone(1000, 24_000, 1))
    spool.append_interviewer(8_000, tone(2000, 24_000, 1))
    await spool.close()
    left, right = decoded(await recordings.finish("s1"))
    assert abs(len(right) - 1.5 * 48_000) <= 48 * 40
    assert pitch(right, 0.1, 0.9) == pytest.approx(1000, abs=4)
    assert pitch(right, 1.1, 1.45) == pytest.approx(2000, abs=4)
    assert loudness(left, 0.6, 1.4) < 0.01


async def test_marks_that_jitter_leave_no_holes_in_a_sentence(tmp_path: Path) -> None:
    recordings = FileRecordings(tmp_path)
    spool = await recordings.open("s1")
    spool.append_candidate(bytes(2 * 32_000))
    speech = struct.iter_unpack("<4800s", tone(1000, 24_000, 1.5))
    for tenth, (piece,) in enumerate(speech):
        spool.append_interviewer(1600 * tenth + (tenth % 3) * 40, piece)
    await spool.close()
    _, right = decoded(await recordings.finish("s1"))
    quietest = min(loudness(right, at / 100, (at + 1) / 100) for at in range(5, 140))
    assert quietest > 0.15


async def test_a_session_without_audio_has_no_recording(tmp_path: Path) -> None:
    recordings = FileRecordings(tmp_path)
    with pytest.raises(NotFound):
        await recordings.finish("s1")
    await (await recordings.open("s1")).close()
    with pytest.raises(NotFound):
        await recordings.finish("s1")


async def test_an_interview_that_heard_nobody_keeps_the_interviewer(tmp_path: Path) -> None:
    recordings = FileRecordings(tmp_path)
    spool = await recordings.open("s1")
    spool.append_interviewer(0, tone(1000, 24_000, 1))
    await spool.close()
    _, right = decoded(await recordings.finish("s1"))
    assert pitch(right, 0.1, 0.9) == pytest.approx(1000, abs=4)


async def test_a_candidate_alone_is_recorded_without_a_log(tmp_path: Path) -> None:
    (tmp_path / "s1").mkdir()
    (tmp_path / "s1" / CANDIDATE).write_bytes(tone(440, 16_000, 1) + b"\0")
    left, right = decoded(await FileRecordings(tmp_path).finish("s1"))
    assert pitch(left, 0.1, 0.9) == pytest.approx(440, abs=4)
    assert loudness(right, 0.0, 1.0) < 0.01


async def test_a_disk_that_fills_up_while_encoding_leaves_no_half_recording(tmp_path: Path) -> None:
    recordings = await record_interview(tmp_path)
    with full_disk(at_bytes=2000), pytest.raises(EngineFailure) as refused:
        await recordings.finish("s1")
    assert refused.value.code == "disk_full"
    assert names(tmp_path / "s1") == [CANDIDATE, INTERVIEWER]
    assert decoded(await recordings.finish("s1")).shape[1] == pytest.approx(6 * 48_000, abs=1920)


async def test_erasing_leaves_nothing_and_may_be_repeated(tmp_path: Path) -> None:
    recordings = await record_interview(tmp_path)
    await recordings.finish("s1")
    await recordings.remove("s1")
    await recordings.remove("s1")
    assert names(tmp_path) == []
