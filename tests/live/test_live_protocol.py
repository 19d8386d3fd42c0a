"""What a client may not say, what it is told, and that the interview goes on all the same."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live.candidate import CONSENT, HELLO, Candidate, candidate, mic_frame
from tests.live.serving import Server

pytestmark = pytest.mark.anyio

Content = str | bytes
FRAME = mic_frame(0)


async def closes(person: Candidate, *contents: Content) -> tuple[str, int]:
    """The code of the error message, then that of the close frame, after what was sent."""
    told_before = len(person.errors)
    for content in contents:
        await person.send_raw(content)
    close_code = await person.closed()
    assert len(person.errors) == told_before + 1
    return person.errors[-1], close_code


async def still_goes_on(person: Candidate) -> None:
    """The same session can be taken up with the handle of before, and completed."""
    ready = await person.resume()
    if ready["state"] == "scheduled":
        await person.start()
    await person.asked()
    await person.leave()


def said(**fields: object) -> str:
    return json.dumps(fields)


@pytest.mark.parametrize(
    "first",
    [
        said(t="consent", **CONSENT),
        said(t="control", op="start"),
        said(t="ping", n=1),
        said(t="answer_text", text="I built a queue."),
        FRAME,
    ],
)
async def test_nothing_is_taken_before_hello(server: Server, first: Content) -> None:
    async with candidate(server) as person:
        await person.exchange()
        await person.dial()
        assert await closes(person, first) == ("hello_expected", 4400)
        await still_goes_on(person)


async def test_a_candidate_agrees_in_the_language_of_their_page(server: Server) -> None:
    async with candidate(server) as person:
        await person.exchange()
        await person.dial()
        ready = await person.greet(locale="de")
        assert ready["consent"]["text"].startswith("In diesem Interview sprechen Sie mit einer KI")
        assert [item["id"] for item in ready["consent"]["items"]] == CONSENT["items"]
        await person.start()
        assert server.consents(person.session_id) == [("2026-11-01", "de")]
        await person.leave()


MALFORMED_TEXTS = {
    "not JSON": "{",
    "not an object": "[]",
    "no type": "{}",
    "a type that is no text": said(t=1),
    "a number that is none": '{"t": "ping", "n": NaN}',
    "a number out of range": said(t="played", utt=1, pts=-1),
    "a field of another type": said(t="played", utt="1", pts=0),
    "an unknown operation": said(t="control", op="destroy"),
    "half a surrogate pair": '{"t": "answer_text", "text": "\\ud800"}',
    "a text that is too long": said(t="answer_text", text="a" * 8001),
    "deeper than anybody reads": said(t="hello") + "[" * 5000,
    "the audio frame as a text": FRAME.decode("latin-1"),
}


@pytest.mark.parametrize("text", MALFORMED_TEXTS.values(), ids=MALFORMED_TEXTS)
async def test_a_malformed_text_is_named_so(server: Server, text: str) -> None:
    async with candidate(server) as person:
        await person.arrive()
        assert await closes(person, text) == ("message_malformed", 4400)
        await still_goes_on(person)


MALFORMED_FRAMES = {
    "nothing at all": (b"", "frame_too_short"),
    "half a header": (FRAME[:15], "frame_too_short"),
    "a message as bytes": (said(t="ping", n=1).encode(), "frame_kind"),
    "no such kind": (mic_frame(0, kind=3), "frame_kind"),
    "the agent's kind": (mic_frame(0, kind=2, rate=24), "frame_kind"),
    "a codec of tomorrow": (mic_frame(0, codec=1), "frame_codec"),
    "a reserved flag": (mic_frame(0, flags=32), "frame_flags"),
    "another rate": (mic_frame(0, rate=48), "frame_rate"),
    "half a sample": (mic_frame(0, b"\0" * 1023), "frame_length"),
    "no sample": (mic_frame(0, b""), "frame_length"),
    "more than 100 ms": (mic_frame(0, b"\0" * 3202), "frame_length"),
    "20 ms": (mic_frame(0, b"\0" * 640), "frame_size"),
    "64 ms": (mic_frame(0, b"\0" * 2048), "frame_size"),
    "a number that is not its place": (mic_frame(1, pts=0), "frame_number"),
    "a hole before it": (mic_frame(7), "frame_out_of_order"),
}


@pytest.mark.parametrize(("frame", "code"), MALFORMED_FRAMES.values(), ids=MALFORMED_FRAMES)
async def test_a_frame_that_is_not_a_frame_is_named_so(
    server: Server, frame: bytes, code: str
) -> None:
    async with candidate(server) as person:
        await person.begin(microphone=False)
        assert await closes(person, frame) == (code, 4400)
        await still_goes_on(person)


async def test_a_gap_that_is_admitted_becomes_silence(server: Server) -> None:
    async with candidate(server) as person:
        await person.begin(microphone=False)
        await person.send_raw(mic_frame(0, b"\x01\x00" * 512))
        await person.send_raw(mic_frame(3, b"\x02\x00" * 512, flags=8))
        await person.send("ping", n=1)
        await person.until(lambda: person.of("pong"))
        person.drop()
        assert (await person.resume())["mic_ack"] == 3
        kept = server.recorded(person.session_id)[: 4 * 1024]
        assert kept == b"\x01\x00" * 512 + bytes(2 * 1024) + b"\x02\x00" * 512


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (said(t="control", op="start"), ("consent_required", 4403)),
        (said(t="played", utt=1, pts=1), ("not_started", 4400)),
        (said(t="cancelled", utt=1, pts=1), ("not_started", 4400)),
        (said(t="answer_text", text="I built a queue."), ("not_started", 4400)),
        (said(t="control", op="skip"), ("not_started", 4400)),
        (said(t="hello", **HELLO), ("hello_again", 4400)),
        (said(t="consent", policy_version="1", items=[]), ("consent_version", 4400)),
        (said(t="consent", **{**CONSENT, "items": ["recording"]}), ("consent_items", 4400)),
        (said(t="x" * 16 * 1024), ("message_too_long", 4413)),
    ],
)
async def test_what_comes_too_early_or_is_too_much_is_named_so(
    server: Server, message: str, code: tuple[str, int]
) -> None:
    async with candidate(server) as person:
        await person.arrive()
        assert await closes(person, message) == code
        await still_goes_on(person)


@pytest.mark.parametrize("content", ["x" * (64 * 1024 + 1), b"\x01" * (64 * 1024 + 1)])
async def test_a_message_beyond_every_measure_is_cut_off(server: Server, content: Content) -> None:
    async with candidate(server) as person:
        await person.begin(microphone=False)
        await person.send_raw(content)
        assert await person.closed() == 1009
        await still_goes_on(person)


async def test_what_a_later_version_may_say_is_ignored(server: Server) -> None:
    async with candidate(server) as person:
        await person.exchange()
        await person.dial()
        await person.send("greeting_of_tomorrow", depth={"a": [1, None]})
        await person.send("hello", **HELLO, resume="none", mood="curious")
        await person.send("gesture", kind="nod")
        await person.start(microphone=False)
        await person.send("ping", n=7, colour="red")
        await person.until(lambda: person.of("pong"))
        assert person.of("pong") == [{"t": "pong", "n": 7}]
        assert not person.errors


async def test_who_comes_back_is_told_the_question_at_once(server: Server) -> None:
    async with candidate(server) as person:
        await person.begin(microphone=False)
        assert person.of("ready")[0]["question"] is None
        await person.until(lambda: any(told["question_no"] == 1 for told in person.of("state")))
        person.drop()
        assert (await person.resume())["question"] == {"no": 1, "of": 2}
        await person.leave()


async def test_audio_before_the_start_is_not_kept(server: Server) -> None:
    async with candidate(server) as person:
        await person.arrive()
        for seq in range(20):
            await person.send_raw(mic_frame(seq, b"\x05\x00" * 512))
        await person.start(microphone=False)
        await person.asked()
        await person.leave()
        assert server.recorded(person.session_id) == b""


async def test_ten_times_faster_than_life_is_a_flood(server: Server) -> None:
    async with candidate(server, pace=10) as person:
        await person.begin()
        await person.asked()
        person.captured += bytes(50 * 32_000)  # all but ten seconds of what may come at once
        assert await person.closed() == 4429
        assert person.errors == ["audio_flood"]
        person.pace = 1
        ready = await person.resume()
        await person.until(lambda: person.acknowledged > ready["mic_ack"])
        await person.leave()


def flood(message: Content) -> Iterator[Content]:
    """A million of the message; a frame is one that was heard before, which changes nothing."""
    for _ in range(1_000_000):
        yield message if isinstance(message, str) else mic_frame(0)


@pytest.mark.parametrize("message", [b"a frame", said(t="ping", n=1), said(t="later")])
async def test_a_million_tiny_messages_end_early(server: Server, message: Content) -> None:
    async with candidate(server) as person:
        await person.begin(microphone=False)
        sent = 0
        for sent, content in enumerate(flood(message)):
            if person.socket is None:
                break
            with suppress(ConnectionClosed):
                await person.socket.send(content)
            if sent % 100 == 0:
                await asyncio.sleep(0)  # let what was answered be read
        assert await person.closed() == 4429
        # Pings are answered, so their flood may choke on its own answers first.
        assert person.errors in ([], ["audio_flood"])
        assert sent < 100_000
        await still_goes_on(person)


async def test_a_full_minute_of_backlog_is_no_flood(server: Server) -> None:
    async with candidate(server, pace=1) as person:
        await person.begin()
        await person.asked()
        person.drop()
        person.captured += bytes(1024 * 1870)
        await person.resume()
        await person.until(lambda: person.acknowledged >= 1870)
        assert not person.errors
