from pathlib import Path

import pytest
from typer.testing import CliRunner
from vivavoce.cli import commands
from vivavoce.core.errors import VivavoceError

MANIFEST = """
[sets]
small = ["tiny"]

[[model]]
name = "tiny"
role = "turn_detector"
languages = ["multilingual"]
licence = "MIT"
files = [{ path = "tiny.onnx", url = "http://127.0.0.1:9/tiny.onnx", size_bytes = 4, sha256 = "" }]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VIVAVOCE_MODELS_DIR", str(tmp_path))
    (tmp_path / "manifest.toml").write_text(MANIFEST)
    return tmp_path


def invoke(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands, ["models", *arguments])
    if isinstance(result.exception, VivavoceError):
        raise result.exception
    return result.exit_code, result.stdout


def put_file(folder: Path) -> None:
    (folder / "tiny").mkdir()
    (folder / "tiny" / "tiny.onnx").write_bytes(b"tiny")


def test_the_list_shows_what_is_here(folder: Path) -> None:
    assert "not here" in invoke("list")[1]

    put_file(folder)
    assert "not here" not in invoke("list")[1]


def test_verify_fails_while_a_file_is_missing(folder: Path) -> None:
    status, said = invoke("verify")
    assert status == 1
    assert "missing" in said

    put_file(folder)
    assert invoke("verify")[0] == 0


def test_a_damaged_file_is_noticed(folder: Path) -> None:
    put_file(folder)
    invoke("verify")
    (folder / "tiny" / "tiny.onnx").write_bytes(b"tinx")

    assert invoke("verify", "tiny")[0] == 1


def test_an_unknown_model_is_refused(folder: Path) -> None:
    with pytest.raises(VivavoceError) as refusal:
        invoke("pull", "huge")
    assert refusal.value.code == "model_unknown"


def test_without_a_network_pull_says_where_to_put_the_file(folder: Path) -> None:
    with pytest.raises(VivavoceError) as refusal:
        invoke("pull", "tiny")
    assert refusal.value.code == "offline"
    assert str(folder / "tiny" / "tiny.onnx") in refusal.value.message
