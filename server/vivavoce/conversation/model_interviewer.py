"""A language model as an `Interviewer`: it chooses among the allowed moves and words follow-ups."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from vivavoce.core.errors import EngineFailure
from vivavoce.core.prompts import interviewer_messages, move_grammar
from vivavoce.core.situation import one_line
from vivavoce.core.transcript import TurnKind
from vivavoce.ports.engines import LanguageModel
from vivavoce.ports.interviewer import Situation

_MARKUP = str.maketrans("", "", "*`")  # would be read out
_MAX_TOKENS = 96  # forty words in a language that needs more than two tokens for each


class ModelInterviewer:
    """Stateless apart from the model's own cache, which is keyed by the session.

    Cancelling a call closes the model's stream, so the engine stops between two decode steps.
    """

    is_model = True

    def __init__(self, language_model: LanguageModel, *, temperature: float = 0.0) -> None:
        self.name = language_model.name
        self._language_model = language_model
        self._temperature = temperature

    async def prepare(self, session: str, situation: Situation) -> None:
        messages = interviewer_messages(situation)
        prompt = self._language_model.chat_prompt(messages, open_reply=False)
        try:
            await self._language_model.prefill(session, prompt)
        except EngineFailure as failure:
            if (shorter := _shorter(situation, failure)) is None:
                raise
            await self.prepare(session, shorter)

    async def propose(self, session: str, situation: Situation) -> AsyncGenerator[str, None]:
        try:
            async with aclosing(self._generate(session, situation)) as pieces:
                async for piece in pieces:
                    yield piece
        except EngineFailure as failure:
            if (shorter := _shorter(situation, failure)) is None:
                raise
            async with aclosing(self.propose(session, shorter)) as pieces:
                async for piece in pieces:
                    yield piece

    async def _generate(self, session: str, situation: Situation) -> AsyncGenerator[str, None]:
        pieces = self._language_model.generate(
            session,
            self._language_model.chat_prompt(interviewer_messages(situation)),
            grammar=move_grammar(situation.allowed, situation.language),
            max_tokens=_MAX_TOKENS,
            temperature=self._temperature,
        )
        reply, given = "", 0
        try:
            async for piece in pieces:
                reply += piece.translate(_MARKUP)
                line, over = one_line(reply)
                if len(line) > given:
                    yield line[given:]
                if over:
                    return
                given = len(line)
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()

    async def release(self, session: str) -> None:
        await self._language_model.release(session)


def _shorter(situation: Situation, failure: EngineFailure) -> Situation | None:
    """What still fits when the interview has outgrown the model's context; None for nothing less.

    First what was said about earlier questions goes, then all but the answer. The fixed beginning
    stays, and with it its place in the cache.
    """
    if failure.code != "prompt_too_long" or not situation.turns:
        return None
    asked = [at for at, turn in enumerate(situation.turns) if turn.kind is TurnKind.QUESTION]
    present = situation.turns[asked[-1] :] if asked else ()
    return replace(situation, turns=() if len(present) == len(situation.turns) else present)
