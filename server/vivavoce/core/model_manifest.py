"""Which weights there are, what they are for, and which of them make a set for a box."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from vivavoce.core.errors import Invalid, NotFound


class Role(StrEnum):
    TRANSCRIBER = "transcriber"
    LANGUAGE_MODEL = "language_model"
    SYNTHESIZER = "synthesizer"
    TURN_DETECTOR = "turn_detector"
    EMBEDDER = "embedder"


@dataclass(frozen=True)
class ModelFile:
    """One file; `size_bytes` is exact where `sha256` is given, else approximate."""

    path: str
    url: str
    size_bytes: int
    sha256: str = ""


@dataclass(frozen=True)
class ModelEntry:
    name: str
    role: Role
    languages: tuple[str, ...]
    licence: str
    files: tuple[ModelFile, ...]

    @property
    def size_bytes(self) -> int:
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True)
class Manifest:
    models: tuple[ModelEntry, ...]
    sets: dict[str, tuple[str, ...]]

    def model(self, name: str) -> ModelEntry:
        """Raises `NotFound` code `model_unknown`."""
        for entry in self.models:
            if entry.name == name:
                return entry
        raise NotFound("model_unknown", "The manifest names no such model.")

    def box(self, name: str) -> tuple[ModelEntry, ...]:
        """The models of a set. Raises `NotFound` code `set_unknown`."""
        if name not in self.sets:
            raise NotFound("set_unknown", "The manifest names no such set of models.")
        return tuple(self.model(member) for member in self.sets[name])

    def for_role(self, role: Role, box: str) -> tuple[ModelEntry, ...]:
        """All models of a role, that of the box first."""
        preferred = self.sets.get(box, ())
        fitting = [entry for entry in self.models if entry.role is role]
        return tuple(sorted(fitting, key=lambda entry: entry.name not in preferred))


def parse_manifest(text: str) -> Manifest:
    """Raises `Invalid` code `manifest_invalid`."""
    try:
        document = tomllib.loads(text)
        models = tuple(_entry(table) for table in document["model"])
        sets = {name: tuple(members) for name, members in document["sets"].items()}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise Invalid("manifest_invalid", "The manifest of the models is damaged.") from error
    names = {entry.name for entry in models}
    if any(member not in names for members in sets.values() for member in members):
        raise Invalid("manifest_invalid", "A set of the manifest names a model that is not in it.")
    return Manifest(models, sets)


def _entry(table: dict[str, Any]) -> ModelEntry:
    files = tuple(ModelFile(**file) for file in table["files"])
    if not files or any(_leaves_folder(file.path) for file in files):
        raise ValueError("a model needs files inside its folder")
    return ModelEntry(
        table["name"], Role(table["role"]), tuple(table["languages"]), table["licence"], files
    )


def _leaves_folder(path: str) -> bool:
    return path.startswith("/") or "\\" in path or ".." in path.split("/")
