"""Who gets through the door of the interview socket, and what the others are told."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from vivavoce.services.opening import SystemClock
from websockets.datastructures import Headers
from websockets.exceptions import InvalidStatus

from tests.live.candidate import Candidate, candidate, open_socket
from tests.live.serving import LocalServer, Server, running_here

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Denial:
    status: int
    code: str
    headers: Headers


async def refused(url: str, *protocols: str, origin: str | None) -> Denial:
    """The HTTP answer in place of a socket; it has the shape of every error of the platform."""
    with pytest.raises(InvalidStatus) as failure:
        await open_socket(url, *protocols, origin=origin)
    response = failure.value.response
    body = json.loads(response.body or b"")
    assert set(body) == {"error", "code", "issues"}
    return Denial(response.status_code, body["code"], response.headers)


async def denied(person: Candidate, **changes: str) -> Denial:
    """What the candidate's own ticket and address earn after `changes`."""
    grant = person.grant
    assert grant is not None
    made = {"url": grant.ws_url, "ticket": grant.ticket, "origin": person.server.origin, **changes}
    return await refused(made["url"], "vv.v1", "vv.ticket." + made["ticket"], origin=made["origin"])


async def test_the_server_selects_the_protocol_and_never_echoes_the_ticket(server: Server) -> None:
    async with candidate(server) as person:
        await person.exchange()
        await person.dial()
        assert person.socket is not None
        answer = person.socket.response
        assert answer is not None
        assert answer.headers.get_all("sec-websocket-protocol") == ["vv.v1"]
        assert person.grant is not None
        assert person.grant.ticket not in str(answer.headers)


async def test_a_ticket_opens_one_socket(server: Server) -> None:
    async with candidate(server) as person:
        await person.exchange()
        await person.dial()
        denial = await denied(person)
        assert (denial.status, denial.code) == (401, "ticket")


async def test_a_ticket_opens_the_socket_of_its_session_only(server: Server) -> None:
    async with candidate(server) as one, candidate(server) as other:
        stranger = await other.exchange()
        await one.exchange()
        assert (await denied(one, url=stranger.ws_url)).status == 401
        await one.dial()  # the attempt did not cost the ticket
        await one.greet()


@pytest.mark.parametrize(
    "protocols",
    [(), ("vv.v1",), ("vv.ticket.{ticket}",), ("vv.v1", "vv.ticket."), ("vv.v1", "{ticket}")],
)
async def test_a_ticket_counts_only_where_it_belongs(
    server: Server, protocols: tuple[str, ...]
) -> None:
    async with candidate(server) as person:
        grant = await person.exchange()
        offered = [each.format(ticket=grant.ticket) for each in protocols]
        url = f"{grant.ws_url}?ticket={grant.ticket}"
        assert (await refused(url, *offered, origin=server.origin)).status == 401
        assert grant.ticket not in server.log.read_text()
        await person.dial()


async def test_two_tickets_at_once_are_one_too_many(server: Server) -> None:
    async with candidate(server) as person:
        grant = await person.exchange()
        offered = ("vv.v1", f"vv.ticket.{grant.ticket}", "vv.ticket.other")
        assert (await refused(grant.ws_url, *offered, origin=server.origin)).status == 401


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://careers.test",
        "{own}.evil.test",
        "http://evil.test#{own}",
        "{own}0",
        "{own}/",
        "https{rest}",
        "http://localhost",
    ],
)
async def test_a_foreign_origin_opens_no_socket(server: Server, origin: str | None) -> None:
    async with candidate(server) as person:
        grant = await person.exchange()
        rest = server.origin.removeprefix("http")
        claimed = origin and origin.format(own=server.origin, rest=rest)
        offered = ("vv.v1", f"vv.ticket.{grant.ticket}")
        denial = await refused(grant.ws_url, *offered, origin=claimed)
        assert (denial.status, denial.code) == (403, "origin")
        await person.dial()  # the attempt did not cost the ticket


async def test_an_unknown_session_is_not_told_from_a_bad_ticket(server: Server) -> None:
    async with candidate(server) as person:
        await person.exchange()
        url = f"ws://127.0.0.1:{server.port}/ws/v1/01a1fbc3-714d-7cdd-a23e-bed49736e434"
        assert (await denied(person, url=url)).status == 401


async def test_a_session_that_has_ended_opens_no_socket(server: Server) -> None:
    async with candidate(server) as person:
        await person.begin()
        ticket = (await person.renew()).ticket
        await person.finish()
        denial = await denied(person, ticket=ticket)
        assert (denial.status, denial.code) == (403, "session_ended")


@pytest.fixture
def small_server(tmp_path: Path) -> Iterator[LocalServer]:
    """One place. Each test has a server of its own: who was there is remembered for a while."""
    with running_here(tmp_path, max_conversations="1") as made:
        yield made


def link(server: Server) -> dict[str, str]:
    return {"launch_token": server.launch_token(int(datetime.now(UTC).timestamp()))}


async def queued(person: Candidate, credential: dict[str, str]) -> dict[str, Any]:
    answer = await person.http.post("/api/v1/embed/queue", json=credential)
    assert answer.status_code == 200
    place: dict[str, Any] = answer.json()["data"]
    return place


async def entered(person: Candidate, credential: dict[str, str]) -> tuple[int, str]:
    answer = await person.http.post("/api/v1/embed/sessions", json=credential)
    return answer.status_code, answer.json().get("code", "")


async def test_who_finds_no_place_waits_in_line_and_is_let_in_first(
    small_server: LocalServer,
) -> None:
    async with candidate(small_server) as one, candidate(small_server) as others:
        await one.begin()
        first, second, stranger = (link(small_server) for _ in range(3))
        answer = await others.http.post("/api/v1/embed/sessions", json=first)
        assert (answer.status_code, answer.json()["code"]) == (503, "capacity")
        assert int(answer.headers["Retry-After"]) > 0
        places = [await queued(others, each) for each in (first, second, first)]
        assert [(each["position"], each["of"]) for each in places] == [(1, 1), (2, 2), (1, 2)]
        assert not any(each["may_enter"] for each in places)
        assert 0 < places[0]["wait_seconds"] <= places[1]["wait_seconds"]
        await one.leave()
        place = await queued(others, first)
        assert place["may_enter"]
        assert 0 < place["enter_within_seconds"] <= 60
        for early in (second, stranger):
            assert await entered(others, early) == (503, "capacity")
        assert await entered(others, first) == (201, ""), "the same link is still good"
        assert (await queued(others, second))["position"] == 1


async def test_a_place_is_held_from_the_link_to_the_socket(small_server: LocalServer) -> None:
    async with candidate(small_server) as one, candidate(small_server) as late:
        await one.exchange()
        assert await entered(late, link(small_server)) == (503, "capacity")
        await one.dial()
        await one.greet()
        await one.start()
        await one.leave()


async def test_whoever_is_in_the_middle_of_an_interview_may_always_come_back(
    small_server: LocalServer,
) -> None:
    async with candidate(small_server) as one, candidate(small_server) as late:
        await one.begin()
        one.drop()
        assert await entered(late, link(small_server)) == (503, "capacity")
        ready = await one.resume()
        assert ready["state"] == "in_progress"
        await one.leave()


async def test_nobody_waits_without_a_link(small_server: LocalServer) -> None:
    async with candidate(small_server) as person:
        for credential in ({"launch_token": "x"}, {"session_id": "x", "resume_handle": "y"}):
            answer = await person.http.post("/api/v1/embed/queue", json=credential)
            assert answer.status_code == 401
        answer = await person.http.post("/api/v1/embed/queue", json={"code": "x"})
        assert (answer.status_code, answer.json()["code"]) == (400, "one_credential")


class MovedClock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self, _: SystemClock) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    moved = MovedClock()
    monkeypatch.setattr(SystemClock, "now", lambda it: moved.now(it))
    return moved


@pytest.fixture
def local_server(tmp_path: Path, clock: MovedClock) -> Iterator[LocalServer]:
    del clock  # moved before the server reads it
    with running_here(tmp_path) as made:
        yield made


async def test_a_ticket_is_good_for_thirty_seconds(
    local_server: LocalServer, clock: MovedClock
) -> None:
    async with candidate(local_server) as person:
        assert (await person.exchange()).expires_in == 30
        clock.ahead += timedelta(seconds=29)
        await person.dial()
        await person.renew()
        clock.ahead += timedelta(seconds=31)
        assert (await denied(person)).status == 401
