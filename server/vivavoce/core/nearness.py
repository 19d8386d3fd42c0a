"""Whether a voice is that of the person at the microphone, judged by how loud it is.

An echo of the interviewer, a television and the people at the next table are speech as well, but
they come from further away. This is for while the interviewer speaks: nobody else is to interrupt.
What is still an answer, while nothing is played, is in `foreground.py`. Levels are in dB of full
scale.
"""

from collections import deque

EXPECTED_DB = -24.0  # what a headset or a laptop gives of somebody who speaks
MARGIN_DB = 12.0
# Of a measured frame in the average. One in four is measured while the candidate speaks, so it
# takes about a second and a half until a voice is known.
WEIGHT = 0.08
QUIETEST_DB = -60.0
HANGOVER_FRAMES = 3  # a word has quiet sounds between loud ones

# How much of the interviewer's voice comes back is the most that came back of late. Its peaks come
# with every loud syllable, so they are known after a moment, and without an echo it falls as soon.
# What is louder than that is rather the candidate and raises it little by little only, for the
# loudspeaker may have been turned up; unless the interviewer is heard for the first time.
FIRST_ECHO_DB = -18.0
RISE_WHEN_NEAR_DB = 0.3
FIRST_FRAMES = 94  # three seconds, in which echo cancellers converge as well
SPAN_FRAMES = 32  # about a second
SPANS = 3
ECHO_MARGIN_DB = 3.0
LOUDEST_ECHO_DB, SOFTEST_ECHO_DB = -12.0, -50.0  # louder, it would drown the candidate


class Nearness:
    def __init__(self) -> None:
        self.loud = False  # the last frame: like the candidate's voice, whether or not it was any
        self._usual_db = EXPECTED_DB
        self._near_frames = 0
        self._frames = 0  # in which the interviewer was heard
        # The loudest return of each span, the newest last.
        self._returns_db = deque([FIRST_ECHO_DB], maxlen=SPANS)

    @property
    def usual_db(self) -> float:
        """How loud the candidate is: a moving average over frames of speech."""
        return self._usual_db

    @property
    def echo_db(self) -> float:
        """How loud the microphone hears what the candidate's loudspeaker plays, beside it."""
        return max(self._returns_db)

    def learn(self, level_db: float) -> None:
        """Take a frame of speech that is the candidate's for sure."""
        bounded_db = max(level_db, QUIETEST_DB)
        self._usual_db += WEIGHT * (bounded_db - self._usual_db)

    def is_near(self, level_db: float, played_db: float | None, *, speech: bool) -> bool:
        """Feed every frame in turn; one that follows a near one closely is near as well.

        `played_db` is the loudest that was played within the time that an echo takes, None when
        nothing is.
        """
        loud = level_db >= self._usual_db - MARGIN_DB
        if played_db is not None:
            returned_db = level_db - played_db
            loud = loud and returned_db >= self.echo_db + ECHO_MARGIN_DB
            self._follow_echo(returned_db, speech=speech, loud=loud)
        self.loud = loud
        self._near_frames = HANGOVER_FRAMES if loud else max(0, self._near_frames - 1)
        return speech and self._near_frames > 0

    def _follow_echo(self, returned_db: float, *, speech: bool, loud: bool) -> None:
        if self._frames and self._frames % SPAN_FRAMES == 0:
            self._returns_db.append(SOFTEST_ECHO_DB)
        self._frames += 1
        if not speech:
            return
        if loud and self._frames > FIRST_FRAMES:
            returned_db = min(returned_db, self.echo_db + RISE_WHEN_NEAR_DB)
        self._returns_db[-1] = min(max(self._returns_db[-1], returned_db), LOUDEST_ECHO_DB)
