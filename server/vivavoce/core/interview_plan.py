"""The interview controller: given the plan and what was heard so far, what is said next.

    welcome ──first question──► questions ──all asked, or time over──► candidate_questions
                                 │  ▲  │                                      │
                                 └──┘  └───────────── end ───────────┐        │ nothing to ask
                        follow-ups, requests, "go back"              ▼        ▼
                                                                   closed (closing line spoken)

Deterministic and without memory of its own: the state is a fold over durable turns, and the words
of generated follow-ups are the only thing an `Interviewer` adds. Every function works whether or
not the candidate's latest turn has been recorded, so that work may start before it is committed.
"""

from dataclasses import dataclass

from vivavoce.core import request_lines as requests
from vivavoce.core.guards import answers_from_facts, may_be_said
from vivavoce.core.interview_moves import acknowledgement, advance, closing, opening, repeat
from vivavoce.core.interview_state import (
    InterviewState,
    Phase,
    answering,
    awaits_candidate,
    begin,
    follow_ups_left,
    is_closed,
    progress,
    record,
    replay,
    time_left_ms,
)
from vivavoce.core.lines import Line, fixed_texts, question_index
from vivavoce.core.planning import InterviewPlan, PlannedQuestion, make_plan
from vivavoce.core.situation import Move, Situation, split_reply
from vivavoce.core.spoken_requests import Intent, Reading, read_utterance
from vivavoce.core.transcript import Speaker, TurnKind

__all__ = [
    "Consult",
    "InterviewPlan",
    "InterviewState",
    "Line",
    "Move",
    "Phase",
    "PlannedQuestion",
    "Situation",
    "accept",
    "acknowledgement",
    "answering",
    "awaited",
    "awaits_candidate",
    "begin",
    "classify",
    "decide",
    "fallback",
    "fixed_texts",
    "is_closed",
    "lines_for",
    "make_plan",
    "microphone_silent",
    "nudge",
    "opening",
    "pausing",
    "progress",
    "record",
    "replay",
    "requested",
    "split_reply",
    "time_left_ms",
    "welcome_back",
]

requested = requests.requested

# What "yes" and "no" mean after the interviewer's own yes-or-no questions.
_REPLIES: dict[tuple[str | None, Intent], Intent] = {
    ("confirm_end", Intent.YES): Intent.END,
    ("confirm_end", Intent.NOTHING): Intent.RESUME,
    ("offer", Intent.YES): Intent.REPEAT,
    ("offer", Intent.NOTHING): Intent.RESUME,
}
_OWN_QUESTIONS = 2  # of the candidate that are answered at the end
_OVERRUN = 1.5  # of the session's time, after which only the closing remains
_LONGEST_FOLLOW_UP_WORDS = 60
_BRIEF_CHARACTERS = 8  # "nein", "non merci": no question, in a language without patterns


@dataclass(frozen=True)
class Consult:
    """Ask an `Interviewer`; its reply goes through `accept` and `lines_for`."""

    situation: Situation


def classify(plan: InterviewPlan, state: InterviewState, answer: str) -> tuple[TurnKind, str]:
    """The kind and the intent to store with the candidate's turn."""
    reading = _read(plan, state, answer)
    if reading.with_answer:
        return TurnKind.ANSWER, reading.intent
    match reading.intent:
        case Intent.ANSWER:
            return TurnKind.ANSWER, reading.intent
        case Intent.QUESTION | Intent.ROBOT:
            return TurnKind.CANDIDATE_QUESTION, reading.intent
        case Intent.FILLER | Intent.TROUBLE | Intent.NOTHING | Intent.YES:
            return TurnKind.ASIDE, reading.intent
        case _:
            return TurnKind.REQUEST, reading.intent


def decide(
    plan: InterviewPlan, state: InterviewState, answer: str, elapsed_ms: int
) -> tuple[Line, ...] | Consult:
    """What follows a candidate's turn. `elapsed_ms` is on the recording's clock."""
    if is_closed(state):
        return ()
    if max(elapsed_ms, state.elapsed_ms) >= plan.session_ms * _OVERRUN:
        return closing(plan)
    reading = _read(plan, state, answer)
    lines = requests.respond(plan, state, reading.intent)
    if lines is not None:
        return lines
    match state.phase:
        case Phase.WELCOME:
            asked = reading.intent is Intent.QUESTION
            return _pass_on(plan, state) if asked else opening(plan, state)
        case Phase.CANDIDATE_QUESTIONS:
            return _hear_own_question(plan, state, answer, reading.intent)
        case _:
            return _hear_answer(plan, state, answer, reading.intent, elapsed_ms)


def accept(plan: InterviewPlan, state: InterviewState, move: Move, text_so_far: str) -> bool:
    """Whether a reply, as far as it has been generated, may be spoken."""
    match move:
        case Move.NEXT:
            return True
        case Move.PROBE | Move.CLARIFY:
            asked = {*state.said, *(planned.text for planned in plan.questions)}
            return (
                follow_ups_left(plan, state) > 0
                and len(text_so_far.split()) <= _LONGEST_FOLLOW_UP_WORDS
                and may_be_said(text_so_far, frozenset(asked), plan.phrases.never_say)
            )
        case Move.ANSWER:
            return _answerable(plan, state, text_so_far)
        case _:
            return False  # deterministic moves are made by the plan, never proposed


def lines_for(
    plan: InterviewPlan, state: InterviewState, move: Move, text: str
) -> tuple[Line, ...]:
    """The lines of a complete reply; what `accept` refuses becomes the `fallback`."""
    if is_closed(state):
        return ()
    if not accept(plan, state, move, text):
        return fallback(plan, state)
    match move:
        case Move.PROBE | Move.CLARIFY if text:
            index = state.current
            question = None if index is None else question_index(plan, index)
            return (Line(TurnKind.FOLLOW_UP, text, question, move.value, fixed=False),)
        case Move.ANSWER:
            return _reply(plan, state, Line(TurnKind.REPLY, text, None, "answer", fixed=False))
        case _:
            return advance(plan, state)


def fallback(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    """What is said when no judgement is to be had: the next base question, or "I'll pass it on"."""
    if is_closed(state):
        return ()
    if state.phase is Phase.WELCOME:
        return opening(plan, state)
    if state.phase is Phase.CANDIDATE_QUESTIONS or _asked_us(state):
        return _pass_on(plan, state)
    return advance(plan, state)


def nudge(plan: InterviewPlan, state: InterviewState, count: int) -> tuple[Line, ...]:
    """Two gentle prompts into a silence; after them nothing, and the session pauses."""
    if is_closed(state) or not 1 <= count <= 2:
        return ()
    move = "nudge" if count == 1 else "offer"
    return (Line(TurnKind.NUDGE, plan.phrases.nudges[count - 1], None, move),)


def pausing(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    """What is said when silence pauses the session."""
    text = plan.pick(plan.phrases.pause_goodbye, len(state.turns))
    return () if is_closed(state) else (Line(TurnKind.NUDGE, text, None, "pause"),)


def microphone_silent(plan: InterviewPlan) -> tuple[Line, ...]:
    text = plan.pick(plan.phrases.mic_silent, 0)
    return (Line(TurnKind.NUDGE, text, None, "microphone_silent"),)


def welcome_back(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    """After a longer interruption: a short word, then what the candidate was asked."""
    if is_closed(state):
        return ()
    text = plan.pick(plan.phrases.welcome_back, len(state.turns))
    hello = Line(TurnKind.ACKNOWLEDGEMENT, text, None, "welcome_back")
    if state.phase is Phase.WELCOME:
        return (hello, *opening(plan, state)) if state.greeted else opening(plan, state)
    return (hello, *repeat(plan, state))


def _read(plan: InterviewPlan, state: InterviewState, answer: str) -> Reading:
    """The utterance in its phase: "no" answers a question, but ends the candidate's own."""
    reading = read_utterance(answer, plan.phrases.requests)
    meant = _REPLIES.get((state.last_move, reading.intent))
    if meant is not None:
        return Reading(meant)
    match state.phase, reading.intent:
        case Phase.WELCOME, Intent.ANSWER | Intent.YES | Intent.NOTHING:
            return Reading(Intent.FILLER)
        case Phase.QUESTIONS, Intent.YES | Intent.NOTHING:
            return Reading(Intent.ANSWER)
        case Phase.CANDIDATE_QUESTIONS, Intent.ANSWER | Intent.YOUR_CHOICE:
            unread = not plan.phrases.requests and len(answer.strip()) <= _BRIEF_CHARACTERS
            return Reading(Intent.NOTHING if unread else Intent.QUESTION)
        case _:
            return reading


def _hear_answer(
    plan: InterviewPlan, state: InterviewState, answer: str, intent: Intent, elapsed_ms: int
) -> tuple[Line, ...] | Consult:
    if intent is Intent.QUESTION:
        return _consult(plan, state, answer, frozenset({Move.ANSWER}))
    if state.cut_short:
        return repeat(plan, state)
    now_ms = max(elapsed_ms, state.elapsed_ms)
    planned = plan.questions[state.current or 0]
    over = now_ms >= plan.session_ms or now_ms - state.question_began_ms >= planned.budget_ms
    if over or follow_ups_left(plan, state) == 0:
        return advance(plan, state, now_ms)
    return _consult(plan, state, answer, frozenset({Move.PROBE, Move.CLARIFY, Move.NEXT}))


def _hear_own_question(
    plan: InterviewPlan, state: InterviewState, answer: str, intent: Intent
) -> tuple[Line, ...] | Consult:
    if intent is Intent.NOTHING:
        return advance(plan, state)
    if intent is Intent.YES:
        return requests.respond(plan, state, Intent.RESUME) or ()
    return _consult(plan, state, answer, frozenset({Move.ANSWER}))


def awaited(plan: InterviewPlan, state: InterviewState) -> Situation | None:
    """What an interviewer may read before the candidate has said a word; None after the closing."""
    if is_closed(state):
        return None
    return _situation(plan, state, "", frozenset({Move.PROBE, Move.CLARIFY, Move.NEXT}))


def _consult(
    plan: InterviewPlan, state: InterviewState, answer: str, allowed: frozenset[Move]
) -> tuple[Line, ...] | Consult:
    if allowed == {Move.ANSWER} and not plan.facts:
        return _pass_on(plan, state)
    return Consult(_situation(plan, state, answer, allowed))


def _situation(
    plan: InterviewPlan, state: InterviewState, answer: str, allowed: frozenset[Move]
) -> Situation:
    planned = plan.questions[state.current or 0]
    turns = state.turns
    if turns and turns[-1].speaker is Speaker.CANDIDATE and turns[-1].text == answer:
        turns = turns[:-1]
    return Situation(
        language=plan.language,
        persona=plan.persona,
        tone=plan.tone,
        style=plan.style,
        difficulty=plan.difficulty,
        context=plan.context,
        question=planned.text,
        expectations=planned.expectations,
        turns=turns,
        answer=answer,
        follow_ups_left=follow_ups_left(plan, state),
        allowed=allowed,
        facts=plan.facts,
        agenda=plan.agenda,
    )


def _asked_us(state: InterviewState) -> bool:
    return bool(state.turns) and state.turns[-1].kind is TurnKind.CANDIDATE_QUESTION


def _answerable(plan: InterviewPlan, state: InterviewState, text: str) -> bool:
    last = state.turns[-1] if state.turns else None
    asked = last.text if last is not None and last.speaker is Speaker.CANDIDATE else ""
    return answers_from_facts(text, (*plan.facts, asked), plan.phrases)


def _pass_on(plan: InterviewPlan, state: InterviewState) -> tuple[Line, ...]:
    text = plan.pick(plan.phrases.pass_on, len(state.turns))
    return _reply(plan, state, Line(TurnKind.REPLY, text, None, "pass_on"))


def _reply(plan: InterviewPlan, state: InterviewState, reply: Line) -> tuple[Line, ...]:
    """The reply, and the way back to what was going on."""
    phrases = plan.phrases
    if state.phase is Phase.WELCOME:
        return (reply, *opening(plan, state))
    if state.phase is Phase.QUESTIONS:
        text = plan.pick(phrases.return_to_question, len(state.turns))
        back = Line(TurnKind.REPEAT, text, None, "return")
        return (reply, back, *repeat(plan, state, intro=False))
    if state.replies + 1 >= _OWN_QUESTIONS:
        return (reply, *advance(plan, state, acknowledged=True))
    more = plan.pick(phrases.anything_else, len(state.turns))
    return (reply, Line(TurnKind.REPLY, more, None, "anything_else"))
