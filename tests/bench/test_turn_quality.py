"""Turn taking as a candidate meets it: real conversations over sound, on virtual time."""

import asyncio
from itertools import islice
from pathlib import Path

import pytest
from vivavoce.core.endpointing import CONFIDENT
from vivavoce.engines.gathering import Gathering
from vivavoce.engines.lanes import Lane
from vivavoce.engines.silero import SileroSession
from vivavoce.engines.speech_cache import CachedSynthesizer
from vivavoce.engines.synthesizer_espeak import EspeakSynthesizer
from vivavoce.engines.turn_detector_rules import RuleTurnDetector
from vivavoce.engines.vad import GatedSileroDetector
from vivavoce.services.bench.turns.charged import NoTranscriber
from vivavoce.services.bench.turns.figures import Interruptions, reactions_to, summary
from vivavoce.services.bench.turns.play import Played, TurnEngines, play
from vivavoce.services.bench.turns.scenes import Heard, Scene, Stage
from vivavoce.services.bench.turns.virtual_time import charged, run, standing_still

SEED = 2


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """One interview full of pauses, one full of interruptions, one with a loud echo."""
    return run(perform(tmp_path_factory.mktemp("speech")))


async def perform(folder: Path) -> Played:
    stage = Stage(SEED)
    scenes: list[Scene] = [*islice(stage.answer_scenes(held_out=False), 1)]
    scenes += islice(stage.interruption_scenes(held_out=False), 2)
    lane = Lane("voice")
    with standing_still():
        synthesizer = CachedSynthesizer(await EspeakSynthesizer.open(lane), folder)
    gathering = Gathering(SileroSession())
    engines = TurnEngines(
        NoTranscriber(),
        synthesizer,
        RuleTurnDetector(),
        lambda: GatedSileroDetector(gathering),
        prompted=True,
    )
    played = await play([(f"scene-{n}", scene) for n, scene in enumerate(scenes)], engines, _quiet)
    with standing_still():
        await lane.close()
    return played


def _quiet() -> None:
    return None


def test_few_answers_are_cut_off_and_none_hangs(played: Played) -> None:
    found = summary(played.given)
    assert found.count >= 20
    assert found.paused >= 12
    assert found.cut_off <= 1
    assert found.hanging == 0


def test_confident_turns_are_over_quickly(played: Played) -> None:
    found = summary(played.given)
    assert {each.reason for each in played.given} >= {CONFIDENT}
    assert found.confident.p50 is not None
    assert found.confident.p95 is not None
    assert 150 <= found.confident.p50 <= 350
    assert found.confident.p95 <= 600


@pytest.mark.parametrize(
    "heard", [Heard.BACKCHANNEL, Heard.NOISE, Heard.BACKGROUND, Heard.ECHO], ids=str
)
def test_what_is_no_interruption_ends_no_sentence(played: Played, heard: Heard) -> None:
    found = reactions_to(heard, played.reactions)
    assert found.count >= 2
    assert found.ended == 0


def test_neither_noise_nor_an_echo_holds_the_interviewer(played: Played) -> None:
    assert held(played, Heard.NOISE) == 0
    assert held(played, Heard.ECHO) == 0


def test_after_a_backchannel_the_interviewer_is_soon_heard_again(played: Played) -> None:
    found = reactions_to(Heard.BACKCHANNEL, played.reactions)
    assert found.resumed.p95 is not None
    assert found.resumed.p95 <= 1_000


def test_who_interrupts_hears_silence_within_two_tenths_of_a_second(played: Played) -> None:
    found: Interruptions = reactions_to(Heard.BARGE_IN, played.reactions)
    assert found.count >= 4
    assert found.ended == found.count
    assert found.silent.p50 is not None
    assert found.silent.p50 <= 200


def held(played: Played, heard: Heard) -> int:
    return reactions_to(heard, played.reactions).held


def test_a_virtual_clock_stands_still_while_an_engine_works() -> None:
    async def work() -> tuple[float, str]:
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(3.0))  # somebody for whom time would pass
            answer = await charged(asyncio.to_thread(str, 7), 0.25)
            return loop.time(), answer

    assert run(work()) == (0.25, "7")
