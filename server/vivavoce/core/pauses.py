"""The pause that is being judged, and how one speaker pauses."""

from dataclasses import dataclass

from vivavoce.core.endpointing import EndpointingSchedule
from vivavoce.core.turn_completion import ORDINARY_PAUSE_MS


@dataclass
class Pause:
    """`score` stands until there is a better one, while the bar for it falls."""

    since_ms: int = 0
    asked_at: int = 0  # silence for which a score was last asked
    score: float | None = None
    sound: float | None = None  # what the turn detector heard in it

    def asks(self, schedule: EndpointingSchedule, silence_ms: int) -> bool:
        """Whether it has grown enough to be scored again; takes note that it is."""
        checkpoint = schedule.next_checkpoint(self.asked_at)
        if checkpoint is None or silence_ms < checkpoint:
            return False
        self.asked_at = checkpoint
        return True


class _Sounds:
    """What a turn detector heard, on average; `guess` counts as much as two that were heard."""

    GUESSES = 2

    def __init__(self, guess: float) -> None:
        self._sum = guess * self.GUESSES
        self._count = self.GUESSES

    @property
    def average(self) -> float:
        return self._sum / self._count

    def add(self, sound: float) -> None:
        self._sum += sound
        self._count += 1


class PauseMemory:
    """How one speaker pauses inside a turn, and what a turn detector can tell of this voice.

    Only pauses after words that might have been the last ones
    say how long this speaker stops between sentences; "because" and "um" are waited for anyway.
    """

    UNKNOWN_MS = ORDINARY_PAUSE_MS
    SHORTEST_MS = 150
    LONGEST_MS = 3000
    WEIGHT = 0.25  # of a pause in the moving average
    MIGHT_BE_OVER = 0.3  # a score that says so
    LONGER = 1.2  # than the pauses of this turn, before one of them is an end
    LONGEST_EXPECTED_MS = 1500
    USELESS, CLEAR = 0.4, 0.8  # how far apart the sounds of pauses and of ends are

    def __init__(self) -> None:
        self._average_ms = float(self.UNKNOWN_MS)
        self._expected_ms = 0.0
        self._in_pauses, self._at_ends = _Sounds(0.3), _Sounds(0.5)
        self._ended_with: float | None = None

    @property
    def usual_pause_ms(self) -> int:
        return round(self._average_ms)

    @property
    def expected_ms(self) -> int:
        """Silence up to which this turn may go on as it has gone on before."""
        return round(self._expected_ms)

    @property
    def trust(self) -> float:
        """In what a turn detector hears of this speaker, from 0.0 to 1.0; it has to be earned."""
        difference = self._at_ends.average - self._in_pauses.average
        return min(max((difference - self.USELESS) / (self.CLEAR - self.USELESS), 0.0), 1.0)

    def end_turn(self, sound: float | None) -> None:
        """The interviewer takes the floor after a pause that sounded so."""
        self._expected_ms = 0.0
        self._ended_with = sound

    def confirm_end(self) -> None:
        """The interviewer was heard out: the candidate had finished."""
        if self._ended_with is not None:
            self._at_ends.add(self._ended_with)
            self._ended_with = None

    def learn(self, pause_ms: int, score: float | None, sound: float | None = None) -> None:
        """Take a pause after which the speaker went on; shorter ones are articulation."""
        if pause_ms < self.SHORTEST_MS:
            return
        if sound is not None:
            self._in_pauses.add(sound)
        if score is None or score < self.MIGHT_BE_OVER:
            return
        bounded_ms = min(pause_ms, self.LONGEST_MS)
        self._average_ms += self.WEIGHT * (bounded_ms - self._average_ms)
        expected_ms = min(self.LONGER * pause_ms, self.LONGEST_EXPECTED_MS)
        self._expected_ms = max(self._expected_ms, expected_ms)
