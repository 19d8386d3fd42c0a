"""A scorecard: evidence first, numbers second, and how sure it is."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Citation:
    """A verified quote: verbatim (normalised) in the candidate turn `turn`, with its audio span."""

    turn: int
    quote: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class DimensionResult:
    """`level` is 1-5, or None when not observed. `spread` is the range over the rating passes."""

    name: str
    weight: float
    level: int | None
    score: float | None  # on the profile's scale
    feedback: str
    citations: tuple[Citation, ...] = ()
    spread: int = 0


@dataclass(frozen=True)
class Scorecard:
    """`score` is on the profile's scale, None without a verdict; `coverage` is a share, 0-1."""

    score: float | None
    passed: bool | None
    recommendation: str
    coverage: float
    ai_feedback: str
    dimensions: tuple[DimensionResult, ...]
    reasons: tuple[str, ...] = ()  # why there is no verdict, or why a human should look
    # What it was made with: rubric_version, prompt_hash, model, model_file_hash, sampler, seed, and
    # who heard and led the interview: heard_by, led_by.
    evidence: dict[str, str | int | float | None] = field(default_factory=dict)
