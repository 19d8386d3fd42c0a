"""End of turn by Smart Turn v3: a small network that hears whether a sentence sounds finished."""

from pathlib import Path
from typing import Any

import numpy as np

from vivavoce.engines.lanes import Lane
from vivavoce.engines.model_files import open_onnx, wrong_kind
from vivavoce.ports.engines import HEARD_RATE

WINDOW_SECONDS = 8
WINDOW_SAMPLES = WINDOW_SECONDS * HEARD_RATE
FEATURES = ("input_features", 80, 800)


class SmartTurnDetector:
    name = "smart-turn v3"

    def __init__(self, path: Path, lane: Lane, threads: int = 1) -> None:
        from faster_whisper.feature_extractor import FeatureExtractor

        self._session: Any = open_onnx(path, "a Smart Turn network", threads)
        wanted = self._session.get_inputs()[0]
        if (wanted.name, *wanted.shape[1:]) != FEATURES:
            raise wrong_kind(path, "a Smart Turn network")
        self._features = FeatureExtractor(chunk_length=WINDOW_SECONDS)
        self._lane = lane

    @classmethod
    async def open(cls, path: Path, lane: Lane, threads: int = 1) -> "SmartTurnDetector":
        """Load in the lane's thread, so that the event loop stays free."""
        return await lane.run(lambda: cls(path, lane, threads))

    async def completion_probability(self, pcm: bytes) -> float | None:
        return await self._lane.run(lambda: self._judge(pcm))

    def _judge(self, pcm: bytes) -> float:
        features = self._features(normalised_window(pcm), padding=0)
        output = self._session.run(None, {FEATURES[0]: features[None].astype(np.float32)})
        return float(np.clip(np.ravel(output[0])[0], 0, 1))


def normalised_window(pcm: bytes) -> np.ndarray:
    """The last 8 s as float32, padded with zeros on the left, zero mean and unit variance."""
    samples = np.frombuffer(pcm, "<i2")[-WINDOW_SAMPLES:].astype(np.float32) / 32768
    window = np.pad(samples, (WINDOW_SAMPLES - len(samples), 0))
    normalised: np.ndarray = (window - window.mean()) / np.sqrt(window.var() + 1e-7)
    return normalised
