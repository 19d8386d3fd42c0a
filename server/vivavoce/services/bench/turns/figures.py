"""What became of answers and interruptions, and the arithmetic of its summary."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vivavoce.core.endpointing import CONFIDENT, HARD_LIMITS_MS
from vivavoce.core.reply_times import percentile
from vivavoce.core.template import Pace
from vivavoce.services.bench.turns.scenes import Heard, Surroundings
from vivavoce.services.bench.turns.script import Kind

MARGIN_MS = 500  # what noticing the end of speech and making the reply may add to a limit


@dataclass(frozen=True)
class Given:
    """One answer. Times are ms after its last audible sample; None where nothing was heard."""

    kind: Kind
    speaker: str
    surroundings: Surroundings
    text: str
    reason: str = ""
    committed_ms: int | None = None
    audible_ms: int | None = None
    pace: Pace = Pace.NORMAL

    @property
    def is_cut_off(self) -> bool:
        return self.audible_ms is not None and self.audible_ms < 0

    @property
    def is_hanging(self) -> bool:
        latest_ms = HARD_LIMITS_MS[self.pace] + MARGIN_MS
        return self.audible_ms is None or self.audible_ms > latest_ms

    @property
    def is_confident(self) -> bool:
        return self.reason == CONFIDENT and not self.is_cut_off


@dataclass(frozen=True)
class Reaction:
    """What a sound did to the interviewer; ms after its first audible sample."""

    heard: Heard
    label: str
    silent_ms: int | None = None  # nothing of the interviewer is audible
    cancelled_ms: int | None = None  # the rest of the sentence was dropped
    resumed_ms: int | None = None


@dataclass(frozen=True)
class Delays:
    count: int
    p50: int | None = None
    p95: int | None = None


@dataclass(frozen=True)
class Answers:
    """A summary of some answers; shares are of all of them."""

    count: int
    cut_off: int
    paused: int  # with a silence inside
    paused_cut_off: int
    hanging: int
    confident: Delays
    all: Delays


def summary(given: Sequence[Given]) -> Answers:
    paused = [each for each in given if each.kind.pauses]
    whole = [each for each in given if not each.is_cut_off]
    return Answers(
        len(given),
        sum(each.is_cut_off for each in given),
        len(paused),
        sum(each.is_cut_off for each in paused),
        sum(each.is_hanging for each in given),
        delays(each.committed_ms for each in given if each.is_confident),
        delays(each.committed_ms for each in whole),
    )


def delays(values: Iterable[int | None]) -> Delays:
    known = [value for value in values if value is not None]
    if not known:
        return Delays(0)
    return Delays(len(known), percentile(known, 0.5), percentile(known, 0.95))


@dataclass(frozen=True)
class Interruptions:
    heard: Heard
    count: int
    held: int
    ended: int
    silent: Delays  # from the first audible sample to silence at the listener
    cancelled: Delays
    resumed: Delays


def reactions_to(heard: Heard, reactions: Iterable[Reaction]) -> Interruptions:
    these = [each for each in reactions if each.heard is heard]
    return Interruptions(
        heard,
        len(these),
        sum(each.silent_ms is not None for each in these),
        sum(each.cancelled_ms is not None for each in these),
        delays(each.silent_ms for each in these),
        delays(each.cancelled_ms for each in these),
        delays(each.resumed_ms for each in these),
    )
