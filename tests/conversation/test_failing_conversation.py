"""While a broken conversation is being wound up, the candidate's device still sends."""

import asyncio
import json
from pathlib import Path

import pytest
import vivavoce
from vivavoce.core.errors import EngineFailure
from vivavoce.core.wire_messages import ControlOp, Resume

from tests.conversation.rehearsal import SILENCE, MemorySpool, Rehearsal, plan_of
from tests.conversation.virtual_time import run

PHRASES = json.loads((Path(vivavoce.__file__).parent / "phrases" / "en.json").read_text())


class FullSpool(MemorySpool):
    """A disk that is full, and slow to say it again at the end."""

    async def flush(self) -> int:
        raise EngineFailure("disk_full", "The disk is full.")

    async def close(self) -> None:
        await asyncio.sleep(5)


def test_what_arrives_after_a_failure_is_left_to_the_next_run() -> None:
    stage = Rehearsal(plan_of("What did you build?", phrases=PHRASES), spool=FullSpool())

    async def all_of_it() -> int:
        device = await stage.begin()
        running = asyncio.get_running_loop().create_task(device.conversation.run())
        await device.conversation.begin(Resume.NONE)
        for _ in range(60):  # two seconds; the disk is asked after one
            await device.hear(SILENCE)
        heard = device.conversation.heard_samples
        for frame in stage.vocabulary.frames("I built a clock that keeps the time."):
            await device.hear(frame)
        await device.conversation.control(ControlOp.REPEAT)
        await device.conversation.answer_typed("A clock.")
        assert device.conversation.heard_samples == heard
        with pytest.raises(ExceptionGroup) as failures:
            await running
        assert failures.group_contains(EngineFailure)
        return heard

    assert run(all_of_it()) > 0
