import pytest
from argon2 import PasswordHasher
from vivavoce.core.errors import Invalid
from vivavoce.services.passwords import Passwords

pytestmark = pytest.mark.anyio


class Counted(PasswordHasher):
    """Cheap, and tells how often it was asked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.hashed = self.compared = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.hashed += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        self.compared += 1
        return super().verify(hash, password)


async def test_nobodys_password_costs_as_much_as_somebodys() -> None:
    hasher = Counted()
    passwords = Passwords(hasher)
    known = await passwords.hash("a long password")
    work = []
    for password_hash in (None, known, None, ""):
        hasher.hashed = hasher.compared = 0
        assert not await passwords.verify(password_hash, "another password")
        work.append((hasher.hashed, hasher.compared))

    assert work == [(1, 1), (0, 1), (0, 1), (0, 1)]  # the very first one makes the decoy


async def test_the_empty_password_opens_nothing() -> None:
    passwords = Passwords(Counted())
    assert not await passwords.verify(None, "")
    assert not await passwords.verify("not a hash", "")


async def test_every_text_that_json_can_spell_may_be_a_password() -> None:
    passwords = Passwords(Counted())
    odd = "\ud800 \x00 пароль 密码"
    kept = await passwords.hash(odd)
    assert kept.startswith("$argon2id$")
    assert await passwords.verify(kept, odd)
    assert not await passwords.verify(kept, odd + " ")


@pytest.mark.parametrize("password", ["x" * 11, "x" * 201, ""])
async def test_a_password_that_is_too_short_or_long_is_not_kept(password: str) -> None:
    with pytest.raises(Invalid):
        await Passwords(Counted()).hash(password)
