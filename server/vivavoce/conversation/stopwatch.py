"""Stage times of one exchange, counted from the last sample of the candidate's speech."""

import asyncio

from vivavoce.conversation.playout import Gaps
from vivavoce.core.transcript import TurnLedger


class Stopwatch:
    """Marks the first time each stage was reached, on the event loop's clock."""

    def __init__(self) -> None:
        self._from: float | None = None
        self._marks: dict[str, float] = {}

    def begin(self, speech_end: float | None) -> None:
        """`speech_end` is the loop time at which the last sample of speech arrived."""
        self._from = speech_end

    def mark(self, stage: str) -> None:
        self._marks.setdefault(stage, asyncio.get_running_loop().time())

    def since_speech_ms(self, stage: str) -> int | None:
        at = self._marks.get(stage)
        if at is None or self._from is None:
            return None
        return round((at - self._from) * 1000)

    def ledger(self, turn: int, reason: str, interruptions: int, gaps: Gaps) -> TurnLedger:
        return TurnLedger(
            turn=turn,
            commit_reason=reason,
            soft_end_ms=self.since_speech_ms("soft_end"),
            commit_ms=self.since_speech_ms("commit"),
            transcript_ms=self.since_speech_ms("transcript"),
            first_token_ms=self.since_speech_ms("first_token"),
            first_clause_ms=self.since_speech_ms("first_clause"),
            first_audio_sent_ms=self.since_speech_ms("audio_sent"),
            first_audio_played_ms=self.since_speech_ms("audio_played"),
            interruptions=interruptions,
            audio_gaps=gaps.count,
            audio_gap_ms=gaps.ms,
        )
