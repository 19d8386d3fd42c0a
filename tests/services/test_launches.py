import base64
import json
from typing import Any

import pytest
from vivavoce.core.errors import Conflict, Forbidden, Unauthenticated
from vivavoce.core.signing import simple_signature
from vivavoce.services.launch_tokens import SignedLink
from vivavoce.services.launches import Admission

from tests.services.backend import INSTANCE, SITE, World, interview_fields

pytestmark = pytest.mark.anyio


async def refusal(world: World, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        await world.services.launches.exchange_launch(token)
    return caught.value.code


def encoded(part: dict[str, Any] | str) -> str:
    text = part if isinstance(part, str) else json.dumps(part)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


async def finish(world: World, admission: Admission) -> None:
    journal = world.services.journals.of(admission.session_id)
    await journal.started()
    await journal.completed(60_000)


async def test_a_signed_link_opens_a_session(world: World) -> None:
    token = world.token(meta={"job": 7}, ret=f"{SITE}/done", lang="de", org=[SITE])
    admission = await world.services.launches.exchange_launch(token)
    assert admission.ws_url == f"wss://interviews.test/ws/v1/{admission.session_id}"
    assert admission.expires_in == 30
    record = await world.services.sessions.read(world.organization_id, admission.session_id)
    assert record.session.external_id == "candidate-7"
    assert record.session.language == "de"
    assert record.session.meta == {"job": 7}
    assert record.session.return_url == f"{SITE}/done"
    assert await world.events() == ["participant.created", "session.created"]


async def test_an_unsigned_token_is_refused(world: World) -> None:
    header = {"alg": "none", "typ": "vv-launch+jwt", "kid": world.embed.id}
    token = f"{encoded(header)}.{encoded(world.claims())}."
    assert await refusal(world, token) == "token_malformed"
    assert await refusal(world, token + "AAAA") == "token_algorithm"


@pytest.mark.parametrize("algorithm", ["HS512", "HS384"])
async def test_another_algorithm_is_refused(world: World, algorithm: str) -> None:
    token = world.sign(world.claims(), key="k" * 64, alg=algorithm)
    assert await refusal(world, token) == "token_algorithm"


async def test_a_public_key_algorithm_is_refused(world: World) -> None:
    header = {"alg": "RS256", "typ": "vv-launch+jwt", "kid": world.embed.id}
    token = f"{encoded(header)}.{encoded(world.claims())}.AAAA"
    assert await refusal(world, token) == "token_algorithm"


@pytest.mark.parametrize(
    "kid", ["../../etc/passwd", "emb_live_' OR 1=1 --", "", "emb_live_%2e%2e%2f", "instance"]
)
async def test_a_key_id_is_looked_up_exactly(world: World, kid: str) -> None:
    assert await refusal(world, world.sign(world.claims(), kid=kid)) == "token_key"


async def test_an_unknown_embed_is_refused(world: World) -> None:
    kid = "emb_live_" + "A" * 24
    assert await refusal(world, world.sign(world.claims(), kid=kid)) == "token_key"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"typ": "JWT"}, "token_type"),
        ({"typ": "vv-launch+jwt", "jku": "https://evil.test"}, "token_header"),
        ({"typ": "vv-launch+jwt", "cty": "JWT"}, "token_header"),
    ],
)
async def test_a_header_with_anything_else_is_refused(
    world: World, header: dict[str, str], code: str
) -> None:
    assert await refusal(world, world.sign(world.claims(), **header)) == code


async def test_a_header_with_a_repeated_key_is_refused(world: World) -> None:
    text = f'{{"alg":"none","alg":"HS256","typ":"vv-launch+jwt","kid":"{world.embed.id}"}}'
    token = f"{encoded(text)}.{encoded(world.claims())}.AAAA"
    assert await refusal(world, token) == "token_malformed"


async def test_a_signature_of_another_key_is_refused(world: World) -> None:
    token = world.sign(world.claims(), key="x" * 43)
    assert await refusal(world, token) == "token_signature"


async def test_a_changed_claim_breaks_the_signature(world: World) -> None:
    header, _, signature = world.token().split(".")
    token = f"{header}.{encoded(world.claims(sub='somebody-else'))}.{signature}"
    assert await refusal(world, token) == "token_signature"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": "https://other.test"}, "token_audience"),
        ({"aud": [INSTANCE]}, "token_audience"),
        ({"aud": None}, "token_audience"),
        ({"sub": None}, "token_claims"),
        ({"jti": None}, "token_claims"),
        ({"iat": None}, "token_claims"),
        ({"exp": None}, "token_claims"),
        ({"exp": True}, "token_claims"),
        ({"sub": 7}, "token_claims"),
        ({"sub": "a\nb"}, "token_claims"),
        ({"name": "x" * 201}, "token_claims"),
        ({"email": "not an address"}, "token_claims"),
        ({"lang": "xx"}, "token_claims"),
        ({"attempts": 0}, "token_claims"),
        ({"meta": {"x": "y" * 1100}}, "token_claims"),
        ({"meta": []}, "token_claims"),
        ({"org": ["https://evil.test"]}, "token_origins"),
        ({"ret": "https://evil.test/x"}, "token_return"),
        ({"ret": "javascript:alert(1)"}, "token_return"),
        ({"ret": f"{SITE}.evil.test/"}, "token_return"),
        ({"ret": f"{SITE}@evil.test/"}, "token_return"),
    ],
)
async def test_a_wrong_claim_is_refused(world: World, changes: dict[str, Any], code: str) -> None:
    assert await refusal(world, world.token(**changes)) == code


async def test_a_link_lives_fifteen_minutes_at_most(world: World) -> None:
    now = world.clock.unix
    assert await refusal(world, world.token(exp=now + 901)) == "token_life"
    await world.services.launches.exchange_launch(world.token(exp=now + 900))


async def test_sixty_seconds_of_skew_are_forgiven_after_the_end(world: World) -> None:
    now = world.clock.unix
    world.clock.advance(601 + 60)
    assert await refusal(world, world.token(iat=now, exp=now + 600)) == "token_expired"
    world.clock.advance(-2)
    await world.services.launches.exchange_launch(world.token(iat=now, exp=now + 600))


async def test_sixty_seconds_of_skew_are_forgiven_before_the_beginning(world: World) -> None:
    now = world.clock.unix
    early = world.token(iat=now + 61, exp=now + 600)
    assert await refusal(world, early) == "token_early"
    await world.services.launches.exchange_launch(world.token(iat=now + 59, exp=now + 600))


async def test_another_browser_with_the_same_link_is_refused(world: World) -> None:
    token = world.token()
    first = await world.services.launches.exchange_launch(token)
    with pytest.raises(Conflict) as caught:
        await world.services.launches.exchange_launch(token)
    assert caught.value.code == "launch_in_use"
    with pytest.raises(Conflict):
        await world.services.launches.exchange_launch(token, "a guess")
    again = await world.services.launches.exchange_launch(token, first.resume_handle)
    assert again.session_id == first.session_id


async def test_a_fresh_link_moves_the_candidate_to_this_browser(world: World) -> None:
    first = await world.services.launches.exchange_launch(world.token())
    second = await world.services.launches.exchange_launch(world.token(jti="link-2"))
    assert second.session_id == first.session_id
    with pytest.raises(Unauthenticated):
        await world.services.launches.resume(first.session_id, first.resume_handle)


async def test_attempts_are_counted_by_completed_sessions(world: World) -> None:
    launches = world.services.launches
    first = await launches.exchange_launch(world.token())
    await world.services.journals.of(first.session_id).started()
    await world.services.sessions.fail(first.session_id, "engine")
    second = await launches.exchange_launch(world.token(jti="2"))
    assert second.session_id != first.session_id
    await finish(world, second)
    with pytest.raises(Conflict) as caught:
        await launches.exchange_launch(world.token(jti="3"))
    assert caught.value.code == "attempts_used"
    third = await launches.exchange_launch(world.token(jti="4", attempts=2))
    assert third.session_id != second.session_id


async def test_two_ids_with_one_address_are_one_participant(world: World) -> None:
    launches = world.services.launches
    first = await launches.exchange_launch(world.token())
    second = await launches.exchange_launch(world.token(sub="renamed", jti="2"))
    assert first.session_id == second.session_id


async def test_both_signing_keys_work_while_rotating(world: World) -> None:
    old = world.token()
    fresh_key = await world.services.embeds.rotate(world.organization_id, world.embed.id)
    await world.services.launches.exchange_launch(old)
    fresh = world.sign(world.claims(jti="2"), key=fresh_key)
    await world.services.launches.exchange_launch(fresh)
    await world.services.embeds.rotate(world.organization_id, world.embed.id)
    assert await refusal(world, world.token(jti="3")) == "token_signature"


async def test_a_handle_stays_valid_until_its_successor_is_used(world: World) -> None:
    launches = world.services.launches
    first = await launches.exchange_launch(world.token())
    lost = await launches.resume(first.session_id, first.resume_handle)
    second = await launches.resume(first.session_id, first.resume_handle)
    with pytest.raises(Unauthenticated):
        await launches.resume(first.session_id, lost.resume_handle)
    await launches.resume(first.session_id, second.resume_handle)
    with pytest.raises(Unauthenticated):
        await launches.resume(first.session_id, first.resume_handle)


async def test_a_handle_from_the_socket_replaces_the_one_before(world: World) -> None:
    launches = world.services.launches
    first = await launches.exchange_launch(world.token())
    rotated = await launches.rotate_handle(first.session_id)
    await launches.resume(first.session_id, rotated)
    with pytest.raises(Unauthenticated):
        await launches.resume(first.session_id, first.resume_handle)


async def test_a_handle_is_good_for_its_own_session_only(world: World) -> None:
    launches = world.services.launches
    first = await launches.exchange_launch(world.token())
    other = await launches.exchange_launch(world.token(sub="b", email="b@x.test", jti="2"))
    with pytest.raises(Unauthenticated):
        await launches.resume(other.session_id, first.resume_handle)


async def test_an_ended_session_is_not_resumed(world: World) -> None:
    admission = await world.services.launches.exchange_launch(world.token())
    await finish(world, admission)
    with pytest.raises(Conflict) as caught:
        await world.services.launches.resume(admission.session_id, admission.resume_handle)
    assert caught.value.code == "session_ended"


async def test_who_opens_the_link_elsewhere_after_the_end_is_told_that_it_is_over(
    world: World,
) -> None:
    launches, link = world.services.launches, world.token()
    admission = await launches.exchange_launch(link)
    with pytest.raises(Conflict) as before:
        await launches.exchange_launch(link)
    await finish(world, admission)
    with pytest.raises(Conflict) as after:
        await launches.exchange_launch(link)
    assert (before.value.code, after.value.code) == ("launch_in_use", "session_ended")


def simple_link(world: World, **changes: str) -> SignedLink:
    fields = {
        "embed_id": world.embed.id,
        "expires": str(world.clock.unix + 600),
        "email": "ada@example.org",
        "name": "Ada",
        "external_id": "a-1",
        **changes,
    }
    ordered = [fields[name] for name in ("embed_id", "expires", "email", "name", "external_id")]
    text = (ordered[0], ordered[1], ordered[2], ordered[3], ordered[4])
    return SignedLink(**fields, signature=simple_signature(world.embed.signing_keys[0], text))


async def test_the_simple_form_opens_a_session(world: World) -> None:
    admission = await world.services.launches.exchange_signed(simple_link(world))
    participant = await world.services.sessions.participant(admission.session_id)
    assert (participant.name, participant.external_id) == ("Ada", "a-1")
    with pytest.raises(Conflict):
        await world.services.launches.exchange_signed(simple_link(world))


@pytest.mark.parametrize(("offset", "code"), [(-61, "token_expired"), (15 * 60 + 61, "token_life")])
async def test_the_simple_form_expires(world: World, offset: int, code: str) -> None:
    link = simple_link(world, expires=str(world.clock.unix + offset))
    with pytest.raises(Unauthenticated) as caught:
        await world.services.launches.exchange_signed(link)
    assert caught.value.code == code


async def test_a_line_break_cannot_move_between_signed_fields(world: World) -> None:
    with pytest.raises(Unauthenticated):
        await world.services.launches.exchange_signed(simple_link(world, name="Ada\na-1"))


async def test_a_wrong_simple_signature_is_refused(world: World) -> None:
    link = simple_link(world)
    changed = SignedLink(**{**vars(link), "name": "Eve"})
    with pytest.raises(Unauthenticated):
        await world.services.launches.exchange_signed(changed)


async def test_an_unsigned_visit_is_forbidden(world: World) -> None:
    with pytest.raises(Forbidden) as caught:
        await world.services.launches.refuse_unsigned()
    assert caught.value.code == "unsigned_not_allowed"


async def test_a_mailed_link_opens_the_session_it_was_made_for(world: World) -> None:
    record = await world.services.sessions.schedule(
        world.organization_id, world.template.id, "Noor", "noor@example.org"
    )
    assert record.join_url is not None
    assert record.join_url.startswith(f"{INSTANCE}/i/{world.slug}?stage=")
    token = record.join_url.partition("#t=")[2]
    world.clock.advance(44 * 24 * 3600)
    admission = await world.services.launches.exchange_invitation(token)
    assert admission.session_id == record.session.id
    with pytest.raises(Conflict):
        await world.services.launches.exchange_invitation(token)
    later = await world.services.sessions.read(world.organization_id, record.session.id)
    assert later.join_url is not None
    fresh = later.join_url.partition("#t=")[2]
    with pytest.raises(Conflict):
        await world.services.launches.exchange_invitation(fresh)


async def test_a_mailed_link_ends_after_forty_five_days(world: World) -> None:
    record = await world.services.sessions.schedule(
        world.organization_id, world.template.id, "Noor", "noor@example.org"
    )
    assert record.join_url is not None
    token = record.join_url.partition("#t=")[2]
    world.clock.advance(45 * 24 * 3600 + 61)
    with pytest.raises(Unauthenticated):
        await world.services.launches.exchange_invitation(token)


async def test_a_site_may_mail_its_own_links_for_as_long(world: World) -> None:
    life = 45 * 24 * 3600
    token = world.token(exp=world.clock.unix + life)
    assert await refusal(world, token) == "token_life"
    await world.services.launches.exchange_invitation(token)
    longer = world.token(exp=world.clock.unix + life + 1, jti="2")
    with pytest.raises(Unauthenticated):
        await world.services.launches.exchange_invitation(longer)


async def test_a_popout_moves_the_interview_once_within_a_minute(world: World) -> None:
    launches = world.services.launches
    first = await launches.exchange_launch(world.token())
    url = await launches.popout(first.session_id, first.resume_handle)
    code = url.partition("#c=")[2]
    moved = await launches.exchange_popout(code)
    assert moved.session_id == first.session_id
    for handle in (first.resume_handle, "x"):
        with pytest.raises(Unauthenticated):
            await launches.resume(first.session_id, handle)
    with pytest.raises(Unauthenticated):
        await launches.exchange_popout(code)
    late = await launches.popout(moved.session_id, moved.resume_handle)
    world.clock.advance(61)
    with pytest.raises(Unauthenticated):
        await launches.exchange_popout(late.partition("#c=")[2])


async def test_a_draft_interview_admits_nobody(world: World) -> None:
    fields = interview_fields(world.founded.profile_ids[0], status="draft", is_embedded=True)
    created = await world.services.interviews.create_from_questions(world.organization_id, fields)
    assert created.embed is not None
    token = world.sign(world.claims(), created.embed.signing_keys[0], kid=created.embed.id)
    with pytest.raises(Conflict) as caught:
        await world.services.launches.exchange_launch(token)
    assert caught.value.code == "interview_closed"


async def test_a_ticket_is_good_once_for_its_session_for_thirty_seconds(world: World) -> None:
    tickets = world.services.tickets
    first = await world.services.launches.exchange_launch(world.token())
    other = await world.services.launches.exchange_launch(
        world.token(sub="b", email="b@x.test", jti="2")
    )
    with pytest.raises(Unauthenticated):
        await tickets.redeem(other.session_id, first.ticket)
    await tickets.redeem(first.session_id, first.ticket)
    with pytest.raises(Unauthenticated):
        await tickets.redeem(first.session_id, first.ticket)
    world.clock.advance(30)
    await tickets.redeem(other.session_id, other.ticket)
    late = await tickets.issue(first.session_id)
    world.clock.advance(31)
    with pytest.raises(Unauthenticated):
        await tickets.redeem(first.session_id, late)
