"""Makes what was heard durable about once a second, and then tells the candidate's device."""

import asyncio
from collections.abc import Callable

from vivavoce.conversation.listening import FRAME_SAMPLES
from vivavoce.core.wire_messages import MicAck, ServerMessage
from vivavoce.ports.engines import HEARD_RATE
from vivavoce.ports.recording import RecordingSpool

EVERY_SAMPLES = HEARD_RATE


class Flushing:
    def __init__(self, spool: RecordingSpool, tell: Callable[[ServerMessage], None]) -> None:
        self._spool = spool
        self._tell = tell
        self._due = asyncio.Event()

    def heard(self) -> None:
        """More audio was appended."""
        if self._spool.candidate_samples - self._spool.durable_samples >= EVERY_SAMPLES:
            self._due.set()

    async def run(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            await self.flush()

    async def flush(self) -> None:
        durable = await self._spool.flush()
        self._tell(MicAck(durable // FRAME_SAMPLES - 1))
