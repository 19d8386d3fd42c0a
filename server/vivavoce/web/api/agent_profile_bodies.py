"""What clients send about agent profiles."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from vivavoce.core.agent_profile import (
    AgentProfile,
    Difficulty,
    Dimension,
    Interaction,
    OutputChoices,
    ProbingDepth,
    ProfileContext,
    Scale,
    ScoringMethod,
    ScoringRules,
    Style,
    Tone,
    UseCase,
)
from vivavoce.web.api.fields import Line, Long, Paragraph
from vivavoce.web.bodies import Body, Query

Text = Annotated[str, StringConstraints(max_length=2000)]
MOST_DIMENSIONS = 20


class CamelBody(Body):
    model_config = ConfigDict(alias_generator=to_camel)


class DimensionBody(CamelBody):
    name: Line
    description: Text
    weight: float = Field(gt=0, le=100)
    anchors: list[Text] = Field(default_factory=list, max_length=5)
    pass_threshold: float | None = None

    def dimension(self) -> Dimension:
        return Dimension(
            name=self.name,
            description=self.description,
            weight=self.weight,
            anchors=tuple(self.anchors),
            pass_threshold=self.pass_threshold,
        )


class InteractionBody(CamelBody):
    tone: Tone = Tone.FRIENDLY
    style: Style = Style.STRUCTURED
    difficulty: Difficulty = Difficulty.MEDIUM
    probing_depth: ProbingDepth = ProbingDepth.MEDIUM


class ScoringBody(CamelBody):
    scale: Scale = Scale.TEN
    scoring_method: ScoringMethod = ScoringMethod.WEIGHTED_AVERAGE
    recommendation_logic: Annotated[str, StringConstraints(max_length=1000)] | None = None


class ContextBody(CamelBody):
    organization_context: Long = ""
    domain_context: Long = ""
    scenario_context: Long = ""


class OutputBody(CamelBody):
    include_transcript: bool = True
    include_score_breakdown: bool = True
    include_recommendation: bool = True
    include_improvement_feedback: bool = True


class AgentProfileBody(CamelBody):
    name: Line
    persona: Paragraph
    use_case: UseCase
    evaluation_dimensions: list[DimensionBody] = Field(min_length=1, max_length=MOST_DIMENSIONS)
    interaction: InteractionBody = Field(default_factory=InteractionBody)
    scoring: ScoringBody = Field(default_factory=ScoringBody)
    context: ContextBody = Field(default_factory=ContextBody)
    output: OutputBody = Field(default_factory=OutputBody)

    def profile(self) -> AgentProfile:
        """Without an id yet."""
        return AgentProfile(
            id="",
            name=self.name,
            persona=self.persona,
            use_case=self.use_case,
            dimensions=tuple(one.dimension() for one in self.evaluation_dimensions),
            interaction=Interaction(
                self.interaction.tone,
                self.interaction.style,
                self.interaction.difficulty,
                self.interaction.probing_depth,
            ),
            scoring=ScoringRules(
                self.scoring.scale, self.scoring.scoring_method, self.scoring.recommendation_logic
            ),
            context=ProfileContext(
                self.context.organization_context,
                self.context.domain_context,
                self.context.scenario_context,
            ),
            output=OutputChoices(
                self.output.include_transcript,
                self.output.include_score_breakdown,
                self.output.include_recommendation,
                self.output.include_improvement_feedback,
            ),
        )


class RubricQuery(Query):
    rubricVersion: int | None = Field(default=None, ge=1, le=1_000_000)  # noqa: N815 (the contract's style)
