"""Which models of the manifest lie complete in the models folder, so that `auto` may use them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vivavoce.core.errors import EngineFailure, Invalid
from vivavoce.core.model_manifest import Manifest, ModelEntry, ModelFile, Role, parse_manifest
from vivavoce.engines.model_files import file_hash, missing, truncated

MANIFEST_FILE = "manifest.toml"
RECORD_FILE = "installed.json"


@dataclass(frozen=True)
class FoundModel:
    entry: ModelEntry
    folder: Path

    def file(self, suffix: str) -> Path:
        """The model's file with that suffix; a manifest entry has one of each."""
        return self.folder / next(f.path for f in self.entry.files if f.path.endswith(suffix))


def read_manifest(models_dir: Path) -> Manifest:
    """The manifest of the models folder; an empty one where there is none."""
    path = models_dir / MANIFEST_FILE
    return parse_manifest(path.read_text()) if path.is_file() else Manifest((), {})


def find_installed(models_dir: Path, role: Role, box: str) -> FoundModel | EngineFailure:
    """The preferred complete model of a role, or why there is none. Blocks while it hashes."""
    failure = EngineFailure(
        "model_missing", f"No files for the {role.replace('_', ' ')} are installed."
    )
    try:
        manifest = read_manifest(models_dir)
    except Invalid as invalid:
        return EngineFailure(invalid.code, invalid.message)
    for entry in manifest.for_role(role, box):
        folder = models_dir / entry.name
        if not folder.is_dir():
            continue
        try:
            check_files(entry, folder, recorded(models_dir).get(entry.name, {}))
        except EngineFailure as broken:
            failure = broken
            continue
        return FoundModel(entry, folder)
    return failure


def recorded(models_dir: Path) -> dict[str, Any]:
    """What `vivavoce models pull` wrote about the files it fetched."""
    try:
        record = json.loads((models_dir / RECORD_FILE).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return record if isinstance(record, dict) else {}


def check_files(entry: ModelEntry, folder: Path, record: dict[str, Any]) -> None:
    """Raise `EngineFailure` unless every file is there and is what was fetched."""
    for file in entry.files:
        path = folder / file.path
        if not path.is_file():
            raise missing(path)
        if not is_intact(file, path, record.get(file.path, {})):
            raise truncated(path)


def is_intact(file: ModelFile, path: Path, fetched: dict[str, Any]) -> bool:
    """Compare with what is known; a file unchanged since it was verified is not hashed again."""
    expected = file.sha256 or fetched.get("sha256", "")
    stat = path.stat()
    if stat.st_size == 0 or not expected:
        return stat.st_size > 0
    unchanged = (stat.st_size, stat.st_mtime_ns) == (fetched.get("size"), fetched.get("mtime_ns"))
    if unchanged and fetched.get("sha256") == expected:
        return True
    return file_hash(path) == expected
