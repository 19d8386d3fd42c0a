from dataclasses import replace
from datetime import timedelta

import jwt
import pytest
from vivavoce.core.api_keys import KeyMode, is_well_formed
from vivavoce.core.errors import Conflict, Forbidden, Invalid, Unauthenticated
from vivavoce.core.roles import Role
from vivavoce.core.scopes import Scope, parse_scope
from vivavoce.services.foundation import Foundation
from vivavoce.services.organizations import Founding
from vivavoce.services.passwords import Passwords
from vivavoce.services.sign_ins import Attempt, SignIns
from vivavoce.services.sub_organizations import NewSubOrganization

from tests.services.backend import INSTANCE, World

pytestmark = pytest.mark.anyio


async def test_a_new_organization_has_an_owner_who_can_sign_in(world: World) -> None:
    attempt = Attempt("lantern-works", "Owner@Lantern.test", world.founded.owner_password)
    signed_in, _ = await world.services.sign_ins.sign_in(attempt)
    assert signed_in.member.role is Role.OWNER
    assert signed_in.member.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("email", ["owner@lantern.test", "nobody@lantern.test"])
async def test_a_wrong_password_and_a_wrong_address_look_the_same(world: World, email: str) -> None:
    attempt = Attempt("lantern-works", email, "not the password")
    with pytest.raises(Unauthenticated) as caught:
        await world.services.sign_ins.sign_in(attempt)
    assert caught.value.code == "sign_in"


async def test_an_organization_is_founded_once(world: World) -> None:
    with pytest.raises(Conflict):
        await world.services.organizations.initialize(
            Founding("Lantern Works", "other@lantern.test")
        )


async def test_a_short_password_is_refused(world: World) -> None:
    with pytest.raises(Invalid):
        await world.services.organizations.initialize(
            Founding("Another", "a@b.test", owner_password="short")
        )


async def test_it_starts_with_three_profiles_whose_rubrics_are_complete(world: World) -> None:
    profiles, total = await world.services.agent_profiles.page(world.organization_id)
    assert total == 3
    assert [profile.id for profile in profiles] == list(world.founded.profile_ids)
    for profile in profiles:
        assert sum(dimension.weight for dimension in profile.dimensions) == 100
        assert len(profile.dimensions) in {4, 5}
        assert all(len(set(dimension.anchors)) == 5 for dimension in profile.dimensions)


async def test_the_first_key_may_do_everything_and_its_use_is_noted(world: World) -> None:
    principal = await world.services.credentials.authenticate_key(world.founded.api_key)
    principal.require(Scope.EMBEDS_WRITE)
    key = await world.stores.read.api_keys.get(principal.key_id)
    assert key is not None
    assert key.last_used_at == world.clock.now()
    assert world.founded.api_key.startswith(key.prefix)


async def test_a_key_is_refused_after_its_expiry(world: World) -> None:
    expires_at = world.clock.now() + timedelta(hours=1)
    _, key = await world.services.credentials.create_api_key(
        world.organization_id, "short", [Scope.INTERVIEWS_READ], KeyMode.TEST, expires_at
    )
    assert key.startswith("vv_test_")
    await world.services.credentials.authenticate_key(key)
    world.clock.advance(3600)
    with pytest.raises(Unauthenticated):
        await world.services.credentials.authenticate_key(key)


async def test_a_key_with_a_changed_character_fails_its_checksum(world: World) -> None:
    key = world.founded.api_key
    changed = key[:20] + ("A" if key[20] != "A" else "B") + key[21:]
    assert is_well_formed(key)
    assert not is_well_formed(changed)
    with pytest.raises(Unauthenticated):
        await world.services.credentials.authenticate_key(changed)


async def test_a_token_ends_with_its_time_and_with_its_key(world: World) -> None:
    credentials = world.services.credentials
    token = await credentials.access_token(world.founded.api_key)
    principal = await credentials.authenticate_token(token)
    world.clock.advance(3599)
    await credentials.authenticate_token(token)
    world.clock.advance(1)
    with pytest.raises(Unauthenticated):
        await credentials.authenticate_token(token)
    fresh = await credentials.access_token(world.founded.api_key)
    assert await credentials.revoke_api_key(world.organization_id, principal.key_id)
    with pytest.raises(Unauthenticated):
        await credentials.authenticate_token(fresh)


async def test_a_launch_token_is_no_access_token(world: World) -> None:
    with pytest.raises(Unauthenticated):
        await world.services.credentials.authenticate_token(world.token())


async def test_an_unsigned_access_token_is_refused(world: World) -> None:
    token = await world.services.credentials.access_token(world.founded.api_key)
    claims = jwt.decode(token, options={"verify_signature": False})
    forged = jwt.encode(claims, "", algorithm="none", headers={"typ": "at+jwt"})
    with pytest.raises(Unauthenticated):
        await world.services.credentials.authenticate_token(forged)


async def test_the_agent_secret_names_its_organization(world: World) -> None:
    found = await world.services.credentials.authenticate_agent(world.founded.agent_secret)
    assert found.id == world.organization_id
    with pytest.raises(Unauthenticated):
        await world.services.credentials.authenticate_agent("vvas_guess")


def test_both_spellings_of_a_scope_are_one() -> None:
    assert parse_scope("interviews:read") is parse_scope("interviews.read")
    with pytest.raises(Invalid):
        parse_scope("everything")


async def test_a_missing_scope_is_named(world: World) -> None:
    _, key = await world.services.credentials.create_api_key(world.organization_id, "none", [])
    principal = await world.services.credentials.authenticate_key(key)
    with pytest.raises(Forbidden, match=r"reports\.read"):
        principal.require(Scope.REPORTS_READ)


async def test_a_password_replaced_while_it_is_verified_opens_nothing(world: World) -> None:
    founded, stores = world.founded, world.stores

    class Slow(Passwords):
        async def verify(self, known: str | None, password: str) -> bool:
            verified = await super().verify(known, password)
            async with stores.transaction() as write:
                owner = await write.members.by_email(world.organization_id, "owner@lantern.test")
                assert owner is not None
                await write.members.change(
                    replace(owner, password_hash="replaced", revision=owner.revision + 1)
                )
            return verified

    sign_ins = SignIns(Foundation(stores, world.clock, INSTANCE), Slow())
    attempt = Attempt(founded.organization.slug, "owner@lantern.test", founded.owner_password)
    with pytest.raises(Unauthenticated) as caught:
        await sign_ins.sign_in(attempt)

    assert caught.value.code == "sign_in"


async def test_no_organization_is_founded_under_a_slug_like_an_id(world: World) -> None:
    name = world.organization_id.upper()
    with pytest.raises(Conflict):
        await world.services.organizations.initialize(Founding(name, "else@lantern.test"))
    by = await world.services.credentials.authenticate_key(world.founded.api_key)
    opened = await world.services.sub_organizations.open(by, NewSubOrganization(name))

    assert opened.organization.slug.startswith(f"{world.organization_id}-")
