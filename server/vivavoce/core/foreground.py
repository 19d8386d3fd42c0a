"""Whether what goes on is still the answer, or only the room in which it was given.

People at the next table, a radio, a television: a voice detector takes them for speech, and an
answer that has long been over would last for as long as they do. But they come from further away
than the answer did. Levels are in dB of full scale.
"""

# Than the louder sounds of the voice; in every second of it there is one, and voices may sink.
FURTHER_DB = 14.0
FAR_AFTER_MS = 1_000
# Of a louder sound, so that one knock on the table does not make the voice behind it a far one.
BELIEVED = 0.5
# Whoever leans back is the candidate again after a while.
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
            self._loudest_db += BELIEVED * max(0.0, level_db - self._loudest_db)
            if level_db >= self._loudest_db - FURTHER_DB:
                self._far_ms = 0
        return self._far_ms < FAR_AFTER_MS
