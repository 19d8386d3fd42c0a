"""Plans and turns for tests of the interview: everything is invented and short."""

import json
from dataclasses import dataclass, replace
from importlib.resources import files

from vivavoce.core.agent_profile import AgentProfile, Dimension, Interaction, ProbingDepth, UseCase
from vivavoce.core.interview_plan import (
    Consult,
    InterviewPlan,
    InterviewState,
    Line,
    begin,
    classify,
    decide,
    fallback,
    make_plan,
    opening,
    record,
)
from vivavoce.core.phrases import Phrasebook, parse_phrasebook
from vivavoce.core.template import Question, Template
from vivavoce.core.transcript import Speaker, Turn, TurnKind

BOOKS = files("vivavoce") / "phrases"
LANGUAGES = sorted(book.name.removesuffix(".json") for book in BOOKS.iterdir())


def book(language: str) -> Phrasebook:
    return parse_phrasebook(language, json.loads((BOOKS / f"{language}.json").read_text("utf-8")))


ENGLISH = book("en")
QUESTIONS = (
    Question("q1", "Tell me about a project that you are proud of."),
    Question("q2", "How do you plan your working week?", expectations=("setting priorities",)),
    Question("q3", "Which tools do you use every day?"),
)
DIMENSIONS = (
    Dimension("Ownership", "Takes responsibility for results and decisions", 60.0),
    Dimension("Planning", "Plans work, sets priorities and keeps deadlines", 40.0),
)


def template(**changes: object) -> Template:
    plain = Template("t1", "Warehouse planner", "en", QUESTIONS, "p1", duration_minutes=30)
    return replace(plain, **changes)  # type: ignore[arg-type]


def profile(depth: ProbingDepth = ProbingDepth.MEDIUM) -> AgentProfile:
    return AgentProfile(
        "p1",
        "Calm interviewer",
        "Curious and calm",
        UseCase.HIRING,
        DIMENSIONS,
        interaction=Interaction(probing_depth=depth),
    )


def plan(depth: ProbingDepth = ProbingDepth.MEDIUM, **changes: object) -> InterviewPlan:
    return make_plan(template(**changes), profile(depth), ENGLISH, "session-1")


@dataclass
class Interview:
    """Plays one interview the way a conversation does: every line and answer becomes a turn."""

    plan: InterviewPlan
    state: InterviewState
    spoken: list[Line]
    now_ms: int = 0

    @classmethod
    def started(cls, plan: InterviewPlan) -> "Interview":
        interview = cls(plan, begin(plan), [])
        interview.speak(opening(plan, interview.state))
        return interview

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.spoken]

    def speak(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        for line in lines:
            self.spoken.append(line)
            self._record(
                Speaker.INTERVIEWER,
                replace(self._turn(line.text), kind=line.kind, question=line.question),
                line.move,
            )
        return lines

    def hear(self, answer: str, took_ms: int = 5_000) -> tuple[Line, ...] | Consult:
        """The candidate's turn is recorded; what follows is not yet spoken."""
        self.now_ms += took_ms
        kind, intent = classify(self.plan, self.state, answer)
        before = decide(self.plan, self.state, answer, self.now_ms)
        self._record(Speaker.CANDIDATE, replace(self._turn(answer), kind=kind), intent)
        after = decide(self.plan, self.state, answer, self.now_ms)
        assert type(before) is type(after)
        return after

    def answer(self, answer: str, took_ms: int = 5_000) -> tuple[Line, ...]:
        """Hear and respond; judgement always falls back."""
        outcome = self.hear(answer, took_ms)
        if isinstance(outcome, Consult):
            outcome = fallback(self.plan, self.state)
        return self.speak(outcome)

    def _turn(self, text: str) -> Turn:
        number = len(self.state.turns) + 1
        return Turn(
            number, Speaker.CANDIDATE, TurnKind.ANSWER, text, self.now_ms, self.now_ms + 100
        )

    def _record(self, speaker: Speaker, turn: Turn, move: str) -> None:
        self.now_ms += 100
        self.state = record(self.plan, self.state, replace(turn, speaker=speaker, move=move))
