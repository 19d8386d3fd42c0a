from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.transcript import Word
from vivavoce.core.transcript_agreement import TranscriptAgreement


def said(text: str, start_ms: int = 0, *, shift_ms: int = 0) -> tuple[Word, ...]:
    """Words of 200 ms each, 300 ms apart, the first at `start_ms`."""
    return tuple(
        Word(word, start_ms + at * 300 + shift_ms, start_ms + at * 300 + 200 + shift_ms, 0.9)
        for at, word in enumerate(text.split())
    )


def text_of(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


VOCABULARY = st.sampled_from(["we", "moved", "Moved,", "queue", "queue.", "—", "to", "a", "db"])
HYPOTHESES = st.lists(st.lists(VOCABULARY, max_size=12).map(" ".join).map(said), max_size=8)


@given(HYPOTHESES)
def test_stable_words_only_grow(hypotheses: list[tuple[Word, ...]]) -> None:
    agreement = TranscriptAgreement()
    for hypothesis in hypotheses:
        before = agreement.stable
        added = agreement.update(hypothesis)
        assert agreement.stable == before + added


@given(st.lists(VOCABULARY, max_size=20), st.lists(st.integers(0, 20), max_size=8))
def test_of_a_steady_transcript_nothing_is_lost_or_doubled(
    words: list[str], lengths: list[int]
) -> None:
    whole = said(" ".join(words))
    agreement = TranscriptAgreement()
    for length in sorted(lengths):
        agreement.update(whole[:length])
    assert agreement.stable == whole[: len(agreement.stable)]
    assert agreement.finish(whole) == whole


@given(st.lists(VOCABULARY, max_size=20).map(" ".join).map(said))
def test_what_is_heard_twice_is_stable(words: tuple[Word, ...]) -> None:
    agreement = TranscriptAgreement()
    assert agreement.update(words) == ()
    assert agreement.update(words) == words


def test_case_and_marks_do_not_matter() -> None:
    agreement = TranscriptAgreement()
    agreement.update(said("so we moved it"))
    assert text_of(agreement.update(said("So, we Moved them"))) == "So, we Moved"


def test_a_stable_word_is_not_taken_back() -> None:
    agreement = TranscriptAgreement()
    agreement.update(said("we built a queue"))
    agreement.update(said("we built a queue"))
    agreement.update(said("we build a cue and then"))
    agreement.update(said("we build a cue and then"))
    assert text_of(agreement.stable) == "we built a queue and then"


def test_a_window_that_slid_on_continues_after_the_stable_words() -> None:
    agreement = TranscriptAgreement()
    agreement.update(said("we built a queue"))
    agreement.update(said("we built a queue"))
    agreement.update(said("it was fast", start_ms=1200))
    agreement.update(said("it was fast", start_ms=1200))
    assert text_of(agreement.stable) == "we built a queue it was fast"


def test_a_word_that_moved_behind_the_stable_ones_is_not_doubled() -> None:
    agreement = TranscriptAgreement()
    agreement.update(said("we built a queue"))
    agreement.update(said("we built a queue"))
    late = said("a queue it was fast", start_ms=600, shift_ms=350)
    agreement.update(late)
    agreement.update(late)
    assert text_of(agreement.stable) == "we built a queue it was fast"


def test_a_word_said_again_after_a_pause_is_kept() -> None:
    agreement = TranscriptAgreement()
    agreement.update(said("we built a queue"))
    agreement.update(said("we built a queue"))
    again = said("queue by queue", start_ms=1500)
    agreement.update(again)
    agreement.update(again)
    assert text_of(agreement.stable) == "we built a queue queue by queue"
