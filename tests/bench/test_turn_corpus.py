"""The corpus of hard moments: what its makers promise."""

import re
from itertools import pairwise

import numpy as np
import pytest
from vivavoce.ports.engines import HEARD_RATE
from vivavoce.services.bench.turns import sounds
from vivavoce.services.bench.turns.answers import Answer, spoken
from vivavoce.services.bench.turns.corpus import cast, paused_anew, scripts
from vivavoce.services.bench.turns.figures import Given, Reaction, reactions_to, summary
from vivavoce.services.bench.turns.scenes import Heard, Stage, Surroundings
from vivavoce.services.bench.turns.script import Kind, Script
from vivavoce.services.bench.turns.speakers import EspeakSpeakers, FliteSpeakers, Speaker
from vivavoce.services.bench.voice import AUDIBLE

PAUSED = Script(Kind.PAUSED, "Why?", "It was cheaper, [900] and we had no time.")


@pytest.fixture(scope="module")
def espeak() -> EspeakSpeakers:
    return EspeakSpeakers()


def said(espeak: EspeakSpeakers, speaker: Speaker) -> Answer:
    program = FliteSpeakers() if speaker.flite else espeak
    return spoken(PAUSED, speaker, program)


def people(seed: int, *, held_out: bool) -> tuple[Speaker, ...]:
    return cast(np.random.default_rng(seed), held_out=held_out)


def speakers() -> tuple[Speaker, ...]:
    everybody = (*people(1, held_out=False), *people(1, held_out=True))
    return tuple(each for each in everybody if FliteSpeakers.installed() or not each.flite)


@pytest.mark.parametrize("speaker", speakers(), ids=lambda speaker: speaker.name)
def test_every_speaker_is_silent_where_the_script_says(
    espeak: EspeakSpeakers, speaker: Speaker
) -> None:
    answer = said(espeak, speaker)
    (pause,) = answer.pauses
    silence = answer.samples[pause : pause + 900 * HEARD_RATE // 1000]
    assert np.abs(silence).max() == 0
    before, after = np.split(answer.samples, [pause])
    assert np.abs(before[-HEARD_RATE // 5 :]).max() > AUDIBLE
    assert np.abs(after[len(silence) : len(silence) + HEARD_RATE // 5]).max() > AUDIBLE
    assert answer.end_sample <= len(answer.samples)


def test_words_are_timed_in_order_and_none_lies_in_the_silence(espeak: EspeakSpeakers) -> None:
    answer = said(espeak, people(1, held_out=False)[0])
    texts = [word.text for word in answer.words]
    assert texts == ["It", "was", "cheaper", "and", "we", "had", "no", "time"]
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(answer.words))
    cheaper, following = answer.words[2], answer.words[3]
    rounding_ms = 1  # each time is a whole millisecond
    assert following.start_ms - cheaper.end_ms >= 900 - rounding_ms


def test_what_is_held_out_is_nowhere_else() -> None:
    known, held_out = scripts(held_out=False), scripts(held_out=True)
    assert not {each.answer for each in known} & {each.answer for each in held_out}
    for kind in Kind:
        assert all(any(each.kind is kind for each in half) for half in (known, held_out))
    voices = [
        {each.voice.split("+")[-1] for seed in range(8) for each in people(seed, held_out=half)}
        for half in (False, True)
    ]
    assert not voices[0] & voices[1]


def test_a_new_seed_makes_a_new_corpus_of_the_same_answers() -> None:
    assert people(1, held_out=True) == people(1, held_out=True) != people(2, held_out=True)
    one, same, other = (
        [paused_anew(each, random).answer for each in scripts(held_out=True)]
        for random in map(np.random.default_rng, (1, 1, 2))
    )
    assert one == same != other
    stretched = paused_anew(PAUSED, np.random.default_rng(1)).answer
    (ms,) = re.findall(r"\[(\d+)\]", stretched)
    assert 0.8 * 900 <= int(ms) <= 1.25 * 900
    assert re.sub(r"\[\d+\]", "[900]", stretched) == PAUSED.answer


def test_equal_seeds_make_equal_sounds() -> None:
    for make in (sounds.cough, sounds.door, sounds.keyboard, sounds.breath):
        one, other = (make(np.random.default_rng(5)) for _ in range(2))
        assert np.array_equal(one, other)
        assert np.abs(one).max() <= 1.0


def test_an_echo_is_as_loud_as_it_is_said_to_be() -> None:
    stage = Stage(3)
    room = stage.echoing(stage.room(Surroundings.QUIET, ()))
    assert room.echo is not None
    decibels = 10 * np.log10(np.sum(room.echo.astype(float) ** 2))
    assert abs(decibels + 20) < 0.5


def test_answers_are_summed_up_by_what_became_of_them() -> None:
    def given(kind: Kind, reason: str, committed_ms: int | None) -> Given:
        return Given(
            kind, "somebody", Surroundings.QUIET, "Well.", reason, committed_ms, committed_ms
        )

    found = summary(
        [
            given(Kind.BRIEF, "score", 300),
            given(Kind.BRIEF, "patience", 700),
            given(Kind.PAUSED, "patience", -400),
            given(Kind.PAUSED, "", None),
            given(Kind.COMPLETE, "limit", 2600),
        ]
    )
    assert (found.count, found.cut_off, found.paused, found.paused_cut_off) == (5, 1, 2, 1)
    assert found.hanging == 1
    assert (found.confident.count, found.confident.p50) == (1, 300)
    assert (found.all.count, found.all.p50, found.all.p95) == (3, 700, 2600)


def test_interruptions_are_summed_up_by_what_was_heard() -> None:
    reactions = [
        Reaction(Heard.BACKCHANNEL, "mm-hm", silent_ms=180, resumed_ms=800),
        Reaction(Heard.BACKCHANNEL, "yeah"),
        Reaction(Heard.BARGE_IN, "stop", silent_ms=190, cancelled_ms=500),
    ]
    backchannels = reactions_to(Heard.BACKCHANNEL, reactions)
    assert (backchannels.count, backchannels.held, backchannels.ended) == (2, 1, 0)
    assert backchannels.resumed.p50 == 800
    assert reactions_to(Heard.BARGE_IN, reactions).ended == 1
    assert reactions_to(Heard.ECHO, reactions).count == 0
