"""When a webhook is tried again: ten attempts within a day, the later the sparser."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# From the first attempt on, if each fails at once; the specification's own schedule.
ATTEMPT_OFFSETS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
MOST_ATTEMPTS = len(ATTEMPT_OFFSETS)
# Later, never earlier, and by a share, so that an outage does not end in everybody's rush.
JITTER_SHARE = 0.1


@dataclass(frozen=True)
class Waiting:
    """How many wait, and since when the one that has waited longest."""

    count: int
    since: datetime | None


def delay_after(failures: int, random: float) -> timedelta | None:
    """The time from the end of failure number `failures` to the next attempt, None after the last.

    A gap, not a moment: a program that slept for a day does not make up for it in a burst.
    `random` is from 0.0 to 1.0.
    """
    if failures >= MOST_ATTEMPTS:
        return None
    gap = ATTEMPT_OFFSETS[failures] - ATTEMPT_OFFSETS[failures - 1]
    return gap * (1 + JITTER_SHARE * random)
