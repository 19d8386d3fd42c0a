"""Token buckets per client address, in bounded memory."""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from math import ceil
from typing import Any

from starlette.requests import Request

from vivavoce.core.errors import RateLimited
from vivavoce.ports.clock import Clock

MAX_CLIENTS = 10_000


@dataclass(frozen=True)
class Limit:
    name: str
    burst: int
    per_second: float


TOKEN_EXCHANGE = Limit("token", burst=20, per_second=0.5)
SIGN_IN = Limit("sign_in", burst=20, per_second=0.1)
SIGN_IN_AS = Limit("sign_in_as", burst=10, per_second=1 / 60)
APPLY = Limit("apply", burst=20, per_second=1 / 30)
APPLY_FOR = Limit("apply_for", burst=200, per_second=0.2)
APPLY_CODE = Limit("apply_code", burst=30, per_second=0.2)
EMBED_SESSION = Limit("embed", burst=60, per_second=1.0)
EMBED_QUEUE = Limit("queue", burst=60, per_second=10.0)  # many wait at one employer's address


class TooManyRequests(RateLimited):
    """`retry_after` is whole seconds until the next request is welcome."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("rate_limited", "Too many requests; please wait a little.")
        self.retry_after = retry_after


class RateLimits:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # One for each limit, so that names which callers make up push out no other's addresses.
        self._buckets: defaultdict[str, OrderedDict[str, tuple[float, float]]]
        self._buckets = defaultdict(OrderedDict)

    def take(self, limit: Limit, client: str) -> None:
        """Raise `TooManyRequests` when the client's bucket is empty."""
        now = self._clock.now().timestamp()
        buckets = self._buckets[limit.name]
        tokens, filled_at = buckets.pop(client, (float(limit.burst), now))
        tokens = min(limit.burst, tokens + max(0.0, now - filled_at) * limit.per_second)
        allowed = tokens >= 1
        buckets[client] = (tokens - 1 if allowed else tokens, now)
        if len(buckets) > MAX_CLIENTS:
            buckets.popitem(last=False)
        if not allowed:
            raise TooManyRequests(ceil((1 - tokens) / limit.per_second))


def client_address(request: Request[Any]) -> str:
    return request.client.host if request.client else ""
