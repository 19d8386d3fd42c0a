"""Kokoro-82M with random weights in its true shape, exported to ONNX. Needs torch and kokoro.

The duration predictor is set to the pace of a calm speaker: 58 ms a phoneme, blanks and stress
marks counted, are the 165 words a minute at which espeak-ng says interview questions. Everything
else is random, so it takes as long as speech takes and sounds like noise.
"""

import importlib
import importlib.util
import json
import math
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np

FRAME_MS, PHONEME_MS, MOST_FRAMES = 25, 58, 50
SPREAD, PRECISION = 0.2, 0.02  # of what the durations are the sigmoids of
STYLE = 256
OPSET = 17


def write_kokoro(network: Path, voices: Path) -> None:
    torch = importlib.import_module("torch")
    network.parent.mkdir(parents=True, exist_ok=True)
    # One style for texts of every length: it decides the pace as much as the phonemes do.
    style = np.random.default_rng(0).standard_normal((1, STYLE)).astype(np.float32)
    model = _random_model(network.with_suffix(".empty"), torch.from_numpy(style))
    inputs = (torch.randint(1, 170, (1, 40)), torch.randn(1, STYLE), torch.tensor([1.0]))
    torch.onnx.export(
        model,
        inputs,
        str(network),
        input_names=["input_ids", "style", "speed"],
        output_names=["waveform", "duration"],
        dynamic_axes={
            "input_ids": {1: "phonemes"},
            "waveform": {0: "samples"},
            "duration": {0: "phonemes"},
        },
        opset_version=OPSET,
        dynamo=False,
    )
    with voices.open("wb") as file:
        np.savez(file, af_heart=np.tile(style, (510, 1, 1)))


def _random_model(empty_weights: Path, style: Any) -> Any:  # noqa: ANN401 - torch is not installed
    """Kokoro's network alone: its package would import a whole text front end."""
    torch = importlib.import_module("torch")
    network = types.ModuleType("kokoro")
    network.__path__ = [str(_folder("kokoro"))]
    sys.modules["kokoro"] = network
    kokoro = importlib.import_module("kokoro.model")
    config = json.loads((_folder("kokoro_onnx") / "config.json").read_text())
    torch.save({}, empty_weights)
    model = kokoro.KModel(
        repo_id="random", config=config, model=str(empty_weights), disable_complex=True
    ).eval()
    empty_weights.unlink()
    network = kokoro.KModelForONNX(model).eval()
    _set_pace(torch, model.predictor.duration_proj.linear_layer, network, style)
    return network


def _set_pace(torch: Any, duration: Any, network: Any, style: Any) -> None:  # noqa: ANN401
    """Durations are whole frames: some phonemes get more of them than others."""
    phonemes = torch.randint(1, 170, (1, 50))
    speed = torch.tensor([1.0])
    share = PHONEME_MS / FRAME_MS / MOST_FRAMES
    middle = math.log(share / (1 - share))
    low, high = middle - 2, middle + 1
    with torch.no_grad():
        duration.weight.normal_(0, SPREAD, generator=torch.Generator().manual_seed(0))
        while high - low > PRECISION:
            middle = (low + high) / 2
            duration.bias.fill_(middle)
            _, frames = network(phonemes, style, speed)
            slow = float(frames.float().mean()) * FRAME_MS > PHONEME_MS
            low, high = (low, middle) if slow else (middle, high)


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(spec.submodule_search_locations[0])
