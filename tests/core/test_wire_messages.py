import json
from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.errors import Invalid
from vivavoce.core.wire_messages import (
    SERVER_TYPES,
    Ack,
    AnswerText,
    Bye,
    Cancelled,
    ClientMessage,
    CloseCode,
    Consent,
    Control,
    ControlOp,
    Duck,
    Ended,
    ErrorMessage,
    Goaway,
    Handle,
    Hello,
    Mic,
    MicAck,
    PausePlayback,
    Ping,
    Played,
    Pong,
    Ready,
    Resume,
    ServerMessage,
    SignalReported,
    State,
    Stats,
    Transcript,
    Utt,
    UttEnd,
    Vad,
    Warn,
    parse_client,
    render,
)
from vivavoce.core.wire_messages import Cancel as CancelUtterance

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = "ver locale tz caps resume policy_version items state utt pts text op kind at data n"
TYPES = "hello consent mic played cancelled answer_text control signal stats ping bye unheard_of"


def spoken(**fields: object) -> str:
    return json.dumps(fields)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"t":"hello","ver":"1","locale":"de","tz":"Europe/Berlin","caps":["opus"],'
            '"resume":"ring","later":{"x":1}}',
            Hello("1", "de", "Europe/Berlin", ("opus",), Resume.RING),
        ),
        ('{"t":"hello","ver":"1","resume":null}', Hello("1", "", "", (), Resume.NONE)),
        (
            '{"t":"consent","policy_version":"3","items":["recording","ai"]}',
            Consent("3", ("recording", "ai")),
        ),
        ('{"t":"mic","state":"muted"}', Mic("muted")),
        ('{"t":"played","utt":4,"pts":960}', Played(4, 960)),
        ('{"t":"played","utt":4,"pts":960.7}', Played(4, 960)),
        ('{"t":"cancelled","utt":4,"pts":0}', Cancelled(4, 0)),
        (
            '{"t":"answer_text","text":"Ich würde zuerst messen."}',
            AnswerText("Ich würde zuerst messen."),
        ),
        ('{"t":"answer_text","text":"Nightly.","id":"a1"}', AnswerText("Nightly.", "a1")),
        ('{"t":"control","op":"rephrase"}', Control(ControlOp.REPHRASE)),
        ('{"t":"control","op":"pause","id":"a2"}', Control(ControlOp.PAUSE, "a2")),
        ('{"t":"signal","kind":"paste","at":1,"id":"a3"}', SignalReported("paste", 1, {}, "a3")),
        ('{"t":"mic","state":"muted","id":"a4"}', Mic("muted", "a4")),
        (
            '{"t":"signal","kind":"tab_hidden","at":1200,"data":{"ms":3.5,"again":true,"x":null}}',
            SignalReported("tab_hidden", 1200, {"ms": 3.5, "again": True, "x": None}),
        ),
        ('{"t":"signal","kind":"paste","at":1}', SignalReported("paste", 1, {})),
        (
            '{"t":"stats","rtt_ms":31,"lost":0.5,"on":true,"who":"x"}',
            Stats({"rtt_ms": 31, "lost": 0.5}),
        ),
        ('{"t":"ping","n":9}', Ping(9)),
        ('{"t":"bye"}', Bye()),
        ('{"t":"invented_later","n":"x"}', None),
    ],
)
def test_a_client_message_becomes_its_value(text: str, message: ClientMessage | None) -> None:
    assert parse_client(text) == message


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ()),
        ("{", ()),
        ("[" * 9000, ()),
        ("9" * 9000, ()),
        ("[]", ()),
        ('"bye"', ()),
        ('{"t":"ping","n":NaN}', ()),
        ('{"t":"ping","n":Infinity}', ()),
        ('{"t":"bye","x":"' + "y" * 16_384 + '"}', ()),
        ("{}", ("t",)),
        ('{"t":7}', ("t",)),
        ('{"t":"hello"}', ("ver",)),
        ('{"t":"hello","ver":"1","caps":"opus"}', ("caps",)),
        ('{"t":"hello","ver":"1","caps":[1]}', ("caps",)),
        ('{"t":"hello","ver":"1","resume":"yes"}', ("resume",)),
        (spoken(t="consent", policy_version="1", items=["x"] * 65), ("items",)),
        (spoken(t="control", op="skip", id="a" * 65), ("id",)),
        ('{"t":"answer_text","text":"","id":7}', ("id",)),
        ('{"t":"played","utt":-1,"pts":0}', ("utt",)),
        ('{"t":"played","utt":1,"pts":4294967296}', ("pts",)),
        ('{"t":"played","utt":true,"pts":1}', ("utt",)),
        ('{"t":"ping","n":1e999}', ("n",)),
        ('{"t":"control","op":"dance"}', ("op",)),
        ('{"t":"answer_text","text":"\\ud800"}', ("text",)),
        (spoken(t="answer_text", text="a" * 8001), ("text",)),
        ('{"t":"signal","kind":"x","at":1,"data":[]}', ("data",)),
        ('{"t":"signal","kind":"x","at":1,"data":{"deep":{}}}', ("data",)),
        (spoken(t="signal", kind="x", at=1, data={"k" * 201: 1}), ("data",)),
        (spoken(t="signal", kind="x", at=1, data={str(n): n for n in range(65)}), ("data",)),
        (spoken(t="stats", **{f"s{n}": n for n in range(65)}), ("t",)),
        (spoken(t="stats", **{"k" * 201: 1}), ("t",)),
    ],
)
def test_a_malformed_message_is_refused_where_it_is_wrong(text: str, path: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        parse_client(text)
    assert refused.value.code == "message_malformed"
    assert path in [issue.path for issue in refused.value.issues]


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        parse_client('{"t":"played"}')
    assert [issue.path for issue in refused.value.issues] == [("utt",), ("pts",)]


def test_a_refusal_does_not_repeat_what_was_said() -> None:
    with pytest.raises(Invalid) as refused:
        parse_client('{"t":"answer_text","text":"a secret \\udc00"}')
    assert "secret" not in repr((refused.value.message, refused.value.issues))


def test_the_longest_typed_answer_passes_in_any_script() -> None:
    assert parse_client('{"t":"answer_text","text":"' + "答" * 8000 + '"}') == AnswerText(
        "答" * 8000
    )


@given(
    st.sampled_from(TYPES.split()),
    st.dictionaries(st.sampled_from(FIELDS.split()), JSON),
)
def test_anything_is_a_message_or_unknown_or_refused(t: str, fields: dict[str, object]) -> None:
    with suppress(Invalid):
        message = parse_client(json.dumps({"t": t, **fields}))
        assert (message is None) == (t == "unheard_of")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Invalid):
        parse_client(text)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            Ready("scheduled", "h", -1, {"answer_seconds": 120}, None, "consent", {"version": "3"}),
            '{"t":"ready","state":"scheduled","handle":"h","mic_ack":-1,'
            '"limits":{"answer_seconds":120},"question":null,"phase":"consent",'
            '"consent":{"version":"3"}}',
        ),
        (
            State("live", 2, 6, 90_000),
            '{"t":"state","phase":"live","question_no":2,"of":6,"deadline":90000}',
        ),
        (Utt(3, "question", "Warum?"), '{"t":"utt","utt":3,"kind":"question","text":"Warum?"}'),
        (UttEnd(3, 48_000), '{"t":"utt_end","utt":3,"pts_total":48000}'),
        (CancelUtterance(3, "barge_in"), '{"t":"cancel","utt":3,"reason":"barge_in"}'),
        (Duck(on=True), '{"t":"duck","on":true}'),
        (PausePlayback(on=False), '{"t":"pause_playback","on":false}'),
        (Vad(speaking=True), '{"t":"vad","speaking":true}'),
        (
            Transcript("candidate", 5, "größer", final=True, revision=2),
            '{"t":"transcript","who":"candidate","turn":5,"text":"größer","final":true,"revision":2}',
        ),
        (MicAck(310), '{"t":"mic_ack","seq":310}'),
        (Ack("a1"), '{"t":"ack","id":"a1"}'),
        (Handle("next"), '{"t":"handle","handle":"next"}'),
        (Goaway("deploy", 9000), '{"t":"goaway","reason":"deploy","time_left_ms":9000}'),
        (
            Warn("silent", "We hear nothing."),
            '{"t":"warn","code":"silent","message":"We hear nothing."}',
        ),
        (
            ErrorMessage("protocol", "No.", retryable=False),
            '{"t":"error","code":"protocol","message":"No.","retryable":false}',
        ),
        (Ended("completed", review=True), '{"t":"ended","reason":"completed","review":true}'),
        (Pong(9), '{"t":"pong","n":9}'),
    ],
)
def test_a_server_message_is_spelled_as_documented(message: ServerMessage, text: str) -> None:
    assert render(message) == text


def test_every_server_message_has_a_type() -> None:
    assert set(SERVER_TYPES) == set(get_args(ServerMessage))


def test_the_close_codes_are_those_of_the_protocol() -> None:
    expected = {4400, 4401, 4403, 4404, 4408, 4409, 4410, 4413, 4429, 4500, 4503}
    assert {int(code) for code in CloseCode} == expected
