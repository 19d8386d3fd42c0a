"""An agent profile: who interviews, how, and by which rubric."""

from dataclasses import dataclass, field
from enum import StrEnum


class UseCase(StrEnum):
    HIRING = "hiring"
    ADMISSIONS = "admissions"
    TRAINING = "training"
    CUSTOM_API = "custom_api"


class Tone(StrEnum):
    FRIENDLY = "friendly"
    PROFESSIONAL = "professional"
    STRICT = "strict"
    CHALLENGING = "challenging"


class Style(StrEnum):
    STRUCTURED = "structured"
    CONVERSATIONAL = "conversational"
    ADAPTIVE = "adaptive"


class Difficulty(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    ADAPTIVE = "adaptive"


class ProbingDepth(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Scale(StrEnum):
    TEN = "0-10"
    FIVE = "0-5"
    HUNDRED = "0-100"


class ScoringMethod(StrEnum):
    WEIGHTED_AVERAGE = "weighted_average"
    RULE_BASED = "rule_based"


@dataclass(frozen=True)
class Dimension:
    """One thing that is rated. `weight` is in percent; the weights of a rubric sum to 100."""

    name: str
    description: str
    weight: float
    anchors: tuple[str, ...] = ()  # five texts for levels 1-5, or none
    pass_threshold: float | None = None  # on the profile's scale; below it the session fails


@dataclass(frozen=True)
class Interaction:
    tone: Tone = Tone.FRIENDLY
    style: Style = Style.STRUCTURED
    difficulty: Difficulty = Difficulty.MEDIUM
    probing_depth: ProbingDepth = ProbingDepth.MEDIUM


@dataclass(frozen=True)
class ScoringRules:
    scale: Scale = Scale.TEN
    method: ScoringMethod = ScoringMethod.WEIGHTED_AVERAGE
    recommendation_logic: str | None = None


@dataclass(frozen=True)
class ProfileContext:
    organization: str = ""
    domain: str = ""
    scenario: str = ""


@dataclass(frozen=True)
class OutputChoices:
    transcript: bool = True
    score_breakdown: bool = True
    recommendation: bool = True
    improvement_feedback: bool = True


@dataclass(frozen=True)
class AgentProfile:
    id: str
    name: str
    persona: str
    use_case: UseCase
    dimensions: tuple[Dimension, ...]
    rubric_version: int = 1
    interaction: Interaction = field(default_factory=Interaction)
    scoring: ScoringRules = field(default_factory=ScoringRules)
    context: ProfileContext = field(default_factory=ProfileContext)
    output: OutputChoices = field(default_factory=OutputChoices)
    revision: int = 1  # counts every change, for optimistic concurrency
