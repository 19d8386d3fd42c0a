"""The manifest of the weights: readable, consistent, and true about this repository's own."""

from pathlib import Path

import pytest
from vivavoce.core.errors import Invalid, NotFound
from vivavoce.core.model_manifest import Role, parse_manifest

SHIPPED = Path(__file__).parents[2] / "models" / "manifest.toml"
GOOD = """
[sets]
small = ["ear"]
[[model]]
name = "ear"
role = "transcriber"
languages = ["en"]
licence = "MIT"
files = [{ path = "model.bin", url = "https://example.org/model.bin", size_bytes = 5 }]
"""


def test_the_shipped_manifest_has_a_set_for_each_box_with_each_speaking_role() -> None:
    manifest = parse_manifest(SHIPPED.read_text())
    speaking = {Role.TRANSCRIBER, Role.LANGUAGE_MODEL, Role.SYNTHESIZER, Role.TURN_DETECTOR}
    for box in ("small", "normal", "gpu"):
        assert speaking <= {entry.role for entry in manifest.box(box)}
    assert {entry.role for entry in manifest.models} == set(Role)


def test_every_shipped_model_is_permissive_sized_and_fetched_over_https() -> None:
    for entry in parse_manifest(SHIPPED.read_text()).models:
        assert entry.licence in {"MIT", "Apache-2.0", "BSD-2-Clause"}
        assert entry.size_bytes > 1_000_000
        assert all(file.url.startswith("https://") for file in entry.files)
        assert all(len(file.sha256) in (0, 64) for file in entry.files)


def test_a_box_prefers_its_own_model_of_a_role() -> None:
    manifest = parse_manifest(SHIPPED.read_text())
    for box in ("small", "normal", "gpu"):
        first = manifest.for_role(Role.LANGUAGE_MODEL, box)[0]
        assert first in manifest.box(box)


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        "[sets]",
        GOOD.replace("transcriber", "poet"),
        GOOD.replace('"ear"]', '"nose"]'),
        GOOD.replace('model.bin",', '../../etc/passwd",'),
        GOOD.replace('model.bin",', '/etc/passwd",'),
        GOOD.replace("size_bytes", "size"),
        "model = 3\nsets = {}",
    ],
)
def test_a_damaged_manifest_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_manifest(text)
    assert refusal.value.code == "manifest_invalid"


def test_unknown_names_are_not_found() -> None:
    manifest = parse_manifest(GOOD)
    with pytest.raises(NotFound):
        manifest.model("nose")
    with pytest.raises(NotFound):
        manifest.box("huge")
