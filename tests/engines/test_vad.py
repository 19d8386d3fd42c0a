"""Voice activity: speech is heard, rooms are not, and a frame costs under a millisecond."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from time import perf_counter
from typing import Any, TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vivavoce.core.errors import EngineFailure
from vivavoce.engines.gathering import Gathering, Patience
from vivavoce.engines.silero import FRESH, Memory, SileroSession
from vivavoce.engines.vad import GatedSileroDetector

from tests.engines.speaking import frames, room_noise, said, silence

pytestmark = pytest.mark.anyio

T = TypeVar("T")
NEAR = 1e-5


@pytest.fixture(scope="module")
def silero() -> SileroSession:
    return SileroSession()


@pytest.fixture
def gathering(silero: SileroSession) -> Gathering:
    return Gathering(silero)


def judged(detector: GatedSileroDetector, sound: Iterable[bytes]) -> list[float]:
    return [detector.speech_probability(frame) for frame in sound]


async def at_once(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in work]
    return [task.result() for task in tasks]


async def foreseen(detector: GatedSileroDetector, sound: Iterable[bytes]) -> list[float]:
    found = []
    for frame in sound:
        await detector.foresee(frame)
        found.append(detector.speech_probability(frame))
    return found


async def test_speech_is_told_from_silence_and_noise(gathering: Gathering) -> None:
    detector = GatedSileroDetector(gathering)
    before = judged(detector, frames(silence(0.5) + room_noise(0.5)))
    spoken = judged(detector, frames(await said("Tell me about it.")))
    assert max(before) < 0.5
    assert sum(p > 0.5 for p in spoken) > 0.6 * len(spoken)


async def test_the_first_word_is_heard_at_its_onset_after_a_long_silence(
    gathering: Gathering,
) -> None:
    detector = GatedSileroDetector(gathering)
    judged(detector, frames(silence(2)))
    spoken = judged(detector, frames(await said("Yes, certainly.")))
    assert next(i for i, p in enumerate(spoken) if p > 0.5) <= 5


async def test_a_reset_forgets_the_past(gathering: Gathering) -> None:
    speech = frames(await said("Hello there."))
    detector = GatedSileroDetector(gathering)
    first = judged(detector, speech)
    detector.reset()
    assert judged(detector, speech) == first


async def test_conversations_do_not_disturb_each_other(gathering: Gathering) -> None:
    speech = frames(await said("Hello there."))
    expected = judged(GatedSileroDetector(gathering), speech)
    one, other = GatedSileroDetector(gathering), GatedSileroDetector(gathering)
    heard = []
    for frame in speech:
        heard.append(one.speech_probability(frame))
        other.speech_probability(room_noise(0.032))
    assert heard == expected


async def test_interviews_that_are_judged_together_are_judged_as_if_alone(
    gathering: Gathering,
) -> None:
    texts = ("Hello there.", "I rebuilt the billing system.", "Yes.", "Well, it depends.")
    sounds = [frames(silence(0.3 * n) + await said(text)) for n, text in enumerate(texts)]
    alone = [judged(GatedSileroDetector(gathering), sound) for sound in sounds]
    together = await at_once(foreseen(GatedSileroDetector(gathering), sound) for sound in sounds)
    for expected, found in zip(alone, together, strict=True):
        assert found == pytest.approx(expected, abs=NEAR)


async def test_a_frame_that_was_foreseen_in_vain_leaves_no_trace(gathering: Gathering) -> None:
    speech = frames(await said("Hello there."))
    expected = judged(GatedSileroDetector(gathering), speech)
    detector = GatedSileroDetector(gathering)
    found = judged(detector, speech[:10])
    await detector.foresee(speech[10])  # its connection broke; a new one sends it again
    await detector.foresee(speech[10])
    assert [*found, *judged(detector, speech[10:])] == pytest.approx(expected, abs=NEAR)


def sounds_of(seed: int, microphones: int, length: int) -> list[list[bytes]]:
    dice = np.random.default_rng(seed)
    loud = dice.uniform(1, 20_000, (microphones, length, 1))
    samples = (dice.standard_normal((microphones, length, 512)) * loud).clip(-32768, 32767)
    return [[frame.astype("<i2").tobytes() for frame in sound] for sound in samples]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(1, 6))
def test_any_microphones_side_by_side_are_judged_and_remembered_as_one_by_one(
    silero: SileroSession, seed: int, microphones: int, length: int
) -> None:
    sounds = sounds_of(seed, microphones, length)
    memories: list[Memory] = [FRESH] * microphones
    probabilities: list[float] = []
    for at in range(length):
        side_by_side = [(memories[n], sounds[n][at]) for n in range(microphones)]
        found = silero.judge(side_by_side)
        probabilities, memories = [p for p, _ in found], [memory for _, memory in found]
    for n, sound in enumerate(sounds):
        probability, memory = silero.follow(FRESH, sound)
        one_by_one = FRESH
        for frame in sound:
            _, one_by_one = silero.follow(one_by_one, [frame])
        assert probabilities[n] == pytest.approx(probability, abs=NEAR)
        for other in (memory, one_by_one):
            assert other.context == memories[n].context
            np.testing.assert_allclose(memories[n].hidden, other.hidden, atol=NEAR)
            np.testing.assert_allclose(memories[n].cell, other.cell, atol=NEAR)


class CountedSilero(SileroSession):
    def __init__(self) -> None:
        super().__init__()
        self.batches: list[int] = []

    def judge(self, sounds: Sequence[tuple[Memory, bytes]]) -> list[tuple[float, Memory]]:
        self.batches.append(len(sounds))
        return super().judge(sounds)


async def test_frames_of_one_moment_are_judged_in_one_call() -> None:
    silero = CountedSilero()
    gathering = Gathering(silero)
    frame = room_noise(0.032)
    await at_once(gathering.judge(FRESH, frame) for _ in range(12))
    assert silero.batches == [12]


async def test_a_connection_that_breaks_off_leaves_the_others_their_answer(
    gathering: Gathering,
) -> None:
    frame = room_noise(0.032)
    async with asyncio.TaskGroup() as group:
        gone, here = (group.create_task(gathering.judge(FRESH, frame)) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
    probability, _ = here.result()
    assert probability == pytest.approx(gathering.silero.follow(FRESH, [frame])[0], abs=NEAR)


class BrokenSilero(SileroSession):
    def judge(self, sounds: Sequence[tuple[Memory, bytes]]) -> list[tuple[float, Memory]]:
        raise MemoryError


async def test_a_network_that_fails_ends_the_interviews_that_wait_for_it() -> None:
    gathering = Gathering(BrokenSilero())
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)

    async def code() -> str:
        with pytest.raises(EngineFailure) as failure:
            await gathering.judge(FRESH, room_noise(0.032))
        return failure.value.code

    assert await at_once(code() for _ in range(2)) == ["vad_failed"] * 2


def test_nobody_waits_where_few_speak() -> None:
    patience = Patience()
    for n in range(100):
        patience.judged(1, n * 0.032)
        assert patience.seconds == 0


def test_where_many_speak_a_frame_waits_for_others_for_some_milliseconds() -> None:
    patience = Patience()
    patience.judged(1, 1.0)
    for n in range(1, 20):
        patience.judged(1, 1.0 + n * 0.003)  # one by one at first, as nobody has waited yet
    assert 0 < patience.seconds <= 0.010
    patience.judged(1, 2.0)  # the others have fallen silent
    assert patience.seconds == 0


async def test_a_frame_costs_less_than_a_millisecond(gathering: Gathering) -> None:
    detector = GatedSileroDetector(gathering)
    speech = frames(await said("This is a sentence of some length to measure with."))
    costs = []
    for frame in speech:
        started = perf_counter()
        detector.speech_probability(frame)
        costs.append(perf_counter() - started)
    assert sorted(costs)[len(costs) // 2] < 0.001


async def test_a_frame_of_another_length_is_refused(gathering: Gathering) -> None:
    detector = GatedSileroDetector(gathering)
    with pytest.raises(ValueError, match="1024"):
        detector.speech_probability(bytes(100))
    with pytest.raises(ValueError, match="1024"):
        await detector.foresee(bytes(100))
