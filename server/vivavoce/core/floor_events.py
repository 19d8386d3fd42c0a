"""What happens on the floor (events, past tense) and what to do about it (actions, imperative)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrameHeard:
    """One microphone frame was judged; `at_ms` is its end.

    Levels are in dB of full scale: its own, None where nobody measured it, and the loudest that
    the candidate's device may just have played.
    """

    at_ms: int
    speech: bool
    level_db: float | None = None
    played_db: float | None = None


@dataclass(frozen=True, slots=True)
class WordsHeard:
    """The words of the open utterance, up to a pause or to somewhere in the middle of speech."""

    text: str
    heard_out: bool = True


@dataclass(frozen=True, slots=True)
class PauseScored:
    revision: int
    silence_ms: int
    probability: float
    sound: float | None = None  # what the turn detector heard


@dataclass(frozen=True, slots=True)
class NothingSaid:
    """The utterance turned out to hold no words."""

    revision: int


@dataclass(frozen=True, slots=True)
class ReplyReady:
    """The first audio of the reply to `revision` exists.

    Unless `heard`, it is said before the candidate's last words are known.
    """

    revision: int
    heard: bool = True


@dataclass(frozen=True, slots=True)
class PlaybackStarted:
    """The candidate hears the interviewer."""


@dataclass(frozen=True, slots=True)
class PlaybackFinished:
    """Everything the interviewer had to say has been played."""


@dataclass(frozen=True, slots=True)
class FloorClaimed:
    """The interviewer will speak out of turn: a button, a typed answer, the opening, a return."""

    reason: str


@dataclass(frozen=True, slots=True)
class HoldAsked:
    """The candidate wants to think: no endpointing and no nudges until speech or a button."""


@dataclass(frozen=True, slots=True)
class Paused:
    """The interview rests until somebody claims the floor."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The closing line has been played, or the interview was ended."""


Result = WordsHeard | PauseScored | NothingSaid | ReplyReady
Command = PlaybackStarted | PlaybackFinished | FloorClaimed | HoldAsked | Paused | Ended
Event = FrameHeard | Result | Command


@dataclass(frozen=True, slots=True)
class OpenUtterance:
    """Begin to transcribe, including the pre-roll before `at_ms`."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class EndUtterance:
    """Transcribe no more of it: its words are in the reply, or there are none."""


@dataclass(frozen=True, slots=True)
class CutUtterance:
    """It ends here. Its words belong to what is committed next, or are kept by themselves."""


@dataclass(frozen=True, slots=True)
class SetUtteranceAside:
    """It interrupted nobody. A cough and "mm-hm" may be forgotten, other words are to be kept."""


@dataclass(frozen=True, slots=True)
class Speculate:
    """The candidate may have finished: work out a reply, keep it silent."""

    revision: int


@dataclass(frozen=True, slots=True)
class ScorePause:
    revision: int
    silence_ms: int


@dataclass(frozen=True, slots=True)
class DropSpeculation:
    """All work for revisions up to this one is stale."""

    revision: int


@dataclass(frozen=True, slots=True)
class Commit:
    """The candidate's turn is over. Answer with `ReplyReady` or `NothingSaid`.

    A claim's turn, or one that is too long, is what was cut before.
    """

    revision: int
    reason: str  # score | limit | too_long | the reason of a claim
    silence_ms: int


@dataclass(frozen=True, slots=True)
class TakeFloor:
    """Make the candidate's turn durable, then speak the reply."""

    revision: int


@dataclass(frozen=True, slots=True)
class Reassure:
    """The reply takes long. Say that it comes, when it is the candidate's words that are late."""

    revision: int


@dataclass(frozen=True, slots=True)
class Duck:
    on: bool


@dataclass(frozen=True, slots=True)
class HoldPlayback:
    on: bool


@dataclass(frozen=True, slots=True)
class CancelPlayback:
    reason: str


@dataclass(frozen=True, slots=True)
class Nudge:
    """Nobody spoke for long; say something gentle, the `count`-th time in a row."""

    revision: int
    count: int


UtteranceAction = OpenUtterance | EndUtterance | CutUtterance | SetUtteranceAside
AudibleAction = TakeFloor | Reassure | Duck | HoldPlayback | CancelPlayback
Action = UtteranceAction | AudibleAction | Speculate | ScorePause | DropSpeculation | Commit | Nudge
