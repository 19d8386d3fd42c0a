"""The candidate's voice: sentences spoken by flite, placed on a timeline that the browser plays."""

import array
import subprocess
import wave
from pathlib import Path

RATE = 16_000
FLITE = "/usr/bin/flite"


def speak(text: str, folder: Path) -> "array.array[int]":
    """16 kHz mono PCM16 of one sentence."""
    path = folder / f"{abs(hash(text))}.wav"
    subprocess.run([FLITE, "-voice", "rms", "-t", text, "-o", str(path)], check=True)
    with wave.open(str(path)) as spoken:
        assert spoken.getframerate() == RATE
        return array.array("h", spoken.readframes(spoken.getnframes()))


def microphone(timeline: tuple[tuple[float, str], ...], path: Path, seconds: float) -> Path:
    """A recording in which each text begins at its second, with the hiss of a quiet room."""
    hiss = array.array("h", [12, -9, 7, -12, 5, -4, 10, -9])
    track = hiss * (int(seconds * RATE) // len(hiss))
    for at, text in timeline:
        begin = int(at * RATE)
        spoken = speak(text, path.parent)
        track[begin : begin + len(spoken)] = spoken
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(track.tobytes())
    return path
