"""Plays scenes through real conversations: real floor, real detectors of voice and of ends.

What is not a real interview's: the clock is virtual, engines are charged at fixed prices, nothing
is written to a disk, and the interviewer never follows up.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from typing import Any, TypeVar

from vivavoce.conversation.brief import Brief, Engines
from vivavoce.conversation.conversation import Conversation
from vivavoce.core.agent_profile import AgentProfile, Dimension, UseCase
from vivavoce.core.floor_rules import FloorRules
from vivavoce.core.planning import make_plan
from vivavoce.core.situation import Situation
from vivavoce.core.template import Pace, Question, Template
from vivavoce.core.wire_messages import Resume
from vivavoce.ports.engines import Synthesizer, Transcriber, TurnDetector, VoiceActivityDetector
from vivavoce.services.bench.prompter import PromptedTranscriber, Prompter
from vivavoce.services.bench.turns.charged import (
    ChargedDetector,
    ChargedSynthesizer,
    ChargedTranscriber,
    Prices,
)
from vivavoce.services.bench.turns.device import Device, Room
from vivavoce.services.bench.turns.figures import Given, Reaction
from vivavoce.services.bench.turns.guest import AnsweringGuest, InterruptingGuest
from vivavoce.services.bench.turns.memory import MemoryJournal, MemorySpool
from vivavoce.services.bench.turns.scenes import AnswerScene, InterruptionScene, Scene
from vivavoce.services.phrasebooks import phrasebook

T = TypeVar("T")

LANGUAGE = "en"
MINUTES = 120
SPARE_QUESTIONS = 12  # for interruptions that are taken for answers
LONG_QUESTIONS = (
    "I would like to hear about a part of your work that you are proud of. What did you do, who "
    "else was there, and what came of it in the end?",
    "Please think of a day on which nothing went as planned. What happened first, what did you "
    "decide, and what would you do in another way today?",
    "Every team has people who see things differently from each other. When did you have to work "
    "with somebody like that, and how did the two of you get on?",
    "Sometimes there is more work than there are hours in the day. How do you choose what to do "
    "first, and what do you say to those who have to wait for you?",
)


@dataclass(frozen=True)
class TurnEngines:
    """`prompted`: the words come from the script, after the transcriber's time."""

    transcriber: Transcriber
    synthesizer: Synthesizer
    detector: TurnDetector
    new_vad: Callable[[], VoiceActivityDetector]
    prompted: bool
    prices: Prices = field(default_factory=Prices)
    rules: FloorRules = field(default_factory=FloorRules)
    pace: Pace = Pace.NORMAL


@dataclass
class Played:
    given: list[Given] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)


class MovingOn:
    """An interviewer without follow-ups, so that answers meet the questions they belong to."""

    name = "moving on"
    is_model = False

    async def prepare(self, session: str, situation: Situation) -> None:
        return None

    async def propose(self, session: str, situation: Situation) -> AsyncGenerator[str, None]:
        yield "NEXT:"

    async def release(self, session: str) -> None:
        return None


async def play(
    scenes: Iterable[tuple[str, Scene]], engines: TurnEngines, progress: Callable[[], None]
) -> Played:
    """Play named scenes one after the other; `progress` is told after each."""
    played = Played()
    for session, scene in scenes:
        match scene:
            case AnswerScene():
                played.given += await _answer(session, scene, engines)
            case InterruptionScene():
                played.reactions += await _interrupt(session, scene, engines)
        progress()
    return played


async def _answer(session: str, scene: AnswerScene, engines: TurnEngines) -> list[Given]:
    interview = await _Interview.open(session, [a.question for a in scene.answers], engines)
    device = interview.device(scene.room)
    guest = AnsweringGuest(device, interview.journal, scene.surroundings)
    given = await interview.run(device, guest.converse(scene.answers))
    return [replace(each, pace=engines.pace) for each in given]


async def _interrupt(
    session: str, scene: InterruptionScene, engines: TurnEngines
) -> list[Reaction]:
    questions = islice(cycle(LONG_QUESTIONS), len(scene.interruptions) + SPARE_QUESTIONS)
    interview = await _Interview.open(session, list(questions), engines)
    device = interview.device(scene.room)
    guest = InterruptingGuest(device, scene.reply)
    return await interview.run(device, guest.listen(scene.interruptions))


@dataclass
class _Interview:
    conversation: Conversation
    journal: MemoryJournal
    prompter: Prompter

    @classmethod
    async def open(
        cls, session: str, questions: Sequence[str], engines: TurnEngines
    ) -> "_Interview":
        prompter, journal = Prompter(), MemoryJournal()
        transcriber: Transcriber = ChargedTranscriber(engines.transcriber, engines.prices)
        if engines.prompted:
            transcriber = PromptedTranscriber(transcriber, prompter)
        here = Engines(
            transcriber,
            ChargedSynthesizer(engines.synthesizer, engines.prices),
            MovingOn(),
            ChargedDetector(engines.detector, engines.prices),
            engines.new_vad(),
        )
        asked = tuple(Question(f"q{n}", text) for n, text in enumerate(questions))
        template = Template("turns", "Turns", LANGUAGE, asked, "plain", duration_minutes=MINUTES)
        plan = make_plan(template, _PROFILE, phrasebook(LANGUAGE), session)
        brief = Brief(session, plan, engines.pace, rules=engines.rules)
        conversation = await Conversation.load(brief, here, journal, MemorySpool())
        return cls(conversation, journal, prompter)

    def device(self, room: Room) -> Device:
        return Device(self.conversation, room, self.prompter)

    async def run(self, device: Device, guest: Coroutine[Any, Any, T]) -> T:
        self.conversation.attach(device, Resume.NONE)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.conversation.run())
            await self.conversation.begin(Resume.NONE)
            found = await guest
            self.conversation.leave()
        return found


_PROFILE = AgentProfile(
    "plain",
    "Plain",
    "A calm interviewer.",
    UseCase.HIRING,
    (Dimension("Experience", "Has done the work", 100.0),),
)
