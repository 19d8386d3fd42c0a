import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from vivavoce.core.delivery_schedule import (
    ATTEMPT_OFFSETS,
    JITTER_SHARE,
    MOST_ATTEMPTS,
    delay_after,
)
from vivavoce.core.errors import Invalid
from vivavoce.core.network_addresses import is_public, is_reachable_name
from vivavoce.core.session import Event
from vivavoce.core.webhook_signing import body_of, mint_secret, signature, signed_headers
from vivavoce.core.webhooks import (
    AttemptOutcome,
    WebhookEndpoint,
    WebhookSecret,
    check_endpoint_url,
    outcome_of,
)

AT = datetime(2026, 6, 2, 7, 48, 31, tzinfo=UTC)
TEXTS = st.text(max_size=40).filter(lambda text: text.isprintable())


def test_the_published_vector_is_signed_as_published() -> None:
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(min_size=24, max_size=64), TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=4))
def test_the_published_library_verifies_whatever_is_sent(
    random: bytes, name: str, payload: dict[str, str]
) -> None:
    now = datetime.now(UTC)
    secret = mint_secret(random)
    event = Event("evt_1", "org", name, now, payload)
    headers = signed_headers((secret,), event.id, int(now.timestamp()), body_of(event))

    verified = Webhook(secret).verify(body_of(event), headers)

    assert verified["data"] == payload
    assert verified["id"] == headers["webhook-id"]


def test_while_rotating_either_secret_verifies() -> None:
    now = datetime.now(UTC)
    old, new = mint_secret(b"o" * 32), mint_secret(b"n" * 32)
    headers = signed_headers((new, old), "evt_1", int(now.timestamp()), b"{}")

    for secret in (old, new):
        assert Webhook(secret).verify(b"{}", headers) == {}


def test_a_replaced_secret_signs_until_it_retires() -> None:
    secrets = (WebhookSecret("whsec_new"), WebhookSecret("whsec_old", AT))
    endpoint = WebhookEndpoint("whe_1", "org", "https://a.example", secrets, AT, AT)

    assert endpoint.live_secrets(AT - timedelta(seconds=1)) == ("whsec_new", "whsec_old")
    assert endpoint.live_secrets(AT) == ("whsec_new",)


def test_a_secret_is_not_printed_by_accident() -> None:
    assert "whsec_new" not in repr(WebhookSecret("whsec_new"))


def test_the_body_is_the_documented_envelope() -> None:
    event = Event("evt_1", "org", "session.scored", AT, {"session": {"id": "s"}})

    assert json.loads(body_of(event)) == {
        "id": "evt_1",
        "event": "session.scored",
        "occurred_at": "2026-06-02T07:48:31.000Z",
        "data": {"session": {"id": "s"}},
    }


def test_without_jitter_the_attempts_fall_on_the_schedule() -> None:
    at, moments = timedelta(0), [timedelta(0)]
    for failures in range(1, MOST_ATTEMPTS):
        delay = delay_after(failures, 0.0)
        assert delay is not None
        at += delay
        moments.append(at)

    assert tuple(moments) == ATTEMPT_OFFSETS
    assert ATTEMPT_OFFSETS[-1] == timedelta(hours=24)
    assert len(moments) == 10


@given(st.integers(1, MOST_ATTEMPTS - 1), st.floats(0, 1))
def test_jitter_makes_an_attempt_later_and_never_earlier(failures: int, random: float) -> None:
    exact, delay = delay_after(failures, 0.0), delay_after(failures, random)

    assert exact is not None
    assert delay is not None
    assert exact <= delay <= exact * (1 + JITTER_SHARE)


@given(st.integers(MOST_ATTEMPTS, 1000), st.floats(0, 1))
def test_after_the_last_attempt_there_is_no_other(failures: int, random: float) -> None:
    assert delay_after(failures, random) is None


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, AttemptOutcome.DELIVERED),
        (204, AttemptOutcome.DELIVERED),
        (301, AttemptOutcome.REDIRECTED),
        (307, AttemptOutcome.REDIRECTED),
        (410, AttemptOutcome.REFUSED),
        (500, AttemptOutcome.REFUSED),
    ],
)
def test_only_2xx_is_delivered(status: int, outcome: AttemptOutcome) -> None:
    assert outcome_of(status) is outcome


PRIVATE = [
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.8.9.10",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:93.184.215.14",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:a9fe:a9fe::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_only_this_network_sees_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700::1111"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="127.0.0.0/8"))
def test_no_spelling_of_a_private_address_in_ipv6_helps(address: object) -> None:
    assert not is_public(f"::ffff:{address}")
    assert not is_public(f"::{address}")
    assert not is_public(f"64:ff9b::{address}")


@given(st.text(max_size=30))
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public("x" + text)


HOSTILE_URLS = [
    "",
    "ftp://hooks.example.org/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https:///path",
    "https://user:secret@hooks.example.org/",
    "https://hooks.example.org/#fragment",
    "https://hooks.example.org:0/",
    "https://hooks.example.org:99999/",
    "https://hooks.example.org/a b",
    "https://hooks.example.org/\r\nx-evil: 1",
    "https://h\u00f6oks.example.org/",
    "https://[::1",
    "https://hooks.example.org/" + "a" * 2048,
]


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_what_is_no_plain_web_address_is_refused_everywhere(url: str) -> None:
    for private_allowed in (False, True):
        with pytest.raises(Invalid) as caught:
            check_endpoint_url(url, private_allowed=private_allowed)
        assert caught.value.code == "webhook_url"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "api.localhost",
        "printer.local",
        "metadata.google.internal",
        "router",
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "169.254.169.254",
    ],
)
def test_a_private_host_is_refused_unless_allowed(host: str) -> None:
    url = f"http://{host}:8080/hook"

    with pytest.raises(Invalid):
        check_endpoint_url(url, private_allowed=False)
    check_endpoint_url(url, private_allowed=True)


def test_a_public_host_is_accepted() -> None:
    check_endpoint_url("https://hooks.example.org/in?token=7", private_allowed=False)
    check_endpoint_url("http://hooks.example.org:8080/", private_allowed=False)
    assert is_reachable_name("93.184.215.14")
