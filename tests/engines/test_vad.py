"""Voice activity: speech is heard, rooms are not, and a frame costs under a millisecond."""

from time import perf_counter

import pytest
from vivavoce.engines.vad import GatedSileroDetector, SileroSession

from tests.engines.speaking import frames, room_noise, said, silence

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def silero() -> SileroSession:
    return SileroSession()


async def test_speech_is_told_from_silence_and_noise(silero: SileroSession) -> None:
    detector = GatedSileroDetector(silero)
    before = [detector.speech_probability(f) for f in frames(silence(0.5) + room_noise(0.5))]
    spoken = [detector.speech_probability(f) for f in frames(await said("Tell me about it."))]
    assert max(before) < 0.5
    assert sum(p > 0.5 for p in spoken) > 0.6 * len(spoken)


async def test_the_first_word_is_heard_at_its_onset_after_a_long_silence(
    silero: SileroSession,
) -> None:
    detector = GatedSileroDetector(silero)
    for frame in frames(silence(2)):
        detector.speech_probability(frame)
    spoken = [detector.speech_probability(f) for f in frames(await said("Yes, certainly."))]
    assert next(i for i, p in enumerate(spoken) if p > 0.5) <= 5


async def test_a_reset_forgets_the_past(silero: SileroSession) -> None:
    speech = frames(await said("Hello there."))
    detector = GatedSileroDetector(silero)
    first = [detector.speech_probability(frame) for frame in speech]
    detector.reset()
    assert [detector.speech_probability(frame) for frame in speech] == first


async def test_conversations_do_not_disturb_each_other(silero: SileroSession) -> None:
    speech = frames(await said("Hello there."))
    alone = GatedSileroDetector(silero)
    expected = [alone.speech_probability(frame) for frame in speech]
    one, other = GatedSileroDetector(silero), GatedSileroDetector(silero)
    heard = []
    for frame in speech:
        heard.append(one.speech_probability(frame))
        other.speech_probability(room_noise(0.032))
    assert heard == expected


async def test_a_frame_costs_less_than_a_millisecond(silero: SileroSession) -> None:
    detector = GatedSileroDetector(silero)
    speech = frames(await said("This is a sentence of some length to measure with."))
    costs = []
    for frame in speech:
        started = perf_counter()
        detector.speech_probability(frame)
        costs.append(perf_counter() - started)
    assert sorted(costs)[len(costs) // 2] < 0.001


def test_a_frame_of_another_length_is_refused(silero: SileroSession) -> None:
    with pytest.raises(ValueError, match="1024"):
        GatedSileroDetector(silero).speech_probability(bytes(100))
