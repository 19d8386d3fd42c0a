"""One thing the interviewer says: synthesized clause by clause while it is already being played."""

import asyncio

from vivavoce.core.heard import HeardText
from vivavoce.core.transcript import Source, TurnKind
from vivavoce.ports.engines import SPOKEN_RATE, Speech

SENTENCE_GAP_SAMPLES = SPOKEN_RATE * 180 // 1000
CLAUSE_GAP_SAMPLES = SPOKEN_RATE * 40 // 1000
SENTENCE_ENDS = ".?!\u3002\uff1f\uff01\u0964\u061f\u2026"  # also CJK, Hindi and Arabic


class SpokenLine:
    """Filled by one producer, read by the playout. `pcm` is 24 kHz mono PCM16 and only grows."""

    def __init__(self, kind: TurnKind, question: int | None, move: str) -> None:
        self.kind = kind
        self.question = question
        self.move = move
        self.sources: tuple[Source, ...] = ()
        self.wish: str | None = None  # the candidate's, which has been granted when this was heard
        self.pcm = bytearray()
        self.heard = HeardText()
        self.finished = False
        self.changed = asyncio.Event()
        self._texts: list[str] = []

    @property
    def samples(self) -> int:
        return len(self.pcm) // 2

    @property
    def text(self) -> str:
        return " ".join(self._texts)

    def add(self, clause: str, speech: Speech) -> None:
        begin = self.samples
        self.pcm += speech.pcm
        self.heard.add(clause, begin, self.samples)
        gap = SENTENCE_GAP_SAMPLES if clause.rstrip()[-1:] in SENTENCE_ENDS else CLAUSE_GAP_SAMPLES
        self.pcm += bytes(2 * gap)
        self._texts.append(clause)
        self.changed.set()

    def finish(self) -> None:
        self.finished = True
        self.changed.set()
