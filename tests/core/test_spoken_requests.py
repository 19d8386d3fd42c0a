import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vivavoce.core.spoken_requests import Intent, Reading, read_utterance

from tests.core.interviews import ENGLISH

SPOKEN = {
    Intent.REPEAT: (
        "Sorry, I didn't catch that. Could you repeat the question?",
        "can you say that again please",
        "um what was the question again",
        "Pardon?",
        "i missed the last part",
    ),
    Intent.REPHRASE: (
        "I don't understand the question.",
        "What do you mean by ownership?",
        "could you explain that in simpler words please",
        "Can you put that differently?",
    ),
    Intent.SKIP: (
        "I'd rather not answer that",
        "next question please",
        "Let's move on.",
        "pass",
        "I think I'll pass on this one",
    ),
    Intent.BACK: ("Can we go back to the previous question?", "could i add something to my answer"),
    Intent.HOLD: (
        "That's a good question. Let me think.",
        "give me a moment please",
        "Hmm, one second.",
        "can I have a minute to think about it",
    ),
    Intent.RESUME: ("Okay, I'm ready now.", "let's continue"),
    Intent.HELP: ("what should I do now",),
    Intent.END: ("I want to stop the interview", "Could we end this here?", "goodbye"),
    Intent.TROUBLE: (
        "I can't hear you",
        "Hello? Can you hear me?",
        "my microphone isn't working",
        "you're breaking up",
    ),
    Intent.ROBOT: ("Are you a robot?", "am i talking to a real person", "Is this an AI?"),
    Intent.YOUR_CHOICE: ("Do you mean at work or at home?", "Should I give a recent example?"),
    Intent.QUESTION: (
        "What is the salary?",
        "can you tell me about the team",
        "Okay. And how many people work in the company?",
        "I have a question about the contract",
        "When do I hear back?",
    ),
    Intent.NOTHING: (
        "No, I don't have any questions.",
        "no that's all from me thanks",
        "not really",
    ),
    Intent.YES: ("Yes, of course.", "sure"),
    Intent.FILLER: ("um", "uh, so", "", "..."),
    Intent.ANSWER: (
        "I had to repeat the question to my client so that he understood it.",
        "When I was at my last company we had to hold on to the customers.",
        "What did I do? I called them.",
        "We shipped it, you know?",
        "I don't know",
        "The next step was to skip the second test.",
        "My manager asked me to stop the machine, and I did.",
        "We go back a long way, my team and I, and we still plan together every week.",
    ),
}


@pytest.mark.parametrize(
    ("intent", "text"), [(intent, text) for intent, texts in SPOKEN.items() for text in texts]
)
def test_english_is_understood(intent: Intent, text: str) -> None:
    assert read_utterance(text, ENGLISH.requests) == Reading(intent)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I worked in a bank. Can we skip this one?", Intent.SKIP),
        ("We moved the depot. Hmm, let me think.", Intent.HOLD),
        ("I kept a list! Sorry, what was the question?", Intent.REPEAT),
    ],
)
def test_a_request_may_follow_an_answer(text: str, intent: Intent) -> None:
    assert read_utterance(text, ENGLISH.requests) == Reading(intent, with_answer=True)


def test_a_long_question_is_part_of_an_answer() -> None:
    text = "Is it " + "very " * 40 + "good for your team?"
    assert read_utterance(text, ENGLISH.requests).intent is Intent.ANSWER


def test_a_language_without_patterns_has_no_requests() -> None:
    assert read_utterance("Could you repeat that?", ()).intent is Intent.ANSWER


WORDS = (
    "ok",
    "um",
    "no",
    "thanks",
    "sorry",
    "yes",
    "so",
    "the",
    "question",
    "again",
    "what",
    "you",
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_words_are_read_quickly_and_to_something(words: list[str]) -> None:
    assert read_utterance(" ".join(words), ENGLISH.requests).intent in Intent
