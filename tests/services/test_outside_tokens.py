import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from vivavoce.core.errors import EngineFailure, Forbidden, Unauthenticated
from vivavoce.core.roles import SCOPES_OF, Role

from tests.services.backend import World, open_world
from tests.services.issuer import Issuer, claims, private_key, public_key, signed

pytestmark = pytest.mark.anyio


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def trusting(tmp_path: Path, issuer: Issuer) -> AsyncIterator[World]:
    async with open_world(tmp_path, issuer.trusted) as world:
        yield world


def good(world: World, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return claims(world.clock.unix, **changes)


async def refused(world: World, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        await world.services.credentials.authenticate_token(token)
    return caught.value.code


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
@pytest.mark.parametrize("role", Role)
async def test_a_role_of_the_issuer_is_a_role_here(
    trusting: World, issuer: Issuer, algorithm: str, role: Role
) -> None:
    issuer.keys = [public_key("one", algorithm)]
    token = signed(good(trusting, role=role), algorithm)
    principal = await trusting.services.credentials.authenticate_token(token)

    assert principal.organization_id == trusting.organization_id
    assert principal.scopes == SCOPES_OF[role]
    assert (principal.key_id, principal.member_id) == ("", "")


async def test_an_organization_is_named_by_slug_or_id_and_one_of_several_audiences_is_ours(
    trusting: World,
) -> None:
    by_id = good(
        trusting, organization=trusting.organization_id, aud=["x", "https://interviews.test"]
    )
    principal = await trusting.services.credentials.authenticate_token(signed(by_id))

    assert principal.organization_id == trusting.organization_id


async def test_a_slug_that_is_written_like_an_id_captures_no_tokens(trusting: World) -> None:
    organization_id = trusting.organization_id
    async with trusting.stores.transaction() as write:
        ours = await write.organizations.get(organization_id)
        assert ours is not None
        posing = replace(ours, id="another", slug=organization_id, agent_secret_hash=b"another")
        await write.organizations.add(posing)
    token = signed(good(trusting, organization=organization_id))
    principal = await trusting.services.credentials.authenticate_token(token)

    assert principal.organization_id == organization_id


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://id.lantern.test"},
        {"iss": None},
        {"aud": "https://other.test"},
        {"aud": None},
        {"sub": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
    ],
)
async def test_a_claim_that_is_wrong_or_missing_is_refused(
    trusting: World, changes: dict[str, Any]
) -> None:
    if isinstance(changes.get("exp"), str | bool):
        token = _with_raw_claims({**good(trusting), **changes})
    else:
        token = signed(good(trusting, **changes))
    assert await refused(trusting, token) == "access_token"


def _with_raw_claims(made: dict[str, Any]) -> str:
    return jwt.api_jws.encode(
        json.dumps(made).encode(), private_key("RS256"), "RS256", {"kid": "one"}
    )


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({"exp": -59}, True),
        ({"exp": -60}, False),
        ({"nbf": 60}, True),
        ({"nbf": 61}, False),
        ({"iat": 61}, False),
    ],
)
async def test_times_count_by_our_clock_with_a_minute_of_leeway(
    trusting: World, changes: dict[str, int], taken: bool
) -> None:
    times = {name: trusting.clock.unix + offset for name, offset in changes.items()}
    token = signed(good(trusting, **times))
    if taken:
        await trusting.services.credentials.authenticate_token(token)
    else:
        assert await refused(trusting, token) == "access_token"


@pytest.mark.parametrize(
    "changes",
    [
        {"organization": "nowhere"},
        {"organization": None},
        {"organization": 7},
        {"role": "king"},
        {"role": ["owner"]},
        {"role": None},
    ],
)
async def test_a_good_token_for_nobody_here_may_do_nothing(
    trusting: World, changes: dict[str, Any]
) -> None:
    with pytest.raises(Forbidden) as caught:
        await trusting.services.credentials.authenticate_token(signed(good(trusting, **changes)))
    assert caught.value.code == "token_claims"


async def test_only_the_issuers_own_signatures_count(trusting: World, issuer: Issuer) -> None:
    made = good(trusting)
    modulus = json.dumps(issuer.keys[0]).encode()
    part = base64.urlsafe_b64encode(modulus).decode().rstrip("=")
    forged = [
        signed(made, number=1),
        signed(made, kid=None),
        signed(made, kid="two"),
        signed(made, "ES256"),
        jwt.encode(made, "", algorithm="none", headers={"kid": "one"}),
        jwt.encode(made, part, algorithm="HS256", headers={"kid": "one"}),
        jwt.encode(made, private_key("RS256"), "RS512", {"kid": "one"}),
        signed(made)[:-4] + "AAAA",
        signed(good(trusting, sub="x" * 9000)),
        "not a token",
    ]
    for token in forged:
        assert await refused(trusting, token) == "access_token"
    await trusting.services.credentials.authenticate_token(signed(made))


@pytest.mark.parametrize(
    "changes",
    [
        {"use": "enc"},
        {"alg": "RS512"},
        {"key_ops": ["encrypt"]},
        {"kty": "oct"},
        {"n": "!"},
        {"n": 7},
        {"e": None},
    ],
)
async def test_a_key_that_is_not_for_this_verifies_nothing(
    trusting: World, issuer: Issuer, changes: dict[str, Any]
) -> None:
    issuer.keys = [{**issuer.keys[0], **changes}]
    assert await refused(trusting, signed(good(trusting))) == "access_token"


async def test_a_short_rsa_key_verifies_nothing(trusting: World, issuer: Issuer) -> None:
    issuer.keys = [public_key("one", "RS256", -1)]
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = signed(good(trusting), number=-1)
    assert await refused(trusting, token) == "access_token"


async def test_keys_are_kept_and_followed_when_they_change(trusting: World, issuer: Issuer) -> None:
    authenticate = trusting.services.credentials.authenticate_token
    for _ in range(3):
        await authenticate(signed(good(trusting)))
    assert issuer.fetched == 1

    issuer.keys = [public_key("two", "RS256", 1)]
    trusting.clock.advance(30)
    await authenticate(signed(good(trusting), kid="two", number=1))
    assert issuer.fetched == 2
    assert await refused(trusting, signed(good(trusting))) == "access_token"

    issuer.keys = []
    trusting.clock.advance(600)
    withdrawn = signed(good(trusting), kid="two", number=1)
    assert await refused(trusting, withdrawn) == "access_token"


async def test_invented_key_ids_do_not_make_us_ask_again_and_again(
    trusting: World, issuer: Issuer
) -> None:
    for number in range(20):
        await refused(trusting, signed(good(trusting), kid=f"guess-{number}"))
    assert issuer.fetched == 1
    trusting.clock.advance(30)
    await refused(trusting, signed(good(trusting), kid="guess"))
    assert issuer.fetched == 2


@pytest.mark.parametrize("published", [b"", b"[]", b'{"keys": 1}', b"\xff", b"<html>"])
async def test_the_last_keys_serve_for_a_day_when_nothing_better_is_published(
    trusting: World, issuer: Issuer, published: bytes
) -> None:
    authenticate = trusting.services.credentials.authenticate_token
    await authenticate(signed(good(trusting)))
    issuer.published, issuer.reachable = published, bool(published)
    trusting.clock.advance(86_399)
    await authenticate(signed(good(trusting)))
    trusting.clock.advance(1)
    with pytest.raises(EngineFailure):
        await authenticate(signed(good(trusting)))
    issuer.published, issuer.reachable = None, True
    trusting.clock.advance(30)
    await authenticate(signed(good(trusting)))


async def test_our_own_tokens_count_beside_the_issuers(trusting: World, issuer: Issuer) -> None:
    issuer.reachable = False
    credentials = trusting.services.credentials
    token = await credentials.access_token(trusting.founded.api_key)
    assert (await credentials.authenticate_token(token)).key_id
    assert issuer.fetched == 0


async def test_without_a_trusted_issuer_nobody_elses_token_counts(world: World) -> None:
    assert await refused(world, signed(claims(world.clock.unix))) == "access_token"
