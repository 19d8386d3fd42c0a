"""How long things take on the floor; each value is one place to tune a conversation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FloorRules:
    """Durations in ms; the reasons for the values are in docs/architecture.md."""

    onset_ms: int = 64  # speech this long is a beginning, not a click
    soft_end_ms: int = 96
    duck_after_ms: int = 96
    hold_after_ms: int = 128
    longest_lead_ms: int = 128  # a word may begin with a hiss that long; what lasts is the room
    barge_in_after_ms: int = 800
    barge_in_words: int = 2
    shortest_words_ms: int = 250  # speech that is shorter holds no words of its own
    backchannel_over_ms: int = 350  # after "mm-hm" the interviewer goes on
    false_interruption_ms: int = 1_500
    echo_ms: int = 300  # the room gives the interviewer's last word back
    converging_ms: int = 3_000  # no voice-only barge-in while echo cancellers learn
    reassure_after_ms: int = 700  # the turn is over, and there is nothing to say yet
    gap_ms: int = 200  # silence inside one burst of speech
    first_word_ms: int = 11_000
    longest_turn_ms: int = 300_000  # then the interviewer politely takes the floor
    claim_patience_ms: int = 1_000  # how long a claimed floor waits for a gap in speech
