"""How many interviews an installation holds: its settings, its engines and what was measured."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from vivavoce.core.capacity import (
    EMBEDDED,
    MODEL,
    REMOTE,
    Capacity,
    CapacityMeasured,
    Machine,
    parse_measured,
    plan_capacity,
    render_measured,
)
from vivavoce.core.errors import Invalid
from vivavoce.core.model_manifest import Role
from vivavoce.core.settings import Settings
from vivavoce.engines.select import EngineNote

FILE = "capacity.json"  # in the data folder
COSTLY_ROLES = (Role.TRANSCRIBER, Role.LANGUAGE_MODEL, Role.SYNTHESIZER)
UNKNOWN_CONVERSATIONS = 8
BESIDE_LIVE = 2  # one interview at a time is read and rated in caches of its own


def planned_capacity(settings: Settings, notes: Sequence[EngineNote]) -> Capacity:
    """With the engines that were opened."""
    kinds = {
        str(note.role): _kind(str(getattr(settings, note.role)), note)
        for note in notes
        if note.role in COSTLY_ROLES
    }
    measured = read_capacity(Path(settings.data))
    engines = engine_names(notes)
    return plan_capacity(settings.max_conversations, measured, this_machine(), engines, kinds)


def engine_names(notes: Sequence[EngineNote]) -> dict[str, str]:
    return {str(note.role): note.engine for note in notes}


def cached_sessions(settings: Settings) -> int:
    """How many interviews the language model keeps a cache for, before the engines are known."""
    measured = read_capacity(Path(settings.data))
    known = settings.max_conversations or (measured.interviews if measured else 0)
    return (known or UNKNOWN_CONVERSATIONS) + BESIDE_LIVE


def this_machine() -> Machine:
    return Machine(platform.node(), os.cpu_count() or 1)


def read_capacity(data: Path) -> CapacityMeasured | None:
    """None where nothing was measured, or nothing that can be read."""
    try:
        return parse_measured((data / FILE).read_text())
    except (FileNotFoundError, Invalid):
        return None


def write_capacity(data: Path, measured: CapacityMeasured) -> None:
    data.mkdir(parents=True, exist_ok=True)
    (data / FILE).write_text(render_measured(measured))


def _kind(word: str, note: EngineNote) -> str:
    if note.embedded:
        return EMBEDDED
    return REMOTE if word.startswith(("http://", "https://")) else MODEL
