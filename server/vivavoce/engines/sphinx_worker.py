"""The process in which pocketsphinx decodes, because it holds the interpreter lock while it does.

Frames on standard input: one byte of kind, four bytes of length (big-endian), the payload.

    S  channel          begin an utterance; the speaker's channel, or nothing when unknown
    A  PCM16, 16 kHz    more of it
    P  request id       answer with the words so far
    F  request id       settle the words of everything received, and answer
    X  request id       the utterance is over; answer with the speaker's channel

Answers on standard output are lines of JSON: `{"id": 3, "words": [[text, start_ms, end_ms, prob]],
"settled": 2}` or `{"id": 4, "channel": "..."}`. Settled leading words do not change any more.
The process ends when its input does.
"""

import json
import re
import struct
import sys
from typing import Any, BinaryIO

HEADER = struct.Struct(">cI")
BYTES_PER_MS = 32
FRAME_MS = 10
SLICE_BYTES = 64 * BYTES_PER_MS

# Chosen on read and conversational English: the second, flat-lexicon pass costs most of a second at
# the end of a turn and gains little; pruning states halves the work at the same accuracy.
DECODER_OPTIONS = {"loglevel": "FATAL", "fwdflat": False, "maxhmmpf": 8000, "wip": 0.9}

# A speaker's channel must be known before decoding (cepstral mean); two seconds of a first
# utterance are held to learn it, and each later utterance starts from what the speaker's last gave.
CHANNEL_BYTES = 2000 * BYTES_PER_MS
SHORTEST_CHANNEL_BYTES = 300 * BYTES_PER_MS

# A passage that was settled sooner than this after a word may have cut it. When speech goes on, the
# last words are heard again with what follows, from just before their onset. The three numbers were
# chosen by word errors over recordings settled at every pause: as few as when never settled.
SAFE_PAUSE_MS = 150
HEARD_AGAIN_WORDS = 2
LEAD_IN_MS = 60
UNJUDGED_PROBABILITY = 0.5  # of words that are still being decoded

TimedWord = tuple[str, int, int, float]


class Utterance:
    """One utterance of one speaker, decoded as it arrives."""

    def __init__(self, decoder: Any, channel: str | None) -> None:  # noqa: ANN401 - C extension
        self._decoder = decoder
        self._channel = channel
        self._audio = bytearray()
        self._decoded_bytes = 0
        self._passage_start_bytes = 0
        self._open = False
        self._settled: list[TimedWord] = []

    def feed(self, pcm: bytes) -> None:
        self._audio += pcm
        if self._open or len(self._audio) - self._decoded_bytes >= self._needed_bytes():
            self._decode()

    @property
    def settled(self) -> int:
        """How many leading words will not change; the rest may be heard again."""
        return len(self._settled) if self._open else self._kept_words()

    def words(self) -> list[TimedWord]:
        if not self._open:
            return self._settled
        return self._settled + self._passage(judged=False)

    def settle(self) -> list[TimedWord]:
        """End the passage, so that its words get their final reading and probabilities."""
        if self._decoded_bytes < len(self._audio):
            self._decode()
        if self._open:
            self._decoder.end_utt()
            self._settled += self._passage(judged=True)
            self._open = False
        return self._settled

    def close(self) -> str | None:
        """Abandon what is open; the speaker's channel, learned from the whole utterance."""
        if self._open:
            self._decoder.end_utt()
            self._open = False
        return self._measure_channel(bytes(self._audio)) or self._channel

    def _needed_bytes(self) -> int:
        return 2 if self._channel else CHANNEL_BYTES

    def _decode(self) -> None:
        if not self._open:
            self._begin_passage()
        fresh = bytes(self._audio[self._decoded_bytes :])
        for start in range(0, len(fresh), SLICE_BYTES):
            self._decoder.process_raw(fresh[start : start + SLICE_BYTES])
        self._decoded_bytes = len(self._audio)

    def _begin_passage(self) -> None:
        self._rewind()
        if self._channel is None:
            self._channel = self._measure_channel(bytes(self._audio))
        self._decoder.reinit_feat()
        if self._channel:
            self._decoder.set_cmn(self._channel)
        self._passage_start_bytes = self._decoded_bytes
        self._decoder.start_utt()
        self._open = True

    def _rewind(self) -> None:
        kept = self._kept_words()
        if kept < len(self._settled):
            onset_ms = self._settled[kept][1] - LEAD_IN_MS
            self._decoded_bytes = max(0, onset_ms) * BYTES_PER_MS
            self._settled = self._settled[:kept]

    def _kept_words(self) -> int:
        """How many settled words stand when the utterance goes on."""
        words = self._settled
        if not words or self._decoded_bytes // BYTES_PER_MS - words[-1][2] >= SAFE_PAUSE_MS:
            return len(words)
        return max(0, len(words) - HEARD_AGAIN_WORDS)

    def _measure_channel(self, pcm: bytes) -> str | None:
        if len(pcm) < SHORTEST_CHANNEL_BYTES:
            return None
        self._decoder.reinit_feat()
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, no_search=True, full_utt=True)
        self._decoder.end_utt()
        return str(self._decoder.get_cmn(False))

    def _passage(self, *, judged: bool) -> list[TimedWord]:
        self._decoder.hyp()  # computes the posteriors that the segments then carry
        offset = self._passage_start_bytes // BYTES_PER_MS
        return [
            (
                spelled(segment.word),
                offset + segment.start_frame * FRAME_MS,
                offset + (segment.end_frame + 1) * FRAME_MS,
                round(min(segment.prob, 1.0), 4) if judged else UNJUDGED_PROBABILITY,
            )
            for segment in self._decoder.seg() or ()
            if segment.word[0] not in "<["
        ]


def spelled(entry: str) -> str:
    """A dictionary entry as it is written: `what(2)` is a pronunciation, `i'm` a capital."""
    word = re.sub(r"\(\d+\)$", "", entry)
    return word.capitalize() if word == "i" or word.startswith("i'") else word


class Worker:
    def __init__(self, decoder: Any) -> None:  # noqa: ANN401 - C extension
        self._decoder = decoder
        self._utterance: Utterance | None = None

    def obey(self, kind: bytes, payload: bytes) -> dict[str, Any] | None:
        """Carry out one frame; the answer, if it asks for one."""
        if kind == b"S":
            self._utterance = Utterance(self._decoder, payload.decode() or None)
            return None
        if self._utterance is None:
            raise ValueError("a frame outside an utterance")
        if kind == b"A":
            self._utterance.feed(payload)
            return None
        return {"id": int(payload)} | self._answer(kind, self._utterance)

    def _answer(self, kind: bytes, utterance: Utterance) -> dict[str, Any]:
        if kind == b"X":
            self._utterance = None
            return {"channel": utterance.close() or ""}
        words = utterance.settle() if kind == b"F" else utterance.words()
        return {"words": words, "settled": utterance.settled}


def read_frame(source: BinaryIO) -> tuple[bytes, bytes] | None:
    header = source.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    kind, length = HEADER.unpack(header)
    payload = source.read(length)
    return (kind, payload) if len(payload) == length else None


def main() -> None:
    from pocketsphinx import Decoder

    worker = Worker(Decoder(**DECODER_OPTIONS))
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        answer = worker.obey(*frame)
        if answer is not None:
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
