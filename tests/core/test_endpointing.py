import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.endpointing import (
    CONFIDENT,
    SURE,
    EndpointingSchedule,
    PauseSituation,
    commit_reason,
    completion_score,
    wants_to_think,
)
from vivavoce.core.template import Pace

PACES = st.sampled_from(Pace)
SILENCES = st.integers(0, 6000)


@given(PACES, SILENCES, SILENCES)
def test_patience_only_wears_out(pace: Pace, first_ms: int, second_ms: int) -> None:
    schedule = EndpointingSchedule(pace)
    shorter, longer = sorted((first_ms, second_ms))
    assert 1.0 >= schedule.threshold_at(shorter) >= schedule.threshold_at(longer) >= 0.0


@given(SILENCES)
def test_a_patient_interviewer_is_never_easier_to_convince(silence_ms: int) -> None:
    faster, normal, patient = (
        EndpointingSchedule(pace).threshold_at(silence_ms)
        for pace in (Pace.FASTER, Pace.NORMAL, Pace.PATIENT)
    )
    assert faster <= normal <= patient


@given(PACES)
def test_every_pause_is_judged_again_until_the_limit_ends_it(pace: Pace) -> None:
    schedule = EndpointingSchedule(pace)
    checkpoints: list[int] = []
    while (
        following := schedule.next_checkpoint(checkpoints[-1] if checkpoints else 0)
    ) is not None:
        checkpoints.append(following)
    assert checkpoints[:4] == [160, 224, 350, 500]
    assert checkpoints == sorted(set(checkpoints))
    assert checkpoints[-1] < schedule.hard_limit_ms
    assert schedule.threshold_at(schedule.hard_limit_ms) == 0.0


@pytest.mark.parametrize(
    ("pace", "limit_ms"), [(Pace.FASTER, 1800), (Pace.NORMAL, 2500), (Pace.PATIENT, 4000)]
)
def test_the_hard_limit_is_that_of_the_pace(pace: Pace, limit_ms: int) -> None:
    assert EndpointingSchedule(pace).hard_limit_ms == limit_ms


def test_a_thinking_pause_of_a_second_and_a_half_mid_sentence_is_no_end() -> None:
    schedule = EndpointingSchedule(Pace.NORMAL)
    for silence_ms in (100, 250, 500, 900, 1400, 1500):
        assert schedule.threshold_at(silence_ms) > completion_score(
            PauseSituation(
                text="we moved the database because",
                question="What did you do?",
                speech_ms=1600,
                language="en",
                usual_pause_ms=500,
            )
        )


@pytest.mark.parametrize("usual_pause_ms", [200, 500, 800])
def test_a_short_answer_does_not_hang(usual_pause_ms: int) -> None:
    schedule = EndpointingSchedule(Pace.NORMAL)
    assert schedule.threshold_at(500) <= completion_score(
        PauseSituation(
            text="yes",
            question="Have you done that before?",
            speech_ms=300,
            language="en",
            usual_pause_ms=usual_pause_ms,
        )
    )


LONG_ANSWER = "we rolled the whole release back by hand and wrote a post mortem for the other teams"


def long_answer(usual_pause_ms: int) -> float:
    return completion_score(
        PauseSituation(
            text=LONG_ANSWER,
            question="What did you do?",
            speech_ms=5000,
            language="en",
            usual_pause_ms=usual_pause_ms,
        )
    )


def test_who_pauses_for_long_is_waited_for_longer() -> None:
    schedule = EndpointingSchedule(Pace.NORMAL)
    assert long_answer(250) > long_answer(500) > long_answer(1000) > long_answer(2000)
    assert long_answer(250) >= schedule.threshold_at(700)
    assert long_answer(500) >= schedule.threshold_at(900)
    assert schedule.threshold_at(900) > long_answer(1500) >= schedule.threshold_at(1400)


def test_up_to_an_expected_silence_only_a_sure_score_is_enough() -> None:
    schedule = EndpointingSchedule(Pace.NORMAL)
    assert schedule.is_over(0.6, 1_000, expected_ms=0)
    assert not schedule.is_over(0.6, 1_000, expected_ms=1_100)
    assert schedule.is_over(SURE, 1_000, expected_ms=1_100)
    assert schedule.is_over(0.6, 1_100, expected_ms=1_100)


def test_a_confident_turn_needs_no_patience() -> None:
    assert EndpointingSchedule(Pace.NORMAL).threshold_at(350) == SURE
    assert commit_reason(SURE) == CONFIDENT != commit_reason(SURE - 0.01)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("let me think", "en"),
        ("Hmm, let me think about that for a second.", "en"),
        ("That's a good question. Let me think.", "en-US"),
        ("um give me a second", "en"),
        ("okay give me just a moment please", "en"),
        ("Can I have a quick minute to think?", "en"),
        ("Sorry, one moment.", "en"),
        ("Good question. Just a second.", "en"),
        ("hold on", "en"),
        ("I need to think about it", "en"),
        ("Da muss ich kurz überlegen.", "de"),
        ("Moment bitte", "de"),
        ("Laissez-moi réfléchir", "fr"),
        ("Un instant, s'il vous plaît", "fr"),
        ("Déjeme pensarlo un poco", "es"),
        ("un attimo", "it"),
        ("Laat me even nadenken", "nl"),
        ("deixa eu pensar", "pt"),
        ("só um momento por favor", "br"),
    ],
)
def test_who_asks_for_time_gets_it(text: str, language: str) -> None:
    assert wants_to_think(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("um", "en"),
        ("the query took a second", "en"),
        ("It went down for one moment.", "en"),
        ("Let me think. We started with the schema.", "en"),
        ("I had to make them think about tests", "en"),
        ("we put the release on hold on Friday", "en"),
        ("let me think", "ja"),
    ],
)
def test_who_answers_is_not_taken_for_thinking(text: str, language: str) -> None:
    assert not wants_to_think(text, language)


@given(st.text(max_size=80), st.sampled_from(["en", "de", "fr", "es", "it", "nl", "pt", "ar"]))
def test_any_words_can_be_asked_for_their_wish(text: str, language: str) -> None:
    assert wants_to_think(text, language) in (True, False)
