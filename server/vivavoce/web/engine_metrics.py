"""Figures about live interviews and engines for Prometheus. Labels hold no ids and no words.

How long each stage of an answer took, by why the turn was over; how long jobs waited and ran in
each lane; whether servers are used; who is being interviewed now.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Enum, Gauge, Histogram

from vivavoce.core.circuit_breaker import Circuit
from vivavoce.core.transcript import TurnLedger

STAGES = tuple(field.name for field in fields(TurnLedger) if field.name.endswith("_ms"))
STAGE_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.3, 1.8, 2.5, 4.0, 8.0, 16.0)
JOB_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 2.0, 4.0, 8.0, 16.0)


class FinishedJob(Protocol):
    """As a lane tells of it."""

    @property
    def lane(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def queued_ms(self) -> float: ...
    @property
    def ran_ms(self) -> float: ...


class CircuitChanged(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def circuit(self) -> Circuit: ...


class EngineMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._stages = Histogram(
            "vivavoce_turn_stage_seconds",
            "From the last sample of an answer to a stage of the reply.",
            ("stage", "decision"),
            buckets=STAGE_SECONDS,
            registry=registry,
        )
        self._interruptions = Counter(
            "vivavoce_interruptions",
            "How often candidates interrupted the interviewer.",
            registry=registry,
        )
        self._jobs = Histogram(
            "vivavoce_engine_job_seconds",
            "How long jobs waited for an engine's lane, and how long they ran.",
            ("lane", "kind", "part"),
            buckets=JOB_SECONDS,
            registry=registry,
        )
        self._circuits = Enum(
            "vivavoce_engine_circuit",
            "Whether a role's server is used (closed), or a stand-in has taken over.",
            ("role",),
            states=[str(circuit) for circuit in Circuit],
            registry=registry,
        )
        self._played = Counter(
            "vivavoce_engine_exchanges",
            "Exchanges in which an engine played a role.",
            ("role", "engine"),
            registry=registry,
        )

    def exchanged(self, entry: TurnLedger) -> None:
        for stage in STAGES:
            ms = getattr(entry, stage)
            if ms is not None:
                name = stage.removesuffix("_ms")
                self._stages.labels(name, entry.commit_reason).observe(ms / 1000)
        for role, engine in entry.engines.items():
            self._played.labels(role, engine).inc()
        self._interruptions.inc(entry.interruptions)

    def worked(self, job: FinishedJob) -> None:
        for part, ms in (("queued", job.queued_ms), ("ran", job.ran_ms)):
            self._jobs.labels(job.lane, str(job.kind), part).observe(ms / 1000)

    def changed(self, change: CircuitChanged) -> None:
        self._circuits.labels(str(change.role)).state(str(change.circuit))

    def count_live(self, live: Callable[[], int]) -> None:
        gauge = Gauge(
            "vivavoce_live_interviews", "Interviews that run now.", registry=self._registry
        )
        gauge.set_function(live)
