"""Kokoro-82M with random weights in its true shape, exported to ONNX. Needs torch and kokoro.

The duration predictor is fixed to two frames a phoneme, blanks and stress marks counted. So short
questions last about as long as espeak-ng takes at 165 words a minute, up to a tenth less. All else
is random: it takes as long as speech takes and sounds like noise.
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

FRAMES_PER_PHONEME, MOST_FRAMES = 2, 50  # of 25 ms
STYLE = 256
OPSET = 17


def write_kokoro(network: Path, voices: Path) -> None:
    torch = importlib.import_module("torch")
    network.parent.mkdir(parents=True, exist_ok=True)
    model = _random_model(network.with_suffix(".empty"))
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
    style = np.random.default_rng(0).standard_normal((510, 1, STYLE)).astype(np.float32)
    with voices.open("wb") as file:
        np.savez(file, af_heart=style)


def _random_model(empty_weights: Path) -> Any:  # noqa: ANN401 - torch is not installed here
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
    share = FRAMES_PER_PHONEME / MOST_FRAMES
    duration = model.predictor.duration_proj.linear_layer
    with torch.no_grad():
        duration.weight.zero_()
        duration.bias.fill_(math.log(share / (1 - share)))
    return kokoro.KModelForONNX(model).eval()


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(spec.submodule_search_locations[0])
