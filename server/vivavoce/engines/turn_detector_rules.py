"""The embedded turn detector: rules on the words and the timing, without any model."""

from vivavoce.core.endpointing import completion_score
from vivavoce.ports.engines import PauseSituation


class RuleTurnDetector:
    name = "rules"

    async def completion_probability(self, pause: PauseSituation) -> float:
        return completion_score(
            text=pause.text,
            question=pause.question,
            silence_ms=pause.silence_ms,
            speech_ms=pause.speech_ms,
            language=pause.language,
            usual_pause_ms=pause.usual_pause_ms,
        )
