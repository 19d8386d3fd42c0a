"""Whether what goes on is still the answer, or only the room in which it was given.

People at the next table, a radio, a television: a voice detector takes them for speech, and an
answer that has long been over would last for as long as they do. But they come from further away
than the answer did. Levels are in dB of full scale.
"""

# A second of anybody's speech has a sound nearly as loud as their loudest; voices may sink.
FURTHER_DB = 16.0
FAR_AFTER_MS = 1_000
# Whoever leans back is the candidate again after a while, and a slammed door is forgotten.
FORGOTTEN_DB_PER_MS = 0.0008
LONGEST_FRAME_MS = 128  # what is between two frames of speech is a pause, or has been heard
SILENCE_DB = -100.0


class Foreground:
    """Feed `holds` the speech of one candidate in turn, from the first answer to the last."""

    def __init__(self) -> None:
        self._at_ms = 0
        self._loudest_db = SILENCE_DB
        self._far_ms = 0  # of speech since a sound as loud as the candidate's

    def begin(self) -> None:
        """An answer begins, and with the person at the microphone."""
        self._far_ms = 0

    def holds(self, at_ms: int, level_db: float | None) -> bool:
        """Whether the frame of speech that ends at `at_ms` belongs to the answer.

        Its level is None where it was not measured.
        """
        length_ms = min(at_ms - self._at_ms, LONGEST_FRAME_MS)
        self._at_ms = at_ms
        self._far_ms += length_ms
        self._loudest_db -= FORGOTTEN_DB_PER_MS * length_ms
        if level_db is not None:
            self._loudest_db = max(self._loudest_db, level_db)
            if level_db >= self._loudest_db - FURTHER_DB:
                self._far_ms = 0
        return self._far_ms < FAR_AFTER_MS
