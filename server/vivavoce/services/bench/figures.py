"""What was measured, and the arithmetic of its summary. Nothing here knows of clocks or audio."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vivavoce.core.transcript import TurnKind, TurnLedger

STAGES: tuple[tuple[str, str], ...] = (
    ("soft_end_ms", "soft end"),
    ("transcript_ms", "transcript ready"),
    ("first_token_ms", "first token"),
    ("first_clause_ms", "first clause"),
    ("commit_ms", "commit"),
    ("first_audio_sent_ms", "first audio sent"),
    ("first_audio_played_ms", "first audio played"),
)


class Outcome(StrEnum):
    ANSWERED = "answered"
    CUT_OFF = "cut off"  # the interviewer was audible before the candidate had finished
    UNHEARD = "unheard"  # nothing, or only a nudge, came back


@dataclass(frozen=True)
class Exchange:
    """One answer and what became of it. Times are ms after the last audible sample of the answer.

    `reply_sent_ms` is when the first agent frame was handed over; `voice_to_voice_ms` is when its
    first audible sample sounds.
    """

    session: str
    position: int  # in its conversation, from 1
    shape: str
    outcome: Outcome
    voice_to_voice_ms: int | None = None
    reply_sent_ms: int | None = None
    reply: str | None = None  # the kind of the interviewer's first line
    turn: int | None = None  # of the candidate, where it became one
    ledger: TurnLedger | None = None

    @property
    def is_follow_up(self) -> bool:
        return self.reply == TurnKind.FOLLOW_UP

    @property
    def reason(self) -> str:
        return self.ledger.commit_reason if self.ledger else "unknown"

    @property
    def ledger_offset_ms(self) -> int | None:
        """From the end of speech to the ledger's zero: when its last frame reached the server."""
        if self.ledger is None or self.reply_sent_ms is None:
            return None
        sent_ms = self.ledger.first_audio_sent_ms
        return None if sent_ms is None else self.reply_sent_ms - sent_ms


@dataclass(frozen=True)
class Row:
    """A line of a table; the figures are None where there is nothing to summarize."""

    label: str
    count: int
    p50: int | None
    p95: int | None
    worst: int | None


def percentile(values: Sequence[int], share: float) -> int:
    """Nearest rank: a value that was measured, with at least `share` of all at or below it."""
    ranked = sorted(values)
    return ranked[max(1, math.ceil(share * len(ranked))) - 1]


def summarize(label: str, values: Iterable[int | None]) -> Row:
    known = [value for value in values if value is not None]
    if not known:
        return Row(label, 0, None, None, None)
    return Row(label, len(known), percentile(known, 0.5), percentile(known, 0.95), max(known))


def answered(exchanges: Iterable[Exchange]) -> list[Exchange]:
    return [exchange for exchange in exchanges if exchange.outcome is Outcome.ANSWERED]


def count(exchanges: Iterable[Exchange], outcome: Outcome) -> int:
    return sum(exchange.outcome is outcome for exchange in exchanges)


def by_decision(exchanges: Sequence[Exchange]) -> list[Row]:
    """Voice to voice: all, then by why the turn was over, by what was said, and by both."""
    good = answered(exchanges)
    rows = [_row("all", good), *_by_reason("", good)]
    for label, follow_up in (("follow-up", True), ("fixed", False)):
        said = [each for each in good if each.is_follow_up is follow_up]
        rows += [_row(label, said), *_by_reason(f"{label}, ", said)]
    return [row for row in rows if row.count]


def by_stage(exchanges: Iterable[Exchange]) -> list[Row]:
    """Every stage on one clock that starts at the last audible sample of the answer."""
    good = answered(exchanges)
    rows = [summarize("last speech noticed", (each.ledger_offset_ms for each in good))]
    rows += [summarize(label, (_stage(each, field) for each in good)) for field, label in STAGES]
    return [row for row in rows if row.count]


def _row(label: str, exchanges: Iterable[Exchange]) -> Row:
    return summarize(label, (exchange.voice_to_voice_ms for exchange in exchanges))


def _by_reason(prefix: str, exchanges: Sequence[Exchange]) -> list[Row]:
    reasons = sorted({exchange.reason for exchange in exchanges})
    return [
        _row(prefix + reason, [each for each in exchanges if each.reason == reason])
        for reason in reasons
    ]


def _stage(exchange: Exchange, field: str) -> int | None:
    value: int | None = getattr(exchange.ledger, field, None)
    offset_ms = exchange.ledger_offset_ms
    return None if value is None or offset_ms is None else value + offset_ms
