"""What a running server costs, as the system and its own `/metrics` tell."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import httpx

LAG = "vivavoce_event_loop_lag_seconds_bucket"
_BUCKET = re.compile(LAG + r'\{le="([^"]+)"\} (\S+)')
_KIB = 1024


@dataclass(frozen=True)
class ServerReading:
    """`lag` counts the observations at or below each bound in seconds, as a histogram does."""

    cpu_seconds: float
    resident_bytes: int
    lag: tuple[tuple[float, float], ...]


def read_server(pid: int, origin: str) -> ServerReading:
    return ServerReading(_cpu_seconds(pid), _resident_bytes(pid), parse_lag(_metrics(origin)))


def parse_lag(exposition: str) -> tuple[tuple[float, float], ...]:
    return tuple((float(bound), float(count)) for bound, count in _BUCKET.findall(exposition))


def lag_within(before: ServerReading, after: ServerReading, share: float) -> float:
    """The smallest bound, in seconds, that `share` of the observations in between kept to."""
    earlier = dict(before.lag)
    between = [(bound, count - earlier.get(bound, 0.0)) for bound, count in after.lag]
    total = max((count for _, count in between), default=0.0)
    kept = (bound for bound, count in between if count >= share * total)
    return min(kept, default=float("inf"))


def _metrics(origin: str) -> str:
    return httpx.get(f"{origin}/metrics", timeout=30, trust_env=False).raise_for_status().text


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(each for each in status.splitlines() if each.startswith("VmRSS:"))
    return int(line.split()[1]) * _KIB
