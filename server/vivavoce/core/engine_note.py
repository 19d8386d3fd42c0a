"""Which engine plays which role on this installation."""

from dataclasses import dataclass

from vivavoce.core.model_manifest import Role


@dataclass(frozen=True)
class EngineNote:
    """Which engine plays a role, why, and what would change it."""

    role: Role
    engine: str
    embedded: bool
    reason: str
    what_to_do: str = ""
    stand_in: str = ""  # who takes over while a server is away
