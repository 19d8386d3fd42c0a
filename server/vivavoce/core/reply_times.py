"""How soon candidates heard an answer, by how it was known that their turn was over."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vivavoce.core.transcript import TurnLedger


@dataclass(frozen=True)
class ReplyTimes:
    """In ms from the last sample of speech to the first audible one of the answer."""

    commit_reason: str
    count: int
    p50_ms: int
    p95_ms: int


def reply_times(ledgers: Iterable[TurnLedger]) -> tuple[ReplyTimes, ...]:
    """The most frequent reason first; what was never heard is not counted."""
    heard: dict[str, list[int]] = {}
    for ledger in ledgers:
        if ledger.first_audio_played_ms is not None:
            heard.setdefault(ledger.commit_reason, []).append(ledger.first_audio_played_ms)
    times = (
        ReplyTimes(reason, len(values), percentile(values, 0.5), percentile(values, 0.95))
        for reason, values in heard.items()
    )
    return tuple(sorted(times, key=lambda each: (-each.count, each.commit_reason)))


def percentile(values: Sequence[int], share: float) -> int:
    """Nearest rank: a value that was measured, with at least `share` of all at or below it."""
    ranked = sorted(values)
    return ranked[max(1, math.ceil(share * len(ranked))) - 1]
