"""Passwords: kept as argon2id, compared so that an unknown person costs as much as a known one."""

from functools import cached_property

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vivavoce.core.errors import Invalid, Issue

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
# Each takes 64 MiB and a core for a moment; more at once would only wait for one another.
_AT_ONCE = 2


def check_password(password: str) -> None:
    """Raises `Invalid` code `password`."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        raise Invalid("password", message, (Issue(("password",), message),))


class Passwords:
    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._limiter = CapacityLimiter(_AT_ONCE)

    async def hash(self, password: str) -> str:
        """Raises `Invalid` code `password`."""
        check_password(password)
        return await to_thread.run_sync(
            self._hasher.hash, _encoded(password), limiter=self._limiter
        )

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """False for nobody's hash, after the same work as for somebody's."""
        return await to_thread.run_sync(
            self._verified, password_hash, _encoded(password), limiter=self._limiter
        )

    def _verified(self, password_hash: str | None, password: bytes) -> bool:
        decoy = self._decoy  # made before anything is compared, so that its making tells nothing
        try:
            return self._hasher.verify(password_hash or decoy, password) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False

    @cached_property
    def _decoy(self) -> str:
        return self._hasher.hash("")


def _encoded(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # JSON can spell what UTF-8 cannot
