import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.api_keys import KeyMode, is_well_formed, mint_key
from vivavoce.core.embed import parse_origin
from vivavoce.core.errors import Invalid, Unauthenticated
from vivavoce.core.identifiers import slugify, uuid7
from vivavoce.core.launch_rules import check_origins, key_id, parse_claims
from vivavoce.core.timestamps import from_text, to_text

TEN_BYTES = st.binary(min_size=10, max_size=10)
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
CLAIMS = ("aud", "sub", "iat", "exp", "nbf", "jti", "name", "email", "lang", "org", "ret", "meta")
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.integers(0, (1 << 48) - 2), TEN_BYTES, TEN_BYTES)
def test_a_later_id_sorts_after_an_earlier_one(ms: int, first: bytes, second: bytes) -> None:
    earlier, later = uuid7(ms, first), uuid7(ms + 1, second)
    assert earlier < later
    pattern = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert re.fullmatch(pattern, later)


@given(TEN_BYTES)
def test_an_id_keeps_all_randomness_but_the_six_fixed_bits(random: bytes) -> None:
    kept = int(uuid7(0, random).replace("-", ""), 16)
    tail = (kept >> 64 & 0xFFF) << 62 | kept & ((1 << 62) - 1)
    assert tail == int.from_bytes(random) & ((1 << 74) - 1)


@pytest.mark.parametrize(("ms", "size"), [(-1, 10), (1 << 48, 10), (0, 9)])
def test_an_id_needs_a_time_and_ten_bytes(ms: int, size: int) -> None:
    with pytest.raises(ValueError, match="uuid7"):
        uuid7(ms, bytes(size))


@given(MOMENTS, MOMENTS)
def test_the_order_of_texts_is_the_order_of_times(first: datetime, second: datetime) -> None:
    assert abs(from_text(to_text(first)) - first) < timedelta(milliseconds=1)
    if to_text(first) < to_text(second):
        assert first < second


@given(st.text())
def test_a_slug_is_safe_in_an_address(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slugify(text))


@given(st.binary(min_size=32, max_size=32), st.integers(0, 56), st.characters(codec="ascii"))
def test_one_wrong_character_shows_in_a_key(random: bytes, place: int, character: str) -> None:
    key = mint_key(KeyMode.LIVE, random)
    assert is_well_formed(key)
    changed = key[:place] + character + key[place + 1 :]
    assert is_well_formed(changed) == (changed == key)


@given(st.text() | st.from_regex(r"\A[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z"))
def test_any_token_is_read_or_refused(token: str) -> None:
    with suppress(Unauthenticated):
        key_id(token)


@given(st.dictionaries(st.sampled_from(CLAIMS), VALUES), st.sampled_from([(), ("*",)]))
def test_any_claims_are_read_or_refused(changes: dict[str, Any], allowed: tuple[str, ...]) -> None:
    payload = {"aud": "i", "sub": "s", "jti": "j", "iat": 1000, "exp": 1100, **changes}
    with suppress(Unauthenticated):
        claims = parse_claims(payload, issuer="e", audience="i", now=1050, life_seconds=900)
        check_origins(claims, allowed)


@given(st.text() | st.text().map("https://".__add__))
def test_any_origin_is_read_or_refused(text: str) -> None:
    with suppress(Invalid):
        origin = parse_origin(text)
        assert parse_origin(origin) == origin
        assert not set(origin) & set(" ;,'\"\n")
