"""How soon candidates heard an answer, by how it was known that their turn was over."""

from vivavoce.core.reply_times import ReplyTimes, reply_times
from vivavoce.core.transcript import TurnLedger


def test_each_reason_has_its_own_times_and_the_most_frequent_comes_first() -> None:
    heard = [("score", 500), ("patience", 1400), ("score", 300), ("score", 900), ("score", None)]
    ledgers = [
        TurnLedger(turn, reason, first_audio_played_ms=ms)
        for turn, (reason, ms) in enumerate(heard)
    ]

    assert reply_times(ledgers) == (
        ReplyTimes("score", 3, 500, 900),
        ReplyTimes("patience", 1, 1400, 1400),
    )


def test_nothing_heard_has_no_times() -> None:
    assert reply_times([TurnLedger(1, "score")]) == ()
