"""The real voice: Kokoro-82M through ONNX Runtime, one clause at a time in a lane of its own.

Its streaming call neither streams short texts nor can be cancelled, so clauses are the unit here.
"""

import logging
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from vivavoce.core.errors import EngineFailure
from vivavoce.engines.lanes import Lane, spoken_kind
from vivavoce.engines.languages import iso_language
from vivavoce.engines.model_files import (
    file_hash,
    first_bytes,
    open_onnx,
    truncated,
    wrong_kind,
)
from vivavoce.engines.waveforms import finish_speech
from vivavoce.ports.engines import Speech

KIND = "a Kokoro network"
INPUTS = ({"input_ids", "style", "speed"}, {"tokens", "style", "speed"})
SLOWEST, FASTEST = 0.5, 2.0
ZIP_START = b"PK"

# The first letter of a voice's name tells its accent: ISO 639-1 code, espeak-ng's name of it.
# Japanese and Chinese voices need a front end that is not here.
ACCENTS = {
    "a": ("en", "en-us"),
    "b": ("en", "en-gb"),
    "e": ("es", "es"),
    "f": ("fr", "fr-fr"),
    "h": ("hi", "hi"),
    "i": ("it", "it"),
    "p": ("pt", "pt-br"),
}
PREFERRED_VOICES = ("af_heart", "bf_emma", "ef_dora", "ff_siwis", "hf_alpha", "if_sara", "pf_dora")


class KokoroVoice:
    """The network and its voices behind blocking calls."""

    def __init__(self, network: Path, voices: Path, threads: int) -> None:
        from kokoro_onnx import Kokoro

        # It comments on the words of every clause; nobody can do anything about it.
        logging.getLogger("phonemizer").setLevel(logging.ERROR)

        session = open_onnx(network, KIND, threads)
        if not any(wanted <= {i.name for i in session.get_inputs()} for wanted in INPUTS):
            raise wrong_kind(network, KIND)
        styles = read_voices(voices)
        self._kokoro: Any = Kokoro.from_session(session, str(voices))
        self._kokoro.voices.close()  # it would read the archive again for every clause
        self._kokoro.voices = styles
        self.voices = tuple(sorted(name for name in styles if name[0] in ACCENTS))
        if not self.voices:
            raise wrong_kind(voices, "a file with voices that can be used here")
        self.languages = frozenset(ACCENTS[name[0]][0] for name in self.voices)

    def voice_for(self, language: str, wanted: str | None) -> str:
        if wanted is not None:
            if wanted not in self.voices:
                raise EngineFailure("voice_unknown", "Kokoro has no voice of that name.")
            return wanted
        code = iso_language(language)
        fitting = [name for name in self.voices if ACCENTS[name[0]][0] == code]
        if not fitting:
            raise EngineFailure("language_unsupported", "Kokoro does not speak that language.")
        return next((name for name in PREFERRED_VOICES if name in fitting), fitting[0])

    def speak(self, text: str, voice: str, speed: float) -> Speech:
        pace = min(max(speed, SLOWEST), FASTEST)
        phonemes = self._kokoro.tokenizer.phonemize(text, ACCENTS[voice[0]][1])
        if not self._kokoro.tokenizer.known(phonemes).strip():
            return Speech(b"")  # nothing but signs
        waveform, rate = self._kokoro.create(phonemes, voice, pace, is_phonemes=True)
        return finish_speech(np.asarray(waveform), rate)


def voices_beside(network: Path) -> Path:
    """The archive of voices in the folder of the network."""
    found = sorted(network.parent.glob("voices*"))
    return found[0] if found else network.parent / "voices-v1.0.bin"


def read_voices(path: Path) -> dict[str, np.ndarray]:
    """Style vectors float32 [phonemes, 1, 256] by the voice's name."""
    if first_bytes(path, 2) != ZIP_START:
        raise wrong_kind(path, "an archive of Kokoro voices")
    try:
        with path.open("rb") as file, np.load(file) as archive:
            return {name: archive[name] for name in archive.files}
    except (BadZipFile, ValueError, EOFError, OSError) as error:
        raise truncated(path) from error


class KokoroSynthesizer:
    name = "kokoro-82m"

    def __init__(self, voice: KokoroVoice, network_hash: str, lane: Lane) -> None:
        self._voice = voice
        self._lane = lane
        self.file_hash = network_hash
        self.languages = voice.languages

    @classmethod
    async def open(
        cls, network: Path, voices: Path, lane: Lane, threads: int
    ) -> "KokoroSynthesizer":
        """Load in the lane's thread, so that the event loop stays free."""

        def load() -> tuple[KokoroVoice, str]:
            return KokoroVoice(network, voices, threads), file_hash(network)

        return cls(*await lane.run(load), lane)

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        chosen = self._voice.voice_for(language, voice)
        return await self._lane.run(
            lambda: self._voice.speak(text, chosen, speed), kind=spoken_kind(ahead=ahead)
        )
