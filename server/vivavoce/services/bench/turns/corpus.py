"""What a seed makes of the two halves of the corpus: who speaks, and how long each silence is.

The answers of a half are written down; its voices and silences are drawn, so that a new seed is a
corpus that nobody has looked at.
"""

import re
from dataclasses import replace

import numpy as np

from vivavoce.services.bench.turns.held_out_answers import HELD_OUT_ANSWERS
from vivavoce.services.bench.turns.known_answers import KNOWN_ANSWERS
from vivavoce.services.bench.turns.script import SILENCE, Kind, Script
from vivavoce.services.bench.turns.speakers import Speaker

# A variant of espeak-ng's is one person, whatever the accent.
KNOWN_VARIANTS = ("f1", "f2", "f4", "m2", "m3", "m7")
HELD_OUT_VARIANTS = ("f3", "f5", "m1", "m4", "m6", "m8")
KNOWN_FLITE, HELD_OUT_FLITE = ("slt", "rms"), ("awb", "kal16")
ACCENTS = ("en-us", "en", "en-gb-scotland")
ESPEAK_SPEAKERS = 4
SPEEDS, PITCHES, STRETCHES = (0.9, 1.25), (0.94, 1.05), (0.8, 1.25)
LONGEST_SILENCE_MS = 2_400  # beyond the limit any is an end, unless time was asked for


def scripts(*, held_out: bool) -> tuple[Script, ...]:
    """One half of the answers, kind by kind, with the silences as they are written."""
    half = HELD_OUT_ANSWERS if held_out else KNOWN_ANSWERS
    return tuple(
        Script(kind, question, answer)
        for kind, answers in half.items()
        for question, answer in answers
    )


def cast(random: np.random.Generator, *, held_out: bool) -> tuple[Speaker, ...]:
    """Four people of espeak-ng's and two of flite's; nobody is in both halves."""
    variants = random.permutation(HELD_OUT_VARIANTS if held_out else KNOWN_VARIANTS)
    voices = HELD_OUT_FLITE if held_out else KNOWN_FLITE
    return (
        *(_espeak(random, str(variant)) for variant in variants[:ESPEAK_SPEAKERS]),
        *(_flite(random, voice) for voice in voices),
    )


def _espeak(random: np.random.Generator, variant: str) -> Speaker:
    accent = str(random.choice(ACCENTS))
    speed, pitch = (round(float(random.uniform(*bounds)), 2) for bounds in (SPEEDS, PITCHES))
    name = f"espeak {accent} {variant} {speed:.2f} {pitch:.2f}"
    return Speaker(name, f"{accent}+{variant}", speed, pitch)


def _flite(random: np.random.Generator, voice: str) -> Speaker:
    speed = round(float(random.uniform(*SPEEDS)), 2)
    return Speaker(f"flite {voice} {speed:.2f}", voice, speed, flite=True)


def paused_anew(script: Script, random: np.random.Generator) -> Script:
    """With each silence longer or shorter than it is written."""

    def stretched(written: re.Match[str]) -> str:
        ms = round(int(written[1]) * random.uniform(*STRETCHES))
        if script.kind is not Kind.THINKING:
            ms = min(ms, LONGEST_SILENCE_MS)
        return f" [{ms}] "

    return replace(script, answer=SILENCE.sub(stretched, script.answer))
