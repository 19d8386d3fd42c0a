"""What happens in one played interview: who answers what, or what is heard under the questions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from vivavoce.core.transcript import Word
from vivavoce.ports.engines import HEARD_RATE
from vivavoce.services.bench.turns import sounds
from vivavoce.services.bench.turns.answers import Answer, spoken
from vivavoce.services.bench.turns.corpus import cast, paused_anew, scripts
from vivavoce.services.bench.turns.device import Room
from vivavoce.services.bench.turns.script import Kind, Script
from vivavoce.services.bench.turns.speakers import EspeakSpeakers, FliteSpeakers, Speaker

MOST_ANSWERS = 22  # in an interview
NOISE_SECONDS = 12.0
ECHO_DECIBELS = 20.0
LATE_SECONDS = 4.0  # after the first word of a question
EARLY_SECONDS = 1.0


class Surroundings(StrEnum):
    QUIET = "quiet"
    FAN = "fan, 20 dB under the voice"
    MUSIC = "music, 20 dB under"
    BABBLE = "babble, 20 dB under"


class Heard(StrEnum):
    """What is heard while the interviewer speaks."""

    BACKCHANNEL = "backchannel"
    NOISE = "cough, door, keys, breath"
    BACKGROUND = "music, hum, babble"
    ECHO = "echo at -20 dB"
    BARGE_IN = "barge-in"

    @property
    def ends_the_sentence(self) -> bool:
        return self is Heard.BARGE_IN


@dataclass(frozen=True)
class Interruption:
    """`samples` sound `after_seconds` after the interviewer became audible."""

    heard: Heard
    label: str
    samples: np.ndarray
    after_seconds: float = LATE_SECONDS
    words: tuple[Word, ...] = ()
    echoes: bool = False


@dataclass(frozen=True)
class AnswerScene:
    speaker: str
    surroundings: Surroundings
    room: Room
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class InterruptionScene:
    speaker: str
    room: Room
    interruptions: tuple[Interruption, ...]
    reply: Answer  # what is said to whatever is asked


Scene = AnswerScene | InterruptionScene

_MURMURED = Word("mm-hm", 0, 600, 0.9)
_BACKCHANNELS = ("Yeah.", "Right.", "Okay.", "Uh-huh.", "Good.", "I see.")
_BARGE_INS = (
    ("Sorry, can I ask something about that?", LATE_SECONDS),
    ("Stop.", LATE_SECONDS),
    ("Wait, I did not understand the first part.", EARLY_SECONDS),
    ("Excuse me, what do you mean by that?", LATE_SECONDS),
    ("Wait.", LATE_SECONDS),
    ("I have one, it was in my first year there.", EARLY_SECONDS),
)
_NOISES: Mapping[str, Callable[[np.random.Generator], np.ndarray]] = {
    "cough": sounds.cough,
    "door": sounds.door,
    "keyboard": sounds.keyboard,
    "breath": sounds.breath,
}


class Stage:
    """Everybody who can be heard, made once; equal seeds make equal sounds."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = np.random.default_rng(seed)
        self._espeak = EspeakSpeakers()
        self._flite = FliteSpeakers() if FliteSpeakers.installed() else None

    def speakers(self, *, held_out: bool) -> tuple[Speaker, ...]:
        everybody = cast(np.random.default_rng(self._seed), held_out=held_out)
        return tuple(each for each in everybody if self._flite is not None or not each.flite)

    def say(self, script: Script, speaker: Speaker) -> Answer:
        program = self._flite if speaker.flite and self._flite is not None else self._espeak
        return spoken(script, speaker, program)

    def phrase(self, text: str, speaker: Speaker) -> Answer:
        return self.say(Script(Kind.COMPLETE, "", text), speaker)

    def room(self, surroundings: Surroundings, others: Sequence[Speaker]) -> Room:
        room = Room.quiet(self._random)
        match surroundings:
            case Surroundings.QUIET:
                return room
            case Surroundings.FAN:
                return room.with_noise(sounds.quieter(sounds.hum(NOISE_SECONDS), 20))
            case Surroundings.MUSIC:
                noise = sounds.music(self._random, NOISE_SECONDS)
                return room.with_noise(sounds.quieter(noise, 20))
            case Surroundings.BABBLE:
                return room.with_noise(sounds.quieter(self.babble(others), 20))

    def babble(self, others: Sequence[Speaker]) -> np.ndarray:
        text = "We were there for a week and nobody told us anything about the plan."
        return sounds.babble([self.phrase(text, each).audio for each in others], NOISE_SECONDS)

    def echoing(self, room: Room) -> Room:
        response = sounds.loudspeaker_response(self._random)
        return Room(room.background, sounds.quieter(response, ECHO_DECIBELS))

    # Scenes

    def answer_scenes(self, *, held_out: bool) -> Iterator[AnswerScene]:
        """Each speaker gives answers in two interviews, of which one is held in a quiet room."""
        said = scripts(held_out=held_out)
        speakers = self.speakers(held_out=held_out)
        noisy = (Surroundings.FAN, Surroundings.MUSIC, Surroundings.BABBLE)
        for index, speaker in enumerate(speakers):
            order = self._random.permutation(len(said))
            mixed = [paused_anew(said[n], self._random) for n in order[: 2 * MOST_ANSWERS]]
            for part, where in ((0, Surroundings.QUIET), (1, noisy[index % len(noisy)])):
                others = [each for each in speakers if each is not speaker]
                answers = tuple(self.say(each, speaker) for each in mixed[part::2])
                yield AnswerScene(speaker.name, where, self.room(where, others), answers)

    def interruption_scenes(self, *, held_out: bool) -> Iterator[InterruptionScene]:
        speakers = self.speakers(held_out=held_out)
        for index, speaker in enumerate(speakers):
            others = [each for each in speakers if each is not speaker]
            room = self.room(Surroundings.QUIET, others)
            reply = self.phrase("Yes, I did that on my own.", speaker)
            found = tuple(self._interruptions(speaker, others, index))
            yield InterruptionScene(speaker.name, room, found, reply)
            echoes = tuple(self._echoes(speaker))
            yield InterruptionScene(speaker.name, self.echoing(room), echoes, reply)

    def _interruptions(
        self, speaker: Speaker, others: Sequence[Speaker], index: int
    ) -> Iterator[Interruption]:
        pitch_hz = float(self._random.uniform(95, 220))
        murmur = sounds.murmur(pitch_hz)
        yield Interruption(Heard.BACKCHANNEL, "mm-hm", murmur, words=(_MURMURED,))
        for text in _BACKCHANNELS[index % 2 :: 2]:
            yield self._said(Heard.BACKCHANNEL, text, speaker)
        for label, make in _NOISES.items():
            yield Interruption(Heard.NOISE, label, make(self._random))
        background = {
            "music": sounds.quieter(sounds.music(self._random, 5.0), 10),
            "hum": sounds.quieter(sounds.hum(5.0), 10),
            "babble": sounds.quieter(self.babble(others)[: 5 * HEARD_RATE], 20),
        }
        for label, sound in background.items():
            yield Interruption(Heard.BACKGROUND, label, sound)
        for text, after in _BARGE_INS[index % 2 :: 2]:
            yield self._said(Heard.BARGE_IN, text, speaker, after)

    def _said(
        self, heard: Heard, text: str, speaker: Speaker, after_seconds: float = LATE_SECONDS
    ) -> Interruption:
        said = self.phrase(text, speaker)
        return Interruption(heard, text, said.audio, after_seconds, said.words)

    def _echoes(self, speaker: Speaker) -> Iterator[Interruption]:
        nothing = np.zeros(0, np.float32)
        for _ in range(2):
            yield Interruption(Heard.ECHO, "nothing else", nothing, echoes=True)
        said = self._said(Heard.BARGE_IN, _BARGE_INS[0][0], speaker)
        yield replace(said, label=f"{said.label} (over the echo)", echoes=True)
