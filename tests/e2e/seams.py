"""Whether a recording holds what was said once and whole, whoever recognises its words."""

import numpy as np

STEP_MS = 5
WINDOW_STEPS = 300  # a second and a half of speech has a shape of its own


def drifts_ms(said: np.ndarray, said_rate: int, recorded: np.ndarray, rate: int) -> list[int]:
    """How far each stretch of `said` lies from its place behind the first one, in ms.

    All zeros (or a step more or less) when nothing is missing, repeated or moved. Both are mono.
    """
    shape, recording = _loudness(said, said_rate), _loudness(recorded, rate)
    begins = range(0, len(shape) - WINDOW_STEPS + 1, WINDOW_STEPS // 2)
    found = [_place(shape[at : at + WINDOW_STEPS], recording) - at for at in begins]
    return [(place - found[0]) * STEP_MS for place in found]


def _loudness(samples: np.ndarray, rate: int) -> np.ndarray:
    """The envelope, a value for each step."""
    size = rate * STEP_MS // 1000
    whole = np.abs(samples[: len(samples) // size * size].astype(np.float64))
    return np.asarray(whole.reshape(-1, size).mean(axis=1))


def _place(part: np.ndarray, whole: np.ndarray) -> int:
    """Where `part` correlates best with `whole`, each about its own mean and by its own size."""
    windows = np.lib.stride_tricks.sliding_window_view(whole, len(part))
    centred = windows - windows.mean(axis=1, keepdims=True)
    shape = part - part.mean()
    sizes = np.linalg.norm(centred, axis=1) * np.linalg.norm(shape)
    return int(np.argmax(centred @ shape / np.maximum(sizes, 1e-9)))
