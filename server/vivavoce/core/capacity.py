"""How many live interviews a machine is said to hold, and why.

A measurement of this machine with these engines counts; without one, a figure that errs on the
safe side. Engines elsewhere cost this machine little; models on it cost two cores an interview.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from vivavoce.core.errors import Invalid

CORES_PER_INTERVIEW = 2  # with models on this machine
EMBEDDED_PER_CORE = 4
REMOTE_PER_CORE = 20
EMBEDDED, REMOTE, MODEL = "embedded", "remote", "model"


@dataclass(frozen=True)
class Machine:
    """What has to be the same for a measurement to count."""

    name: str
    cores: int


@dataclass(frozen=True)
class CapacityMeasured:
    """What `vivavoce bench capacity` found. `engines` are their names by role.

    `interviews` kept to the bar, or, where not even one does, were no slower than one alone;
    `p95_ms` is how fast they were answered.
    """

    interviews: int
    p95_ms: int
    bar_ms: int
    measured_on: str
    machine: Machine
    engines: Mapping[str, str]

    def counts_for(self, machine: Machine, engines: Mapping[str, str]) -> bool:
        return self.machine == machine and dict(self.engines) == dict(engines)


@dataclass(frozen=True)
class Capacity:
    """`why` is a sentence for whoever runs the installation."""

    interviews: int
    why: str
    measured: CapacityMeasured | None = None


def plan_capacity(
    wanted: int,
    measured: CapacityMeasured | None,
    machine: Machine,
    engines: Mapping[str, str],
    kinds: Mapping[str, str],
) -> Capacity:
    """`wanted` 0 is automatic. `kinds` tells of each role: embedded, remote, or a model here."""
    fitting = measured if measured and measured.counts_for(machine, engines) else None
    if wanted:
        return Capacity(wanted, "As set by VIVAVOCE_MAX_CONVERSATIONS.", fitting)
    if fitting is not None:
        why = f"Measured on {fitting.measured_on} with these engines on this machine."
        return Capacity(max(1, fitting.interviews), why, fitting)
    found = max(1, min((_by_kind(kind, machine.cores) for kind in kinds.values()), default=1))
    advice = "`vivavoce bench capacity` measures what it really holds."
    reason = "A careful figure by the number of cores."
    if measured is not None:
        reason = "A careful figure: the last measurement was of other engines or another machine."
    return Capacity(found, f"{reason} {advice}")


def _by_kind(kind: str, cores: int) -> int:
    if kind == EMBEDDED:
        return EMBEDDED_PER_CORE * cores
    return REMOTE_PER_CORE * cores if kind == REMOTE else cores // CORES_PER_INTERVIEW


def render_measured(measured: CapacityMeasured) -> str:
    return json.dumps(asdict(measured), indent=2, sort_keys=True) + "\n"


def parse_measured(text: str) -> CapacityMeasured:
    """Raises `Invalid` code `capacity_file`."""
    try:
        fields = json.loads(text)
        machine = Machine(str(fields["machine"]["name"]), int(fields["machine"]["cores"]))
        engines = {str(role): str(name) for role, name in dict(fields["engines"]).items()}
        return CapacityMeasured(
            interviews=int(fields["interviews"]),
            p95_ms=int(fields["p95_ms"]),
            bar_ms=int(fields["bar_ms"]),
            measured_on=str(fields["measured_on"]),
            machine=machine,
            engines=engines,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid("capacity_file", "The measured capacity cannot be read.") from error
