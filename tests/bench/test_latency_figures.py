"""The arithmetic of the latency tables."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from vivavoce.core.reply_times import percentile
from vivavoce.core.transcript import TurnLedger
from vivavoce.services.bench.figures import (
    Exchange,
    Outcome,
    by_content,
    by_decision,
    by_stage,
    summarize,
)

times = st.lists(st.integers(0, 60_000), min_size=1, max_size=60)
shares = st.floats(0.0, 1.0)


def exchange(
    latency_ms: int = 500, *, reply: str = "follow_up", reason: str = "score", offset_ms: int = 40
) -> Exchange:
    return Exchange(
        "session",
        1,
        "short",
        Outcome.ANSWERED,
        voice_to_voice_ms=latency_ms,
        reply_sent_ms=latency_ms,
        reply=reply,
        turn=2,
        ledger=TurnLedger(
            2, reason, soft_end_ms=100, commit_ms=120, first_audio_sent_ms=latency_ms - offset_ms
        ),
    )


def figures(exchanges: list[Exchange]) -> dict[str, tuple[int, int | None]]:
    return {row.label: (row.count, row.p50) for row in by_decision(exchanges)}


@given(times, shares)
def test_a_percentile_is_a_measured_value_with_that_share_at_or_below_it(
    values: list[int], share: float
) -> None:
    found = percentile(values, share)

    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)


@given(times, shares, shares)
def test_a_higher_percentile_is_never_smaller(values: list[int], one: float, two: float) -> None:
    lower, higher = sorted((one, two))

    assert percentile(values, lower) <= percentile(values, higher)


@given(times)
def test_half_of_the_values_lie_at_or_above_the_median(values: list[int]) -> None:
    assert sum(value >= percentile(values, 0.5) for value in values) * 2 >= len(values)


@given(times.flatmap(st.permutations))
def test_the_order_of_the_measurements_does_not_matter(values: list[int]) -> None:
    assert percentile(values, 0.95) == percentile(sorted(values), 0.95)


@given(times)
def test_a_row_is_ordered_and_counts_only_what_was_measured(values: list[int]) -> None:
    row = summarize("all", [None, *values, None])

    assert row.count == len(values)
    assert row.p50 is not None
    assert row.p95 is not None
    assert row.worst is not None
    assert min(values) <= row.p50 <= row.p95 <= row.worst == max(values)


def test_nothing_measured_is_no_figure() -> None:
    assert summarize("all", [None]).p50 is None
    assert by_decision([]) == []
    assert by_stage([]) == []


def test_latencies_are_told_apart_by_decision_and_by_what_was_heard_first() -> None:
    rows = figures(
        [
            exchange(400),
            exchange(2_600, reason="limit"),
            exchange(300, reply="question"),
            exchange(200, reply="acknowledgement"),
        ]
    )

    assert rows == {
        "all": (4, 300),
        "all, confident": (3, 300),
        "all, limit": (1, 2_600),
        "acknowledged": (1, 200),
        "acknowledged, confident": (1, 200),
        "follow-up": (2, 400),
        "follow-up, confident": (1, 400),
        "follow-up, limit": (1, 2_600),
        "fixed": (1, 300),
        "fixed, confident": (1, 300),
    }


def test_the_words_that_an_acknowledgement_leads_to_have_figures_of_their_own() -> None:
    led = replace(exchange(200, reply="acknowledgement"), content="follow_up", content_ms=1_100)
    at_once = replace(exchange(900), content="follow_up", content_ms=900)
    never = exchange(250, reply="acknowledgement")
    rows = {row.label: (row.count, row.p50) for row in by_content([led, at_once, never])}

    assert rows == {"follow-up": (2, 900), "follow-up, confident": (2, 900)}


def test_an_answer_that_was_cut_off_has_no_latency() -> None:
    cut_off = replace(exchange(-700), outcome=Outcome.CUT_OFF)

    assert figures([cut_off, exchange(400)])["all"] == (1, 400)


@given(st.integers(0, 400))
def test_stages_count_from_the_end_of_speech_however_late_it_was_noticed(offset_ms: int) -> None:
    rows = {row.label: row.p50 for row in by_stage([exchange(900, offset_ms=offset_ms)])}

    assert rows == {
        "last speech noticed": offset_ms,
        "soft end": 100 + offset_ms,
        "commit": 120 + offset_ms,
        "first audio sent": 900,
    }
