"""Turns the session object of the API into what the result page shows, in plain words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from vivavoce.core.transcript import TurnLedger

Session = Mapping[str, Any]
UNKNOWN = "\N{EN DASH}"

STATUS_WORDS = {
    "scheduled": "Not started",
    "in_progress": "In progress",
    "completed": "Completed",
    "failed": "Interrupted",
    "cancelled": "Cancelled",
}
RECOMMENDATION_WORDS = {
    "needs_human_review": "A person should decide",
    "hire": "Hire",
    "no_hire": "Do not hire",
    "admit": "Admit",
    "reject": "Do not admit",
    "pass": "Pass",
    "fail": "Not passed",
    "practice": "Needs training",
    "needs_training": "Needs training",
    "ready": "Ready",
    "certified": "Certified",
    "not_certified": "Not certified",
}
SIGNAL_WORDS = {
    "tab_switches": "Left the tab",
    "paste_events": "Pasted or copied text",
    "voice_spoofing_flags": "Voice checks that stood out",
    "screen_share_detections": "Screen sharing changed",
}


@dataclass(frozen=True)
class SessionResult:
    """`session` is the object that `GET /api/v1/sessions/:id` answers with."""

    session: Session
    template_name: str
    candidate_name: str
    ledger: tuple[TurnLedger, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A word, timed when the engine gave word times, or a longer part of a text without them."""

    text: str
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True)
class Run:
    """Consecutive pieces that are all inside a citation, or all outside."""

    cited: bool
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class ShownTurn:
    number: int
    is_candidate: bool
    start_ms: int
    end_ms: int
    runs: tuple[Run, ...]
    label: str


@dataclass(frozen=True)
class ShownLatencies:
    """`median_ms` and `p95_ms` are of the first audible sample, after the last of the speech."""

    rows: tuple[TurnLedger, ...] = ()
    median_ms: int | None = None
    p95_ms: int | None = None


@dataclass(frozen=True)
class ResultPage:
    session: Session
    title: str
    candidate: str
    status: str
    is_pending: bool
    duration: str
    turns: tuple[ShownTurn, ...]
    recommendation: str
    feedback: tuple[str, ...]
    reasons: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]
    signals: tuple[tuple[str, int], ...]
    signal_events: tuple[Mapping[str, Any], ...]
    recording_url: str | None
    latencies: ShownLatencies = field(default_factory=ShownLatencies)


def clock(ms: int | float | None) -> str:
    """`65000` → `1:05`."""
    if ms is None:
        return UNKNOWN
    minutes, seconds = divmod(round(ms / 1000), 60)
    return f"{minutes}:{seconds:02d}"


def plain(text: object) -> str:
    """`needs_training` → `Needs training`."""
    words = str(text).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def result_page(result: SessionResult) -> ResultPage:
    session = result.session
    cited = _citations_by_turn(session.get("evaluation_breakdown") or ())
    evidence = dict(session.get("evidence") or {})
    signals = dict(session.get("authenticity_signals") or {})
    return ResultPage(
        session=session,
        title=result.template_name,
        candidate=result.candidate_name,
        status=status_words(session),
        is_pending=is_pending(session),
        duration=duration_words(session),
        turns=tuple(
            _turn(turn, cited.get(turn["turn"], ())) for turn in session.get("transcript") or ()
        ),
        recommendation=recommendation_words(session),
        feedback=_paragraphs(session.get("ai_feedback")),
        reasons=tuple(session.get("reasons") or evidence.pop("reasons", ())),
        evidence=tuple((plain(name), _fact(value)) for name, value in evidence.items()),
        signals=tuple((words, int(signals.get(name) or 0)) for name, words in SIGNAL_WORDS.items()),
        signal_events=tuple(signals.get("events") or ()),
        recording_url=_same_origin(session.get("recording_url")),
        latencies=_latencies(result.ledger),
    )


def is_pending(session: Session) -> bool:
    """Whether there is more to come: the page keeps looking until the card is there."""
    if session["status"] == "completed":
        return not session.get("scored_at")
    return session["status"] in {"scheduled", "in_progress"}


def status_words(session: Session) -> str:
    if session["status"] == "completed" and is_pending(session):
        return "Completed, collecting evidence"
    return STATUS_WORDS.get(session["status"], plain(session["status"]))


def recommendation_words(session: Session) -> str:
    text = session.get("recommendation")
    return RECOMMENDATION_WORDS.get(text, plain(text)) if text else ""


def duration_words(session: Session) -> str:
    seconds = session.get("duration_seconds")
    return UNKNOWN if seconds is None else clock(seconds * 1000)


def _paragraphs(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text or "") if part.strip())


def _fact(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{plain(name)}: {each}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return UNKNOWN if value is None else str(value)


def _same_origin(url: str | None) -> str | None:
    """Path and query only, so that the player works under every name of this host."""
    if not url:
        return None
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _citations_by_turn(
    dimensions: Sequence[Mapping[str, Any]],
) -> dict[int, tuple[Mapping[str, Any], ...]]:
    found: dict[int, tuple[Mapping[str, Any], ...]] = {}
    for dimension in dimensions:
        for citation in dimension.get("citations") or ():
            found[citation["turn"]] = (*found.get(citation["turn"], ()), citation)
    return found


def _turn(turn: Mapping[str, Any], citations: Sequence[Mapping[str, Any]]) -> ShownTurn:
    is_candidate = turn["speaker"] == "participant"
    words = turn.get("words") or ()
    return ShownTurn(
        number=turn["turn"],
        is_candidate=is_candidate,
        start_ms=turn["start_ms"],
        end_ms=turn["end_ms"],
        runs=_timed(words, citations) if words else _untimed(turn["text"], citations),
        label="Candidate" if is_candidate else "Interviewer",
    )


def _timed(
    words: Sequence[Mapping[str, Any]], citations: Sequence[Mapping[str, Any]]
) -> tuple[Run, ...]:
    spans = [(each["start_ms"], each["end_ms"]) for each in citations]

    def is_cited(word: Mapping[str, Any]) -> bool:
        return any(start <= word["start_ms"] and word["end_ms"] <= end for start, end in spans)

    return tuple(
        Run(cited, tuple(Piece(word["text"], word["start_ms"], word["end_ms"]) for word in run))
        for cited, run in groupby(words, key=is_cited)
    )


def _untimed(text: str, citations: Sequence[Mapping[str, Any]]) -> tuple[Run, ...]:
    quotes = sorted({each["quote"] for each in citations if each["quote"]}, key=len, reverse=True)
    if not quotes:
        return (Run(False, (Piece(text),)),)
    found = re.compile("(" + "|".join(map(re.escape, quotes)) + ")", re.IGNORECASE)
    parts = found.split(text)  # every second part is a quote
    return tuple(Run(n % 2 == 1, (Piece(part),)) for n, part in enumerate(parts) if part)


def _latencies(ledger: tuple[TurnLedger, ...]) -> ShownLatencies:
    heard = sorted(
        row.first_audio_played_ms for row in ledger if row.first_audio_played_ms is not None
    )
    if not heard:
        return ShownLatencies(rows=ledger)
    return ShownLatencies(
        rows=ledger,
        median_ms=heard[(len(heard) - 1) // 2],
        p95_ms=heard[min(len(heard) - 1, round(0.95 * len(heard)))],
    )
