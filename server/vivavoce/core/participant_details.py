"""What is known of a participant beside name and address; scoring never sees any of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ParticipantProfile:
    title: str | None = None
    organization: str | None = None
    experience_level: str | None = None
    location: str | None = None


@dataclass(frozen=True)
class Background:
    skills: tuple[str, ...] = ()
    education: str | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParticipantDetails:
    profile: ParticipantProfile = field(default_factory=ParticipantProfile)
    background: Background = field(default_factory=Background)
    tags: tuple[str, ...] = ()
