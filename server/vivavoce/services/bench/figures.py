"""What was measured, and the arithmetic of its summary. Nothing here knows of clocks or audio."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vivavoce.core.endpointing import CONFIDENT
from vivavoce.core.reply_times import percentile
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


DECISIONS = {CONFIDENT: "confident"}


class Opening(StrEnum):
    """What is heard first. An acknowledgement carries the turn: what it is about comes after it."""

    ACKNOWLEDGED = "acknowledged"
    FOLLOW_UP = "follow-up"
    FIXED = "fixed"


class Outcome(StrEnum):
    ANSWERED = "answered"
    CUT_OFF = "cut off"  # the interviewer was audible before the candidate had finished
    UNHEARD = "unheard"  # nothing, or only a nudge, came back


@dataclass(frozen=True)
class Exchange:
    """One answer and what became of it. Times are ms after the last audible sample of the answer.

    `reply_sent_ms` is when the first agent frame was handed over; `voice_to_voice_ms` is when its
    first audible sample sounds. `content` is the kind of the first line that is no acknowledgement,
    and `content_ms` when that line sounds.
    """

    session: str
    position: int  # in its conversation, from 1
    shape: str
    outcome: Outcome
    voice_to_voice_ms: int | None = None
    reply_sent_ms: int | None = None
    reply: str | None = None  # the kind of the interviewer's first line
    content_ms: int | None = None
    content: str | None = None
    turn: int | None = None  # of the candidate, where it became one
    ledger: TurnLedger | None = None

    @property
    def opening(self) -> Opening:
        match self.reply:
            case TurnKind.ACKNOWLEDGEMENT:
                return Opening.ACKNOWLEDGED
            case TurnKind.FOLLOW_UP:
                return Opening.FOLLOW_UP
            case _:
                return Opening.FIXED

    @property
    def decision(self) -> str:
        """How it was known that the turn was over."""
        reason = self.ledger.commit_reason if self.ledger else "unknown"
        return DECISIONS.get(reason, reason)

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
    """Voice to voice: all, then by how the end was known, by what was heard first, and by both."""
    good = answered(exchanges)
    rows = _with_decisions("all", good, _voice_to_voice)
    for opening in Opening:
        heard = [each for each in good if each.opening is opening]
        rows += _with_decisions(opening, heard, _voice_to_voice)
    return [row for row in rows if row.count]


def by_content(exchanges: Sequence[Exchange]) -> list[Row]:
    """When the reply's own first words sound, however it was opened."""
    good = answered(exchanges)
    rows = []
    for label, made in (("follow-up", True), ("fixed text", False)):
        said = [each for each in good if (each.content == TurnKind.FOLLOW_UP) is made]
        rows += _with_decisions(label, said, lambda exchange: exchange.content_ms)
    return [row for row in rows if row.count]


def by_stage(exchanges: Iterable[Exchange]) -> list[Row]:
    """Every stage on one clock that starts at the last audible sample of the answer."""
    good = answered(exchanges)
    rows = [summarize("last speech noticed", (each.ledger_offset_ms for each in good))]
    rows += [summarize(label, (_stage(each, field) for each in good)) for field, label in STAGES]
    return [row for row in rows if row.count]


def _voice_to_voice(exchange: Exchange) -> int | None:
    return exchange.voice_to_voice_ms


def _with_decisions(
    label: str, exchanges: Sequence[Exchange], time: Callable[[Exchange], int | None]
) -> list[Row]:
    decisions = sorted({exchange.decision for exchange in exchanges})
    return [
        summarize(label, map(time, exchanges)),
        *(
            summarize(
                f"{label}, {decision}",
                (time(each) for each in exchanges if each.decision == decision),
            )
            for decision in decisions
        ),
    ]


def _stage(exchange: Exchange, field: str) -> int | None:
    value: int | None = getattr(exchange.ledger, field, None)
    offset_ms = exchange.ledger_offset_ms
    return None if value is None or offset_ms is None else value + offset_ms
