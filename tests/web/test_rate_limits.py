"""Buckets in bounded memory, of which nobody can empty another's."""

import pytest
from vivavoce.web.rate_limits import (
    MAX_CLIENTS,
    SIGN_IN,
    SIGN_IN_AS,
    RateLimits,
    TooManyRequests,
)

from tests.services.backend import FixedClock


def test_names_that_a_caller_makes_up_do_not_refill_the_bucket_of_its_address() -> None:
    limits = RateLimits(FixedClock())
    for _ in range(SIGN_IN.burst):
        limits.take(SIGN_IN, "192.0.2.1")
    for number in range(MAX_CLIENTS + 1):
        limits.take(SIGN_IN_AS, f"made-up-{number}")

    with pytest.raises(TooManyRequests):
        limits.take(SIGN_IN, "192.0.2.1")
