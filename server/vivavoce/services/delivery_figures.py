"""How delivering goes, for whoever watches the machine: attempts by outcome, and what waits."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from vivavoce.services.foundation import Foundation
from vivavoce.services.leased_work import Observe


class Kind(StrEnum):
    WEBHOOK = "webhook"
    MAIL = "mail"


@dataclass(frozen=True)
class Snapshot:
    """`attempts` since the program started, by kind and outcome; `oldest_seconds` is 0 for none."""

    attempts: Mapping[tuple[Kind, str], int]
    waiting: Mapping[Kind, int]
    oldest_seconds: Mapping[Kind, float]


class DeliveryFigures:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation
        self._attempts: Counter[tuple[Kind, str]] = Counter()

    def observer(self, kind: Kind) -> Observe:
        """To be told the outcome of each attempt."""

        def observe(outcome: str) -> None:
            self._attempts[kind, str(outcome)] += 1

        return observe

    async def snapshot(self) -> Snapshot:
        now, read = self._at.now(), self._at.stores.read
        waiting = {
            Kind.WEBHOOK: await read.deliveries.waiting(),
            Kind.MAIL: await read.mail.waiting(now),
        }
        return Snapshot(
            attempts=dict(self._attempts),
            waiting={kind: queue.count for kind, queue in waiting.items()},
            oldest_seconds={
                kind: max(0.0, (now - queue.since).total_seconds()) if queue.since else 0.0
                for kind, queue in waiting.items()
            },
        )
