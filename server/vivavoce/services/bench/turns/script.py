"""What is asked and answered in the corpus, and how answers are written down.

A number in brackets is a silence in ms: `We moved it [900] because it was slow.` is one sentence
whose speaker stops in the middle, `We moved it. [500] It was slow.` are two with a gap.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

SILENCE = re.compile(r"\s*\[(\d+)\]\s*")


class Kind(StrEnum):
    """What makes an answer hard."""

    COMPLETE = "complete"
    BRIEF = "brief"
    PAUSED = "paused"  # silent in the middle of a sentence
    LONG = "long"  # a whole sentence before the silence, which only then turns out to go on
    SENTENCES = "sentences"  # a gap between two
    STORY = "story"  # a gap after each of four
    FILLED = "filled"  # "um", inside or at the end of a part
    SPELLED = "spelled"  # numbers, an address
    THINKING = "thinking"  # asks for time before the answer
    SLOW = "slow"  # everything said at three quarters of the pace, gaps included

    @property
    def pauses(self) -> bool:
        return self not in (Kind.COMPLETE, Kind.BRIEF)


@dataclass(frozen=True)
class Script:
    kind: Kind
    question: str
    answer: str


TELL = "Tell me about a problem that you solved."
EXAMPLE = "Could you give me an example of that?"
WHY = "Why did you choose that?"
HOW = "How did you plan the change?"
LAST_JOB = "What did you do in your last job?"
MANY = "How many people were on the team?"
HAVE = "Have you worked with customers before?"
WHEN = "When could you start?"
LIKE = "Do you like to work in a team?"
MAIL = "What is your e-mail address?"
NUMBER = "What is your telephone number?"
WHERE = "Where did you learn that?"
