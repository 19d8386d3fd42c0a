"""Builds the live conversation of a session from what is stored and the engines of this box."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from vivavoce.conversation.brief import Brief, Engines
from vivavoce.conversation.conversation import Conversation
from vivavoce.core.floor_rules import FloorRules
from vivavoce.core.planning import InterviewPlan, make_plan
from vivavoce.core.template import Pace, Template
from vivavoce.ports.engines import Synthesizer, Transcriber, TurnDetector, VoiceActivityDetector
from vivavoce.ports.interviewer import Interviewer
from vivavoce.ports.recording import Recordings
from vivavoce.services.grounding import Grounding
from vivavoce.services.journal import Journals
from vivavoce.services.live_sessions import LiveSession, LiveSessions
from vivavoce.services.phrasebooks import phrasebook
from vivavoce.services.question_making import QuestionMaking


@dataclass(frozen=True)
class SharedEngines:
    transcriber: Transcriber
    synthesizer: Synthesizer
    interviewer: Interviewer
    turn_detector: TurnDetector
    new_vad: Callable[[], VoiceActivityDetector]


def planned(session: LiveSession) -> tuple[Template, InterviewPlan]:
    """The template in the session's language, and the plan that every run of the session has."""
    template = replace(session.template, language=session.language)
    book = phrasebook(session.language)
    return template, make_plan(template, session.profile, book, str(session.plan_seed))


@dataclass(frozen=True)
class Conversations:
    sessions: LiveSessions
    journals: Journals
    recordings: Recordings
    engines: SharedEngines
    rules: FloorRules
    pace: Pace = Pace.NORMAL  # of this installation; a template that differs from normal wins
    grounding: Grounding | None = None
    questions: QuestionMaking | None = None

    async def open(self, session_id: str) -> Conversation:
        """Raises `NotFound` code `session_not_found`."""
        if self.questions is not None:
            await self.questions.ensure(session_id)
        session = await self.sessions.load_live_session(session_id)
        template, plan = planned(session)
        shared = self.engines
        engines = Engines(
            transcriber=shared.transcriber,
            synthesizer=shared.synthesizer,
            interviewer=shared.interviewer,
            turn_detector=shared.turn_detector,
            vad=shared.new_vad(),
        )
        pace = self.pace if template.pace is Pace.NORMAL else template.pace
        passages = None
        if self.grounding is not None:
            passages = await self.grounding.of_session(session_id, template)
        brief = Brief(session_id, plan, pace, self.rules, passages)
        spool = await self.recordings.open(session_id)
        return await Conversation.load(brief, engines, self.journals.of(session_id), spool)
