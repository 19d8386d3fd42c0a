"""When a request that failed may be sent once more, while somebody waits for its answer."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RetryRules:
    """No attempt begins more than `budget_seconds` after the first one did."""

    attempts: int = 3  # the first included
    budget_seconds: float = 1.5
    first_wait_seconds: float = 0.05


def wait_before_retry(
    rules: RetryRules,
    attempt: int,
    spent_seconds: float,
    chance: float,
    told_seconds: float | None = None,
) -> float | None:
    """Seconds until the attempt after number `attempt` (from 1); None when there is to be none.

    Waits double. Of each, half is fixed and half depends on `chance` (0 to 1), so that clients
    that failed together do not come back together. A server that told how long to wait is obeyed,
    or not asked again when that is more than is left.
    """
    if attempt >= rules.attempts:
        return None
    doubled: float = rules.first_wait_seconds * 2 ** (attempt - 1)
    wait = doubled * (0.5 + 0.5 * chance)
    if told_seconds is not None:
        wait = max(wait, told_seconds)
    return wait if spent_seconds + wait <= rules.budget_seconds else None
