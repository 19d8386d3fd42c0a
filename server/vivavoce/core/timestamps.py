"""Times as text: UTC, ISO-8601, fixed width, so that text order is time order."""

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """`2026-06-02T07:48:31.120Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_text(text: str) -> datetime:
    return datetime.fromisoformat(text)


def unix_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
