"""The embedded voice: espeak-ng from the wheel, clear in many languages without any download.

The C library is global: one voice, one rate, one callback at a time, however many objects stand for
it. So every call sets what it needs, under one lock.
"""

import ctypes
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from vivavoce.core.errors import EngineFailure
from vivavoce.engines.lanes import Lane, spoken_kind
from vivavoce.engines.languages import iso_language
from vivavoce.engines.waveforms import finish_speech
from vivavoce.ports.engines import Speech

# Constants of speak_lib.h.
AUDIO_OUTPUT_SYNCHRONOUS = 2
INITIALIZE_DONT_EXIT = 0x8000
POSITION_CHARACTER = 1
CHARACTERS_UTF8 = 1
PARAMETER_RATE, PARAMETER_PITCH, PARAMETER_RANGE, PARAMETER_WORD_GAP = 1, 3, 4, 7

WORDS_PER_MINUTE = 165  # easy to follow, near the pace of a calm interviewer
SLOWEST, FASTEST = 80, 450
PITCH, PITCH_RANGE = 46, 58  # slightly low and lively; the defaults drone

VARIANT = "+f2"  # of the variants, the one that a speech recogniser understands best by far
# The variant's echo fades at about -40 dB, where its random breath would decide what is speech: the
# same word would be 60 ms longer or shorter from one time to the next.
SILENCE_RATIO = 0.02

# ISO 639-1 code to voice name, where they differ.
VOICES = {"en": "en-us", "zh": "cmn", "no": "nb", "pt": "pt-br"}

_LIBRARY_LOCK = Lock()

SampleCallback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class EspeakLibrary:
    """The C library behind blocking calls; only one thread may use it."""

    def __init__(self) -> None:
        import espeakng_loader

        self._collected = bytearray()
        self._callback = SampleCallback(self._collect)  # kept: C holds a bare pointer to it
        try:
            self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
            folder = espeakng_loader.get_data_path()
        except (OSError, RuntimeError) as error:
            message = "The espeak-ng library cannot be loaded."
            raise EngineFailure("model_missing", message) from error
        self.languages = spoken_languages(Path(folder))
        with _LIBRARY_LOCK:
            rate = self._library.espeak_Initialize(
                AUDIO_OUTPUT_SYNCHRONOUS, 0, folder.encode(), INITIALIZE_DONT_EXIT
            )
        self._rate = int(rate)
        if self._rate <= 0:
            raise EngineFailure("model_wrong_kind", "espeak-ng does not accept its voice data.")

    def speak(self, text: str, voice: str, speed: float) -> tuple[np.ndarray, int]:
        """Samples in -1..1 and their rate. Raises `EngineFailure` code `voice_unknown`."""
        with _LIBRARY_LOCK:
            return self._speak(text, voice, speed)

    def _speak(self, text: str, voice: str, speed: float) -> tuple[np.ndarray, int]:
        self._library.espeak_SetSynthCallback(self._callback)
        self._choose(voice)
        rate = round(min(max(WORDS_PER_MINUTE * speed, SLOWEST), FASTEST))
        self._library.espeak_SetParameter(PARAMETER_RATE, rate, 0)
        self._collected.clear()
        spoken = text.replace("\0", " ").encode()
        failed = self._library.espeak_Synth(
            spoken, len(spoken) + 1, 0, POSITION_CHARACTER, 0, CHARACTERS_UTF8, None, None
        )
        if failed:
            raise EngineFailure("synthesizer_failed", "espeak-ng could not speak the text.")
        samples = np.frombuffer(bytes(self._collected), np.int16)
        return samples.astype(np.float32) / 32768, self._rate

    def _choose(self, voice: str) -> None:
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise EngineFailure("voice_unknown", "espeak-ng has no voice of that name.")
        self._library.espeak_SetParameter(PARAMETER_PITCH, PITCH, 0)
        self._library.espeak_SetParameter(PARAMETER_RANGE, PITCH_RANGE, 0)
        self._library.espeak_SetParameter(PARAMETER_WORD_GAP, 1, 0)

    def _collect(self, samples: Any, count: int, _events: Any) -> int:  # noqa: ANN401 - C pointers
        if samples and count > 0:
            self._collected += ctypes.string_at(samples, count * 2)
        return 0


def spoken_languages(folder: Path) -> frozenset[str]:
    """ISO 639-1 codes among the voice files."""
    names = {path.name.split("-")[0] for path in (folder / "lang").rglob("*") if path.is_file()}
    two_letters = {name for name in names if len(name) == 2}
    return frozenset(two_letters | {code for code, voice in VOICES.items() if voice in names})


class EspeakSynthesizer:
    name = "espeak-ng"
    file_hash = "espeak-ng-1.52-f2"

    def __init__(self, library: EspeakLibrary, lane: Lane) -> None:
        self._library = library
        self._lane = lane
        self.languages = library.languages

    @classmethod
    async def open(cls, lane: Lane) -> "EspeakSynthesizer":
        return cls(await lane.run(EspeakLibrary), lane)

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        chosen = voice or voice_for(language, self.languages)

        def work() -> Speech:
            return finish_speech(*self._library.speak(text, chosen, speed), SILENCE_RATIO)

        return await self._lane.run(work, kind=spoken_kind(ahead=ahead))


def voice_for(language: str, languages: frozenset[str]) -> str:
    code = iso_language(language)
    if code not in languages:
        raise EngineFailure("language_unsupported", "espeak-ng does not speak that language.")
    return VOICES.get(code, code) + VARIANT
