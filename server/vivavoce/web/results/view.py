"""Turns a session and its scorecard into what the result page shows, in plain words."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlsplit

from vivavoce.core.reply_times import percentile
from vivavoce.core.scorecard import Citation, Scorecard
from vivavoce.core.session import Session
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.core.transcript import Signal, Speaker, Turn, TurnKind, TurnLedger, Word
from vivavoce.services.results import SessionResult
from vivavoce.services.sessions import SessionRecord

UNKNOWN = "\N{EN DASH}"
STATUS_WORDS = {
    SessionStatus.SCHEDULED: "Not started",
    SessionStatus.IN_PROGRESS: "In progress",
    SessionStatus.COMPLETED: "Completed",
    SessionStatus.FAILED: "Interrupted",
    SessionStatus.CANCELLED: "Cancelled",
}
RECOMMENDATION_WORDS = {
    "needs_human_review": "A person should decide",
    "no_hire": "Do not hire",
    "reject": "Do not admit",
    "fail": "Not passed",
    "practice": "Needs training",
}
REASON_WORDS = {
    "rule_based_interviewer_gives_no_verdict": "The embedded interviewer follows rules; it "
    "collects quotes and does not rate them.",
    "ratings_disagree": "Rating the same quotes again gave clearly different levels.",
    "low_coverage": "Too little of the rubric came up.",
    "not_enough_observed": "What the verdict depends on was not observed.",
    "low_transcription_confidence": "The words of a quote were hard to make out; listen to them.",
    "language_not_validated": "The rubric has not been validated in this language.",
    "coaching_gives_no_verdict": "A coaching session gives feedback and no verdict.",
}


@dataclass(frozen=True)
class Run:
    """A part of a turn: inside a citation or outside; as timed words, or as text without times."""

    is_cited: bool
    words: tuple[Word, ...] = ()
    untimed: str = ""

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words) or self.untimed


@dataclass(frozen=True)
class ShownTurn:
    turn: Turn
    is_candidate: bool
    label: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class ShownLatencies:
    """`median_ms` and `p95_ms` are of the first audible sample, after the last of the speech."""

    rows: tuple[TurnLedger, ...] = ()
    median_ms: int | None = None
    p95_ms: int | None = None


@dataclass(frozen=True)
class ResultPage:
    record: SessionRecord
    candidate: str
    title: str
    is_pending: bool
    turns: tuple[ShownTurn, ...]
    scale_top: str
    feedback: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]
    signals: tuple[Signal, ...]
    signal_counts: tuple[tuple[str, int], ...]
    recording: str | None
    latencies: ShownLatencies = field(default_factory=ShownLatencies)


def result_page(result: SessionResult) -> ResultPage:
    record, card = result.record, result.record.scorecard
    signals = tuple(filter(_is_event, record.signals))
    return ResultPage(
        record=record,
        candidate=result.candidate_name,
        title=result.template_name,
        is_pending=is_pending(record),
        turns=_shown_turns(record.turns, card),
        scale_top=result.scale.split("-")[1],
        feedback=_paragraphs(card.ai_feedback) if card else (),
        evidence=_facts(card) if card else (),
        signals=signals,
        signal_counts=_counted(signals),
        recording=_recording(record),
        latencies=_latencies(result.ledger),
    )


def clock(ms: float | None) -> str:
    """`65000` becomes `1:05`."""
    if ms is None:
        return UNKNOWN
    minutes, seconds = divmod(round(ms / 1000), 60)
    return f"{minutes}:{seconds:02d}"


def plain(text: object) -> str:
    """`needs_training` becomes `Needs training`."""
    words = str(text).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def number(value: float) -> str:
    """`7.50` becomes `7.5`, `8.0` becomes `8`."""
    return f"{value:.1f}".removesuffix(".0")


def is_pending(record: SessionRecord) -> bool:
    """Whether there is more to come: the page keeps looking until the card is there."""
    status = record.session.status
    if status is SessionStatus.COMPLETED:
        return record.scorecard is None
    return status in {SessionStatus.SCHEDULED, SessionStatus.IN_PROGRESS}


def status_words(record: SessionRecord) -> str:
    if record.session.status is SessionStatus.COMPLETED and record.scorecard is None:
        return "Completed, collecting evidence"
    return STATUS_WORDS[record.session.status]


def recommendation_words(card: Scorecard) -> str:
    return RECOMMENDATION_WORDS.get(card.recommendation) or plain(card.recommendation)


def reason_words(reason: str) -> str:
    return REASON_WORDS.get(reason) or plain(reason)


def minute(session: Session) -> str:
    """When it began, or is to begin: `2025-11-21 09:30`, in UTC."""
    at = session.started_at or session.scheduled_at
    return f"{at:%Y-%m-%d %H:%M}" if at else UNKNOWN


def _shown_turns(turns: Sequence[Turn], card: Scorecard | None) -> tuple[ShownTurn, ...]:
    citations = [each for found in (card.dimensions if card else ()) for each in found.citations]
    return tuple(
        ShownTurn(
            turn=turn,
            is_candidate=turn.speaker is Speaker.CANDIDATE,
            label=_label(turn),
            runs=_runs(turn, [each for each in citations if each.turn == turn.number]),
        )
        for turn in turns
    )


def _label(turn: Turn) -> str:
    if turn.speaker is Speaker.CANDIDATE:
        return "Candidate, typed" if turn.typed else "Candidate"
    if turn.kind is TurnKind.QUESTION and turn.question is not None:
        return f"Interviewer, question {turn.question + 1}"
    return "Interviewer, interrupted" if turn.interrupted else "Interviewer"


def _runs(turn: Turn, citations: Sequence[Citation]) -> tuple[Run, ...]:
    if not turn.words:
        return _untimed_runs(turn.text, {each.quote for each in citations if each.quote})

    def is_cited(word: Word) -> bool:
        return any(
            each.start_ms <= word.start_ms and word.end_ms <= each.end_ms for each in citations
        )

    return tuple(Run(cited, tuple(words)) for cited, words in groupby(turn.words, key=is_cited))


def _untimed_runs(text: str, quotes: Iterable[str]) -> tuple[Run, ...]:
    longest_first = sorted(quotes, key=len, reverse=True)
    if not longest_first:
        return (Run(False, untimed=text),)
    found = re.compile("(" + "|".join(map(re.escape, longest_first)) + ")", re.IGNORECASE)
    parts = found.split(text)  # every second part is a quote
    return tuple(Run(n % 2 == 1, untimed=part) for n, part in enumerate(parts) if part)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text) if part.strip())


def _facts(card: Scorecard) -> tuple[tuple[str, str], ...]:
    return tuple(
        (plain(name), str(value)) for name, value in card.evidence.items() if value is not None
    )


def _is_event(signal: Signal) -> bool:
    """One screen, or no telling, is an answer; the candidate is not shown it either."""
    return signal.kind != "extra_screen" or signal.detail.get("state") == "extended"


def _counted(signals: Sequence[Signal]) -> tuple[tuple[str, int], ...]:
    return tuple((plain(kind), n) for kind, n in Counter(each.kind for each in signals).items())


def _recording(record: SessionRecord) -> str | None:
    """What an outside agent recorded lies elsewhere, and this page loads from its own host only."""
    lies_elsewhere = record.session.recording_url is not None
    return None if lies_elsewhere else _same_origin(record.recording_url)


def _same_origin(url: str | None) -> str | None:
    """Path and query only, so that the player works under every name of this host."""
    if url is None:
        return None
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _latencies(ledger: tuple[TurnLedger, ...]) -> ShownLatencies:
    heard = [row.first_audio_played_ms for row in ledger if row.first_audio_played_ms is not None]
    if not heard:
        return ShownLatencies(rows=ledger)
    return ShownLatencies(
        rows=ledger,
        median_ms=percentile(heard, 0.5),
        p95_ms=percentile(heard, 0.95),
    )
