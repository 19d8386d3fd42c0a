from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.turn_completion import PauseSituation, completion_score

OPEN = "Thank you. Tell me about a project that went wrong."
YES_OR_NO = "Have you worked with Postgres before?"
HOW_MANY = "Good. How many people were on the team?"


def score(
    text: str,
    *,
    question: str = OPEN,
    speech_ms: int = 1000,
    language: str = "en",
) -> float:
    """Of a speaker who pauses as people do."""
    return completion_score(
        PauseSituation(
            text=text,
            question=question,
            speech_ms=speech_ms,
            language=language,
            usual_pause_ms=500,
        )
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("we moved the database and", "en"),
        ("we moved it because", "en"),
        ("I worked with the", "en"),
        ("so I went to", "en"),
        ("I was responsible for my", "en"),
        ("and then I", "en"),
        ("it took us um", "en"),
        ("well uh", "en"),
        ("we had a lot of", "en"),
        ("it was faster, I think", "en"),
        ("we hired the people who", "en"),
        ("we bought an old machine which", "en"),
        ("there was a problem that", "en"),
        ("I spoke with someone who", "en"),
        ("We moved the database and.", "en"),
        ("We moved the database...", "en"),
        ("We moved the database,", "en"),
        ("wir haben die Datenbank und", "de"),
        ("ich habe mit der", "de-AT"),
        ("nous avons déplacé la", "fr"),
        ("trabajamos con el", "es"),
        ("abbiamo lavorato con il", "it"),
        ("we hebben gewerkt met het", "nl"),
        ("trabalhamos com os", "pt"),
        ("trabalhamos com os", "br"),
    ],
)
def test_who_stops_where_no_sentence_can_end_is_waited_for(text: str, language: str) -> None:
    assert score(text, language=language) < 0.28


@pytest.mark.parametrize(
    "text",
    [
        "it cost about twenty",
        "when I was at the bank",
        "and then we did that",
        "in the end I asked who",
        "the result was a bit like that",
        "we wanted to log in",
    ],
)
def test_an_ending_that_may_go_on_gets_more_time_but_does_not_hang(text: str) -> None:
    assert 0.28 <= score(text) <= 0.45


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("yes", YES_OR_NO),
        ("Yes, I do.", YES_OR_NO),
        ("no I have not", YES_OR_NO),
        ("no not really", YES_OR_NO),
        ("about a dozen people", HOW_MANY),
        ("Nein.", "Haben Sie damit gearbeitet?"),
        ("sí", "¿Ha trabajado con eso?"),
        ("and that's it", OPEN),
        ("we had queues and workers and so on", OPEN),
        ("What do you mean by wrong?", OPEN),
        ("It failed at night and we rolled it back by hand.", OPEN),
    ],
)
def test_a_finished_turn_is_answered_within_half_a_second(text: str, question: str) -> None:
    assert score(text, question=question) >= 0.75


def test_a_number_may_be_followed_by_another() -> None:
    assert score("twenty five", question="What is your telephone number?") < 0.4
    assert 0.4 < score("twenty five", question=HOW_MANY) < 0.75


def test_a_round_number_and_six_digits_may_go_on_longer_than_what_is_whole() -> None:
    assert score("there were forty", question=HOW_MANY) < score("forty eight", question=HOW_MANY)
    phone, mail = "What is your telephone number?", "What is your e-mail address?"
    six, nine = "four four one seven two six", "four four one seven two six zero one nine"
    assert score(six, question=phone) < 0.4 < score(nine, question=phone)
    assert score("it is john dot miller", question=mail) < 0.4
    assert score("it is john dot miller at example dot org", question=mail) > 0.6


def test_a_story_in_one_clause_is_waited_for_and_a_reason_is_not() -> None:
    story, reason = "Tell me about a problem that you solved.", "Why did you choose that?"
    clause = "we had a very old machine in the bakery"
    joined = "we had a very old machine but nobody knew it"
    assert score(clause, question=story) < 0.5 < score(clause, question=reason)
    assert score(joined, question=story) == score(joined, question=reason) > 0.7


def test_a_sentence_that_a_recogniser_closed_may_end_in_own() -> None:
    question = "How do you work with other people?"
    assert score("Yes, I did that on my own.", question=question) > 0.4


def test_a_story_is_not_told_in_one_short_sentence() -> None:
    told = "I worked in a restaurant"
    assert score(told, question=OPEN) < score(told, question="") < score(told, question=HOW_MANY)


def test_a_statement_gets_surer_with_its_length_even_without_punctuation() -> None:
    short = "we rolled everything back quickly"
    longer = "we rolled the whole release back by hand"
    longest = f"{longer} and wrote a post mortem for the other teams"
    assert score(short) < score(longer) < score(longest)
    assert score("We rolled everything back quickly.") > score(short)


def test_one_word_is_no_story() -> None:
    assert score("databases") < score("databases", question=HOW_MANY)
    assert score("databases") < score("Databases.") < 0.75
    assert score("yes") < 0.75


def test_sure_words_are_surer_with_a_full_stop() -> None:
    assert score("a dozen people", question=HOW_MANY) < score("A dozen people.", question=HOW_MANY)


def test_a_cough_is_less_than_speech_that_is_not_transcribed_yet() -> None:
    assert score("", speech_ms=120) < 0.28 < score("", speech_ms=900) < 0.5


def test_a_transcript_that_lags_behind_the_speech_decides_nothing() -> None:
    assert score("and that's it", speech_ms=20_000) < 0.5


def test_scripts_without_spaces_are_measured_in_characters() -> None:
    short = score("我们。", language="zh")
    assert short < score("我们把整个版本都手动回滚了然后写了报告。", language="zh")


def test_marks_alone_are_no_words() -> None:
    assert score("...", speech_ms=100) == score("", speech_ms=100)
    assert score("yes", question="...") > 0.75


LANGUAGES = st.sampled_from(["en", "de", "fr", "es", "it", "nl", "pt", "ja", "th", "xx"])
WORDS = st.sampled_from(
    [
        "yes",
        "no",
        "we",
        "moved",
        "the",
        "database",
        "and",
        "um",
        "twenty",
        "that",
        "did",
        ".",
        ",",
        "?",
        "...",
        "und",
        "der",
        "数据",
        "le",
        "la",
        "so",
    ]
)
TEXTS = st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=60)


@given(
    st.builds(
        PauseSituation,
        text=TEXTS,
        question=TEXTS,
        speech_ms=st.integers(0, 60_000),
        language=LANGUAGES,
        usual_pause_ms=st.integers(0, 3000),
        sound=st.none() | st.floats(0, 1),
        trust=st.floats(0, 1),
        settled=st.booleans(),
    ),
    st.integers(0, 3000),
)
def test_a_score_is_a_probability_and_lower_for_who_pauses_longer(
    pause: PauseSituation, longer_ms: int
) -> None:
    slower = replace(pause, usual_pause_ms=pause.usual_pause_ms + longer_ms)
    assert 0.0 <= completion_score(slower) <= completion_score(pause) <= 1.0


def sounding(sound: float | None, *, text: str = "we moved it", settled: bool = True) -> float:
    pause = PauseSituation(text, OPEN, 1000, "en", 500, sound, settled=settled)
    return completion_score(pause)


@pytest.mark.parametrize("settled", [True, False])
def test_the_sound_moves_the_score_both_ways(settled: bool) -> None:
    silent = sounding(None, settled=settled)
    assert sounding(0.0, settled=settled) < sounding(0.2, settled=settled) < silent
    assert silent < sounding(0.8, settled=settled) < sounding(1.0, settled=settled)


def test_no_sound_outweighs_a_word_after_which_nobody_stops() -> None:
    assert sounding(1.0, text="we moved it because") < 0.75


def test_words_that_may_not_be_the_last_say_nothing_about_the_end() -> None:
    finished, unfinished = "and that's it", "we moved it because"
    assert sounding(0.9, text=finished, settled=False) == sounding(
        0.9, text=unfinished, settled=False
    )
