"""How many interviews at once an installation holds: more and more of them, until they suffer."""

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from vivavoce.services.bench.figures import Exchange, Outcome, Row, answered, count, summarize
from vivavoce.services.bench.latency import Measured

QUEUED = ".queued"  # the end of the names of a ledger's waiting times
NO_SLOWER = 1.25  # than one alone, which varies by as much from run to run


@dataclass(frozen=True)
class Held:
    """What `interviews` at once were like. Times in ms; `processor` counts whole cores
    of this process, without those that engines keep for themselves."""

    interviews: int
    voice_to_voice: Row
    cut_off: int
    unheard: int
    queued: Row
    frames_late: Row
    processor: float

    def holds(self, bar_ms: int) -> bool:
        return self.voice_to_voice.p95 is not None and self.voice_to_voice.p95 <= bar_ms


def held(interviews: int, measured: Measured, cpu_seconds: float, seconds: float) -> Held:
    exchanges = measured.exchanges
    good = answered(exchanges)
    return Held(
        interviews=interviews,
        voice_to_voice=summarize("voice to voice", (each.voice_to_voice_ms for each in good)),
        cut_off=count(exchanges, Outcome.CUT_OFF),
        unheard=count(exchanges, Outcome.UNHEARD),
        queued=summarize("waited for engines", (_queued_ms(each) for each in exchanges)),
        frames_late=summarize("frames taken in late", measured.late_ms),
        processor=cpu_seconds / seconds,
    )


def cpu_seconds() -> float:
    """Of this process and of those that it has started and seen end."""
    return sum(os.times()[:4])


async def ramp(
    most: int, bar_ms: int, measure: Callable[[int], Awaitable[Held]]
) -> tuple[Held, ...]:
    """1, 2, 3 … interviews, up to the first number that no longer holds."""
    steps: list[Held] = []
    for interviews in range(1, most + 1):
        steps.append(await measure(interviews))
        if not steps[-1].holds(limit_ms(steps, bar_ms)):
            break
    return tuple(steps)


def limit_ms(steps: Sequence[Held], bar_ms: int) -> int:
    """The bar; or, where not even one interview keeps to it, what that one took and a little.

    Turning others away makes nobody faster who is slow alone.
    """
    alone = steps[0].voice_to_voice.p95
    return bar_ms if alone is None or alone <= bar_ms else round(alone * NO_SLOWER)


def capacity_of(steps: Sequence[Held], bar_ms: int) -> Held | None:
    """The largest step that holds; None where nothing was answered."""
    fitting = [step for step in steps if step.holds(limit_ms(steps, bar_ms))]
    return fitting[-1] if fitting else None


def _queued_ms(exchange: Exchange) -> int | None:
    if exchange.ledger is None:
        return None
    stages = exchange.ledger.stages.items()
    return round(sum(ms for name, ms in stages if name.endswith(QUEUED)))
