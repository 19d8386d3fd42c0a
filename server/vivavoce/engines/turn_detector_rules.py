"""The embedded turn detector: it has no ear, so that the words and the timing decide alone."""


class RuleTurnDetector:
    name = "rules"

    async def completion_probability(self, pcm: bytes) -> float | None:
        return None
